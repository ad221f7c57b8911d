// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import static uk.ac.manchester.tornado.api.enums.DataTransferMode.EVERY_EXECUTION;
import static uk.ac.manchester.tornado.api.enums.DataTransferMode.FIRST_EXECUTION;

import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.engines.cuda.CudaConsensusStage;
import io.gpubench.engines.tornado.OnDevice;
import io.gpubench.engines.tornado.ProfiledProgram;
import io.gpubench.engines.tornado.TornadoConsensusTuning;
import io.gpubench.engines.tornado.TornadoPlan;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRound;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Consensus by TornadoVM. When the time of a round begins it lies in the memory of the host that
 * TornadoVM copies from; when it ends the result is in the host's memory again. Copied to the
 * device are 256 bytes of header and as many messages as the largest round has: what is copied is
 * fixed when the kernels are compiled. Weights, keys and counts are on the device since the first
 * round.
 *
 * <p>A result is poisoned on the device before its round, out of time, by a graph of its own.
 *
 * <p>What CUDA can express and this cannot, beside what {@link ConsensusGroups} says: copying as
 * many messages as the round has; memory that a running kernel watches (no path {@code mailbox});
 * several rounds under way ({@code streamed}): TornadoVM waits for each execution.
 *
 * <p>Owns its memory and its program. Used by one thread.
 */
final class TornadoConsensusKernel implements ConsensusKernel, OnDevice {
  private static final String POISON = "poison";
  private static final String ROUND = "consensus";
  private static final int WORD = Long.SIZE;

  /** With one, nobody can equivocate, and TornadoVM cannot compile a condition that is constant. */
  private static final int FEWEST_PROPOSALS = 2;

  private final TornadoAdapter.Order order;
  private final ConsensusEpoch epoch;
  private final int proposals;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment input; // behind the header of an array of TornadoVM
  private final CudaConsensusStage rounds;
  private final LongArray result;
  private final MemorySegment output;
  private @Nullable Sealed sealed;
  private long turn;

  /** What is known when all rounds are. */
  private record Sealed(LongArray round, TornadoConsensusTuning tuning, DeviceProgram program) {}

  TornadoConsensusKernel(TornadoAdapter.Order order, ConsensusEpoch epoch, Capacity capacity) {
    this.order = order;
    this.epoch = epoch;
    this.proposals = Math.max(FEWEST_PROPOSALS, capacity.maxProposals());
    long most = CudaConsensusStage.bytes(capacity.maxMessages());
    this.input = arena.allocate(TornadoNativeArray.ARRAY_HEADER + most, WORD);
    this.rounds =
        new CudaConsensusStage(capacity.slots(), input.asSlice(TornadoNativeArray.ARRAY_HEADER));
    this.result = new LongArray(ConsensusResult.words(epoch.validators()));
    this.output = result.getSegment();
  }

  @Override
  public void load(int slot, ConsensusRound round) {
    rounds.load(slot, round);
  }

  @Override
  public void seal() {
    int messages = rounds.mostMessages();
    long bytes = TornadoNativeArray.ARRAY_HEADER + CudaConsensusStage.bytes(messages);
    LongArray round = LongArray.fromSegmentShallow(input.asSlice(0, bytes));
    TornadoDevice device = order.device();
    var shape =
        new TornadoConsensusTuning.Shape(
            TornadoDevices.onProcessors(device),
            Math.max(1, device.getPhysicalDevice().getDeviceMaxComputeUnits()),
            (int) Math.min(device.getDeviceMaxWorkgroupDimensions()[0], Integer.MAX_VALUE));
    var tuning = TornadoConsensusTuning.of(order.values(), shape, messages);
    DeviceProgram program =
        Failures.call("TornadoVM cannot compile it", () -> program(round, messages, tuning));
    sealed = new Sealed(round, tuning, program);
  }

