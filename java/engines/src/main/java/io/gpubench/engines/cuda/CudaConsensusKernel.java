// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaGraph;
import io.gpubench.gpu.CudaModule;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.PinnedBuffer;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRotation;
import io.gpubench.workloads.consensus.ConsensusRound;
import io.gpubench.workloads.launch.Launch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Consensus on a CUDA device. When the time of a round begins it lies in page-locked memory, where
 * a network card would put it; it is copied to the device, tallied and decided there, and the
 * result is copied back to page-locked memory. By the path {@code launch} these are three or four
 * calls of the driver, by {@code graph} it is one, and waiting for the end is one more.
 *
 * <p>The rounds in rotation lie in ordinary memory and are staged from there. A graph always copies
 * as much as the largest of them has, since what it does is fixed when it is made.
 *
 * <p>Owns its buffers, stream and graph, not the module. Confined to the context's thread.
 */
class CudaConsensusKernel implements ConsensusKernel {
  private final Closer closer = new Closer();
  private final CudaContext context;
  private final CudaModule module;
  private final ConsensusEpoch epoch;
  private final boolean replays;
  private final CudaConsensusTuning tuning;
  private final CudaStream stream;
  private final CudaConsensusStage stage;
  private final PinnedBuffer input;
  private final PinnedBuffer output;
  private final DeviceBuffer round;
  private final DeviceBuffer result;
  private final CudaConsensusEpoch state;
  private final @Nullable CacheSweep sweep;
  private final long resultWords;
  private @Nullable CudaConsensusGrid grid;
  private @Nullable CudaGraph graph;

  /**
   * Allocates everything.
   *
   * @param module consensus.cu, compiled; stays open longer than the kernel
   * @param replays whether rounds run as a graph
   * @param tuning how the kernels are launched
   * @param timing sweeps the caches before each round; null to leave them as they are
   */
  CudaConsensusKernel(
      CudaContext context,
      CudaModule module,
      ConsensusEpoch epoch,
      Capacity capacity,
      boolean replays,
      CudaConsensusTuning tuning,
      @Nullable TimingKernels timing) {
    this.context = context;
    this.module = module;
    this.epoch = epoch;
    this.tuning = tuning;
    this.replays = replays;
    this.resultWords = ConsensusResult.words(epoch.validators());
    long roundBytes = CudaConsensusStage.bytes(capacity.maxMessages());
    long resultBytes = Long.BYTES * resultWords;
    long swept = timing == null ? 0 : CacheSweep.bytes(context);
    CudaConsensusRoom.onDevice(context, epoch, 1).require(roundBytes + resultBytes + swept);
    try {
      stream = closer.closes(context.newStream());
      input = closer.closes(context.allocatePinned(roundBytes));
      stage = closer.closes(new CudaConsensusStage(capacity.slots(), input.segment()));
      output = closer.closes(context.allocatePinned(resultBytes));
      round = closer.closes(context.allocate(roundBytes));
      result = closer.closes(context.allocate(resultBytes));
      state = closer.closes(new CudaConsensusEpoch(context, stream, epoch));
      sweep = timing == null ? null : closer.closes(new CacheSweep(timing));
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  @Override
  public void load(int slot, ConsensusRound loaded) {
    stage.load(slot, loaded);
  }

  @Override
  public void seal() {
    int mostMessages = stage.mostMessages();
    var made =
        new CudaConsensusGrid(context, module, epoch, state, mostMessages, tuning, round, result);
    grid = made;
    if (replays) {
      MemorySegment largest = input.segment().asSlice(0, CudaConsensusStage.bytes(mostMessages));
      graph = closer.closes(context.capture(stream, () -> enqueue(made, largest, mostMessages)));
      graph.upload(stream);
      stream.synchronize();
    }
  }

  @Override
  public void stage(int slot) {
    stage.stage(slot);
  }

  @Override
  public void poison(long word) {
    MemorySegment words = output.segment();
    for (long i = 0; i < resultWords; i++) {
      words.setAtIndex(ValueLayout.JAVA_LONG, i, word);
    }
    result.upload(words);
    if (sweep != null) {
      sweep.forgetPersisting();
      sweep.enqueue(stream);
      stream.synchronize();
    }
  }

  @Override
  public void run(int slot) {
    if (graph == null) {
      enqueue(sealed(), stage.staged(slot), stage.messages(slot));
    } else {
      graph.launch(stream);
    }
    stream.synchronize();
  }

  private CudaConsensusGrid sealed() {
    if (grid == null) {
      throw new IllegalStateException("the rounds are not sealed");
    }
    return grid;
  }

  private void enqueue(CudaConsensusGrid grid, MemorySegment source, int messages) {
    round.uploadAsync(stream, 0, source);
    grid.enqueue(stream, messages);
    result.downloadAsync(stream, 0, output.segment());
  }

  @Override
  public MemorySegment output() {
    return output.segment();
  }

  @Override
  public Map<String, Object> configuration() {
    var map = new LinkedHashMap<String, Object>(sealed().configuration());
    map.put("input", "page-locked, written before the time begins");
    if (replays) {
      map.put("copiedMessages", (long) stage.mostMessages());
    }
    if (sweep != null) {
      map.put("sweptBytes", sweep.bytes());
    }
    return map;
  }

  @Override
  public Map<String, Double> demands(ConsensusRotation.Summary rounds) {
    double copied =
        CudaConsensusStage.HEADER_BYTES
            + ConsensusRound.MESSAGE_BYTES
                * (replays ? stage.mostMessages() : rounds.meanMessages());
    return CudaConsensusDemands.ofTheHostsClock(
        rounds, copied, (double) (Long.BYTES * resultWords), replays ? Launch.GRAPH : Launch.EMPTY);
  }

  @Override
  public void close() {
    closer.close();
  }
}
