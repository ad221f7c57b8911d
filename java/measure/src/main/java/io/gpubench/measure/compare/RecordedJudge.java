// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.compare.RecordedComparison.Pair;
import io.gpubench.measure.stats.Holm;
import io.gpubench.measure.stats.MannWhitney;
import io.gpubench.measure.stats.ShiftInterval;
import io.gpubench.measure.stats.SignedRankInterval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges recorded sides, of which each process is one draw. With T = ln(1 + tolerance), and all on
 * the logarithm:
 *
 * <ul>
 *   <li><i>Changed</i>, when the two-sided Mann-Whitney test, by Holm over everything that is
 *       judged together, rejects at alpha, and the Hodges-Lehmann estimate of the shift is T or
 *       more;
 *   <li>else <i>Same</i>, when the 90 % interval of the shift lies inside of (-T, T): two one-sided
 *       tests at 5 % (D. J. Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987);
 *   <li>else <i>Inconclusive</i>, with what it lacks.
 * </ul>
 *
 * Pure.
 */
final class RecordedJudge {
  /** More processes than anybody starts; the shifts of all pairs are kept in memory. */
  private static final int MOST_PROCESSES = 2_000;

  /** About so many times (spread / T)^2 decide, where the spread is that of a difference. */
  private static final double NEEDED = 11;

  /** What is shown of a pair, in this order. */
  private static final List<String> METRICS =
      List.of(
          RecordedProcess.MEDIAN, RecordedProcess.MEAN, RecordedProcess.P95, RecordedProcess.P99);

  private final double alpha;
  private final Map<String, Double> tolerances;

