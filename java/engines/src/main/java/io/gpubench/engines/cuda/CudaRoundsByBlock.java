// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import java.util.LinkedHashMap;
import java.util.Map;

/** The variant {@code block}: a block decides a round, in its shared memory. Owns nothing. */
final class CudaRoundsByBlock implements CudaRounds {
  /** Of a block besides its ballots, see Desk in consensus_rounds.cuh, and some to spare. */
  private static final int DESK_BYTES = 2048;

  private static final int LEAST_THREADS = 64;
  private static final int MOST_THREADS = 1024;

  // arguments
  private static final int WHICH = 2;
  private static final int COUNT = 3;
  private static final int RESULTS = 4;

  private final KernelLaunch launch;
  private final Map<String, Object> configuration = new LinkedHashMap<>();

  CudaRoundsByBlock(Setting setting, Load load, CudaRoundsTuning tuning) {
    ConsensusEpoch epoch = setting.epoch();
    CudaFunction function = setting.loaded("consensus_rounds_block" + tuning.suffix());
    int ballots = ballotBytes(epoch);
    if (ballots > setting.device().sharedBytesPerBlock() - DESK_BYTES) {
      function.allowDynamicShared(ballots);
    }
    int threads =
        tuning.block() > 0 ? tuning.block() : threads(setting.device(), function, load, ballots);
    int grid = tuning.grid() > 0 ? Math.min(tuning.grid(), load.rounds()) : load.rounds();
    launch =
        function.launch(
            LaunchShape.of(grid, threads).withDynamicShared(ballots),
            load.chunks(),
            load.chunkQuads(),
            load.chosen(),
            0,
            load.results(),
            setting.state().keys(),
            setting.state().weights(),
            epoch.totalWeight(),
            epoch.validators());
    configuration.put("variant", CudaRoundsTuning.Variant.BLOCK.word());
    configuration.put("block", (long) threads);
    configuration.put("grid", (long) grid);
    configuration.put("unroll", (long) tuning.unroll());
    configuration.put("ballotBytesOfBlock", (long) ballots);
    int perMultiprocessor = function.blocksPerMultiprocessor(threads, ballots);
    configuration.put("blocksPerMultiprocessor", (long) perMultiprocessor);
    if (function.registers() > 0) { // the simulated device does not know
      configuration.put("registers", (long) function.registers());
    }
  }

  /** Whether a block of the device has room for the ballots, and they for the messages. */
  static boolean fits(Setting setting, Load load) {
    return load.mostMessages() <= CudaRoundsTuning.MOST_MESSAGES_OF_BLOCK
        && ballotBytes(setting.epoch()) <= setting.device().sharedBytesPerBlockOptIn() - DESK_BYTES;
  }

  /** A word for each bit of a bitmap. */
  static int ballotBytes(ConsensusEpoch epoch) {
    return Integer.BYTES * Long.SIZE * epoch.bitmapWords();
  }

  /**
   * The smallest block of those that keep the most threads at work, given so many rounds: a small
   * one has less to add up at the end, a large one does more where rounds are few.
   */
  private static int threads(CudaDevice device, CudaFunction function, Load load, int ballots) {
    int rounds = Math.ceilDiv(load.rounds(), device.multiprocessors());
    int best = LEAST_THREADS;
    int most = 0;
    for (int threads = LEAST_THREADS; threads <= MOST_THREADS; threads *= 2) {
      int blocks = Math.min(rounds, function.blocksPerMultiprocessor(threads, ballots));
      if (blocks * threads > most) {
        most = blocks * threads;
        best = threads;
      }
      if (threads >= load.mostMessages()) {
        break;
      }
    }
    return best;
  }

  @Override
  public void at(DeviceMemory which, DeviceMemory results) {
    launch.arguments().set(WHICH, which);
    launch.arguments().set(RESULTS, results);
  }

  @Override
  public void enqueue(CudaStream stream, int rounds) {
    launch.arguments().set(COUNT, rounds);
    launch.enqueue(stream);
  }

  @Override
  public Map<String, Object> configuration() {
    return configuration;
  }

  @Override
  public void close() {}
}
