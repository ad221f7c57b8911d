// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.tornado.ProfiledProgram;
import io.gpubench.measure.EngineException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.TornadoProfilerResult;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/**
 * One execution plan on one device. Of several graphs, a later one can consume what an earlier one
 * left on the device ({@code persistOnDevice}, {@code consumeFromDevice}). Whatever TornadoVM
 * throws becomes an {@link EngineException} with one line. Its creator closes it. Used by one
 * thread.
 */
final class DeviceProgram implements ProfiledProgram, AutoCloseable {
  private final TornadoDevice device;
  private final TornadoExecutionPlan plan;
  private final int last;
  private @Nullable TornadoExecutionResult result;
  private boolean profiled;
  private long kernelNanos;
  private long copyInNanos;
  private long copyOutNanos;
  private long tornadoCompileNanos;
  private long driverCompileNanos;

  /**
   * Compiles nothing yet.
   *
   * @param grid of tasks of any of the graphs; null where TornadoVM chooses
   * @param cudaGraph whether the last of the graphs is captured at its first execution and replayed
   *     from then on; in the others, which are not timed, data may come from elsewhere
   * @throws EngineException when the device cannot have such groups
   */
  DeviceProgram(
      TornadoDevice device,
      @Nullable GridScheduler grid,
      boolean cudaGraph,
      ImmutableTaskGraph... graphs) {
    this.device = device;
    last = graphs.length - 1;
    plan =
        Failures.call(
            "TornadoVM makes no plan",
            () -> {
              var made = new TornadoExecutionPlan(graphs);
              made.withDevice(device);
              if (grid != null) {
                demandFit(device, grid);
                made.withGridScheduler(grid);
              }
              if (cudaGraph) {
                made.withGraph(last).withCUDAGraph();
              }
              return made;
            });
  }

  /** TornadoVM only warns, and launches groups of another size, or nothing. */
  private static void demandFit(TornadoDevice device, GridScheduler grid) {
    for (String task : grid.keySet()) {
      WorkerGrid worker = grid.get(task);
      long[] global = worker.getGlobalWork();
      long[] local = worker.getLocalWork();
      if (local == null) {
        continue;
      }
      long[] most = device.getDeviceMaxWorkgroupDimensions();
      for (int i = 0; i < local.length; i++) {
        if (local[i] > most[i] || global[i] % local[i] != 0) {
          throw new EngineException(
              "the task %s has %s threads in groups of %s: the device takes at most %s, and only whole groups"
                  .formatted(
                      task,
                      Arrays.toString(global),
                      Arrays.toString(local),
                      Arrays.toString(most)));
        }
      }
    }
  }

  /**
   * Executes a graph, and waits for it.
   *
   * @throws EngineException when it cannot be compiled or executed
   */
  void execute(int graph) {
    try {
      result = plan.withGraph(graph).execute(); // the plan itself would keep all its results
      if (profiled) {
        TornadoProfilerResult times = result.getProfilerResult();
        kernelNanos = times.getDeviceKernelTime();
        copyInNanos = times.getDeviceWriteTime();
        copyOutNanos = times.getDeviceReadTime();
        tornadoCompileNanos += times.getTornadoCompilerTime();
        driverCompileNanos += times.getDriverInstallTime();
      }
    } catch (Throwable failure) {
      throw Failures.of("TornadoVM cannot execute it", failure);
    }
  }

  /**
   * Copies to the host what the graph that was executed last transfers under demand.
   *
   * @throws EngineException when that fails
   */
  void fetch(Object... arrays) {
    if (result == null) {
      throw new IllegalStateException("nothing was executed");
    }
    try {
      long begin = System.nanoTime();
      result.transferToHost(arrays);
      if (profiled) {
        copyOutNanos += System.nanoTime() - begin; // the profiler does not tell of these
      }
    } catch (Throwable failure) {
      throw Failures.of("TornadoVM cannot copy an answer", failure);
    }
  }

  @Override
  public void profiled(boolean on) {
    profiled = on;
    if (on) {
      plan.withProfiler(ProfilerMode.SILENT);
    } else {
      plan.withoutProfiler();
    }
  }

  @Override
  public long kernelNanos() {
    return kernelNanos;
  }

  @Override
  public long copyInNanos() {
    return copyInNanos;
  }

  @Override
  public long copyOutNanos() {
    return copyOutNanos;
  }

  @Override
  public long tornadoCompileNanos() {
    return tornadoCompileNanos;
  }

  @Override
  public long driverCompileNanos() {
    return driverCompileNanos;
  }

  @Override
  public void check() {
    ProtocolOutput.check();
  }

  /**
   * Frees the arrays of the last graph on the device, and so all that others left for it; TornadoVM
   * would free those once for each graph. Other programs on the device go on.
   */
  void free() {
    Failures.call(
        "TornadoVM cannot free a device's memory",
        () -> {
          plan.withGraph(last).close();
          return true;
        });
  }

  /**
   * Frees all that the device has. No other program may be in use: where TornadoVM page-locks the
   * arrays of the host, it lets go of none of them before all are let go, and their memory must not
   * end sooner.
   */
  @Override
  public void close() {
    free();
    if (device.getTornadoVMBackend() != TornadoVMBackendType.OPENCL) {
      Failures.call(
          "TornadoVM cannot clean the device",
          () -> {
            device.clean();
            return true;
          });
    }
  }
}