  RecordedJudge(double alpha, Map<String, Double> tolerances) {
    if (!(alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException("alpha " + alpha);
    }
    tolerances.forEach((metric, tolerance) -> {
      if (!(tolerance > 0 && tolerance < 1)) {
        throw new IllegalArgumentException(metric + " with the tolerance " + tolerance);
      }
    });
    this.alpha = alpha;
    this.tolerances = Map.copyOf(tolerances);
  }

  /** Two configurations, without verdicts. */
  Pair compare(RecordedCase a, RecordedCase b) {
    String unfit = unfit(a, b);
    if (unfit != null) {
      return new Pair(a, b, unfit, List.of(), new TreeMap<>());
    }
    var metrics = new ArrayList<ComparedMetric>();
    for (String metric : METRICS) {
      boolean median =
          metrics.stream().anyMatch(one -> one.metric().equals(RecordedProcess.MEDIAN));
      double[] ofA = a.nanos(metric);
      double[] ofB = b.nanos(metric);
      // a mean is what is left where there is no median
      if (ofA != null && ofB != null && !(metric.equals(RecordedProcess.MEAN) && median)) {
        metrics.add(measured(metric, a, ofA, b, ofB));
      }
    }
    return metrics.isEmpty()
        ? new Pair(
            a, b, "they have no metric in common: one has means only", List.of(), new TreeMap<>())
        : new Pair(a, b, null, metrics, missing(a, metrics));
  }

  /** What was to be judged and is not there. */
  private SortedMap<String, String> missing(RecordedCase a, List<ComparedMetric> metrics) {
    var missing = new TreeMap<String, String>();
    for (String metric : tolerances.keySet()) {
      boolean there =
          metrics.stream()
              .anyMatch(one ->
                  one.metric().equals(metric)
                      || (metric.equals(RecordedProcess.MEDIAN)
                          && one.metric().equals(RecordedProcess.MEAN)));
      if (!there) {
        missing.put(
            metric,
            "%s has no %s in each process: it takes samples one by one, 20 at least for p95"
                .formatted(a.nanos(metric) == null ? "A" : "B", metric));
      }
    }
    return missing;
  }

  private static @Nullable String unfit(RecordedCase a, RecordedCase b) {
    if (a.unfit() != null || b.unfit() != null) {
      return (a.unfit() == null ? "" : "A: " + a.unfit())
          + (a.unfit() == null || b.unfit() == null ? "" : "; ")
          + (b.unfit() == null ? "" : "B: " + b.unfit());
    }
    int most = Math.max(a.processes().size(), b.processes().size());
    return most > MOST_PROCESSES
        ? String.format(Locale.ROOT, "%,d processes; expected %,d at most", most, MOST_PROCESSES)
        : null;
  }

  private ComparedMetric measured(
      String metric, RecordedCase a, double[] ofA, RecordedCase b, double[] ofB) {
    double[] logA = Arrays.stream(ofA).map(Math::log).toArray();
    double[] logB = Arrays.stream(ofB).map(Math::log).toArray();
    MannWhitney test = MannWhitney.of(logA, logB);
    ShiftInterval shift = ShiftInterval.of(logA, logB, ComparedMetric.CONFIDENCE);
    Double tolerance = tolerance(metric);
    return new ComparedMetric(
        metric,
        SignedRankInterval.geometric(ofA, ComparedMetric.CONFIDENCE).estimate(),
        SignedRankInterval.geometric(ofB, ComparedMetric.CONFIDENCE).estimate(),
        Math.exp(shift.estimate()),
        shift.lower() == null ? null : (Double) Math.exp(shift.lower()),
        shift.upper() == null ? null : (Double) Math.exp(shift.upper()),
        test.twoSided(),
        null,
        test.cliffsDelta(),
        tolerance,
        null,
        Health.of(a, ofA, null),
        Health.of(b, ofB, null));
  }

  private @Nullable Double tolerance(String metric) {
    return tolerances.get(metric.equals(RecordedProcess.MEAN) ? RecordedProcess.MEDIAN : metric);
  }

  /** The same comparisons with verdicts, which are corrected for all of them together. */
  List<RecordedComparison> judged(List<RecordedComparison> comparisons) {
    double[] adjusted =
        Holm.adjust(
            comparisons.stream()
                .flatMap(one -> one.pairs().stream())
                .flatMap(pair -> pair.metrics().stream())
                .filter(metric -> metric.tolerance() != null)
                .mapToDouble(ComparedMetric::p)
                .toArray());
    var judged = new ArrayList<RecordedComparison>();
    int next = 0;
    for (RecordedComparison comparison : comparisons) {
      var pairs = new ArrayList<Pair>();
      for (Pair pair : comparison.pairs()) {
        var metrics = new ArrayList<ComparedMetric>();
        for (ComparedMetric metric : pair.metrics()) {
          Double tolerance = metric.tolerance();
          metrics.add(
              tolerance == null
                  ? metric
                  : judged(metric, tolerance, adjusted[next++], adjusted.length, doubt(pair)));
        }
        pairs.add(new Pair(pair.a(), pair.b(), pair.unfit(), metrics, pair.missing()));
      }
      judged.add(comparison.with(pairs));
    }
    return judged;
  }

  private static @Nullable String doubt(Pair pair) {
    String ofA = pair.a().doubt();
    String ofB = pair.b().doubt();
    return ofA != null ? "A is " + ofA : ofB != null ? "B is " + ofB : null;
  }

  private ComparedMetric judged(
      ComparedMetric metric,
      double tolerance,
      double adjusted,
      int family,
      @Nullable String doubt) {
    double bound = Math.log1p(tolerance);
    int least = fewestToReject(family);
    Integer needed = needed(metric.healthA().spread(), metric.healthB().spread(), bound, least);
    return new ComparedMetric(
        metric.metric(),
        metric.nanosA(),
        metric.nanosB(),
        metric.ratio(),
        metric.lower(),
        metric.upper(),
        metric.p(),
        adjusted,
        metric.cliffsDelta(),
        tolerance,
        doubt != null
            ? new Verdict.Inconclusive(doubt)
            : verdict(metric, bound, tolerance, adjusted, family, needed),
        needing(metric.healthA(), needed),
        needing(metric.healthB(), needed));
  }

  private static Health needing(Health health, @Nullable Integer needed) {
    return new Health(
        health.processes(),
        health.fewestSamples(),
        health.samples(),
        health.effectiveSampleSize(),
        health.effectiveProcesses(),
        health.spread(),
        health.normalityW(),
        health.normalityP(),
        health.outliers(),
        health.driftWithin(),
        health.driftAcross(),
        needed);
  }

  private Verdict verdict(
      ComparedMetric metric,
      double bound,
      double tolerance,
      double adjusted,
      int family,
      @Nullable Integer needed) {
    double shift = Math.log(metric.ratio());
    int m = metric.healthA().processes();
    int n = metric.healthB().processes();
    // with ties the test is not exact, and its p may be smaller than any that can be
    boolean able = family * smallest(m, n) <= alpha;
    if (able && adjusted <= alpha && Math.abs(shift) >= bound) {
      return new Verdict.Changed(metric.ratio());
    }
    if (metric.lower() != null
        && metric.upper() != null
        && Math.log(metric.lower()) > -bound
        && Math.log(metric.upper()) < bound) {
      return new Verdict.Same();
    }
    String sizes =
        m == 1 && n == 1
            ? "one process each"
            : m == n ? "%d processes each".formatted(m) : "%d and %d processes".formatted(m, n);
    if (!able) {
      return new Verdict.Inconclusive(
          "%s can never show a change%s; %d each can"
              .formatted(
                  sizes,
                  family == 1 ? "" : " in one of " + family + " comparisons",
                  fewestToReject(family)));
    }
    String tell =
        needed == null || needed <= Math.min(m, n)
            ? ""
            : "; about %,d of each side would tell".formatted(needed);
    return new Verdict.Inconclusive(
        adjusted <= alpha
            ? "they differ, but whether by %s or more is not clear from %s%s"
                .formatted(share(tolerance), sizes, tell)
            : "%s spread by %s and %s%s"
                .formatted(
                    sizes,
                    percent(metric.healthA().spread()),
                    percent(metric.healthB().spread()),
                    tell));
  }

  /** Two significant digits. */
  private static String share(double share) {
    return BigDecimal.valueOf(100 * share)
            .round(new MathContext(2))
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }

  private static String percent(@Nullable Double spread) {
    return spread == null ? "an unknown amount" : share(spread);
  }

  /** Of each side; null where a side is one process, of which no spread is known. */
  private static @Nullable Integer needed(
      @Nullable Double spreadOfA, @Nullable Double spreadOfB, double bound, int least) {
    if (spreadOfA == null || spreadOfB == null) {
      return null;
    }
    double variance = spreadOfA * spreadOfA + spreadOfB * spreadOfB;
    return (int) Math.max(least, Math.min(1e6, Math.ceil(NEEDED * variance / (bound * bound))));
  }

  /** Processes of each side below which the test cannot reject, as one of so many. */
  private int fewestToReject(int family) {
    int n = 1;
    while (family * smallest(n, n) > alpha) {
      n++;
    }
    return n;
  }

  /** The smallest two-sided p that so many processes can give: 2 / C(m + n, m). */
  private static double smallest(int m, int n) {
    double p = 2;
    for (int i = 1; i <= Math.min(m, n); i++) {
      p *= i / (double) (Math.max(m, n) + i);
    }
    return Math.min(1, p);
  }
}
