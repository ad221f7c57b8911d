// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.stats.Statistics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one planned run: one element of {@code records[]} in {@code run.json}. Nullable
 * parts are null when the outcome left nothing to say.
 *
 * @param id the planned run's stable id; also the name of its sample file and histogram
 * @param parameters every parameter with its value
 * @param outcome the word of an {@link Outcome}
 * @param reason why it is not {@code Measured}
 * @param device name of the device that did the work; null when that is the processors
 * @param synthetic true when the engine only stands for the hardware it names
 * @param clock {@code host}, {@code device} or {@code batch}
 * @param unit of every time in {@code statistics}: always {@code ns}
 * @param sampleCount samples that the statistics rest on
 * @param underSampled true when fewer samples were taken than the profile asks for
 * @param discards samples that were not kept, by reason
 * @param stop why measuring ended: a {@link io.gpubench.measure.run.SampleLoop.Stop} in lower case
 * @param warmup what happened before measuring
 * @param statistics of the kept samples
 * @param work of one sample
 * @param throughput at the median
 * @param verification how answers were checked and how many were
 * @param configuration what the engine chose for this run
 * @param timer what the clock can resolve
 * @param startedAt UTC, ISO 8601
 * @param prepareSeconds time to allocate, generate inputs and compute the expected answers
 * @param measureSeconds time from the first to the last sample, staging and verification included
 * @param files where the raw samples and the histogram lie, relative to the run directory
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
    long sampleCount,
    boolean underSampled,
    Map<String, Long> discards,
    @Nullable String stop,
    @Nullable WarmupPart warmup,
    @Nullable Statistics statistics,
    @Nullable WorkPart work,
    @Nullable Throughput throughput,
    Map<String, Object> verification,
    Map<String, Object> configuration,
    Timer timer,
    String startedAt,
    double prepareSeconds,
    double measureSeconds,
    @Nullable Files files) {

  /**
   * What happened before measuring.
   *
   * @param seconds how long it took
   * @param steady whether the times had settled when measuring began
   */
  public record WarmupPart(long samples, double seconds, boolean steady) {}

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

  /** Paths relative to the run directory. */
  public record Files(String samples, String histogram) {}

  /** The outcome as a type. */
  @JsonIgnore
  public Outcome outcomeValue() {
    return Outcome.of(outcome, reason);
  }
}
