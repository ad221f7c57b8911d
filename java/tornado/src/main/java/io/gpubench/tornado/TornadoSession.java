// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.cuda.CudaEngine;
import io.gpubench.engines.cuda.DeviceFacts;
import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoSdk;
import io.gpubench.engines.tornado.TornadoTestimony;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.MachineSensors;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * A device by one of TornadoVM's backends. Of a GPU that is driven by CUDA, the driver tells its
 * identity, sensors and bounds; of one that is driven by OpenCL nobody does, so that nothing is
 * known of its throttling, and that the engine {@code cuda} uses the same card is not noticed.
 * Confined to the thread that opened it.
 */
final class TornadoSession implements Session {
  private final TornadoBackend backend;
  private final TornadoDevice device;
  private final @Nullable DeviceFacts facts;
  private final int threads;
  private final Map<String, Object> description;

  private TornadoSession(
      TornadoBackend backend,
      TornadoDevice device,
      @Nullable DeviceFacts facts,
      int threads,
      Map<String, Object> description) {
    this.backend = backend;
    this.device = device;
    this.facts = facts;
    this.threads = threads;
    this.description = description;
  }

  /**
   * Opens a device and runs the known answers on it.
   *
   * @param chosen number of the device, or what the engine {@code cuda} calls it; null for the
   *     first
   * @throws EngineException when there is no such device, or it computes something else
   */
  static Session open(TornadoBackend backend, @Nullable String chosen, Engine.Options options) {
    var sdk = TornadoSdk.find(Path.of(System.getProperty("gpubench.home", ".")), System.getenv());
    DeviceFacts facts = backend == TornadoBackend.OPENCL ? null : cuda(backend, chosen);
    try {
      List<TornadoDevice> devices = TornadoDevices.all(backend);
      TornadoDevice device =
          facts == null
              ? TornadoDevices.choose(backend, devices, chosen)
              : TornadoDevices.same(backend, devices, facts.device());
      Handshake.perform(backend, device);
      var description = new LinkedHashMap<>(facts == null ? Map.of() : facts.description());
      description.putAll(TornadoDevices.describe(backend, devices, device, sdk));
      return new TornadoSession(backend, device, facts, options.threads(), description);
    } catch (RuntimeException | Error failure) {
      if (facts != null) {
        facts.close();
      }
      throw failure;
    }
  }

  private static DeviceFacts cuda(TornadoBackend backend, @Nullable String chosen) {
    if (backend == TornadoBackend.PTX && CudaEngine.SIMULATOR.equals(chosen)) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "the simulated device takes no PTX",
          "use the engine " + TornadoBackend.CUDA.engine(),
          null);
    }
    return DeviceFacts.open(chosen == null ? "0" : chosen);
  }

  @Override
  public Map<String, Object> description() {
    return description;
  }

  @Override
  public @Nullable String device() {
    return TornadoDevices.onProcessors(device) ? null : TornadoDevices.name(device);
  }

  @Override
  public String deviceId() {
    if (facts != null) {
      return facts.id();
    }
    return TornadoDevices.onProcessors(device)
        ? PROCESSORS
        : "%s-%s-%s"
            .formatted(backend.word(), description.get("deviceIndex"), TornadoDevices.name(device))
            .replaceAll("[^A-Za-z0-9-]+", "-");
  }

  @Override
  public SelfCheck selfCheck() {
    return SelfCheck.passed(
        "%s, by TornadoVM %s"
            .formatted(TornadoTestimony.place(backend, description), description.get("tornadovm")));
  }

  @Override
  public List<String> occupants() {
    return facts == null ? List.of() : facts.occupants();
  }

  @Override
  public Telemetry telemetry() {
    return facts == null ? Telemetry.NONE : facts.telemetry();
  }

  @Override
  public Sensors.Source sensors() {
    if (facts != null) {
      return facts.sensors();
    }
    return TornadoDevices.onProcessors(device) ? MachineSensors.source() : Sensors.NONE;
  }

  @Override
  public boolean synthetic() {
    return facts != null && facts.device().simulated();
  }

  @Override
  public Map<String, Double> bounds() {
    return facts == null ? Map.of() : facts.bounds();
  }

  /** {@inheritDoc} From the clock and the number of compute units that the driver tells. */
  @Override
  public double physicalOperationsPerSecond() {
    if (facts != null) {
      return facts.operationsPerSecond();
    }
    var physical = device.getPhysicalDevice();
    double most =
        TornadoTestimony.operationsPerSecond(
            physical.getDeviceMaxComputeUnits(), physical.getDeviceMaxClockFrequency());
    return most > 0 ? most : Double.POSITIVE_INFINITY;
  }

  @Override
  public PreparedRun prepare(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    TornadoAdapter adapter = TornadoAdapters.of(workload.id());
    if (adapter == null) {
      throw new EngineException(
          "the engine '%s' does not run the workload '%s'"
              .formatted(backend.engine(), workload.id()));
    }
    return adapter.prepare(
        new TornadoAdapter.Order(
            backend, device, mode, values, facts, Math.min(threads, facts.processors())));
  }

  @Override
  public void close() {
    if (facts != null) {
      facts.close();
    }
  }
}
