// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaEvent;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.measure.spi.ParameterValues;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/**
 * The end in a device's memory. Pages that lie one behind the other are one copy; small scattered
 * ones are gathered into, or scattered from, a slot in the device's own memory by a kernel, so that
 * one copy of a chunk crosses the link; large ones are a copy each. Copies and kernels have a
 * stream each, so that the copy of a chunk runs beside the kernel of another one.
 */
final class StagingDeviceEnd implements StagingEnd {
  /** From this size on each scattered piece is a copy of its own. */
  private static final long LARGE_PIECE = 256L << 10;

  /** How pages get to a slot and from there. */
  enum Manner {
    /** One copy of all, which lie one behind the other. */
    WHOLE,
    /** One copy, and a kernel. */
    KERNEL,
    /** A copy of each piece. */
    EACH;

    /**
     * The one for a setting.
     *
     * @param kernels whether kernels can access the memory
     */
    static Manner of(boolean scattered, boolean kernels, StagingShape shape) {
      if (!scattered || (shape.chunkPieces() == 1)) {
        return WHOLE;
      }
      return kernels && shape.pieceBytes() < LARGE_PIECE ? KERNEL : EACH;
    }
  }

  // arguments of migration_move
  private static final int PAGES = 1;
  private static final int SOURCE = 3;
  private static final int TARGET = 4;
  private static final int SOURCE_FRAMES = 5;
  private static final int TARGET_FRAMES = 6;

  private final Closer closer = new Closer();
  private final Manner manner;
  private final DeviceMemory pool;
  private final PieceList list;
  private final StagingSlots slots;
  private final StagingShape shape;
  private final CudaStream copies;
  private final CudaStream kernels;
  private final CudaEvent[] between;
  private final CudaEvent[] done;
  private final DeviceMemory[] room; // by slot; of KERNEL
  private final KernelLaunch[] move; // one or none
  private DeviceMemory identity;

  StagingDeviceEnd(
      CudaKernels cuda,
      Manner manner,
      DeviceMemory pool,
      PieceList list,
      StagingSlots slots,
      StagingShape shape) {
    this.manner = manner;
    this.pool = pool;
    this.list = list;
    this.slots = slots;
    this.shape = shape;
    identity = pool;
    CudaContext context = cuda.context();
    int count = shape.slots();
    between = new CudaEvent[count];
    done = new CudaEvent[count];
    boolean gathers = manner == Manner.KERNEL;
    room = new DeviceMemory[gathers ? count : 0];
    move = new KernelLaunch[gathers ? 1 : 0];
    try {
      copies = closer.closes(context.newStream());
      kernels = closer.closes(context.newStream());
      for (int slot = 0; slot < count; slot++) {
        between[slot] = closer.closes(context.newUntimedEvent());
        done[slot] = closer.closes(context.newUntimedEvent());
      }
      if (gathers) {
        prepareKernel(cuda);
      } else if (manner == Manner.EACH) {
        slots.separatePieces();
      }
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private void prepareKernel(CudaKernels cuda) {
    CudaContext context = cuda.context();
    DeviceBuffer all = closer.closes(context.allocate(shape.slots() * shape.slotBytes()));
    for (int slot = 0; slot < room.length; slot++) {
      room[slot] = all.slice(slot * shape.slotBytes(), shape.slotBytes());
    }
    DeviceBuffer numbers =
        closer.closes(context.allocate((long) shape.chunkPieces() * Integer.BYTES));
    try (var arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(ValueLayout.JAVA_INT, shape.chunkPieces());
      for (int i = 0; i < shape.chunkPieces(); i++) {
        host.setAtIndex(ValueLayout.JAVA_INT, i, i);
      }
      numbers.upload(host);
    }
    context.synchronize();
    identity = numbers;
    CudaFunction function = cuda.function("migration_move");
    DeviceMemory frames = list.chunk(0).device();
    move[0] =
        function.launch(
            CudaMigrationTuning.of(new ParameterValues(Map.of()))
                .shape(
                    1,
                    shape.chunkPieces() * shape.pieceWords(),
                    false,
                    context.device().multiprocessors()),
            1,
            shape.chunkPieces(),
            shape.pieceWords(),
            pool,
            room[0],
            frames,
            identity,
            room[0],
            pool,
            identity,
            frames);
  }

  /** What was chosen, in a word for the record. */
  String word() {
    return switch (manner) {
      case WHOLE -> "one copy";
      case KERNEL -> "kernel and one copy";
      case EACH -> "a copy each";
    };
  }

  @Override
  public boolean blocks() {
    return false;
  }

  @Override
  public void load(int chunk, int slot) {
    MemorySegment host = slots.chunk(slot, chunk);
    switch (manner) {
      case WHOLE -> pool.downloadAsync(copies, first(chunk), host);
      case EACH -> {
        for (int i = 0; i < shape.count(chunk); i++) {
          pool.downloadAsync(copies, offset(chunk, i), slots.piece(slot, i));
        }
      }
      case KERNEL -> {
        move(chunk, pool, room[slot], list.chunk(chunk).device(), identity);
        between[slot].record(kernels);
        copies.waitFor(between[slot]);
        room[slot].downloadAsync(copies, 0, host);
      }
    }
    done[slot].record(copies);
  }

  @Override
  public void store(int chunk, int slot) {
    MemorySegment host = slots.chunk(slot, chunk);
    switch (manner) {
      case WHOLE -> pool.uploadAsync(copies, first(chunk), host);
      case EACH -> {
        for (int i = 0; i < shape.count(chunk); i++) {
          pool.uploadAsync(copies, offset(chunk, i), slots.piece(slot, i));
        }
      }
      case KERNEL -> {
        room[slot].uploadAsync(copies, 0, host);
        between[slot].record(copies);
        kernels.waitFor(between[slot]);
        move(chunk, room[slot], pool, identity, list.chunk(chunk).device());
        done[slot].record(kernels);
        return;
      }
    }
    done[slot].record(copies);
  }

  private void move(
      int chunk,
      DeviceMemory from,
      DeviceMemory to,
      DeviceMemory fromFrames,
      DeviceMemory toFrames) {
    var arguments = move[0].arguments();
    arguments.set(PAGES, shape.count(chunk));
    arguments.set(SOURCE, from);
    arguments.set(TARGET, to);
    arguments.set(SOURCE_FRAMES, fromFrames);
    arguments.set(TARGET_FRAMES, toFrames);
    move[0].enqueue(kernels);
  }

  private long first(int chunk) {
    return offset(chunk, 0);
  }

  private long offset(int chunk, int index) {
    return list.chunk(chunk).frame(index) * shape.pieceBytes();
  }

  @Override
  public boolean done(int slot) {
    return done[slot].hasHappened();
  }

  @Override
  public void await() {
    copies.synchronize();
    kernels.synchronize();
  }

  @Override
  public void close() {
    closer.close();
  }
}
