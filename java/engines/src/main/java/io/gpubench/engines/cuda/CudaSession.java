// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.consensus.ConsensusSelfCheck;
import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.gpu.NativeException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A device with its kernels loaded. Confined to the thread that opened it, which closes it. */
final class CudaSession implements Session {
  private final Closer closer = new Closer();
  private final CudaDriver driver;
  private final CudaDevice device;
  private final Map<String, CudaAdapter> adapters;
  private final DeviceFacts facts;
  private final CudaContext context;
  private final Map<Object, KernelImages.Loaded> families = new LinkedHashMap<>();

  private CudaSession(CudaDriver driver, CudaDevice device, Map<String, CudaAdapter> adapters) {
    this.driver = driver;
    this.device = device;
    this.adapters = adapters;
    try {
      facts = closer.closes(DeviceFacts.of(device));
      context = closer.closes(CudaContext.open(device));
      family(ConsensusWorkload.ID);
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /**
   * Opens a device.
   *
   * @param selector its index or UUID
   * @param adapters how it runs workloads, by their ids
   * @throws NativeException when there is no such device or it fails
   * @throws EngineException when there are no kernels for it
   */
  static CudaSession open(CudaDriver driver, String selector, Map<String, CudaAdapter> adapters) {
    return new CudaSession(driver, driver.device(selector), adapters);
  }

  CudaContext context() {
    return context;
  }

  /** With all devices that it shows. */
  CudaDriver driver() {
    return driver;
  }

  KernelImages.Loaded consensus() {
    return family(ConsensusWorkload.ID);
  }

  /** A piece of work, which is closed with the run, by the clock of a mode. */
  PreparedRun timed(DevicePiece piece, Mode mode) {
    return mode.clock() == PreparedRun.Clock.HOST
        ? new CudaHostClockRun(timing(), piece, mode)
        : new CudaQueuedRun(timing(), piece, mode);
  }

  /** The kernels that are put around what is timed. */
  TimingKernels timing() {
    return new TimingKernels(context, family("timing").module());
  }

  /** A family of kernels, loaded when it is first asked for and closed with the session. */
  KernelImages.Loaded family(String name) {
    return loaded(name, () -> KernelImages.ofThisInstallation().load(context, name));
  }

  /** The kernels of a plugin, likewise. */
  KernelImages.Loaded family(PluginSource source) {
    return loaded(source, () -> KernelImages.ofThisInstallation().load(context, source));
  }

  private KernelImages.Loaded loaded(Object key, Supplier<KernelImages.Loaded> load) {
    KernelImages.Loaded family = families.get(key);
    if (family == null) {
      family = load.get();
      closer.closes(family.module());
      families.put(key, family);
    }
    return family;
  }

  /**
   * {@inheritDoc} By the paths that need nothing of a driver or device which some do not have: the
   * others are refused, or verified as all are, when they are measured.
   */
  @Override
  public SelfCheck selfCheck() {
    for (String path : List.of(CudaEngine.LAUNCH, CudaEngine.GRAPH)) {
      String mismatch = ConsensusSelfCheck.mismatch(this, path, 1);
      if (mismatch != null) {
        return SelfCheck.failed(
            "wrong answer by path " + path + ": " + mismatch,
            "report this with the device's name and the driver's version");
      }
    }
    return SelfCheck.passed(summary());
  }

  /** What was found, in one line. */
  private String summary() {
    return device.simulated()
        ? "%s, kernels of %s".formatted(device.name(), consensus().origin())
        : "%s (compute capability %s, CUDA %s), kernels of %s"
            .formatted(
                device.name(), device.computeCapability(), driver.version(), consensus().origin());
  }

  @Override
  public Map<String, Object> description() {
    var map = new LinkedHashMap<>(facts.description());
    map.put("cudaOfDriver", driver.version().toString());
    map.put(
        "kernels",
        Map.of(
            ConsensusWorkload.ID,
            Map.of("origin", consensus().origin(), "sha256", consensus().sha256())));
    return map;
  }

  @Override
  public String device() {
    return device.name();
  }

  @Override
  public String deviceId() {
    return facts.id();
  }

  @Override
  public List<String> occupants() {
    return facts.occupants();
  }

  @Override
  public Telemetry telemetry() {
    return facts.telemetry();
  }

  @Override
  public Sensors.Source sensors() {
    return facts.sensors();
  }

  @Override
  public boolean synthetic() {
    return device.simulated();
  }

  @Override
  public double physicalOperationsPerSecond() {
    return facts.operationsPerSecond();
  }

  @Override
  public Map<String, Double> bounds() {
    return facts.bounds();
  }

  @Override
  public PreparedRun prepare(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    CudaAdapter adapter = adapters.get(workload.id());
    if (adapter == null || !adapter.paths().contains(mode.path())) {
      throw new EngineException(
          "the engine 'cuda' has no path '%s' for the workload '%s'"
              .formatted(mode.path(), workload.id()));
    }
    if (!adapter.clocks(mode.path()).contains(mode.clock())
        || !adapter.caches(mode.path()).contains(mode.cache())) {
      throw new EngineException(
          "the engine 'cuda' cannot measure the workload '%s' by '%s'"
              .formatted(workload.id(), mode));
    }
    return CudaRun.of(() -> adapter.prepare(this, workload, mode, values, facts));
  }

  @Override
  public void close() {
    try {
      closer.close();
    } catch (NativeException e) {
      throw CudaRun.failure(e);
    }
  }
}
