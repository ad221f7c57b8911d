// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import io.gpubench.measure.spi.ParameterValues;
import java.math.BigDecimal;

/**
 * A parameter setting of the consensus workload, by type. Immutable.
 *
 * @param validators V, 4 .. 1,048,576
 * @param byzantine share of faulty validators, 0 .. 0.33
 * @param agreement probability that an honest validator votes for proposal 0, 0 .. 1
 * @param proposals K, 1 .. 16
 * @param authenticated whether messages carry a tag that is checked
 * @param seed of all inputs, at least 0
 */
public record ConsensusParameters(
    int validators,
    double byzantine,
    double agreement,
    int proposals,
    boolean authenticated,
    long seed) {

  /** The setting that the values of {@link ConsensusWorkload} denote. */
  public static ConsensusParameters of(ParameterValues values) {
    return new ConsensusParameters(
        Math.toIntExact(values.whole("validators")),
        values.decimal("byzantine"),
        values.decimal("agreement"),
        Math.toIntExact(values.whole("proposals")),
        values.choice("tags").equals("siphash"),
        values.whole("seed"));
  }

  /** Faulty validators in each round: floor(byzantine x V), exact in decimal arithmetic. */
  public int faulty() {
    return BigDecimal.valueOf(byzantine).multiply(BigDecimal.valueOf(validators)).intValue();
  }

  /** The most messages of a round: every faulty validator duplicates, 3 copies. */
  public int maxMessages() {
    return validators + 2 * faulty();
  }

  /**
   * Mean number of messages of a round. A faulty validator sends 10/8 on average: of the eight
   * kinds, one sends nothing, one 3 copies, one 2 messages and five 1 message.
   */
  public double expectedMessages() {
    return validators + 0.25 * faulty();
  }
}