  private DeviceProgram program(LongArray round, int messages, TornadoConsensusTuning tuning) {
    int validators = epoch.validators();
    int words = epoch.bitmapWords();
    int block = tuning.block();
    int places = Math.ceilDiv(validators, block) * block; // of whole groups
    long total = epoch.totalWeight();
    var context = new KernelContext();
    var keys = epoch.authenticated() ? LongArray.fromArray(epoch.keys()) : new LongArray(1);
    var weights = IntArray.fromArray(Arrays.copyOf(epoch.weights(), places));
    var votes = new IntArray(proposals * places + ConsensusGroups.SLOTS * tuning.groups());
    var state = new LongArray(ConsensusVotes.BITMAPS + proposals * words);
    TaskGraph poison =
        new TaskGraph(POISON)
            .transferToDevice(EVERY_EXECUTION, result)
            .task("keep", TornadoConsensusKernel::keep, result)
            .persistOnDevice(result);
    TaskGraph graph =
        new TaskGraph(ROUND)
            .transferToDevice(FIRST_EXECUTION, keys, weights, votes, state)
            .transferToDevice(EVERY_EXECUTION, round)
            .consumeFromDevice(POISON, result);
    var grid = new GridScheduler();
    if (tuning.loop()) {
      graph
          .task(
              "tally",
              ConsensusLoops::tally,
              context,
              round,
              keys,
              votes,
              state,
              messages,
              validators,
              places,
              proposals)
          .task(
              "merge",
              ConsensusLoops::merge,
              context,
              round,
              weights,
              votes,
              state,
              result,
              words,
              places,
              proposals)
          .task("certify", ConsensusLoops::certify, round, state, result, total, words, proposals);
    } else if (tuning.launches() == 1) {
      graph.task(
          "decide",
          ConsensusGroups::decide,
          context,
          round,
          keys,
          weights,
          votes,
          state,
          result,
          total,
          validators,
          proposals,
          block);
      launch(grid, "decide", block, 1);
    } else {
      graph
          .task(
              "tally",
              ConsensusGroups::tally,
              context,
              round,
              keys,
              votes,
              validators,
              places,
              proposals,
              block)
          .task(
              "merge",
              ConsensusGroups::merge,
              context,
              round,
              weights,
              votes,
              state,
              result,
              validators,
              proposals,
              block)
          .task(
              "certify",
              ConsensusGroups::certify,
              context,
              round,
              state,
              result,
              total,
              validators,
              proposals);
      launch(grid, "tally", block, tuning.groups());
      launch(grid, "merge", block, tuning.groups()); // each has counts of the first one's group
      launch(grid, "certify", block, Math.min(tuning.groups(), Math.ceilDiv(words, block)));
    }
    graph.transferToHost(EVERY_EXECUTION, result);
    return new DeviceProgram(
        order.device(),
        tuning.loop() ? null : grid,
        order.mode().path().equals(TornadoPlan.GRAPH),
        poison.snapshot(),
        graph.snapshot());
  }

  private static void launch(GridScheduler grid, String task, int block, int groups) {
    var worker = new WorkerGrid1D(Math.multiplyExact(block, groups));
    worker.setLocalWork(block, 1, 1);
    grid.addWorkerGrid(ROUND + "." + task, worker);
  }

  /** A graph must have a task: this leaves all as it is. */
  static void keep(LongArray result) {
    for (@Parallel int i = 0; i < 1; i++) {
      result.set(i, result.get(i));
    }
  }

  private Sealed sealed() {
    if (sealed == null) {
      throw new IllegalStateException("the rounds are not sealed");
    }
    return sealed;
  }

  @Override
  public void stage(int slot) {
    rounds.stage(slot);
  }

  /** Nothing more: {@link #toDevice} copies what lies in the output. */
  @Override
  public void poison(long word) {
    result.init(word);
  }

  @Override
  public void toDevice() {
    sealed().program.execute(0);
  }

  @Override
  public void run(int slot) {
    Sealed all = sealed();
    turn ^= 1;
    all.round.set(ConsensusVotes.TURN, turn);
    all.program.execute(1);
  }

  /** Nothing: a round's time ends with its result in the host's memory. */
  @Override
  public void fromDevice() {}

  @Override
  public ProfiledProgram program() {
    return sealed().program;
  }

  @Override
  public MemorySegment output() {
    return output;
  }

  @Override
  public Map<String, Object> configuration() {
    Sealed all = sealed();
    TornadoConsensusTuning tuning = all.tuning;
    var map = new LinkedHashMap<String, Object>();
    map.put("api", tuning.loop() ? TornadoPlan.LOOP : TornadoPlan.KERNEL);
    map.put("launches", (long) tuning.launches());
    if (!tuning.loop()) {
      map.put("block", (long) tuning.block());
      map.put("groups", (long) tuning.groups());
    }
    map.put("bytesToDevice", all.round.getNumBytesOfSegment());
    map.put("bytesToHost", output.byteSize());
    return map;
  }

  @Override
  public void close() {
    try (arena;
        rounds) {
      if (sealed != null) {
        sealed.program.close();
      }
    }
  }
}
