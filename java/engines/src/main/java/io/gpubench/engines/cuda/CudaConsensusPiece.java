// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaModule;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusRotation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Consensus on a round that is in the device's memory: from there to a result there. All rounds in
 * rotation are uploaded when it is made. Before a sample its round is copied to the memory of its
 * position, and the result's is poisoned.
 *
 * <p>Confined to the context's thread.
 */
final class CudaConsensusPiece implements DevicePiece {
  /** Copies of rounds, one for each position as long as this suffices. */
  private static final long ROUNDS_BYTES = 256L << 20;

  private final Closer closer = new Closer();
  private final long roundBytes;
  private final boolean cold;
  private final int inputs;
  private final ConsensusRotation.Summary summary;
  private final DeviceBuffer rotation;
  private final DeviceBuffer rounds;
  private final CudaConsensusGrid[] grids;
  private final CudaConsensusJudge judge;
  private final int separate;
  private final int mostMessages;

  /**
   * Makes, uploads and checks all rounds.
   *
   * @param module consensus.cu, compiled; stays open longer than the piece
   * @param cold whether the caches are swept before each round
   */
  CudaConsensusPiece(
      TimingKernels kernels,
      CudaModule module,
      ParameterValues values,
      MachineFacts facts,
      boolean cold) {
    this.cold = cold;
    var parameters = ConsensusParameters.of(values);
    var tuning = CudaConsensusTuning.of(values);
    var all = new ConsensusRotation(parameters, facts);
    var context = kernels.context();
    inputs = all.rounds();
    roundBytes = CudaConsensusStage.bytes(parameters.maxMessages());
    separate = Math.clamp(ROUNDS_BYTES / roundBytes, 1, CudaQueuedRun.MOST);
    CudaConsensusRoom.onDevice(context, all.epoch(), 1)
        .require(
            roundBytes * (inputs + separate) + CudaConsensusJudge.bytes(all, CudaQueuedRun.MOST));
    try (var scratch = Arena.ofConfined();
        var stream = context.newStream()) {
      rotation = closer.closes(context.allocate(roundBytes * inputs));
      rounds = closer.closes(context.allocate(roundBytes * separate));
      judge = closer.closes(new CudaConsensusJudge(kernels, all, CudaQueuedRun.MOST));
      var state = closer.closes(new CudaConsensusEpoch(context, stream, all.epoch()));
      rotation.fillAsync(stream, 0, rotation.bytes(), (byte) 0);
      stream.synchronize();
      MemorySegment round = scratch.allocate(roundBytes, CudaConsensusStage.HEADER_BYTES);
      var most = new int[1];
      summary =
          all.forEach((slot, made, answer) -> {
            judge.expect(slot, answer);
            most[0] = Math.max(most[0], made.messageCount());
            CudaConsensusStage.write(made, round);
            rotation
                .slice(slot * roundBytes, roundBytes)
                .upload(round.asSlice(0, CudaConsensusStage.bytes(made.messageCount())));
          });
      mostMessages = most[0];
      grids = new CudaConsensusGrid[CudaQueuedRun.MOST];
      for (int i = 0; i < grids.length; i++) {
        grids[i] =
            new CudaConsensusGrid(
                context,
                module,
                all.epoch(),
                state,
                mostMessages,
                tuning,
                rounds.slice(i % separate * roundBytes, roundBytes),
                judge.results(i));
      }
      context.synchronize(); // pageable uploads may be on their way still
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    long copied = CudaConsensusStage.bytes(mostMessages);
    rounds.copyAsync(
        stream,
        position % separate * roundBytes,
        rotation,
        judge.part(sample) * roundBytes,
        copied);
    judge.poison(stream, sample, position);
  }

  @Override
  public void work(CudaStream stream, int position) {
    grids[position].enqueue(stream, mostMessages);
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
    return CudaQueuedRun.MOST;
  }

  @Override
  public int separatePositions() {
    return separate;
  }

  @Override
  public PreparedRun.Work amount() {
    return summary.work();
  }

  @Override
  public Map<String, Double> demands() {
    return CudaConsensusDemands.ofTheDevicesClock(summary, false, cold);
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
    var map = new LinkedHashMap<String, Object>(grids[0].configuration());
    map.put("input", "in the device's memory, as is the result");
    map.put("readMessages", (long) mostMessages);
    return map;
  }

  @Override
  public void close() {
    closer.close();
  }
}
