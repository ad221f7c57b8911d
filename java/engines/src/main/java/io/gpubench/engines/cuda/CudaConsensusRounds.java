// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaModule;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.consensus.ConsensusRotation;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Consensus by the path {@code resident}: all rounds in rotation are in the device's memory, a
 * sample decides those of a part at once, and the results stay there. Each part is a chunk; before
 * a sample its number is written to memory of the position, and the results' is poisoned.
 *
 * <p>Confined to the context's thread.
 */
final class CudaConsensusRounds implements DevicePiece {
  /** Results of all positions take at most so much, as long as each has one. */
  private static final long RESULTS_BYTES = 256L << 20;

  private final Closer closer = new Closer();
  private final boolean cold;
  private final int inputs;
  private final int roundsOfSample;
  private final ConsensusRotation.Summary summary;
  private final CudaConsensusJudge judge;
  private final CudaRounds rounds;
  private final DeviceBuffer numbers;
  private final DeviceMemory[] numberAt;

  /**
   * Makes, uploads and checks all rounds.
   *
   * @param module consensus.cu, compiled; stays open longer than the piece
   * @param cold whether the caches are swept before each sample
   * @throws io.gpubench.measure.EngineException one line with what fits, when the device has no
   *     room for the rounds
   */
  CudaConsensusRounds(
      TimingKernels kernels,
      CudaModule module,
      ConsensusRotation rotation,
      CudaRoundsTuning tuning,
      boolean cold) {
    this.cold = cold;
    CudaContext context = kernels.context();
    inputs = rotation.rounds();
    roundsOfSample = rotation.roundsOfSample();
    int parts = rotation.parts();
    int mostMessages = rotation.parameters().maxMessages();
    long partBytes = CudaConsensusChunk.bytes(roundsOfSample, mostMessages);
    int positions =
        Math.clamp(
            RESULTS_BYTES / CudaConsensusJudge.bytesOfSample(rotation), 1, CudaQueuedRun.MOST);
    CudaConsensusRoom.onDevice(context, rotation.epoch(), roundsOfSample)
        .require(
            partBytes * parts
                + CudaConsensusJudge.bytes(rotation, positions)
                + CudaRoundsByGrid.bytes(context.device(), rotation.epoch(), roundsOfSample));
    CudaConsensusChunk.addressable(roundsOfSample, mostMessages, "fewer rounds fit");
    try (var scratch = Arena.ofConfined();
        var stream = context.newStream()) {
      DeviceBuffer chunks = closer.closes(context.allocate(partBytes * parts));
      judge = closer.closes(new CudaConsensusJudge(kernels, rotation, positions));
      var state = closer.closes(new CudaConsensusEpoch(context, stream, rotation.epoch()));
      var made = new CudaConsensusChunk[parts];
      for (int part = 0; part < parts; part++) {
        made[part] =
            new CudaConsensusChunk(
                scratch.allocate(partBytes, CudaConsensusChunk.ALIGNMENT), roundsOfSample);
      }
      summary =
          rotation.forEach((slot, round, answer) -> {
            made[slot % parts].append(round);
            judge.expect(slot, answer);
          });
      for (int part = 0; part < parts; part++) {
        chunks.slice(part * partBytes, partBytes).upload(made[part].used());
      }
      numbers = closer.closes(context.allocate((long) Integer.BYTES * positions));
      numberAt = new DeviceMemory[positions];
      for (int i = 0; i < positions; i++) {
        numberAt[i] = numbers.slice((long) Integer.BYTES * i, Integer.BYTES);
      }
      rounds =
          closer.closes(
              CudaRounds.of(
                  new CudaRounds.Setting(context, module, rotation.epoch(), state),
                  new CudaRounds.Load(
                      chunks,
                      partBytes,
                      numberAt[0],
                      roundsOfSample,
                      mostMessages,
                      judge.results(0)),
                  tuning));
      context.synchronize(); // pageable uploads may be on their way still
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    numbers.fillWordsAsync(stream, (long) Integer.BYTES * position, 1, judge.part(sample));
    judge.poison(stream, sample, position);
  }

  @Override
  public void work(CudaStream stream, int position) {
    rounds.at(numberAt[position], judge.results(position));
    rounds.enqueue(stream, roundsOfSample);
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    judge.check(stream, sample, position);
  }

  @Override
  public boolean right(long sample, int position) {
    return judge.right(sample, position);
  }

  @Override
  public String mismatch(long sample, int position) {
    return judge.mismatch(sample, position);
  }

  @Override
  public long digest(int position) {
    return judge.digest(position);
  }

  @Override
  public int positions() {
    return numberAt.length;
  }

  @Override
  public PreparedRun.Work amount() {
    return summary.work();
  }

  @Override
  public Map<String, Double> demands() {
    return CudaConsensusDemands.ofTheDevicesClock(summary, summary.exceedsCacheTwice(), cold);
  }

  @Override
  public long inputs() {
    return inputs;
  }

  @Override
  public Map<String, Object> verification() {
    return judge.verification(summary);
  }

  @Override
  public Map<String, Object> configuration() {
    var map = new LinkedHashMap<>(rounds.configuration());
    map.put("rounds", (long) roundsOfSample);
    map.put("input", "in the device's memory, as are the results");
    return map;
  }

  @Override
  public void close() {
    closer.close();
  }
}
