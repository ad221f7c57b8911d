// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaModule;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.gpu.MappedBuffer;
import io.gpubench.measure.EngineException;
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
 * Consensus by a kernel that is there all the time. When the time of a round begins it lies in
 * page-locked memory, where a network card would put it; the host writes the number of the round to
 * the mailbox and spins until the number is there as the answer. The kernel's blocks read the
 * messages over the bus, tally them in the device's memory, and write the result to page-locked
 * memory: no call of the driver is in it, and no copy.
 *
 * <p>Owns its buffers and the kernel, not the module. Confined to the context's thread.
 */
final class CudaConsensusMailbox implements ConsensusKernel {
  /** The header as far as a block reads it. */
  private static final long READ_HEADER_BYTES = 144;

  /** The kernel's argument that is the token which is no news. */
  private static final int LAST = 8;

  private static final int MESSAGES_SHIFT = 32;
  private static final long NUMBER_MASK = (1L << MESSAGES_SHIFT) - 1;

  private final Closer closer = new Closer();
  private final CudaContext context;
  private final CudaFunction function;
  private final ConsensusEpoch epoch;
  private final CudaConsensusTuning tuning;
  private final long patienceNanos;
  private final MappedBuffer input;
  private final MappedBuffer output;
  private final CudaConsensusStage stage;
  private final CudaConsensusEpoch state;
  private final long resultWords;
  private int blocks;
  private @Nullable ResidentKernel resident;

  /**
   * Allocates everything but what depends on the rounds.
   *
   * @param module consensus.cu, compiled; stays open longer than the kernel
   * @param tuning of which the variant does not matter
   * @param patienceNanos {@link ResidentKernel#PATIENCE_NANOS}, or less in a test
   */
  CudaConsensusMailbox(
      CudaContext context,
      CudaModule module,
      ConsensusEpoch epoch,
      Capacity capacity,
      CudaConsensusTuning tuning,
      long patienceNanos) {
    this.context = context;
    this.epoch = epoch;
    this.tuning = tuning;
    this.patienceNanos = patienceNanos;
    this.resultWords = ConsensusResult.words(epoch.validators());
    CudaConsensusRoom.onDevice(context, epoch, 1).require(0); // rounds stay in the host's memory
    try (CudaStream stream = context.newStream()) {
      function = CudaConsensusGrid.loaded(module, "consensus_mailbox");
      input =
          closer.closes(context.allocateMapped(CudaConsensusStage.bytes(capacity.maxMessages())));
      output = closer.closes(context.allocateMapped(Long.BYTES * resultWords));
      stage = closer.closes(new CudaConsensusStage(capacity.slots(), input.segment()));
      state = closer.closes(new CudaConsensusEpoch(context, stream, epoch));
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  @Override
  public void load(int slot, ConsensusRound round) {
    stage.load(slot, round);
  }

  @Override
  public void seal() {
    if (!context.device().cooperativeLaunch()) {
      throw new EngineException(
          "the path mailbox needs cooperative launches, and this device has none: the path launch needs nothing");
    }
    int fitting = CudaConsensusGrid.fitting(context, function, tuning.block());
    blocks = tuning.residentBlocks(stage.mostMessages(), fitting);
    resident = closer.closes(new ResidentKernel(context, patienceNanos, this::launch, this::reset));
  }

  private KernelLaunch launch(DeviceMemory box) {
    return function.launch(
        LaunchShape.of(blocks, tuning.block()).asCooperative(),
        box,
        input.onDevice(),
        output.onDevice(),
        state.keys(),
        state.weights(),
        state.workspace(),
        epoch.totalWeight(),
        epoch.validators(),
        0L,
        patienceNanos);
  }

  /** A kernel that ended in the middle of a round has left anything in the workspace. */
  private void reset(CudaStream stream, KernelLaunch launch, long token) {
    state.clear(stream);
    launch.arguments().set(LAST, token);
  }

  /** The kernel and its mailbox. */
  ResidentKernel resident() {
    if (resident == null) {
      throw new IllegalStateException("the rounds are not sealed");
    }
    return resident;
  }

  @Override
  public void stage(int slot) {
    stage.stage(slot);
    resident().refresh();
  }

  @Override
  public void poison(long word) {
    MemorySegment words = output.segment();
    for (long i = 0; i < resultWords; i++) {
      words.setAtIndex(ValueLayout.JAVA_LONG, i, word);
    }
  }

  @Override
  public void run(int slot) {
    ResidentKernel kernel = resident();
    long last = kernel.token();
    long token = (long) stage.messages(slot) << MESSAGES_SHIFT | (last + 1 & NUMBER_MASK);
    kernel.ask(token, kernel.answer());
    if (kernel.answer() != token) {
      throw new EngineException(
          "the device answered %016x to the token %016x".formatted(kernel.answer(), token));
    }
  }

  @Override
  public void rest() {
    resident().rest();
  }

  @Override
  public MemorySegment output() {
    return output.segment();
  }

  @Override
  public Map<String, Object> configuration() {
    var map = new LinkedHashMap<String, Object>();
    map.put("kernels", 1L);
    map.put("block", (long) tuning.block());
    map.put("grid", (long) blocks);
    map.put("messagesPerThread", tuning.messagesPerThread(stage.mostMessages(), blocks));
    if (function.registers() > 0) { // the simulated device does not know
      map.put("registers", (long) function.registers());
    }
    map.put("input", "page-locked, mapped, written before the time begins");
    map.put("patienceNanos", patienceNanos);
    return map;
  }

  @Override
  public Map<String, Double> demands(ConsensusRotation.Summary rounds) {
    return CudaConsensusDemands.ofTheHostsClock(
        rounds,
        READ_HEADER_BYTES * (double) blocks + ConsensusRound.MESSAGE_BYTES * rounds.meanMessages(),
        (double) (Long.BYTES * resultWords),
        Launch.MAILBOX);
  }

  @Override
  public void close() {
    closer.close();
  }
}
