// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.workloads.consensus.ConsensusRotation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a round of consensus takes at least of what a device can do at all, from the id of a ceiling
 * to an amount of its unit.
 *
 * <p>Integer operations are those of SipHash that no multiplier can take over: 12 rounds of 4
 * exclusive ors and, beside those by 32 bits, which cost nothing, 4 rotations of 64 bits, each of
 * two operations of 32 bits.
 */
final class CudaConsensusDemands {
  private static final double INTEGER_OPERATIONS = 12 * (4 + 4) * 2;

  private CudaConsensusDemands() {}

  /**
   * From page-locked memory to page-locked memory.
   *
   * @param toDevice bytes that are copied
   * @param toHost bytes that are copied
   * @param replays whether a graph is launched, and not a kernel
   */
  static Map<String, Double> ofTheHostsClock(
      ConsensusRotation.Summary rounds, double toDevice, double toHost, boolean replays) {
    var demands = new LinkedHashMap<String, Double>();
    demands.put("ceiling.h2d", toDevice);
    demands.put("ceiling.d2h", toHost);
    integers(demands, rounds);
    demands.put(replays ? "launch.graph" : "launch.empty", 1.0);
    return demands;
  }

  /**
   * On the device alone.
   *
   * @param cold whether what is read has to come from the device's memory
   */
  static Map<String, Double> ofTheDevicesClock(ConsensusRotation.Summary rounds, boolean cold) {
    var demands = new LinkedHashMap<String, Double>();
    if (cold) {
      demands.put("ceiling.read", rounds.readBytes());
    }
    integers(demands, rounds);
    return demands;
  }

  private static void integers(Map<String, Double> demands, ConsensusRotation.Summary rounds) {
    double operations = INTEGER_OPERATIONS * rounds.meanHashed();
    if (operations > 0) {
      demands.put("ceiling.int32", operations);
    }
  }
}
