// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.function.ToLongFunction;

/** Whether a run fits into memory, and if not, how large it may be. */
final class MemoryFit {
  private MemoryFit() {}

  /**
   * The memory that a run takes, in bytes.
   *
   * @throws ConfigException when that is more than there is: how much is needed and available, and
   *     the largest value of the workload's size parameter that fits
   */
  static long check(
      Workload workload,
      Engine engine,
      Mode mode,
      ParameterValues values,
      MachineFacts facts,
      Place place) {
    ToLongFunction<ParameterValues> footprint =
        candidate -> engine.footprintBytes(workload, mode, candidate, facts);
    long needed = footprint.applyAsLong(values);
    if (fits(needed, facts)) {
      return needed;
    }
    String size = workload.sizeParameter();
    String need = needed < 0 ? "too much" : ByteSizes.format(needed, RoundingMode.UP);
    String available = ByteSizes.format(facts.availableBytes(), RoundingMode.DOWN);
    long largest = largest(workload, footprint, values, facts);
    String remedy = largest < 0 ? "no value of " + size + " fits" : size + "=" + largest + " fits";
    throw place.error(
        "%s %s=%d%s needs %s but %s are available; %s"
            .formatted(
                workload.id(),
                size,
                values.whole(size),
                tuning(workload, values),
                need,
                available,
                remedy));
  }

  /** What was set of how the engine does it, since that may be what takes the memory. */
  private static String tuning(Workload workload, ParameterValues values) {
    var set = new LinkedHashMap<>(values.asMap());
    workload.parameters().forEach(parameter -> set.remove(parameter.name()));
    return set.isEmpty() ? "" : " " + new ParameterValues(set);
  }

  private static boolean fits(long needed, MachineFacts facts) {
    return needed >= 0 && needed <= facts.availableBytes(); // negative: it overflowed
  }

  /** The largest size that fits; -1 when none does. Bisects, since memory grows with the size. */
  private static long largest(
      Workload workload,
      ToLongFunction<ParameterValues> footprint,
      ParameterValues values,
      MachineFacts facts) {
    String size = workload.sizeParameter();
    long fitting = -1;
    long low =
        workload.parameters().stream()
            .filter(parameter -> parameter.name().equals(size))
            .mapToLong(parameter -> ((Parameter.Whole) parameter).min())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(workload.id() + " has no " + size));
    long high = values.whole(size) - 1;
    while (low <= high) {
      long middle = low + (high - low) / 2;
      if (fits(footprint.applyAsLong(values.with(size, middle)), facts)) {
        fitting = middle;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return fitting;
  }
}
