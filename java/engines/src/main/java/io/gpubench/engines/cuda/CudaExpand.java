// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.workloads.synthesis.MatchList;
import io.gpubench.workloads.synthesis.TemplateSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Expansion of match lists, by the kernels of synthesis_expand.cuh. Owns the templates on the
 * device; used by the context's thread.
 */
final class CudaExpand implements AutoCloseable {
  // as in synthesis_expand.cuh and synthesis_scan.cuh
  private static final int PREPARE_THREADS = 1024;
  private static final int OFFSET_THREADS = 256;
  private static final int OFFSETS_OF_BLOCK = 2048;
  private static final int EXTENSION = 32;
  private static final int SPAN = 4096;
  private static final int OFFSETS_AT_ONCE = 512;
  private static final int WARP = 32;
  private static final int CELLS_OF_WARP = 4640;
  private static final int STATE_BYTES = 16;

  /** This part of the second-level cache is for the forest that slices share. */
  private static final int PART_OF_CACHE = 4;

  /** Whatever lies behind an array of no elements. */
  private static final int LEAST_BYTES = 16;

  private final Closer closer = new Closer();
  private final CudaContext context;
  private final int patterns;
  private final long extendedBytes;
  private final long tiles;
  private final boolean direct;
  private final int sliceBits;
  private final KernelLaunch offsets;
  private final KernelLaunch prepare;
  private final KernelLaunch text;
  private final Map<String, Object> configuration = new LinkedHashMap<>();

  /** A match list on the device, in room for the longest one. Owns its memory. */
  record DeviceList(DeviceBuffer starts, DeviceBuffer nodes) implements AutoCloseable {
    @Override
    public void close() {
      try (starts;
          nodes) {
        // both
      }
    }
  }

  /** What an expansion writes, in room for the longest one. Owns its memory. */
  record DeviceText(DeviceBuffer offsets, DeviceBuffer bytes) implements AutoCloseable {
    @Override
    public void close() {
      try (offsets;
          bytes) {
        // both
      }
    }
  }

  /** What the kernels need besides, and leave as they need it. Owns its memory. */
  record Scratch(DeviceBuffer state, DeviceBuffer starts, DeviceBuffer spans, DeviceBuffer extended)
      implements AutoCloseable {
    @Override
    public void close() {
      try (state;
          starts;
          spans;
          extended) {
        // all
      }
    }
  }

