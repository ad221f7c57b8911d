// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.result.ResultRecord.Throughput;
import io.gpubench.measure.result.ResultRecord.WorkPart;
import io.gpubench.measure.stats.DuetSummary;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.stats.Variation;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a record says that follows from its processes: the one place that derives it, for who
 * measures and for who verifies. The components are those of {@link ResultRecord}.
 */
public record RecordSummary(
    String outcome,
    @Nullable String reason,
    long sampleCount,
    boolean underSampled,
    @Nullable Statistics statistics,
    @Nullable Variation variation,
    @Nullable Throughput throughput,
    @Nullable DuetSummary paired,
    @Nullable Map<String, Throughput> rates) {
  /** A process that measures for a shorter time says little; in seconds. */
  public static final double SHORTEST_SECONDS = 0.010;

  private static final String MEASURED = new Outcome.Measured().word();

  /**
   * Derives it.
   *
   * @param parts at least one
   * @param repetitions how many processes were planned
   * @param minSamples below so many in a process the record is under-sampled
   * @param work of one sample; null where it is not known
   * @param amounts what else it does; null for nothing
   */
  public static RecordSummary of(
      List<ProcessPart> parts,
      int repetitions,
      long minSamples,
      @Nullable WorkPart work,
      @Nullable Map<String, Double> amounts) {
    ProcessPart worst =
        parts.stream()
            .max(Comparator.comparingInt(part -> weight(part.outcome())))
            .orElseThrow(() -> new IllegalStateException("no process has measured"));
    boolean right = !(Outcome.of(worst.outcome(), "") instanceof Outcome.Incorrect);
    List<ProcessPart> measured =
        parts.stream().filter(part -> right && part.statistics() != null).toList();
    List<Statistics> each =
        measured.stream().map(part -> Objects.requireNonNull(part.statistics())).toList();
    long complete = parts.stream().filter(part -> part.outcome().equals(MEASURED)).count();
    long fewest = measured.stream().mapToLong(ProcessPart::sampleCount).min().orElse(0);
    boolean hurried = measured.stream().anyMatch(part -> part.measureSeconds() < SHORTEST_SECONDS);
    Statistics statistics = each.isEmpty() ? null : Statistics.ofProcesses(each, fewest);
    return new RecordSummary(
        worst.outcome(),
        worst.reason(),
        measured.stream().mapToLong(ProcessPart::sampleCount).sum(),
        complete < repetitions || fewest < minSamples || hurried,
        statistics,
        each.isEmpty() ? null : Variation.of(each),
        work == null || statistics == null
            ? null
            : throughput(work.unit(), work.units(), statistics),
        paired(measured),
        amounts == null || statistics == null ? null : rates(amounts, statistics));
  }

  /** The run over its baseline; null where not every process that measured has one. */
  private static @Nullable DuetSummary paired(List<ProcessPart> measured) {
    List<Statistics> baselines =
        measured.stream().map(ProcessPart::baseline).filter(Objects::nonNull).toList();
    return baselines.isEmpty() || baselines.size() < measured.size()
        ? null
        : DuetSummary.of(
            baselines,
            measured.stream().map(part -> Objects.requireNonNull(part.statistics())).toList());
  }

  private static int weight(String outcome) {
    return switch (Outcome.of(outcome, "")) {
      case Outcome.Measured _ -> 0;
      case Outcome.Skipped _ -> 1;
      case Outcome.Rejected _ -> 2;
      case Outcome.Failed _ -> 3;
      case Outcome.Incorrect _ -> 4;
    };
  }

  private static Map<String, Throughput> rates(Map<String, Double> amounts, Statistics times) {
    var rates = new LinkedHashMap<String, Throughput>();
    amounts.forEach((name, amount) -> rates.put(name, throughput(name, amount, times)));
    return rates;
  }

  private static Throughput throughput(String unit, double units, Statistics times) {
    QuantileInterval interval = times.intervals().median();
    return new Throughput(
        unit + "/s",
        perSecond(units, times.median()),
        interval.upper() == null ? null : perSecond(units, interval.upper()),
        interval.lower() == null ? null : perSecond(units, interval.lower()));
  }

  private static double perSecond(double units, double nanos) {
    return units / (nanos / 1e9);
  }
}
