// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.synthesis.MatchVariant;
import io.gpubench.engines.synthesis.SynthesisKernels;
import io.gpubench.workloads.synthesis.*;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import uk.ac.manchester.tornado.api.*;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.*;

final class TornadoSynthesisKernels implements SynthesisKernels, OnDevice {
  final SynthesisMemory memory = new SynthesisMemory();
  final TornadoDevice device;
  final boolean loop;
  long stride;
  ByteArray kinds, arities;
  IntArray symbols, children;
  MemorySegment[] all;
  int[] tables; int patterns; MatchVariant variant;
  long nodes;
  IntArray setting = new IntArray(4);
  DeviceProgram program; LongArray counts;

  TornadoSynthesisKernels(TornadoDevice device, boolean loop) { this.device = device; this.loop = loop; }
  public MemorySegment allocate(long bytes) { return memory.allocate(bytes); }
  public Forest forest(int input, long nodes, int trees) {
    if (all == null) {
      this.nodes = nodes;
      stride = nodes;
      all = new MemorySegment[] {allocate(4 * stride), allocate(4 * stride), allocate(16 * stride), allocate(16 * stride)};
    }
    return new Forest(all[0].asSlice(input * stride, nodes), all[1].asSlice(input * stride, nodes),
       all[2].asSlice(4 * input * stride, 4 * nodes), all[3].asSlice(4 * input * stride, 4 * nodes), allocate(4 * nodes), allocate(4L * trees + 4));
  }
  public MatchVariant patterns(PatternSet set, MatchVariant asked) { patterns = set.size(); tables = MatchTables.of(set); return variant = asked == null ? MatchVariant.INDEX : asked; }
  public Filter filter() { return variant == MatchVariant.INDEX ? Filter.KIND_SYMBOL : Filter.NONE; }
  static void touch(IntArray a) { for (@uk.ac.manchester.tornado.api.annotations.Parallel int i = 0; i < 1; i++) a.set(3 + i, a.get(3)); }
  public void inputs(List<Forest> forests, List<MatchList> lists, List<MemorySegment> outputs) {
    LongArray counts = memory.longs(outputs.get(0));
    var t = IntArray.fromArray(tables);
    kinds = memory.bytes(all[0]); arities = memory.bytes(all[1]); symbols = memory.ints(all[2]); children = memory.ints(all[3]);
    int workers = Integer.getInteger("workers", 8);
    int local = Integer.getInteger("local", 1);
    int rowCount = loop ? workers : Integer.getInteger("rows", 16);
    int slots = 2 * patterns;
    LongArray rows = new LongArray(rowCount * slots); rows.init(0);
    setting.set(1, (int) nodes);
    boolean strided = Boolean.getBoolean("strided");
    setting.set(2, strided ? workers : 1);
    setting.set(3, strided ? 1 : (int) ((nodes + workers - 1) / workers));
    var context = new KernelContext();
    TaskGraph in = new TaskGraph("in").transferToDevice(DataTransferMode.EVERY_EXECUTION, counts, setting).task("t", TornadoSynthesisKernels::touch, setting).persistOnDevice(counts, setting);
    TaskGraph work = new TaskGraph("work").consumeFromDevice("in", counts, setting).transferToDevice(DataTransferMode.FIRST_EXECUTION, kinds, arities, symbols, children, t, rows);
    var grid = new GridScheduler();
    boolean brute = variant == MatchVariant.BRUTE;
    if (loop && brute) {
      work.task("match", MatchKernels::loopBrute, setting, workers, MatchTables.padded(patterns), slots, 1, kinds, arities, symbols, children, t, rows);
    } else if (brute) {
      work.task("match", MatchKernels::kernelBrute, context, setting, patterns, MatchTables.padded(patterns), rowCount - 1, kinds, arities, symbols, children, t, rows);
    } else if (loop) {
      work.task("match", MatchKernels::loopIndex, setting, workers, patterns, slots, 1, kinds, arities, symbols, children, t, rows);
    } else {
      work.task("match", MatchKernels::kernelIndex, context, setting, patterns, rowCount - 1, kinds, arities, symbols, children, t, rows);
    }
    if (!loop) {
      var w = new WorkerGrid1D(workers); w.setLocalWork(local, 1, 1);
      grid.addWorkerGrid("work.match", w);
    }
    work.task("sum", MatchKernels::loopSum, rowCount, slots, slots, 1, rows, counts);
    work.transferToHost(DataTransferMode.UNDER_DEMAND, counts); this.counts = counts;
    program = new DeviceProgram(device, loop ? null : grid, false, in.snapshot(), work.snapshot());
  }
  public void stage(int input) { setting.set(0, (int) (input * stride)); }
  public void toDevice() { program.execute(0); }
  public void fromDevice() { program.last.transferToHost(counts); }
  public DeviceProgram program() { return program; }
  public void wake() {}
  public void match(Forest f, MemorySegment counts) { program.execute(1); }
  public void list(Forest forest, MemorySegment counts, MemorySegment starts, MemorySegment nodes) { throw new UnsupportedOperationException(); }
  public void templates(TemplateSet t) {}
  public void rewriting(long n, int t) {}
  public void expand(Forest forest, MemorySegment starts, MemorySegment nodes, MemorySegment offsets, MemorySegment text) {}
  public void rewrite(Forest a, Forest b) {}
  public Map<String, Object> configuration() { return Map.of(); }
  public void close() { try (memory) { if (program != null) program.close(); } }
}
