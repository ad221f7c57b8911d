// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The variant {@code grid}: all blocks of a row decide a round, in memory that the device's cache
 * holds, several rows at once. Owns that memory.
 */
final class CudaRoundsByGrid implements CudaRounds {
  /** Of a round under way, besides its ballots. */
  private static final long STANDING_BYTES = 256;

  private static final int USUAL_THREADS = 256;
  private static final int MESSAGES_OF_THREAD = 4;
  private static final int VALIDATORS_OF_THREAD = 16;

  /** The cache has room for other things, too. */
  private static final int CACHE_SHARE = 2;

  private static final int MOST_ROWS = 1024;

  // arguments
  private static final int WHICH = 2;
  private static final int FIRST = 3;
  private static final int COUNT = 4;
  private static final int RESULTS = 6;

  private final DeviceBuffer standings;
  private final KernelLaunch poll;
  private final KernelLaunch survey;
  private final KernelLaunch certify;
  private final int rows;
  private final Map<String, Object> configuration = new LinkedHashMap<>();

  CudaRoundsByGrid(Setting setting, Load load, CudaRoundsTuning tuning) {
    ConsensusEpoch epoch = setting.epoch();
    int validators = epoch.validators();
    int threads = tuning.block() > 0 ? tuning.block() : USUAL_THREADS;
    int wanted = Math.ceilDiv(load.mostMessages(), threads * MESSAGES_OF_THREAD);
    int polling = blocks(wanted, tuning);
    int counting = blocks(Math.ceilDiv(validators, threads * VALIDATORS_OF_THREAD), tuning);
    CudaFunction first = setting.loaded("consensus_rounds_poll" + tuning.suffix());
    CudaFunction second = setting.loaded("consensus_rounds_survey");
    CudaFunction third = setting.loaded("consensus_rounds_certify");
    rows = rows(setting.device(), epoch, load.rounds());
    standings = setting.context().allocate(rows * standingBytes(epoch));
    try (var stream = setting.context().newStream()) {
      standings.fillAsync(stream, 0, standings.bytes(), (byte) 0);
      stream.synchronize();
      var state = setting.state();
      poll =
          first.launch(
              shape(polling, threads),
              load.chunks(),
              load.chunkQuads(),
              load.chosen(),
              0,
              0,
              standings,
              state.keys(),
              validators);
      survey = second.launch(shape(counting, threads), standings, state.weights(), validators);
      certify =
          third.launch(
              shape(counting, threads),
              load.chunks(),
              load.chunkQuads(),
              load.chosen(),
              0,
              0,
              standings,
              load.results(),
              state.weights(),
              epoch.totalWeight(),
              validators);
      if (first.registers() > 0) { // the simulated device does not know
        configuration.put("registers", (long) first.registers());
      }
    } catch (RuntimeException | Error failure) {
      standings.close();
      throw failure;
    }
    configuration.put("variant", CudaRoundsTuning.Variant.GRID.word());
    configuration.put("block", (long) threads);
    configuration.put("grid", (long) polling);
    configuration.put("countingGrid", (long) counting);
    configuration.put("roundsUnderWay", (long) rows);
    configuration.put("unroll", (long) tuning.unroll());
  }

  /** Of a row: as many as there is work for, but no more than were asked for. */
  private static int blocks(int wanted, CudaRoundsTuning tuning) {
    return Math.max(1, tuning.grid() > 0 ? Math.min(wanted, tuning.grid()) : wanted);
  }

  /** A row for each round under way. */
  private LaunchShape shape(int blocks, int threads) {
    return new LaunchShape(blocks, rows, 1, threads, 1, 1, 0, false, false);
  }

  private static int rows(CudaDevice device, ConsensusEpoch epoch, int rounds) {
    long fitting = device.l2Bytes() / CACHE_SHARE / standingBytes(epoch);
    return Math.clamp(fitting, 1, Math.min(rounds, MOST_ROWS));
  }

  /** What it takes of the device's memory for chunks of so many rounds. */
  static long bytes(CudaDevice device, ConsensusEpoch epoch, int rounds) {
    return rows(device, epoch, rounds) * standingBytes(epoch);
  }

  /** What a round takes of the device's memory while it is under way. */
  static long standingBytes(ConsensusEpoch epoch) {
    return STANDING_BYTES + (long) Long.BYTES * Long.SIZE * epoch.bitmapWords();
  }

  @Override
  public void at(DeviceMemory which, DeviceMemory results) {
    poll.arguments().set(WHICH, which);
    certify.arguments().set(WHICH, which);
    certify.arguments().set(RESULTS, results);
  }

  @Override
  public void enqueue(CudaStream stream, int rounds) {
    poll.arguments().set(COUNT, rounds);
    certify.arguments().set(COUNT, rounds);
    for (int first = 0; first < rounds; first += rows) {
      poll.arguments().set(FIRST, first);
      certify.arguments().set(FIRST, first);
      poll.enqueue(stream);
      survey.enqueue(stream);
      certify.enqueue(stream);
    }
  }

  @Override
  public Map<String, Object> configuration() {
    return configuration;
  }

  @Override
  public void close() {
    standings.close();
  }
}
