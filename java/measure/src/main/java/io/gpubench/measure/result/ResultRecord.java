// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.stats.DuetSummary;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.stats.Variation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What became of one planned run, measured by one process or several: one element of {@code
 * records[]} in {@code run.json}. Nullable parts are null when the outcome left nothing to say.
 *
 * @param id the planned run's stable id; also the name of its sample files and histogram
 * @param parameters every parameter with its value
 * @param outcome the word of an {@link Outcome}: the worst of its processes
 * @param reason why it is not {@code Measured}
 * @param device name of the device that did the work; null when that is the processors
 * @param synthetic true when the engine only stands for the hardware it names
 * @param clock {@code host}, {@code device} or {@code batch}
 * @param unit of every time in {@code statistics}: always {@code ns}
 * @param repetitions how many processes were planned
 * @param sampleCount samples that the statistics rest on, of all processes
 * @param underSampled true when a process took fewer samples than the profile asks for, fewer
 *     processes measured than were planned, or one measured for less than {@link
 *     RecordSummary#SHORTEST_SECONDS}
 * @param statistics over the processes that have samples, see {@link Statistics#ofProcesses}
 * @param variation between and within these processes
 * @param work of one sample
 * @param throughput at the median
 * @param verification how answers were checked and how many were
 * @param configuration what the engine chose for this run
 * @param histogram where the histograms of the processes lie, relative to the run directory
 * @param processes in the order in which they measured
 * @param cache what the caches held before each sample; null for {@code hot}
 * @param pieces how many equal pieces of work a sample has, all of which its times are of; null for
 *     one
 * @param demands what a sample takes at least, from a ceiling's id to an amount in its unit; null
 *     where nothing is known
 * @param paired the run (B) over the baseline that was timed next to each of its samples (A); null
 *     where there was none
 * @param underSampledWhy what is missing, in numbers; null where nothing is, or it is not known
 * @param ceiling how near it comes to what the hardware can do; null where that is not known
 * @param amounts what else a sample does, from a word in the plural to how many of it; null for
 *     nothing
 * @param rates of these, at the median; null where there are none or no times
 */
public record ResultRecord(
    String id,
    String workload,
    String engine,
    String path,
    Map<String, Object> parameters,
    String outcome,
    @Nullable String reason,
    @Nullable String device,
    boolean synthetic,
    String clock,
    String unit,
    int repetitions,
    long sampleCount,
    boolean underSampled,
    @Nullable Statistics statistics,
    @Nullable Variation variation,
    @Nullable WorkPart work,
    @Nullable Throughput throughput,
    Map<String, Object> verification,
    Map<String, Object> configuration,
    @Nullable String histogram,
    List<ProcessPart> processes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String cache,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer pieces,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Double> demands,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable DuetSummary paired,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String underSampledWhy,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable CeilingShare ceiling,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Double> amounts,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Throughput> rates) {
  /** The same, related to a ceiling. */
  ResultRecord withCeiling(@Nullable CeilingShare share) {
    return new ResultRecord(
        id,
        workload,
        engine,
        path,
        parameters,
        outcome,
        reason,
        device,
        synthetic,
        clock,
        unit,
        repetitions,
        sampleCount,
        underSampled,
        statistics,
        variation,
        work,
        throughput,
        verification,
        configuration,
        histogram,
        processes,
        cache,
        pieces,
        demands,
        paired,
        underSampledWhy,
        share,
        amounts,
        rates);
  }

  /** How many equal pieces of work a sample has, at least 1. */
  @JsonIgnore
  public int piecesOfSample() {
    return pieces == null ? 1 : pieces;
  }

  /**
   * The work of one sample, averaged over the inputs in rotation.
   *
   * @param unit what is counted, such as {@code messages}
   */
  public record WorkPart(String unit, double units, double bytes, double operations) {}

  /**
   * Work over the median time, with the bounds that the median's interval gives.
   *
   * @param unit such as {@code messages/s}
   */
  public record Throughput(
      String unit, double median, @Nullable Double lower, @Nullable Double upper) {}

  /** The outcome as a type. */
  @JsonIgnore
  public Outcome outcomeValue() {
    return Outcome.of(outcome, reason);
  }

  /**
   * Why the device was slower than its settings ask for, before, while or after a process measured,
   * in alphabetical order; empty when it was not, or nobody knows.
   */
  @JsonIgnore
  public List<String> throttledBy() {
    Stream<String> aside =
        processes.stream()
            .flatMap(part -> Stream.of(part.telemetryBefore(), part.telemetryAfter()))
            .filter(Objects::nonNull)
            .map(Telemetry::throttledBy)
            .filter(Objects::nonNull)
            .flatMap(List::stream);
    Stream<String> between =
        processes.stream()
            .map(ProcessPart::throttling)
            .filter(Objects::nonNull)
            .flatMap(throttling -> throttling.seen().keySet().stream());
    return Stream.concat(aside, between).distinct().sorted().toList();
  }

  /** Time that all processes measured, in seconds. */
  @JsonIgnore
  public double measureSeconds() {
    return processes.stream().mapToDouble(ProcessPart::measureSeconds).sum();
  }
}
