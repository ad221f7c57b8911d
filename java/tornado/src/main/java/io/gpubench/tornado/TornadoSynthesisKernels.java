// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.synthesis.MatchVariant;
import io.gpubench.engines.synthesis.SynthesisKernels;
import io.gpubench.engines.tornado.OnDevice;
import io.gpubench.engines.tornado.SynthesisTuning;
import io.gpubench.engines.tornado.TornadoPlan;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.synthesis.Filter;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.MatchList;
import io.gpubench.workloads.synthesis.PatternSet;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.TemplateSet;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Matching and expanding by TornadoVM. Forests, patterns and lists are on the device from the first
 * execution on; outputs are brought there, poisoned, and fetched from there outside of the window.
 * Used by the thread that measures.
 */
final class TornadoSynthesisKernels implements SynthesisKernels, OnDevice {
  private static final int STAGE = 0;
  private static final int WORK = 1;

  private final TornadoAdapter.Order order;
  private final SynthesisTuning tuning;
  private final LaunchShape shape;
  private final SynthesisMemory memory = new SynthesisMemory();
  private final IntArray setting = new IntArray(SynthesisTasks.SETTING_WORDS);
  private MatchVariant variant = MatchVariant.INDEX;
  private @Nullable SynthesisTasks tasks;
  private @Nullable DeviceForests forests;
  private @Nullable DeviceProgram program;
  private Object[] outputs = {};

  TornadoSynthesisKernels(TornadoAdapter.Order order) {
    this.order = order;
    tuning = SynthesisTuning.of(order.values(), TornadoDevices.onProcessors(order.device()));
    shape = LaunchShape.of(order.device(), tuning.block());
    setting.init(0);
  }

  @Override
  public MemorySegment allocate(long bytes) {
    return memory.allocate(bytes);
  }

  @Override
  public Forest forest(int input, long nodes, int trees) {
    if (forests == null) {
      forests = new DeviceForests(memory, nodes);
    }
    return forests.forest(input, trees);
  }

  @Override
  public MatchVariant patterns(PatternSet patterns, @Nullable MatchVariant asked) {
    variant = asked == null ? MatchVariant.INDEX : asked;
    tasks = new MatchTasks(patterns, tuning.loop(), variant == MatchVariant.BRUTE, shape);
    return variant;
  }

  @Override
  public Filter filter() {
    return variant == MatchVariant.INDEX ? Filter.KIND_SYMBOL : Filter.NONE;
  }

  @Override
  public void templates(TemplateSet templates) {
    tasks = new ExpandTasks(templates, tuning, shape);
  }

  @Override
  public void inputs(List<Forest> of, List<MatchList> lists, List<MemorySegment> stored) {
    List<TornadoNativeArray> arrays = working().outputs(memory, stored);
    outputs = arrays.toArray();
    var stage =
        new TaskGraph("stage")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, outputs)
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, setting)
            .task("touch", TornadoSynthesisKernels::touch, setting)
            .persistOnDevice(outputs)
            .persistOnDevice(setting);
    var work =
        new TaskGraph("work")
            .consumeFromDevice("stage", outputs)
            .consumeFromDevice("stage", setting);
    var grid = new GridScheduler();
    working().add(work, grid, Objects.requireNonNull(forests), lists, setting);
    work.transferToHost(DataTransferMode.UNDER_DEMAND, outputs);
    boolean graph = order.mode().path().equals(TornadoPlan.GRAPH);
    program =
        new DeviceProgram(
            order.device(), tuning.loop() ? null : grid, graph, stage.snapshot(), work.snapshot());
  }

  /** A graph without a task is refused. */
  private static void touch(IntArray setting) {
    for (@Parallel int i = 0; i < 1; i++) {
      setting.set(i, setting.get(i));
    }
  }

  private SynthesisTasks working() {
    return Objects.requireNonNull(tasks, "neither patterns nor templates");
  }

  @Override
  public DeviceProgram program() {
    return Objects.requireNonNull(program, "no inputs");
  }

  @Override
  public void next(long sample) {
    working().choose(SynthesisRotation.slot(sample), Objects.requireNonNull(forests), setting);
  }

  @Override
  public void toDevice() {
    program().execute(STAGE);
  }

  @Override
  public void fromDevice() {
    program().fetch(outputs);
  }

  @Override
  public void wake() {}

  @Override
  public void match(Forest forest, MemorySegment counts) {
    program().execute(WORK);
  }

  @Override
  public void expand(
      Forest forest,
      MemorySegment starts,
      MemorySegment nodes,
      MemorySegment offsets,
      MemorySegment text) {
    program().execute(WORK);
  }

  @Override
  public void list(Forest forest, MemorySegment counts, MemorySegment starts, MemorySegment nodes) {
    throw new EngineException("TornadoVM lists no matches here");
  }

  @Override
  public void rewriting(long nodes, int trees) {
    throw new EngineException("TornadoVM rewrites no forest here");
  }

  @Override
  public void rewrite(Forest forest, Forest folded) {
    throw new EngineException("TornadoVM rewrites no forest here");
  }

  /** {@inheritDoc} A device's own is not known by all backends: then no ceiling is demanded. */
  @Override
  public long cacheBytes(long ofMachine) {
    return TornadoDevices.onProcessors(order.device()) ? ofMachine : 0;
  }

  @Override
  public Map<String, Object> configuration() {
    var map = new LinkedHashMap<String, Object>();
    map.put(TornadoPlan.API, tuning.api());
    if (tuning.loop()) {
      map.put("workers", (long) shape.workers());
    } else {
      map.put("groups", (long) shape.groups());
      map.put("block", (long) shape.block());
    }
    map.putAll(working().configuration());
    return map;
  }

  @Override
  public void close() {
    try (memory) {
      DeviceProgram open = program;
      program = null;
      if (open != null) {
        open.close();
      }
    }
  }
}
