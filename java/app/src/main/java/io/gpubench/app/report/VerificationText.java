// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.seal.FolderListing;
import io.gpubench.measure.verify.Finding;
import io.gpubench.measure.verify.Verification;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** For a person: a line for each run, its findings, and at the end what that proves. */
public final class VerificationText implements VerificationReport {
  private final PrintWriter out;
  private final boolean demanded;
  private int verified;
  private int refuted;
  private int unreadable;
  private int unsigned;

  /**
   * Begins.
   *
   * @param demanded whether a signature was demanded
   */
  public VerificationText(PrintWriter out, boolean demanded) {
    this.out = out;
    this.demanded = demanded;
  }

  @Override
  public void add(Verification run) {
    if (run.verified()) {
      verified++;
      unsigned += run.signer() == null ? 1 : 0;
      line(
          "%s: verified: %,d files unaltered since %s, %s; %,d %s of %,d %s follow from %,d samples",
          run.directory(),
          run.files(),
          String.valueOf(run.sealedAt()),
          run.signer() == null ? "not signed" : "signed by " + run.signer(),
          run.records(),
          run.records() == 1 ? "record" : "records",
          run.processes(),
          run.processes() == 1 ? "process" : "processes",
          run.samples());
      return;
    }
    refuted++;
    line("%s: DOES NOT VERIFY", run.directory());
    for (Finding finding : run.findings()) {
      line("  %-10s  %s: %s", finding.flaw().word(), finding.subject(), finding.message());
    }
  }

  @Override
  public void unreadable(Path directory, String reason) {
    unreadable++;
    line("%s: CANNOT BE READ", directory);
    line("  %s", reason);
  }

  /** Says what it proves, of the runs that were verified. */
  @Override
  public void close() {
    if (verified + refuted + unreadable > 1) {
      var counts = new ArrayList<String>(List.of(verified + " verified"));
      if (refuted > 0) {
        counts.add(refuted + " do not verify");
      }
      if (unreadable > 0) {
        counts.add(unreadable + " cannot be read");
      }
      line("%,d runs: %s", verified + refuted + unreadable, String.join(", ", counts));
    }
    if (verified > 0) {
      line("proved:");
      PROVES.forEach(proof -> line("  %s", proof));
      line("not proved, and not to be known from files:");
      line("  %s", CANNOT_PROVE.getFirst());
      if (unsigned > 0) {
        line("  %s", CANNOT_PROVE.getLast());
      } else if (!demanded) {
        line("  Whose key it is that signed; demand one that you know with --signer.");
      }
    }
    out.flush();
  }

  @SuppressWarnings("AnnotateFormatMethod") // there is no such annotation among our libraries
  private void line(String format, Object... arguments) {
    out.println(FolderListing.printable(String.format(Locale.ROOT, format, arguments)));
  }
}
