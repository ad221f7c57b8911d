// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.workloads.synthesis.MatchList;
import io.gpubench.workloads.synthesis.PatternSet;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** How {@link MatchKernels} are launched. For one thread. */
final class MatchTasks implements SynthesisTasks {
  /** Rows of the kernel API are added up by a thread for each slot. */
  private static final int MOST_SHARED_ROWS = 64;

  private static final long SHARED_BYTES = 1 << 20;

  /** All rows of an annotated loop. */
  private static final long ROW_BYTES = 1 << 26;

  /** Rows that are added up at once, from which on there are two steps. */
  private static final int PARTS = 64;

  private final boolean loop;
  private final boolean brute;
  private final LaunchShape shape;
  private final int slots;
  private final int padded;
  private final IntArray tables;
  private final int count;
  private final LongArray rows;
  private @Nullable LongArray output;

  MatchTasks(PatternSet patterns, boolean loop, boolean brute, LaunchShape shape) {
    this.loop = loop;
    this.brute = brute;
    this.shape = shape;
    slots = 2 * patterns.size();
    padded = MatchTables.padded(patterns.size());
    tables = IntArray.fromArray(MatchTables.of(patterns));
    long bytes = (long) slots * Long.BYTES;
    long room = (loop ? ROW_BYTES : SHARED_BYTES) / bytes;
    int most = loop ? shape.workers() : Math.min(shape.groups(), MOST_SHARED_ROWS);
    int rowsThatFit = Math.clamp(room, 1, most);
    count = loop ? rowsThatFit : Integer.highestOneBit(rowsThatFit);
    rows = new LongArray(count * slots);
    rows.init(0);
  }

  @Override
  public List<TornadoNativeArray> outputs(SynthesisMemory memory, List<MemorySegment> stored) {
    output = memory.longs(stored.getFirst());
    return List.of(output);
  }

  @Override
  public void add(
      TaskGraph graph,
      GridScheduler grid,
      DeviceForests forests,
      List<MatchList> lists,
      IntArray setting) {
    ByteArray kinds = forests.kinds();
    ByteArray arities = forests.arities();
    IntArray symbols = forests.symbols();
    IntArray children = forests.children();
    LongArray counts = Objects.requireNonNull(output, "no output");
    int nodes = forests.nodes();
    int strided = shape.stride();
    graph.transferToDevice(
        DataTransferMode.FIRST_EXECUTION, kinds, arities, symbols, children, tables, rows);
    if (loop) {
      if (brute) {
        graph.task(
            "match",
            MatchKernels::loopBrute,
            setting,
            count,
            nodes,
            strided,
            slots,
            padded,
            kinds,
            arities,
            symbols,
            children,
            tables,
            rows);
      } else {
        graph.task(
            "match",
            MatchKernels::loopIndex,
            setting,
            count,
            nodes,
            strided,
            slots,
            kinds,
            arities,
            symbols,
            children,
            tables,
            rows);
      }
      addLoopSums(graph, counts);
      return;
    }
    var context = new KernelContext();
    int rowMask = count - 1;
    if (brute) {
      graph.task(
          "match",
          MatchKernels::kernelBrute,
          context,
          setting,
          nodes,
          strided,
          slots,
          rowMask,
          padded,
          kinds,
          arities,
          symbols,
          children,
          tables,
          rows);
    } else {
      graph.task(
          "match",
          MatchKernels::kernelIndex,
          context,
          setting,
          nodes,
          strided,
          slots,
          rowMask,
          kinds,
          arities,
          symbols,
          children,
          tables,
          rows);
    }
    graph.task("sum", MatchKernels::kernelSum, context, count, slots, rows, counts);
    String name = graph.getTaskGraphName();
    grid.addWorkerGrid(name + ".match", shape.grid());
    grid.addWorkerGrid(
        name + ".sum", LaunchShape.grid(Math.ceilDiv(slots, shape.block()), shape.block()));
  }

  private void addLoopSums(TaskGraph graph, LongArray counts) {
    if (count <= PARTS) {
      graph.task("sum", MatchKernels::loopSum, count, 1, slots, rows, counts);
      return;
    }
    var parts = new LongArray(PARTS * slots);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, parts);
    graph.task("parts", MatchKernels::loopSum, count, PARTS, slots, rows, parts);
    graph.task("sum", MatchKernels::loopSum, PARTS, 1, slots, parts, counts);
  }

  @Override
  public void choose(int input, DeviceForests forests, IntArray setting) {
    setting.set(0, forests.begin(input));
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("rows", (long) count);
  }
}
