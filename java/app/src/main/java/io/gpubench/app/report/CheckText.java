// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.check.FileResult;
import io.gpubench.app.check.Finding;
import io.gpubench.app.check.KernelResult;
import io.gpubench.app.check.KernelResult.Verdict;
import io.gpubench.app.check.LaunchPlan;
import io.gpubench.measure.Printable;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * For people: a line for each kernel, and what is needed to believe an accusation and to see it
 * again.
 */
public final class CheckText implements CheckReport {
  /** Knows with which command a finding is seen again. */
  @FunctionalInterface
  public interface Again {
    /** For a shell, on one line. */
    String command(String file, KernelResult result, long seed);
  }

  private static final String INDENT = "       ";

  private final PrintWriter out;
  private final PrintWriter err;
  private final Again again;
  private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);

  /**
   * A report.
   *
   * @param err for files that cannot be checked
   * @param again how a finding is seen again
   */
  public CheckText(PrintWriter out, PrintWriter err, Again again) {
    this.out = out;
    this.err = err;
    this.again = again;
  }

  @Override
  public void kernel(String file, KernelResult result) {
    counts.merge(result.verdict(), 1L, Long::sum);
    switch (result.verdict()) {
      case ok -> ok(file, result, Objects.requireNonNull(result.plan()));
      case accused ->
          accused(
              file,
              result,
              Objects.requireNonNull(result.plan()),
              Objects.requireNonNull(result.finding()));
      case skipped -> line("skip " + subject(file, result) + ": " + result.reason());
    }
    out.flush();
  }

  private void ok(String file, KernelResult result, LaunchPlan plan) {
    line(
        "ok   %s: nothing found in %d order%s of threads"
            .formatted(
                subject(file, result), result.launches(), result.launches() == 1 ? "" : "s"));
    plan(plan);
    plan.notes().forEach(note -> line(INDENT + "note: " + note));
  }

  private void accused(String file, KernelResult result, LaunchPlan plan, Finding finding) {
    line("FAIL " + subject(file, result) + ": " + finding.text());
    place(finding.place());
    finding.places().forEach(this::place);
    if (finding.block() != null) {
      line(INDENT + "block (%s), thread (%s)".formatted(finding.block(), finding.thread()));
    }
    plan(plan);
    if (plan.hint() != null) {
      line(INDENT + "hint: " + plan.hint());
    }
    line(INDENT + "again: " + again.command(file, result, finding.seed()));
  }

  private void place(Finding.@Nullable Place place) {
    if (place != null) {
      line(INDENT + place + (place.text() == null ? "" : ": " + place.text()));
    }
  }

  private void plan(LaunchPlan plan) {
    if (!plan.given().isEmpty()) {
      line(INDENT + "given: " + plan.given());
    }
    if (!plan.assumptions().isEmpty()) {
      line(INDENT + "assumed: " + plan.assumptions());
    }
  }

  private static String subject(String file, KernelResult result) {
    return "%s (%s:%d)".formatted(result.name(), named(file, result.file()), result.line());
  }

  /** The compiler leaves out the folder of the file that is checked. */
  private static String named(String file, String compiled) {
    return file.endsWith("/" + compiled) ? file : compiled;
  }

  private void line(String text) {
    out.println(Printable.line(text));
  }

  @Override
  public void file(FileResult result) {
    if (result.problem() != null) {
      out.flush();
      err.println("gpubench: " + Printable.line(result.problem()));
      err.flush();
    }
  }

  @Override
  public void close() {
    long all = counts.values().stream().mapToLong(count -> count).sum();
    if (all > 0) {
      line(
          "%d kernel%s: %d ok, %d accused, %d skipped"
              .formatted(
                  all,
                  all == 1 ? "" : "s",
                  count(Verdict.ok),
                  count(Verdict.accused),
                  count(Verdict.skipped)));
    }
    out.flush();
  }

  private long count(Verdict verdict) {
    return counts.getOrDefault(verdict, 0L);
  }
}
