// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.app.gate.GateCase.Outcome;
import io.gpubench.measure.compare.ComparedMetric;
import io.gpubench.measure.compare.RecordedCase;
import io.gpubench.measure.compare.RecordedComparison;
import io.gpubench.measure.compare.Verdict;
import io.gpubench.measure.result.Outcome.Failed;
import io.gpubench.measure.result.Outcome.Incorrect;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What fresh runs say against a recorded baseline. Pure. */
final class RecordedCases {
  private RecordedCases() {}

  /**
   * A fresh run and how it compares.
   *
   * @param comparison A is the baseline
   */
  record Fresh(RunDocument run, RecordedComparison comparison) {}

  /** Whether something is slower by it, so that a second fresh run has to confirm that. */
  static boolean suspect(RecordedComparison comparison) {
    return comparison.judged().anyMatch(ComparedMetric::regressed);
  }

  /**
   * Every case.
   *
   * @param second null where there was nothing to confirm, or there is {@code noSecond}
   * @param noSecond why there is no second run although something was suspect; null where there is
   */
  static List<GateCase> of(Fresh first, @Nullable Fresh second, @Nullable String noSecond) {
    var all = new ArrayList<GateCase>();
    for (RecordedComparison.Pair pair : first.comparison().pairs()) {
      all.addAll(pair(pair, first.run(), second, noSecond));
    }
    first.comparison().onlyA().forEach(one -> all.add(alone(one, "only the baseline has it")));
    first.comparison().onlyB().forEach(one -> all.add(alone(one, "the baseline has it not")));
    return all;
  }

  private static GateCase alone(RecordedCase one, String why) {
    return GateCase.whole(one.label(), Map.of(), "", Outcome.OPEN, "Inconclusive", why);
  }

  private static List<GateCase> pair(
      RecordedComparison.Pair pair,
      RunDocument run,
      @Nullable Fresh second,
      @Nullable String noSecond) {
    String workload = pair.b().workload();
    var parameters = new LinkedHashMap<String, Object>(pair.b().parameters());
    String engine = pair.b().settings().getOrDefault("engine", "");
    Optional<ResultRecord> broken =
        broken(run, pair).or(() -> second == null ? Optional.empty() : broken(second.run(), pair));
    if (broken.isPresent()) {
      ResultRecord record = broken.get();
      boolean incorrect = record.outcomeValue() instanceof Incorrect;
      return List.of(
          GateCase.whole(
              workload,
              parameters,
              engine,
              incorrect ? Outcome.INCORRECT : Outcome.FAILED,
              record.outcome(),
              String.valueOf(record.reason())));
    }
    if (pair.unfit() != null) {
      return List.of(
          GateCase.whole(workload, parameters, engine, Outcome.OPEN, "Inconclusive", pair.unfit()));
    }
    return pair.metrics().stream()
        .filter(metric -> metric.verdict() != null)
        .map(metric -> metric(pair, metric, parameters, engine, second, noSecond))
        .toList();
  }

  private static Optional<ResultRecord> broken(RunDocument run, RecordedComparison.Pair pair) {
    return run.records().stream()
        .filter(record ->
            record.outcomeValue() instanceof Incorrect || record.outcomeValue() instanceof Failed)
        .filter(record -> record.workload().equals(pair.b().workload()))
        .filter(record -> texts(record.parameters()).equals(pair.b().parameters()))
        .findFirst();
  }

  private static Map<String, String> texts(Map<String, Object> parameters) {
    var texts = new LinkedHashMap<String, String>();
    parameters.forEach((name, value) -> texts.put(name, String.valueOf(value)));
    return texts;
  }

  private static GateCase metric(
      RecordedComparison.Pair pair,
      ComparedMetric metric,
      Map<String, Object> parameters,
      String engine,
      @Nullable Fresh second,
      @Nullable String noSecond) {
    Verdict verdict = Objects.requireNonNull(metric.verdict());
    String how =
        "%d processes against %d of the baseline%s"
            .formatted(
                pair.b().processes().size(),
                pair.a().processes().size(),
                metric.adjustedP() == null
                    ? ""
                    : String.format(Locale.ROOT, ": p = %.2g", metric.adjustedP()));
    if (metric.regressed()) {
      Verdict again = again(second, pair, metric.metric());
      if (again instanceof Verdict.Changed changed && changed.slower()) {
        how += "; confirmed by a second fresh run";
      } else if (again instanceof Verdict.Same) {
        verdict = again;
        how += "; slower in the first fresh run, and not in the second";
      } else {
        verdict =
            new Verdict.Inconclusive(
                "slower in one fresh run, and "
                    + (noSecond == null ? "a second does not confirm it" : noSecond));
      }
    }
    return new GateCase(
        pair.b().workload(),
        parameters,
        engine,
        metric.metric(),
        metric.tolerance(),
        GateCase.outcome(verdict),
        verdict.word(),
        verdict.reason(),
        how,
        metric.nanosA(),
        metric.nanosB(),
        metric.ratio(),
        metric.lower(),
        metric.upper());
  }

  private static @Nullable Verdict again(
      @Nullable Fresh second, RecordedComparison.Pair pair, String metric) {
    if (second == null) {
      return null;
    }
    return second.comparison().pairs().stream()
        .filter(other ->
            other.label().equals(pair.label()) && other.b().settings().equals(pair.b().settings()))
        .flatMap(other -> other.metrics().stream())
        .filter(other -> other.metric().equals(metric))
        .findFirst()
        .map(ComparedMetric::verdict)
        .orElse(null);
  }
}
