// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.workloads.synthesis.MatchList;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Kernels that work on one of several forests on a device. For one thread. */
interface SynthesisTasks {
  /** Words of a setting, which says which of the forests it is. */
  int SETTING_WORDS = 4;

  /**
   * Takes outputs as arrays, before all else.
   *
   * @param stored that the memory has handed out
   * @throws io.gpubench.measure.EngineException when an array cannot be so long
   */
  List<TornadoNativeArray> outputs(SynthesisMemory memory, List<MemorySegment> stored);

  /**
   * Adds kernels and what they read to a graph, in which forests and outputs are already.
   *
   * @param grid of this graph's tasks
   * @param lists by input, where patterns match; empty unless they are expanded
   * @throws io.gpubench.measure.EngineException when something does not fit
   */
  void add(
      TaskGraph graph,
      GridScheduler grid,
      DeviceForests forests,
      List<MatchList> lists,
      IntArray setting);

  /** Sets the words for an input. */
  void choose(int input, DeviceForests forests, IntArray setting);

  /** What was chosen, for the record. */
  Map<String, Object> configuration();
}
