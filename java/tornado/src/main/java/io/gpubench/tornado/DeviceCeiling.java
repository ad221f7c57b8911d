// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.ceiling.CeilingKernels;
import io.gpubench.engines.tornado.CeilingTuning;
import io.gpubench.engines.tornado.OnDevice;
import io.gpubench.engines.tornado.TornadoPlan;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.ceiling.CeilingRotation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * {@link CeilingKernel}s on a device. All inputs in rotation are in one array, which is copied
 * there once; before each sample the poisoned output and the positions of the sample's inputs
 * follow. Used by the thread that measures.
 */
final class DeviceCeiling implements CeilingKernels, OnDevice {
  /** Graphs of the program. */
  private static final int STAGE = 0;

  private static final int WORK = 1;
  private static final int LINE_WORDS = CeilingKernel.LINE / Long.BYTES;

  private final TornadoAdapter.Order order;
  private final Ceiling ceiling;
  private final CeilingTuning tuning;
  private final int slots;
  private final int count;

  /** Words from the beginning of an input to that of the next. */
  private final int stride;

  private final Arena arena = Arena.ofShared();
  private final TornadoNativeArray inputs;
  private final TornadoNativeArray output;
  private final IntArray at = new IntArray(4);
  private final DeviceProgram program;
  private int allocated;

  /**
   * Makes its arrays; nothing is compiled yet.
   *
   * @throws EngineException when TornadoVM cannot have arrays so large
   */
  DeviceCeiling(Ceiling ceiling, TornadoAdapter.Order order) {
    this.order = order;
    this.ceiling = ceiling;
    tuning = CeilingTuning.of(order.values(), TornadoDevices.onProcessors(order.device()));
    var rotation = new CeilingRotation(ceiling, order.values(), order.facts());
    slots = rotation.slots();
    long words = ceiling.outputBytes(order.values()) / Long.BYTES;
    long padded = (words + LINE_WORDS - 1) / LINE_WORDS * LINE_WORDS;
    long all = CeilingKernel.LEAD + padded * slots * ceiling.inputs();
    if (all > Integer.MAX_VALUE - LINE_WORDS) {
      throw new EngineException(
          EngineException.Kind.ABSENT,
          "TornadoVM's arrays have less than 2^31 elements, and %d inputs of %d words need more"
              .formatted(slots * ceiling.inputs(), words),
          "set a smaller bytes",
          null);
    }
    count = (int) words;
    stride = (int) padded;
    boolean doubles = ceiling == Ceiling.TRIAD;
    try {
      inputs = Failures.call("there is no memory for the inputs", () -> array(doubles, (int) all));
      output =
          Failures.call(
              "there is no memory for the output",
              () -> array(doubles, CeilingKernel.LEAD + count + LINE_WORDS));
      program = Failures.call("TornadoVM cannot compile a kernel", this::compose);
    } catch (RuntimeException | Error failure) {
      arena.close();
      throw failure;
    }
  }

  /** What TornadoVM allocates by itself, it leaves to the garbage collector. */
  private TornadoNativeArray array(boolean doubles, int elements) {
    MemorySegment memory =
        arena.allocate(
            TornadoNativeArray.ARRAY_HEADER + (long) elements * Long.BYTES, CeilingKernel.LINE);
    return doubles ? DoubleArray.fromSegmentShallow(memory) : LongArray.fromSegmentShallow(memory);
  }

  private DeviceProgram compose() {
    var stage = new TaskGraph("stage");
    stage.transferToDevice(DataTransferMode.EVERY_EXECUTION, output, at);
    var work = new TaskGraph("work");
    work.transferToDevice(DataTransferMode.FIRST_EXECUTION, inputs);
    work.consumeFromDevice("stage", output, at);
    if (inputs instanceof DoubleArray in && output instanceof DoubleArray out) {
      stage.task("arrive", CeilingKernel::arriveDoubles, at, out);
      addTriad(work, in, out);
    } else if (inputs instanceof LongArray in && output instanceof LongArray out) {
      stage.task("arrive", CeilingKernel::arrive, at, out);
      addCopy(work, in, out);
    }
    stage.persistOnDevice(output, at);
    work.transferToHost(DataTransferMode.UNDER_DEMAND, output);
    return new DeviceProgram(
        order.device(),
        grid(),
        order.mode().path().equals(TornadoPlan.GRAPH),
        stage.snapshot(),
        work.snapshot());
  }

