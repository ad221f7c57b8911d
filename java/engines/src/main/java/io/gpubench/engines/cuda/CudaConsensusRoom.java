// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusRotation;

/**
 * Whether there is room for samples of many rounds, asked before any of it is taken.
 *
 * @param memory what it is called
 * @param freeBytes of it
 * @param epochBytes that the epoch takes of it
 * @param validators of the epoch
 * @param rounds of a sample
 */
record CudaConsensusRoom(
    String memory, long freeBytes, long epochBytes, int validators, int rounds) {
  /**
   * What the driver takes in addition, since it rounds up, and kernels need local memory: so much,
   * or a part of what is free where that is less.
   */
  private static final long RESERVE = 32L << 20;

  private static final int RESERVED_PART = 4;

  /** Of an epoch, for each validator: key, weight, and what the kernels keep of it. */
  private static final long BYTES_OF_VALIDATOR = 64;

  private static final int LEAST_VALIDATORS = 4;

  /** In the memory of a device, of which the epoch itself takes some. */
  static CudaConsensusRoom onDevice(CudaContext context, ConsensusEpoch epoch, int rounds) {
    long free = context.freeBytes();
    return new CudaConsensusRoom(
        "the device's memory",
        free - Math.min(RESERVE, free / RESERVED_PART),
        BYTES_OF_VALIDATOR * epoch.validators(),
        epoch.validators(),
        rounds);
  }

  /**
   * In the host's memory, page-locked.
   *
   * @param availableBytes that a run may take
   */
  static CudaConsensusRoom pageLocked(long availableBytes, ConsensusEpoch epoch, int rounds) {
    return new CudaConsensusRoom(
        "page-locked memory", availableBytes, 0, epoch.validators(), rounds);
  }

  /**
   * Requires so much for the rounds.
   *
   * @throws EngineException one line that says what fits, when there is less
   */
  void require(long bytes) {
    long all = epochBytes + bytes;
    if (all <= freeBytes) {
      return;
    }
    throw new EngineException(
        "consensus with validators=%d%s takes %,d bytes of %s, of which %,d are free: %s"
            .formatted(
                validators,
                rounds > 1 ? " and rounds=" + rounds : "",
                all,
                memory,
                freeBytes,
                advice(bytes)));
  }

  /** An estimate: what is taken is about in proportion to rounds and validators. */
  private String advice(long bytes) {
    long fewerRounds = (long) ((double) rounds * (freeBytes - epochBytes) / bytes);
    long fewerValidators = (long) ((double) validators * freeBytes / (epochBytes + bytes));
    if (fewerRounds >= ConsensusRotation.MIN_ROUNDS_OF_SAMPLE) {
      return "about rounds=" + fewerRounds + " fits";
    }
    return fewerValidators >= LEAST_VALIDATORS
        ? "about validators=" + fewerValidators + " fits"
        : "nothing fits";
  }
}
