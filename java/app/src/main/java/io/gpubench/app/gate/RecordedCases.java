// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.app.gate.GateCase.Outcome;
import io.gpubench.app.gate.Judgeable.Barred;
import io.gpubench.measure.compare.ComparedMetric;
import io.gpubench.measure.compare.RecordedCase;
import io.gpubench.measure.compare.RecordedComparison;
import io.gpubench.measure.compare.Verdict;
import io.gpubench.measure.result.Outcome.Failed;
import io.gpubench.measure.result.Outcome.Incorrect;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What fresh runs say against a recorded baseline. Pure. */
final class RecordedCases {
  private final Fresh first;
  private final @Nullable Fresh second;
  private final @Nullable String noSecond;
  private final Map<String, Double> tolerances;
  private final List<Barred> barred;

  private RecordedCases(
      Fresh first,
      @Nullable Fresh second,
      @Nullable String noSecond,
      Map<String, Double> tolerances,
      List<Barred> barred) {
    this.first = first;
    this.second = second;
    this.noSecond = noSecond;
    this.tolerances = new TreeMap<>(tolerances);
    this.barred = barred;
  }

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
   * @param tolerances of all metrics that were asked for
   * @param barred those that are not judged, and why
   */
  static List<GateCase> of(
      Fresh first,
      @Nullable Fresh second,
      @Nullable String noSecond,
      Map<String, Double> tolerances,
      List<Barred> barred) {
    var cases = new RecordedCases(first, second, noSecond, tolerances, barred);
    var all = new ArrayList<GateCase>();
    first.comparison().pairs().forEach(pair -> all.addAll(cases.pair(pair)));
    first.comparison().onlyA().forEach(one -> all.add(alone(one, "only the baseline has it")));
    first.comparison().onlyB().forEach(one -> all.add(alone(one, "the baseline has it not")));
    return all;
  }

  private static GateCase alone(RecordedCase one, String why) {
    return whole(one, Outcome.OPEN, "Inconclusive", why);
  }

  private static GateCase whole(RecordedCase one, Outcome outcome, String verdict, String why) {
    return GateCase.whole(
        one.workload(),
        new LinkedHashMap<>(one.parameters()),
        engine(one),
        mode(one),
        outcome,
        verdict,
        why);
  }

  private static String engine(RecordedCase one) {
    return one.settings().getOrDefault("engine", "");
  }

  /** As {@link Mode} says it. */
  private static String mode(RecordedCase one) {
    Map<String, String> settings = one.settings();
    String path = settings.get("path");
    return path == null
        ? ""
        : new Mode(
                path,
                PreparedRun.Clock.of(settings.getOrDefault("clock", PreparedRun.Clock.HOST.word())),
                Mode.Cache.of(settings.getOrDefault("cache", Mode.Cache.HOT.word())))
            .toString();
  }

  private List<GateCase> pair(RecordedComparison.Pair pair) {
    Optional<ResultRecord> broken =
        broken(first.run(), pair)
            .or(() -> second == null ? Optional.empty() : broken(second.run(), pair));
    if (broken.isPresent()) {
      ResultRecord record = broken.get();
      return List.of(
          whole(
              pair.b(),
              record.outcomeValue() instanceof Incorrect ? Outcome.INCORRECT : Outcome.FAILED,
              record.outcome(),
              String.valueOf(record.reason())));
    }
    if (pair.unfit() != null) {
      return List.of(alone(pair.b(), pair.unfit()));
    }
    return tolerances.entrySet().stream()
        .map(asked -> asked(pair, asked.getKey(), asked.getValue()))
        .toList();
  }

  private static Optional<ResultRecord> broken(RunDocument run, RecordedComparison.Pair pair) {
    return record(run, pair)
        .filter(record ->
            record.outcomeValue() instanceof Incorrect || record.outcomeValue() instanceof Failed);
  }

  /** Of that workload with these parameters, on that engine, by that path, clock and cache. */
  private static Optional<ResultRecord> record(RunDocument run, RecordedComparison.Pair pair) {
    Map<String, String> settings = pair.b().settings();
    return run.records().stream()
        .filter(record -> record.workload().equals(pair.b().workload()))
        .filter(record -> texts(record.parameters()).equals(pair.b().parameters()))
        .filter(record -> same(settings, "engine", record.engine()))
        .filter(record -> same(settings, "path", record.path()))
        .filter(record -> same(settings, "clock", record.clock()))
        .filter(record -> record.cache() == null || same(settings, "cache", record.cache()))
        .findFirst();
  }

  /** With the types that they were planned with. */
  private Map<String, Object> parameters(RecordedComparison.Pair pair) {
    return record(first.run(), pair)
        .map(ResultRecord::parameters)
        .orElseGet(() -> new LinkedHashMap<>(pair.b().parameters()));
  }

  private static boolean same(Map<String, String> settings, String key, String value) {
    return settings.getOrDefault(key, value).equals(value);
  }

  private static Map<String, String> texts(Map<String, Object> parameters) {
    var texts = new LinkedHashMap<String, String>();
    parameters.forEach((name, value) -> texts.put(name, String.valueOf(value)));
    return texts;
  }

  private GateCase asked(RecordedComparison.Pair pair, String metric, double tolerance) {
    ComparedMetric found =
        pair.metrics().stream().filter(one -> one.metric().equals(metric)).findFirst().orElse(null);
    Verdict verdict = found == null ? null : found.verdict();
    if (found == null || verdict == null) {
      return new GateCase(
          pair.b().workload(),
          parameters(pair),
          engine(pair.b()),
          mode(pair.b()),
          metric,
          tolerance,
          Outcome.OPEN,
          "Inconclusive",
          notJudged(pair, metric),
          "",
          found == null ? null : (Double) found.nanosA(),
          found == null ? null : (Double) found.nanosB(),
          found == null ? null : (Double) found.ratio(),
          found == null ? null : found.lower(),
          found == null ? null : found.upper());
    }
    return judged(pair, found, verdict);
  }

  private String notJudged(RecordedComparison.Pair pair, String metric) {
    return barred.stream()
        .filter(one -> one.metric().equals(metric))
        .filter(one -> one.of(pair.b().workload(), engine(pair.b())))
        .findFirst()
        .map(Barred::reason)
        .orElse("its processes have too few samples for a " + metric);
  }

  private GateCase judged(RecordedComparison.Pair pair, ComparedMetric metric, Verdict found) {
    Verdict verdict = found;
    String how =
        "%d processes against %d of the baseline%s"
            .formatted(
                pair.b().processes().size(),
                pair.a().processes().size(),
                metric.adjustedP() == null
                    ? ""
                    : String.format(Locale.ROOT, ": p = %.2g", metric.adjustedP()));
    String doubt = doubt(pair);
    if (doubt != null && !(verdict instanceof Verdict.Inconclusive)) {
      verdict = new Verdict.Inconclusive(doubt);
    } else if (metric.regressed()) {
      Verdict again = again(pair, metric.metric());
      if (again instanceof Verdict.Changed changed && changed.slower()) {
        how += "; a second fresh run says so too";
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
        parameters(pair),
        engine(pair.b()),
        mode(pair.b()),
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

  /** Why nothing rests on the fresh runs; null where something does. */
  private @Nullable String doubt(RecordedComparison.Pair pair) {
    return Stream.of(Optional.of(first), Optional.ofNullable(second))
        .flatMap(Optional::stream)
        .flatMap(fresh -> record(fresh.run(), pair).stream())
        .map(Remarks::doubt)
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(null);
  }

  private @Nullable Verdict again(RecordedComparison.Pair pair, String metric) {
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