  private void addCopy(TaskGraph work, LongArray in, LongArray out) {
    if (threads()) {
      work.task("t", CeilingKernel::copyTiles, new KernelContext(), in, out, at, count, tile());
    } else if (tile() == 1) {
      work.task("t", CeilingKernel::copyEach, in, out, at, count);
    } else {
      work.task("t", CeilingKernel::copyLoops, in, out, at, count, tile(), tiles());
    }
  }

  private void addTriad(TaskGraph work, DoubleArray in, DoubleArray out) {
    if (threads()) {
      work.task("t", CeilingKernel::triadTiles, new KernelContext(), in, out, at, count, tile());
    } else if (tile() == 1) {
      work.task("t", CeilingKernel::triadEach, in, out, at, count);
    } else {
      work.task("t", CeilingKernel::triadLoops, in, out, at, count, tile(), tiles());
    }
  }

  private boolean threads() {
    return tuning.api().equals(TornadoPlan.KERNEL);
  }

  private int tile() {
    return tuning.tile();
  }

  private int tiles() {
    return Math.ceilDiv(count, tile());
  }

  private int threadCount() {
    long all = (long) tiles() * tuning.block();
    if (all > Integer.MAX_VALUE) {
      throw new EngineException(
          EngineException.Kind.ABSENT,
          "%d threads are more than TornadoVM has numbers for".formatted(all),
          "set a larger tile",
          null);
    }
    return (int) all;
  }

  private @Nullable GridScheduler grid() {
    if (!threads()) {
      return null;
    }
    var workers = new WorkerGrid1D(threadCount());
    workers.setLocalWork(tuning.block(), 1, 1);
    return new GridScheduler("work.t", workers);
  }

  /** {@inheritDoc} The output first, then the inputs of one slot after the other. */
  @Override
  public MemorySegment allocate(long bytes) {
    int which = allocated - 1;
    allocated++;
    return which < 0
        ? output.getSegment().asSlice((long) CeilingKernel.LEAD * Long.BYTES, bytes)
        : inputs.getSegment().asSlice((long) position(which) * Long.BYTES, bytes);
  }

  /** Index of the first element of an input. */
  private int position(int input) {
    return CeilingKernel.LEAD + input * stride;
  }

  @Override
  public void next(long sample) {
    int first = (int) (sample % slots) * ceiling.inputs();
    at.set(0, position(first));
    at.set(1, position(first + ceiling.inputs() - 1));
  }

  @Override
  public void toDevice() {
    program.execute(STAGE);
  }

  @Override
  public void copy(MemorySegment from, MemorySegment to) {
    program.execute(WORK);
  }

  @Override
  public void triad(MemorySegment a, MemorySegment b, MemorySegment c) {
    program.execute(WORK);
  }

  @Override
  public void fromDevice() {
    program.fetch(output);
  }

  @Override
  public DeviceProgram program() {
    return program;
  }

  @Override
  public void read(MemorySegment input, MemorySegment answer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void readAgain(MemorySegment input, long passes, MemorySegment answer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void fp32(MemorySegment chains, long key, long steps) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void int32(MemorySegment chains, long key, int addend, long steps) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void atomic(MemorySegment cells, long key, long operations) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean ofMachine() {
    return TornadoDevices.onProcessors(order.device());
  }

  @Override
  public Map<String, Object> configuration() {
    var map = new LinkedHashMap<String, Object>();
    map.put("api", tuning.api());
    if (threads()) {
      map.put("block", (long) tuning.block());
    }
    map.put("tile", (long) tuning.tile());
    map.put("threads", (long) tiles() * tuning.block());
    return map;
  }

  @Override
  public void close() {
    try (arena) {
      program.close();
    }
  }
}
