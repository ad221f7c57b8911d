// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.consensus.ConsensusRotation;
import io.gpubench.workloads.launch.Launch;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a round of consensus takes at least of what a device can do at all, from the id of a ceiling
 * to an amount of its unit.
 *
 * <p>Integer operations are those of SipHash: 12 rounds of 4 additions, 4 exclusive ors and, beside
 * those by 32 bits, which cost nothing, 4 rotations of 64 bits, each of two operations of 32 bits.
 * Half of them: a multiprocessor has as many multipliers, whose rate the ceiling is, as units for
 * other integer operations, and multipliers can add and rotate.
 */
final class CudaConsensusDemands {
  private static final double INTEGER_OPERATIONS = 12 * (4 + 4 + 4) * 2 / 2;

  private CudaConsensusDemands() {}

  /**
   * From page-locked memory to page-locked memory.
   *
   * @param toDevice bytes over the link
   * @param toHost bytes over the link
   * @param how the device is told of a round
   */
  static Map<String, Double> ofTheHostsClock(
      ConsensusRotation.Summary rounds, double toDevice, double toHost, Launch how) {
    var demands = new LinkedHashMap<String, Double>();
    demands.put(Ceiling.H2D.id(), toDevice);
    demands.put(Ceiling.D2H.id(), toHost);
    integers(demands, rounds);
    demands.put(how.id(), 1.0);
    return demands;
  }

  /**
   * On the device alone.
   *
   * @param beyondCache whether more messages rotate than the cache could keep
   * @param cold whether no cache has anything when a sample begins: then the messages come from the
   *     device's memory too, and so do keys and weights, each once
   */
  static Map<String, Double> ofTheDevicesClock(
      ConsensusRotation.Summary rounds, boolean beyondCache, boolean cold) {
    var demands = new LinkedHashMap<String, Double>();
    if (cold || beyondCache) {
      demands.put(
          Ceiling.READ.id(),
          rounds.roundsOfSample() * rounds.meanMessageBytes() + (cold ? rounds.epochBytes() : 0));
    }
    integers(demands, rounds);
    return demands;
  }

  private static void integers(Map<String, Double> demands, ConsensusRotation.Summary rounds) {
    double operations = INTEGER_OPERATIONS * rounds.roundsOfSample() * rounds.meanHashed();
    if (operations > 0) {
      demands.put(Ceiling.INT32.id(), operations);
    }
  }
}
