// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Growth.Stretch;
import io.gpubench.measure.Printable;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.stats.PowerLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/** In words how a curve grows with the size. Pure. */
final class GrowthText {
  /** What the exponents are; to be said once where any is told. */
  static final String RULE =
      "grows: exponents of power laws through the medians, with 95 %% intervals, which few sizes and a curve that bends make wide; 1 is in proportion to the size, 0 is not at all%n"
          .formatted();

  private GrowthText() {}

  /**
   * {@code time by 0.93 (0.88 .. 0.98), messages/s by 0.07 (0.02 .. 0.12); before the knee time by
   * 0.12, in it by 1.01 (0.98 .. 1.04)}; empty where there are too few sizes.
   */
  static String of(SortedMap<Double, ResultRecord> bySize) {
    List<Growth> growths = Growth.of(bySize, KneeText.knee(bySize));
    if (growths.isEmpty()) {
      return "";
    }
    Growth all = growths.getFirst();
    var text = new StringBuilder("time by ").append(exponent(all.time()));
    PowerLaw rate = all.rate();
    ResultRecord.Throughput throughput = bySize.values().iterator().next().throughput();
    if (rate != null && throughput != null) {
      text.append(", %s by %s".formatted(Printable.line(throughput.unit()), exponent(rate)));
    }
    var parts = new ArrayList<String>();
    for (Growth part : growths.subList(1, growths.size())) {
      parts.add(
          "%s by %s"
              .formatted(
                  part.stretch() == Stretch.BEFORE
                      ? "before the knee"
                      : part.stretch() == Stretch.KNEE ? "in the knee" : "beyond it",
                  exponent(part.time())));
    }
    return text.append(parts.isEmpty() ? "" : "; time " + String.join(", ", parts)).toString();
  }

  private static String exponent(PowerLaw law) {
    return law.lower() == null || law.upper() == null
        ? decimal(law.exponent())
        : "%s (%s .. %s)"
            .formatted(decimal(law.exponent()), decimal(law.lower()), decimal(law.upper()));
  }

  private static String decimal(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.equals("-0.00") ? "0.00" : text;
  }
}
