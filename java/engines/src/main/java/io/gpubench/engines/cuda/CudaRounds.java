// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.cuda.CudaRoundsTuning.Variant;
import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaModule;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of consensus.cu that decide many rounds of a chunk, which is in the device's memory.
 * What they need besides is theirs, so that several of these may work at once, in streams of their
 * own. The creator closes it, on the context's thread.
 */
sealed interface CudaRounds extends AutoCloseable permits CudaRoundsByBlock, CudaRoundsByGrid {
  /** In place of an address. */
  long NULL_POINTER = 0;

  /**
   * From now on the number of the chunk stands here, and results go there; not where the first
   * chunk is the only one.
   *
   * @param which a word, read when the kernels run
   * @param results with room for as many as before
   */
  void at(DeviceMemory which, DeviceMemory results);

  /** Enqueues the first so many rounds of the chunk. Allocates nothing. */
  void enqueue(CudaStream stream, int rounds);

  /** Version, launch shape, registers, for the record. */
  Map<String, Object> configuration();

  @Override
  void close();

  /**
   * Where kernels and data are.
   *
   * @param module consensus.cu, compiled
   * @param state weights and keys of the epoch
   */
  record Setting(
      CudaContext context, CudaModule module, ConsensusEpoch epoch, CudaConsensusEpoch state) {
    CudaDevice device() {
      return context.device();
    }

    /** A kernel that is not loaded at its first launch, which may be a capture or a timed one. */
    CudaFunction loaded(String symbol) {
      CudaFunction function = module.function(symbol);
      function.load();
      return function;
    }
  }

  /**
   * What there is to be done at once.
   *
   * @param chunks each at a multiple of {@code chunkBytes}, a multiple of 16
   * @param which where the number of the one to be worked on stands; null for the first
   * @param rounds of a chunk, at most
   * @param mostMessages of a round
   * @param results with room for so many rounds
   */
  record Load(
      DeviceMemory chunks,
      long chunkBytes,
      @Nullable DeviceMemory which,
      int rounds,
      int mostMessages,
      DeviceMemory results) {
    long chunkQuads() {
      return chunkBytes / (4 * Integer.BYTES);
    }

    /** An argument for a kernel. */
    Object chosen() {
      return which == null ? NULL_POINTER : which;
    }
  }

  /**
   * The variant that was asked for, or the one that fits.
   *
   * @throws EngineException when the one that was asked for does not fit
   */
  static CudaRounds of(Setting setting, Load load, CudaRoundsTuning tuning) {
    boolean fits = CudaRoundsByBlock.fits(setting, load);
    if (tuning.variant() == Variant.BLOCK && !fits) {
      throw new EngineException(
          "variant=block takes %,d bytes of shared memory for the ballots of %,d validators, and a block of this device has %,d: variant=grid fits"
              .formatted(
                  CudaRoundsByBlock.ballotBytes(setting.epoch()),
                  setting.epoch().validators(),
                  setting.device().sharedBytesPerBlockOptIn()));
    }
    boolean block = tuning.variant() == null ? fits : tuning.variant() == Variant.BLOCK;
    return block
        ? new CudaRoundsByBlock(setting, load, tuning)
        : new CudaRoundsByGrid(setting, load, tuning);
  }
}
