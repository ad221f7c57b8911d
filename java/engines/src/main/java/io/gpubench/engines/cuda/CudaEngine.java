// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.gpu.NativeException;
import io.gpubench.gpu.NativeUnavailableException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.EngineEvidence;
import io.gpubench.measure.spi.EngineEvidence.Contradiction;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hand-written CUDA kernels on one device: a GPU, or the simulated one. Immutable. In one process
 * either GPUs or the simulated device can be used, not both.
 */
public final class CudaEngine implements Engine {
  /** The engine's id. */
  public static final String ID = "cuda";

  /** What a user calls the simulated device. */
  public static final String SIMULATOR = "sim";

  /** Copy in, kernel, copy out, synchronise: a call for each. */
  static final String LAUNCH = "launch";

  /** The same, captured once and replayed by one call. */
  static final String GRAPH = "graph";

  /** Both, the preferred one first. */
  static final List<String> PATHS = List.of(LAUNCH, GRAPH);

  private final String device;
  private final Map<String, CudaAdapter> adapters;

  /** On the first GPU. */
  public CudaEngine() {
    this(List.of());
  }

  /**
   * On the first GPU, running others' workloads too.
   *
   * @param guests of plugins, of which {@link CudaArrays} are taken
   */
  public CudaEngine(List<Adapter> guests) {
    this(DeviceFacts.FIRST_DEVICE, CudaAdapter.all(guests));
  }

  private CudaEngine(String device, Map<String, CudaAdapter> adapters) {
    this.device = device;
    this.adapters = adapters;
  }

  /**
   * The {@link Session#deviceId} of a device: {@code gpu-} and the digits of its UUID. The
   * simulated one works on the processors.
   */
  public static String deviceId(CudaDevice device) {
    return device.simulated()
        ? Session.PROCESSORS
        : "gpu-" + device.uuid().replaceFirst("^GPU-", "");
  }

  @Override
  public Optional<Engine> on(String chosen) {
    return Optional.of(new CudaEngine(chosen, adapters));
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String summary() {
    return "CUDA kernels on a GPU";
  }

  @Override
  public List<String> paths(String workloadId) {
    CudaAdapter adapter = adapters.get(workloadId);
    return adapter == null ? List.of() : adapter.paths();
  }

  @Override
  public List<Clock> clocks(String workloadId, String path) {
    CudaAdapter adapter = adapters.get(workloadId);
    return adapter == null ? List.of(Clock.HOST) : adapter.clocks(path);
  }

  @Override
  public List<Mode.Cache> caches(String workloadId, String path) {
    CudaAdapter adapter = adapters.get(workloadId);
    return adapter == null ? List.of(Mode.Cache.HOT) : adapter.caches(path);
  }

  @Override
  public List<Parameter> tuning(String workloadId, String path) {
    CudaAdapter adapter = adapters.get(workloadId);
    return adapter == null ? List.of() : adapter.tuning(path);
  }

  @Override
  public void check(String workloadId, Mode mode, ParameterValues values) {
    CudaAdapter adapter = adapters.get(workloadId);
    if (adapter != null) {
      adapter.check(mode, values);
    }
  }

  @Override
  public long footprintBytes(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    CudaAdapter adapter = adapters.get(workload.id());
    return adapter == null
        ? workload.footprintBytes(values, facts)
        : adapter.footprintBytes(workload, mode, values, facts);
  }

  @Override
  public List<Contradiction> contradictions(EngineEvidence evidence) {
    return DeviceTestimony.contradictions(evidence);
  }

  @Override
  public Session open(Options options) {
    try {
      return connect();
    } catch (NativeException e) {
      throw unavailable(e);
    }
  }

  /** What a driver that cannot be used is to an engine. */
  static EngineException unavailable(NativeException cause) {
    return new EngineException(
        EngineException.Kind.UNAVAILABLE,
        String.valueOf(cause.getMessage()),
        cause instanceof NativeUnavailableException absent
            ? absent.remedy()
            : "see 'gpubench doctor' for what this machine lacks",
        cause);
  }

  private CudaSession connect() {
    return device.equals(SIMULATOR)
        ? CudaSession.open(CudaDriver.openSimulator(), DeviceFacts.FIRST_DEVICE, adapters)
        : CudaSession.open(CudaDriver.open(), device, adapters);
  }
}
