// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much of one thing a piece of hardware could do in a second, when that was measured.
 *
 * @param id of the workload that measured it, such as {@code ceiling.read}
 * @param unit such as {@code bytes/s}
 * @param rate at the median, more than 0
 * @param lower end of the rate's 95 % interval; null where too little was measured for one
 * @param upper end of it
 * @param engine that measured it
 * @param measuredAt when its run began; UTC, ISO 8601
 * @param run that measured it
 * @param manifestSha256 of that run's manifest; null where it was not sealed
 */
public record MeasuredCeiling(
    String id,
    String unit,
    double rate,
    @Nullable Double lower,
    @Nullable Double upper,
    String engine,
    String measuredAt,
    String run,
    @Nullable String manifestSha256) {
  public MeasuredCeiling {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(measuredAt, "measuredAt");
    Objects.requireNonNull(run, "run");
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(id + ": no rate: " + rate);
    }
  }
}
