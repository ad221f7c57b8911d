// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import io.gpubench.measure.compare.Course;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Gates of a machine whose noise is known, by a seed. */
final class Gates {
  private final SplittableRandom random;
  private final double spread;

  Gates(double spread, long seed) {
    this.random = new SplittableRandom(seed);
    this.spread = spread;
  }

  /** One of equal sides, or of which one is slower. */
  PlayedGate play(int number, @Nullable String slowSide, @Nullable Double slowdown) {
    double shift = slowdown == null ? 0 : Math.log(slowdown);
    double signed = "a".equals(slowSide) ? -shift : shift;
    var duets = new ArrayList<LogRatios>();
    Course course =
        Course.of(
            () -> {
              double median = signed + spread * random.nextGaussian();
              duets.add(new LogRatios(median, median + 2 * spread * random.nextGaussian()));
              return median;
            },
            TrialRule.USUAL_TOLERANCE,
            TrialRule.DEFAULT);
    int first =
        TrialRule.DEFAULT.looks().contains(duets.size())
            ? duets.size()
            : duets.size() - TrialRule.DEFAULT.confirmations();
    var gate =
        new PlayedGate(
            number, "run-" + number, slowSide, slowdown, null, "Same", null, 2.5, first, duets);
    PlayedGate judged = gate.rejudged(TrialRule.DEFAULT);
    if (!judged.verdict().equals(course.verdict().word())) {
      throw new AssertionError(judged + " and " + course);
    }
    return judged;
  }

  List<PlayedGate> play(int equal, int injected, double slowdown) {
    var gates = new ArrayList<PlayedGate>();
    for (int i = 0; i < equal; i++) {
      gates.add(play(gates.size() + 1, null, null));
    }
    for (int i = 0; i < injected; i++) {
      gates.add(play(gates.size() + 1, i % 2 == 0 ? "a" : "b", slowdown));
    }
    return gates;
  }

  static Calibration.Subject subject(String engine, long samples) {
    return new Calibration.Subject(
        "consensus",
        engine,
        "call",
        "host",
        "hot",
        null,
        false,
        Map.of("validators", 1000),
        "engine=" + engine,
        2,
        "workers",
        null,
        samples,
        0.5,
        0.003);
  }

  static Calibration calibration(List<PlayedGate> gates, String ended) {
    return Calibration.of(
        subject("host", 400),
        TrialRule.DEFAULT,
        new Calibration.Asked(gates.size(), gates.size(), 1.1),
        "2026-01-02T03:04:05Z",
        7,
        ended,
        12.5,
        gates,
        !ended.equals(Calibration.INTERRUPTED));
  }
}
