// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.consensus.ConsensusRun;
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
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A device with its kernels loaded. Confined to the thread that opened it, which closes it. */
final class CudaSession implements Session {
  private final Closer closer = new Closer();
  private final CudaDriver driver;
  private final CudaDevice device;
  private final DeviceSensors sensors;
  private final List<String> occupants;
  private final CudaContext context;
  private final KernelImages.Loaded consensus;

  private CudaSession(CudaDriver driver, CudaDevice device) {
    this.driver = driver;
    this.device = device;
    try {
      sensors = closer.closes(DeviceSensors.open(device));
      occupants = sensors.occupants(); // before this process is one of them
      context = closer.closes(CudaContext.open(device));
      consensus = KernelImages.ofThisInstallation().load(context, ConsensusWorkload.ID);
      closer.closes(consensus.module());
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /**
   * Opens a device.
   *
   * @param selector its index or UUID
   * @throws NativeException when there is no such device or it fails
   * @throws EngineException when there are no kernels for it
   */
  static CudaSession open(CudaDriver driver, String selector) {
    return new CudaSession(driver, driver.device(selector));
  }

  CudaContext context() {
    return context;
  }

  KernelImages.Loaded consensus() {
    return consensus;
  }

  @Override
  public SelfCheck selfCheck() {
    for (String path : CudaEngine.PATHS) {
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
        ? "%s, kernels of %s".formatted(device.name(), consensus.origin())
        : "%s (compute capability %s, CUDA %s), kernels of %s"
            .formatted(
                device.name(), device.computeCapability(), driver.version(), consensus.origin());
  }

  @Override
  public Map<String, Object> description() {
    var map = new LinkedHashMap<>(DeviceDescription.of(device));
    map.put("cudaOfDriver", driver.version().toString());
    map.put(
        "kernels",
        Map.of(
            ConsensusWorkload.ID,
            Map.of("origin", consensus.origin(), "sha256", consensus.sha256())));
    return map;
  }

  @Override
  public String device() {
    return device.name();
  }

  @Override
  public String deviceId() {
    return CudaEngine.deviceId(device);
  }

  @Override
  public List<String> occupants() {
    return occupants;
  }

  @Override
  public Telemetry telemetry() {
    return sensors.read();
  }

  @Override
  public boolean synthetic() {
    return device.simulated();
  }

  /**
   * {@inheritDoc} Generous: an operation on 64 bits in each lane of each multiprocessor in every
   * cycle, though most take two instructions.
   */
  @Override
  public double physicalOperationsPerSecond() {
    return device.simulated() || device.clockKilohertz() <= 0 // not every driver tells
        ? Double.POSITIVE_INFINITY
        : DeviceTestimony.operationsPerSecond(device.multiprocessors(), device.clockKilohertz());
  }

  @Override
  public Map<String, Double> bounds() {
    return device.simulated() ? Map.of() : CudaBounds.of(DeviceDescription.of(device));
  }

  @Override
  public PreparedRun prepare(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    String path = mode.path();
    boolean replays = path.equals(CudaEngine.GRAPH);
    if (!(workload instanceof ConsensusWorkload) || !(replays || path.equals(CudaEngine.LAUNCH))) {
      throw new EngineException(
          "the engine 'cuda' has no path '%s' for the workload '%s'"
              .formatted(path, workload.id()));
    }
    // rounds are staged before their time begins, so the only cache they could stay in is the
    // device's
    var deviceFacts =
        new MachineFacts(
            facts.processors(),
            facts.availableBytes(),
            Math.min(facts.lastLevelCacheBytes(), device.l2Bytes()));
    return CudaRun.of(() ->
        ConsensusRun.prepare(
            values,
            deviceFacts,
            (epoch, capacity) ->
                new CudaConsensusKernel(
                    context,
                    consensus.module(),
                    epoch,
                    capacity,
                    replays,
                    CudaConsensusGrid.Form.FASTEST)));
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
