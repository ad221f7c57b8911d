// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.arrays;

import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.arrays.ArrayWorkload;
import io.gpubench.workloads.ceiling.Ceiling;
import java.util.HashMap;
import java.util.Map;

/** What a sample of an array workload takes at least of the machine. */
public final class ArrayDemands {
  private ArrayDemands() {}

  /**
   * What the workload says, less what a cache may hold of it: the inputs were written just before,
   * and the answer need not have left the cache at the end.
   *
   * @param cacheBytes of the last level; 0 where that is unknown, and with it what memory has to do
   */
  public static Map<String, Double> of(
      ArrayWorkload workload, ParameterValues values, long cacheBytes) {
    var demands = new HashMap<String, Double>();
    workload
        .demands(values)
        .forEach((ceiling, amount) -> {
          boolean ofMemory = Ceiling.of(ceiling).filter(Ceiling::ofMemory).isPresent();
          double least = !ofMemory ? amount : cacheBytes > 0 ? amount - cacheBytes : 0;
          if (least > 0) {
            demands.put(ceiling, least);
          }
        });
    return Map.copyOf(demands);
  }
}
