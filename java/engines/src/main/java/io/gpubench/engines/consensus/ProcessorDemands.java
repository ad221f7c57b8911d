// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.consensus.ConsensusRotation;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a sample of consensus takes at least of the ceilings of the processors. */
public final class ProcessorDemands {
  /**
   * How many simple operations on 64-bit integers a processor does in the time of one multiply-add
   * of 32-bit integers. A register holds half as many of them; but a multiply-add is two
   * operations, and the multiplication starts at most half as often as an addition (on x86 with
   * AVX2 or AVX-512 it is two micro-operations, or has half the ports).
   */
  private static final double OPERATIONS_IN_MULTIPLY_ADD = 2;

  private ProcessorDemands() {}

  /**
   * Its messages come from memory where the rounds in rotation exceed twice the last-level cache;
   * weights, keys and bitmaps may stay in a cache and are not counted. Its operations, which are on
   * 64-bit integers, are given in multiply-adds of 32-bit integers, the unit of {@code
   * ceiling.int32}: half as many.
   */
  public static Map<String, Double> of(ConsensusRotation.Summary rounds) {
    var demands = new LinkedHashMap<String, Double>();
    if (rounds.exceedsCacheTwice()) {
      demands.put(Ceiling.HOSTREAD.id(), rounds.roundsOfSample() * rounds.meanMessageBytes());
    }
    demands.put(Ceiling.INT32.id(), rounds.work().operations() / OPERATIONS_IN_MULTIPLY_ADD);
    return demands;
  }
}