  /**
   * Uploads the templates and prepares the launches.
   *
   * @param nodes of a forest
   * @param mostMatches of a list
   * @param mostBytes of its text
   */
  CudaExpand(
      CudaKernels kernels,
      SynthesisExpandTuning tuning,
      TemplateSet templates,
      long nodes,
      long mostMatches,
      long mostBytes) {
    context = kernels.context();
    patterns = templates.lengths().length;
    int[] imageStarts = templates.imageStarts();
    extendedBytes = imageStarts[patterns] + (long) EXTENSION * patterns;
    tiles = Math.max(1, Math.ceilDiv(mostMatches, (long) OFFSETS_OF_BLOCK));
    direct = tuning.variant() == SynthesisExpandTuning.Variant.DIRECT;
    int slices = tuning.slices() > 0 ? tuning.slices() : slices(nodes, context.device().l2Bytes());
    sliceBits = Integer.numberOfTrailingZeros(slices);
    try (var arena = Arena.ofConfined()) {
      DeviceBuffer images = uploaded(arena.allocateFrom(ValueLayout.JAVA_BYTE, templates.images()));
      DeviceBuffer starts = uploaded(arena.allocateFrom(ValueLayout.JAVA_INT, imageStarts));
      DeviceBuffer lengths =
          uploaded(arena.allocateFrom(ValueLayout.JAVA_INT, templates.lengths()));
      DeviceBuffer holeStarts =
          uploaded(arena.allocateFrom(ValueLayout.JAVA_INT, templates.holeStarts()));
      DeviceBuffer holes = uploaded(arena.allocateFrom(ValueLayout.JAVA_INT, templates.holes()));
      DeviceBuffer any = starts;
      int blocks = 1 + Math.ceilDiv(patterns * WARP, PREPARE_THREADS);
      prepare =
          kernels
              .function("synthesis_expand_prepare")
              .launch(
                  LaunchShape.of(blocks, PREPARE_THREADS),
                  any,
                  patterns,
                  images,
                  starts,
                  lengths,
                  any,
                  any,
                  direct ? 1 : 0,
                  sliceBits,
                  any,
                  any);
      offsets =
          kernels
              .function("synthesis_expand_offsets")
              .launch(
                  LaunchShape.of(Math.toIntExact(tiles), OFFSET_THREADS),
                  any,
                  patterns,
                  lengths,
                  any,
                  any);
      CudaFunction function = kernels.function("synthesis_expand_text");
      int grid = grid(function, tuning, mostMatches, mostBytes);
      text =
          function.launch(
              LaunchShape.of(grid, tuning.block()).withDynamicShared(shared(tuning)),
              any,
              any,
              patterns,
              starts,
              any,
              lengths,
              holeStarts,
              holes,
              any,
              any,
              any,
              any,
              sliceBits,
              direct ? 1 : 0,
              any,
              any);
      configuration.put("variant", tuning.variant().word());
      configuration.put("block", (long) tuning.block());
      configuration.put("grid", (long) grid);
      configuration.put("slices", (long) slices);
      configuration.put("sharedBytesOfBlock", (long) shared(tuning));
      configuration.put(
          "blocksPerMultiprocessor",
          (long) function.blocksPerMultiprocessor(tuning.block(), shared(tuning)));
      if (function.registers() > 0) { // the simulated device does not know
        configuration.put("registers", (long) function.registers());
      }
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** So many that what a slice reads of the forest takes little of the cache. */
  static int slices(long nodes, long cacheBytes) {
    long bytes = 2 * Integer.BYTES * nodes;
    int slices = 1;
    while (slices < SynthesisExpandTuning.MOST_SLICES
        && bytes / slices > cacheBytes / PART_OF_CACHE) {
      slices *= 2;
    }
    return slices;
  }

  private static int shared(SynthesisExpandTuning tuning) {
    return tuning.block() / WARP * CELLS_OF_WARP;
  }

  /** As many blocks as are on the device at once, if there is work for them. */
  private int grid(CudaFunction function, SynthesisExpandTuning tuning, long matches, long bytes) {
    long spans =
        Math.max(Math.ceilDiv(bytes, (long) SPAN), Math.ceilDiv(matches, (long) OFFSETS_AT_ONCE));
    long fitting =
        (long) context.device().multiprocessors()
            * Math.max(1, function.blocksPerMultiprocessor(tuning.block(), shared(tuning)));
    long most = tuning.grid() > 0 ? tuning.grid() : fitting;
    return (int) Math.clamp(Math.ceilDiv(spans, (long) tuning.block() / WARP), 1, most);
  }

  private DeviceBuffer uploaded(MemorySegment table) {
    DeviceBuffer buffer = closer.closes(allocate(table.byteSize()));
    if (table.byteSize() > 0) {
      buffer.upload(table);
    }
    return buffer;
  }

  private DeviceBuffer allocate(long bytes) {
    return context.allocate(whole(bytes));
  }

  private static long whole(long bytes) {
    return Math.max(LEAST_BYTES, Math.ceilDiv(bytes, (long) LEAST_BYTES) * LEAST_BYTES);
  }

  /** What {@link #list} takes of a device's memory, in bytes. */
  static long listBytes(int patterns, long matches) {
    return whole((patterns + 1L) * Long.BYTES) + whole(matches * Integer.BYTES);
  }

  /** Room for a list, which the caller closes. */
  DeviceList list(long matches) {
    return closing(
        both -> new DeviceList(both[0], both[1]),
        (patterns + 1L) * Long.BYTES,
        matches * Integer.BYTES);
  }

  /** Copies a list to the device and waits for that. */
  static void upload(MatchList list, DeviceList to) {
    to.starts().upload(list.starts());
    if (list.matches() > 0) {
      to.nodes().upload(list.nodes());
    }
  }

  /** What {@link #text} takes of a device's memory, in bytes. */
  static long textBytes(long matches, long bytes) {
    return whole((matches + 1) * Long.BYTES) + whole(bytes);
  }

  /** Room for the expansions of a list, which the caller closes. */
  DeviceText text(long matches, long bytes) {
    return closing(both -> new DeviceText(both[0], both[1]), (matches + 1) * Long.BYTES, bytes);
  }

  /** What the kernels need besides, which the caller closes. */
  Scratch scratch() {
    Scratch scratch =
        closing(
            all -> new Scratch(all[0], all[1], all[2], all[3]),
            STATE_BYTES + tiles * Long.BYTES,
            (patterns + 1L) * Long.BYTES,
            (((long) patterns << sliceBits) + 1) * Long.BYTES,
            extendedBytes);
    try (var stream = context.newStream()) {
      DeviceBuffer state = scratch.state();
      state.fillWordsAsync(stream, 0, state.bytes() / Integer.BYTES, 0);
      stream.synchronize();
    } catch (RuntimeException | Error failure) {
      scratch.close();
      throw failure;
    }
    return scratch;
  }

  private <T> T closing(java.util.function.Function<DeviceBuffer[], T> of, long... bytes) {
    var buffers = new DeviceBuffer[bytes.length];
    var undo = new Closer();
    try {
      for (int i = 0; i < bytes.length; i++) {
        buffers[i] = undo.closes(allocate(bytes[i]));
      }
      return of.apply(buffers);
    } catch (RuntimeException | Error failure) {
      throw undo.closing(failure);
    }
  }

  /** Enqueues the expansion of a list of matches in a forest. */
  void enqueue(
      CudaStream stream, CudaForest forest, DeviceList list, DeviceText to, Scratch scratch) {
    if (!direct) {
      var arguments = offsets.arguments();
      arguments.set(0, list.starts());
      arguments.set(3, to.offsets());
      arguments.set(4, scratch.state());
      offsets.enqueue(stream);
    }
    var before = prepare.arguments();
    before.set(0, list.starts());
    before.set(5, scratch.extended());
    before.set(6, to.offsets());
    before.set(9, scratch.starts());
    before.set(10, scratch.spans());
    prepare.enqueue(stream);
    var arguments = text.arguments();
    arguments.set(0, list.starts());
    arguments.set(1, list.nodes());
    arguments.set(4, scratch.extended());
    arguments.set(8, forest.firstChild());
    arguments.set(9, forest.symbol());
    arguments.set(10, scratch.starts());
    arguments.set(11, scratch.spans());
    arguments.set(14, to.offsets());
    arguments.set(15, to.bytes());
    text.enqueue(stream);
  }

  /** What was chosen. */
  Map<String, Object> configuration() {
    return configuration;
  }

  @Override
  public void close() {
    closer.close();
  }
}
