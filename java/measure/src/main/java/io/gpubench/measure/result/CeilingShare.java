// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How near a record comes to what the hardware can do at all. Of everything that a sample takes,
 * the thing of which the hardware needs the longest time binds.
 *
 * @param of {@link #CEILING} when that is a measured one; {@link #BOUND} when it is the physical
 *     limit, as for records that are ceilings themselves
 * @param ceiling that binds, such as {@code ceiling.read}
 * @param hardware {@code processors}, or a device's own unique name; null where it is not known,
 *     which for a bound does not matter
 * @param unit of the rate, such as {@code bytes/s}
 * @param rate of the ceiling
 * @param floorNanos the shortest time that a sample can take at this rate, in nanoseconds
 * @param share that time over the median, 1 at the ceiling
 * @param measuredAt when the ceiling was measured; UTC, ISO 8601; null for a bound
 * @param run that measured it; null for a bound
 * @param doubt why this cannot be all of the truth; null when nothing speaks against it
 * @param others shares of the other known ceilings of which a sample takes something, by their ids;
 *     null where there are none, and in records from before there were such
 */
public record CeilingShare(
    String of,
    String ceiling,
    @Nullable String hardware,
    String unit,
    double rate,
    double floorNanos,
    double share,
    @Nullable String measuredAt,
    @Nullable String run,
    @Nullable String doubt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SortedMap<String, Double> others) {
  public static final String CEILING = "ceiling";
  public static final String BOUND = "bound";

  /** The same with other {@link #others}. */
  public CeilingShare withOthers(@Nullable SortedMap<String, Double> shares) {
    return new CeilingShare(
        of, ceiling, hardware, unit, rate, floorNanos, share, measuredAt, run, doubt, shares);
  }

  /** The ceiling's name without its prefix, such as {@code read}. */
  public String shortName() {
    return ceiling.startsWith(RunCeilings.PREFIX)
        ? ceiling.substring(RunCeilings.PREFIX.length())
        : ceiling;
  }
}
