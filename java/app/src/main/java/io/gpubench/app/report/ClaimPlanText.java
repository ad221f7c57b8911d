// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.Printable;
import io.gpubench.measure.claim.Claim;
import io.gpubench.measure.claim.ClaimPlanner.Prospect;
import java.util.List;
import java.util.Locale;

/** What would be measured for claims, for people. Pure. */
public final class ClaimPlanText {
  private ClaimPlanText() {}

  /** A table, a row for each case, ended by a line feed. */
  public static String of(List<Prospect> prospects) {
    var table =
        new TextTable()
            .column("claim", Align.LEFT)
            .column("workload", Align.LEFT)
            .column("case", Align.LEFT)
            .column("metric", Align.LEFT)
            .column("target", Align.LEFT)
            .column("processes", Align.RIGHT)
            .column("samples", Align.RIGHT);
    for (Prospect one : prospects) {
      Claim claim = one.of().claim();
      table.row(
          List.of(
              claim.id(),
              claim.workload().name(),
              ClaimsText.subject(one.of()),
              claim.metric().word(),
              Printable.line(claim.target().text()),
              (claim.target().relative() ? "2 x " : "") + one.processes(),
              String.format(Locale.ROOT, "%,d", one.samples())));
    }
    return table.toString();
  }
}
