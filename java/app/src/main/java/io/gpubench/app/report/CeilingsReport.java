// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.Printable;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.result.MeasuredCeiling;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ceilings that are kept, for a person or, as JSON, for a program.
 *
 * @param schema {@value #SCHEMA}
 * @param hardware of this machine, each once
 */
public record CeilingsReport(String schema, List<Hardware> hardware) {
  private static final String SCHEMA = "gpubench.ceilings-report/1";

  public CeilingsReport(List<Hardware> hardware) {
    this(SCHEMA, List.copyOf(hardware));
  }

  /**
   * A piece of hardware.
   *
   * @param device its name; null for the processors
   * @param synthetic whether it only stands for the hardware that it names
   * @param state of what is kept, in one word: the name of a {@link
   *     io.gpubench.measure.ceiling.CeilingStore.Found} in lower case
   * @param why one line for a person; empty when they are current
   * @param identity as it is now
   * @param bounds that it physically cannot exceed, from a ceiling's id to its unit per second
   * @param ceilings that are kept
   */
  public record Hardware(
      String hardware,
      @Nullable String device,
      boolean synthetic,
      String state,
      String why,
      HardwareIdentity identity,
      Map<String, Double> bounds,
      List<MeasuredCeiling> ceilings) {}

  /** As tables. */
  public String text() {
    var text = new StringBuilder();
    for (Hardware one : hardware) {
      text.append(text.isEmpty() ? "" : "\n")
          .append(one.hardware())
          .append(one.device() == null ? "" : " (" + Printable.line(one.device()) + ")")
          .append(one.synthetic() ? ", SYNTHETIC" : "")
          .append(": ")
          .append(one.state().equals("current") ? "kept" : one.state())
          .append(one.why().isEmpty() ? "" : "; " + Printable.line(one.why()))
          .append('\n');
      if (!one.ceilings().isEmpty()) {
        text.append(table(one));
      }
    }
    return text.toString();
  }

  private static TextTable table(Hardware hardware) {
    var table =
        new TextTable()
            .column("ceiling", Align.LEFT)
            .column("rate", Align.RIGHT)
            .column("95 % interval", Align.RIGHT)
            .column("unit", Align.LEFT)
            .column("of bound", Align.RIGHT)
            .column("engine", Align.LEFT)
            .column("measured", Align.LEFT)
            .column("run", Align.LEFT);
    for (MeasuredCeiling ceiling : hardware.ceilings()) {
      Double bound = hardware.bounds().get(ceiling.id());
      table.row(
          List.of(
              Printable.line(ceiling.id()),
              Figures.rate(ceiling.rate()),
              end(ceiling.lower()) + " .. " + end(ceiling.upper()),
              Printable.line(ceiling.unit()),
              bound == null ? "-" : Figures.percent(ceiling.rate() / bound),
              Printable.line(ceiling.engine()),
              Printable.line(ceiling.measuredAt().replaceFirst("\\.\\d+Z$", "Z")),
              Printable.line(ceiling.run())));
    }
    return table;
  }

  private static String end(@Nullable Double rate) {
    return rate == null ? "none" : Figures.rate(rate);
  }
}
