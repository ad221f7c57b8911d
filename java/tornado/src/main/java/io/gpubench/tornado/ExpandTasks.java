// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.measure.EngineException;
import io.gpubench.workloads.synthesis.MatchList;
import io.gpubench.workloads.synthesis.TemplateSet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/** How {@link ExpandKernels} are launched. For one thread. */
final class ExpandTasks implements SynthesisTasks {
  private final boolean loop;
  private final LaunchShape shape;
  private final int patterns;
  private final IntArray tables;
  private final LongArray images;
  private final LongArray begins;
  private int[] lists = {};

  ExpandTasks(TemplateSet templates, boolean loop, LaunchShape shape) {
    this.loop = loop;
    this.shape = shape;
    TemplateTables made = TemplateTables.of(templates);
    patterns = templates.lengths().length;
    tables = IntArray.fromArray(made.words());
    images = LongArray.fromArray(made.images());
    begins = new LongArray(patterns + 1);
  }

  @Override
  public void add(
      TaskGraph graph,
      GridScheduler grid,
      DeviceForests forests,
      List<MatchList> of,
      IntArray setting,
      List<LongArray> outputs) {
    var starts = new LongArray(of.size() * (patterns + 1));
    IntArray nodes = nodes(of, starts);
    IntArray symbols = forests.symbols();
    IntArray children = forests.children();
    LongArray offsets = outputs.getFirst();
    LongArray text = outputs.getLast();
    graph.transferToDevice(
        DataTransferMode.FIRST_EXECUTION, symbols, children, starts, nodes, tables, images, begins);
    int strided = shape.stride();
    if (loop) {
      int workers = shape.workers();
      graph
          .task("plan", ExpandKernels::loopPlan, setting, patterns, starts, tables, begins)
          .task(
              "offsets", ExpandKernels::loopOffsets, setting, workers, patterns, strided, starts,
              tables, begins, offsets)
          .task(
              "text", ExpandKernels::loopText, setting, workers, patterns, strided, symbols,
              children, starts, nodes, tables, images, begins, text);
      return;
    }
    var context = new KernelContext();
    int groups = shape.groups();
    graph
        .task("plan", ExpandKernels::kernelPlan, context, setting, patterns, starts, tables, begins)
        .task(
            "offsets", ExpandKernels::kernelOffsets, context, setting, patterns, strided, starts,
            tables, begins, offsets)
        .task(
            "text", ExpandKernels::kernelText, context, setting, groups, patterns, symbols,
            children, starts, nodes, tables, images, begins, text);
    String name = graph.getTaskGraphName();
    grid.addWorkerGrid(name + ".plan", LaunchShape.grid(1, ExpandKernels.PLANNERS));
    grid.addWorkerGrid(name + ".offsets", shape.grid());
    grid.addWorkerGrid(name + ".text", shape.grid());
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
          from, ValueLayout.JAVA_INT_UNALIGNED, 0, into, ValueLayout.JAVA_INT_UNALIGNED,
          (long) lists[i] * Integer.BYTES, of.get(i).matches());
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
    return Map.of();
  }
}
