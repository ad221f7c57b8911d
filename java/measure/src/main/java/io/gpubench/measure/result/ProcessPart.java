// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpubench.measure.run.Throttling;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.telemetry.TelemetryPart;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one process measured of a planned run: one repetition. Nullable parts are null when it did
 * not come so far.
 *
 * @param repetition counted from 1
 * @param pid of the process; 0 when it is not known
 * @param startedAt UTC, ISO 8601
 * @param outcome the word of an {@link Outcome}
 * @param reason why it is not {@code Measured}
 * @param failure how the process failed
 * @param startSeconds time from the start of the process until its engine was open; 0 in-process
 * @param coolDownSeconds how long it waited for the device to cool down
 * @param prepareSeconds time to allocate, generate inputs, compute the expected answers and compare
 *     the first ones
 * @param warmup what happened before measuring
 * @param stop why measuring ended: a {@link io.gpubench.measure.run.Measurement.Stop} in lower case
 * @param measureSeconds time from the first to the last sample, staging and verification included
 * @param processorSeconds time that processors worked for this process and its children while it
 *     warmed up and measured, in steps of the system's clock tick; null where the system does not
 *     tell
 * @param answersRight how many answers were compared and right, warm-up included
 * @param sampleCount samples that the statistics rest on
 * @param discards samples that were not kept, by reason
 * @param statistics of the kept samples
 * @param timer what the clock can resolve
 * @param telemetryBefore what the sensors said before the warm-up
 * @param telemetryAfter what the sensors said after the last sample
 * @param samples where the raw samples lie, relative to the run directory; null without samples
 * @param baseline of what was timed next to each kept sample; null where there was nothing
 * @param throttling what the device said while it measured; null where it does not tell
 * @param telemetry what its sensors said beside the samples; null where they were not recorded
 * @param stages what it went through once while it prepared, or could only measure apart, from a
 *     name to nanoseconds; null for nothing
 */
public record ProcessPart(
    int repetition,
    long pid,
    String startedAt,
    String outcome,
    @Nullable String reason,
    @Nullable Failure failure,
    double startSeconds,
    double coolDownSeconds,
    double prepareSeconds,
    @Nullable WarmupPart warmup,
    @Nullable String stop,
    double measureSeconds,
    @Nullable Double processorSeconds,
    long answersRight,
    long sampleCount,
    Map<String, Long> discards,
    @Nullable Statistics statistics,
    @Nullable Timer timer,
    @Nullable Telemetry telemetryBefore,
    @Nullable Telemetry telemetryAfter,
    @Nullable String samples,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Statistics baseline,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Throttling throttling,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TelemetryPart telemetry,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Long> stages) {
  /**
   * What happened before measuring.
   *
   * @param seconds how long it took
   * @param steady whether the times had settled when measuring began
   */
  public record WarmupPart(long samples, double seconds, boolean steady) {}

  /**
   * How a process failed.
   *
   * @param kind {@code timeout}, {@code crash}, {@code lost-device}, {@code protocol}, {@code
   *     engine} or {@code unavailable}
   * @param step what it was to do, such as {@code prepare}
   * @param stderr the last lines that it wrote there; null when there are none
   */
  public record Failure(String kind, String step, @Nullable String stderr) {}
}
