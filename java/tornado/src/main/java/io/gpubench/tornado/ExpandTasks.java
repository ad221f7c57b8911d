// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.tornado.SynthesisTuning;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.synthesis.MatchList;
import io.gpubench.workloads.synthesis.TemplateSet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

/** How {@link ExpandKernels} are launched. For one thread. */
final class ExpandTasks implements SynthesisTasks {
  /** Of text in words: these, and what a group adds to a place, are counted by an int. */
  private static final long MOST_BYTES_OF_WORDS = 1L << 33;

  private final SynthesisTuning tuning;
  private final LaunchShape shape;
  private final int patterns;
  private final IntArray tables;
  private final long[] images;
  private final LongArray begins;
  private int[] lists = {};
  private @Nullable LongArray offsets;
  private @Nullable TornadoNativeArray text;

  ExpandTasks(TemplateSet templates, SynthesisTuning tuning, LaunchShape shape) {
    this.tuning = tuning;
    this.shape = shape;
    TemplateTables made = TemplateTables.of(templates);
    patterns = templates.lengths().length;
    tables = IntArray.fromArray(made.words());
    images = made.images();
    begins = new LongArray(patterns + 1);
  }

  @Override
  public List<TornadoNativeArray> outputs(SynthesisMemory memory, List<MemorySegment> stored) {
    long bytes = stored.getLast().byteSize();
    long most = tuning.words() ? MOST_BYTES_OF_WORDS : Integer.MAX_VALUE - Long.BYTES;
    if (bytes > most) {
      throw new EngineException(
          "TornadoVM counts the elements of an array by an int: a text of %,d bytes is too long, at most %,d fit"
              .formatted(bytes, most));
    }
    offsets = memory.longs(stored.getFirst());
    text = tuning.words() ? memory.longs(stored.getLast()) : memory.bytes(stored.getLast());
    return List.of(offsets, text);
  }

  @Override
  public void add(
      TaskGraph graph,
      GridScheduler grid,
      DeviceForests forests,
      List<MatchList> of,
      IntArray setting) {
    var starts = new LongArray(of.size() * (patterns + 1));
    IntArray nodes = nodes(of, starts);
    IntArray symbols = forests.symbols();
    IntArray children = forests.children();
    graph.transferToDevice(
        DataTransferMode.FIRST_EXECUTION, symbols, children, starts, nodes, tables, begins);
    var context = new KernelContext();
    if (tuning.loop()) {
      graph.task("plan", ExpandKernels::loopPlan, setting, patterns, starts, tables, begins);
    } else {
      graph.task(
          "plan", ExpandKernels::kernelPlan, context, setting, patterns, starts, tables, begins);
    }
    if (text instanceof LongArray words) {
      addWords(graph, context, symbols, children, starts, nodes, setting, words);
    } else if (text instanceof ByteArray bytes) {
      addMatches(graph, context, symbols, children, starts, nodes, setting, bytes);
    }
    String name = graph.getTaskGraphName();
    grid.addWorkerGrid(name + ".plan", LaunchShape.grid(1, ExpandKernels.PLANNERS));
    grid.addWorkerGrid(name + ".offsets", shape.grid());
    grid.addWorkerGrid(name + ".text", shape.grid());
  }

  private void addWords(
      TaskGraph graph,
      KernelContext context,
      IntArray symbols,
      IntArray children,
      LongArray starts,
      IntArray nodes,
      IntArray setting,
      LongArray into) {
    LongArray offsetsOf = Objects.requireNonNull(offsets, "no output");
    LongArray words = LongArray.fromArray(images);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, words);
    int strided = shape.stride();
    int workers = shape.workers();
    int groups = shape.groups();
    if (tuning.loop()) {
      graph
          .task(
              "offsets",
              ExpandKernels::loopOffsets,
              setting,
              workers,
              patterns,
              strided,
              starts,
              tables,
              begins,
              offsetsOf)
          .task(
              "text",
              ExpandKernels::loopText,
              setting,
              workers,
              patterns,
              strided,
              symbols,
              children,
              starts,
              nodes,
              tables,
              words,
              begins,
              into);
    } else {
      graph
          .task(
              "offsets",
              ExpandKernels::kernelOffsets,
              context,
              setting,
              patterns,
              strided,
              starts,
              tables,
              begins,
              offsetsOf)
          .task(
              "text",
              ExpandKernels::kernelText,
              context,
              setting,
              groups,
              patterns,
              symbols,
              children,
              starts,
              nodes,
              tables,
              words,
              begins,
              into);
    }
  }

  private void addMatches(
      TaskGraph graph,
      KernelContext context,
      IntArray symbols,
      IntArray children,
      LongArray starts,
      IntArray nodes,
      IntArray setting,
      ByteArray into) {
    LongArray offsetsOf = Objects.requireNonNull(offsets, "no output");
    MemorySegment words = MemorySegment.ofArray(images);
    var bytes = new ByteArray((int) words.byteSize());
    bytes.getSegment().copyFrom(words);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, bytes);
    int strided = shape.stride();
    if (tuning.loop()) {
      graph.task(
          "text",
          ExpandByteKernels::loopMatches,
          setting,
          shape.workers(),
          patterns,
          strided,
          symbols,
          children,
          starts,
          nodes,
          tables,
          bytes,
          begins,
          offsetsOf,
          into);
    } else {
      graph.task(
          "text",
          ExpandByteKernels::kernelMatches,
          context,
          setting,
          patterns,
          strided,
          symbols,
          children,
          starts,
          nodes,
          tables,
          bytes,
          begins,
          offsetsOf,
          into);
    }
  }

  /** All lists, one behind the other. */
  private IntArray nodes(List<MatchList> of, LongArray starts) {
    lists = new int[of.size() + 1];
    for (int i = 0; i < of.size(); i++) {
      long next = lists[i] + of.get(i).matches();
      if (next > Integer.MAX_VALUE) {
        throw new EngineException(
            "TornadoVM counts the elements of an array by an int: the lists of %d forests have more matches"
                .formatted(of.size()));
      }
      lists[i + 1] = (int) next;
      for (int p = 0; p <= patterns; p++) {
        starts.set(i * (patterns + 1) + p, of.get(i).startAt(p));
      }
    }
    var nodes = new IntArray(Math.max(1, lists[of.size()]));
    MemorySegment into = nodes.getSegment();
    for (int i = 0; i < of.size(); i++) {
      MemorySegment from = of.get(i).nodes();
      MemorySegment.copy(
          from,
          ValueLayout.JAVA_INT_UNALIGNED,
          0,
          into,
          ValueLayout.JAVA_INT_UNALIGNED,
          (long) lists[i] * Integer.BYTES,
          of.get(i).matches());
    }
    return nodes;
  }

  @Override
  public void choose(int input, DeviceForests forests, IntArray setting) {
    setting.set(ExpandKernels.FOREST, forests.begin(input));
    setting.set(ExpandKernels.STARTS, input * (patterns + 1));
    setting.set(ExpandKernels.LIST, lists[input]);
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("variant", tuning.words() ? SynthesisTuning.WORDS : SynthesisTuning.BYTES);
  }
}
