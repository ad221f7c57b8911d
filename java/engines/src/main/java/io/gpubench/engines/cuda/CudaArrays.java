// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.KernelLaunch;
import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.arrays.ArrayWorkload;
import java.util.List;

/**
 * How a device runs an array workload: kernels of a CUDA source that lies in the plugin's jar. It
 * is compiled by NVRTC, also for the simulated device, when a run is prepared, unless a fat binary
 * ({@code saxpy.fatbin} for {@code saxpy.cu}) lies beside it that has code for the device. Clocks,
 * cold caches, replay as a graph, inputs, poison and the check of every answer are the same for
 * all.
 */
public final class CudaArrays implements Adapter, CudaAdapter {
  private final String workload;
  private final PluginSource source;
  private final Launches launches;

  /** Which kernels a sample is. Stateless. */
  @FunctionalInterface
  public interface Launches {
    /**
     * Prepares the launches of a sample, in their order, at least one: each with the arrays of that
     * sample and nothing that changes from call to call.
     */
    List<KernelLaunch> of(ParameterValues values, DeviceArrays arrays);
  }

  /**
   * An adapter.
   *
   * @param workload the id of an {@link ArrayWorkload}
   * @param beside a class of the plugin
   * @param source the CUDA source as that class finds it, such as {@code saxpy.cu}; it may include
   *     the headers of gpubench's own kernels
   */
  public CudaArrays(String workload, Class<?> beside, String source, Launches launches) {
    this.workload = workload;
    this.source = new PluginSource(beside, source);
    this.launches = launches;
  }

  @Override
  public String engine() {
    return CudaEngine.ID;
  }

  @Override
  public String workload() {
    return workload;
  }

  @Override
  public List<String> paths() {
    return CudaEngine.PATHS;
  }

  @Override
  public List<Clock> clocks(String path) {
    return List.of(Clock.DEVICE, Clock.HOST, Clock.BATCH);
  }

  @Override
  public List<Mode.Cache> caches(String path) {
    return List.of(Mode.Cache.HOT, Mode.Cache.COLD);
  }

  @Override
  public PreparedRun prepare(
      CudaSession session,
      Workload registered,
      Mode mode,
      ParameterValues values,
      MachineFacts facts) {
    var own = new CudaKernels(session.context(), session.family("arrays"));
    var guest = new CudaKernels(session.context(), session.family(source));
    return session.timed(
        new ArrayPiece(own, guest, ArrayWorkload.of(registered), values, launches), mode);
  }
}
