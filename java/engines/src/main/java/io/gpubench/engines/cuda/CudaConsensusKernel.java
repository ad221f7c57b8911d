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
import java.lang.foreign.Arena;
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
  /** Of a round on the device, before its messages. */
  private static final long HEADER_BYTES = 256;

  private static final long DIGESTS_OFFSET = 16;

  private final Closer closer = new Closer();
  private final Arena arena;
  private final CudaContext context;
  private final CudaModule module;
  private final ConsensusEpoch epoch;
  private final boolean replays;
  private final CudaConsensusGrid.Form form;
  private final CudaStream stream;
  private final MemorySegment[] rounds;
  private final MemorySegment[] inputs;
  private final PinnedBuffer input;
  private final PinnedBuffer output;
  private final DeviceBuffer round;
  private final DeviceBuffer result;
  private final CudaConsensusEpoch state;
  private final @Nullable CacheSweep sweep;
  private final long resultWords;
  private int mostMessages;
  private @Nullable CudaConsensusGrid grid;
  private @Nullable CudaGraph graph;

  /**
   * Allocates everything.
   *
   * @param module consensus.cu, compiled; stays open longer than the kernel
   * @param replays whether rounds run as a graph
   * @param form how the work is spread over the device
   * @param timing sweeps the caches before each round; null to leave them as they are
   */
  CudaConsensusKernel(
      CudaContext context,
      CudaModule module,
      ConsensusEpoch epoch,
      Capacity capacity,
      boolean replays,
      CudaConsensusGrid.Form form,
      @Nullable TimingKernels timing) {
    this.context = context;
    this.module = module;
    this.epoch = epoch;
    this.form = form;
    this.replays = replays;
    this.rounds = new MemorySegment[capacity.slots()];
    this.inputs = new MemorySegment[capacity.slots()];
    this.resultWords = ConsensusResult.words(epoch.validators());
    long roundBytes = bytes(capacity.maxMessages());
    long resultBytes = Long.BYTES * resultWords;
    try {
      arena = closer.closes(Arena.ofConfined());
      stream = closer.closes(context.newStream());
      input = closer.closes(context.allocatePinned(roundBytes));
      output = closer.closes(context.allocatePinned(resultBytes));
      round = closer.closes(context.allocate(roundBytes));
      result = closer.closes(context.allocate(resultBytes));
      state = closer.closes(new CudaConsensusEpoch(context, stream, epoch));
      sweep = timing == null ? null : closer.closes(new CacheSweep(timing));
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private static long bytes(int messages) {
    return HEADER_BYTES + (long) ConsensusRound.MESSAGE_BYTES * messages;
  }

  @Override
  public void load(int slot, ConsensusRound loaded) {
    int messages = loaded.messageCount();
    MemorySegment copy = arena.allocate(bytes(messages), HEADER_BYTES);
    copy.setAtIndex(ValueLayout.JAVA_INT, 0, loaded.round());
    copy.setAtIndex(ValueLayout.JAVA_INT, 1, loaded.phase());
    copy.setAtIndex(ValueLayout.JAVA_INT, 2, messages);
    copy.setAtIndex(ValueLayout.JAVA_INT, 3, loaded.proposalCount());
    MemorySegment.copy(
        loaded.digests(),
        0,
        copy,
        ValueLayout.JAVA_LONG,
        DIGESTS_OFFSET,
        ConsensusRound.MAX_PROPOSALS);
    MemorySegment.copy(
        loaded.words(),
        0,
        copy,
        ValueLayout.JAVA_LONG,
        HEADER_BYTES,
        ConsensusRound.MESSAGE_WORDS * messages);
    rounds[slot] = copy;
    inputs[slot] = input.segment().asSlice(0, copy.byteSize());
    mostMessages = Math.max(mostMessages, messages);
  }

  @Override
  public void seal() {
    var made =
        new CudaConsensusGrid(context, module, epoch, state, mostMessages, form, round, result);
    grid = made;
    if (replays) {
      MemorySegment largest = input.segment().asSlice(0, bytes(mostMessages));
      graph = closer.closes(context.capture(stream, () -> enqueue(made, largest, mostMessages)));
      graph.upload(stream);
      stream.synchronize();
    }
  }

  @Override
  public void stage(int slot) {
    inputs[slot].copyFrom(rounds[slot]);
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
      enqueue(sealed(), inputs[slot], messages(slot));
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

  private int messages(int slot) {
    return rounds[slot].getAtIndex(ValueLayout.JAVA_INT, 2);
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
      map.put("copiedMessages", (long) mostMessages);
    }
    if (sweep != null) {
      map.put("sweptBytes", sweep.bytes());
    }
    return map;
  }

  @Override
  public Map<String, Double> demands(ConsensusRotation.Summary rounds) {
    double copied =
        HEADER_BYTES
            + ConsensusRound.MESSAGE_BYTES * (replays ? mostMessages : rounds.meanMessages());
    return CudaConsensusDemands.ofTheHostsClock(
        rounds, copied, (double) (Long.BYTES * resultWords), replays);
  }

  @Override
  public void close() {
    closer.close();
  }
}
