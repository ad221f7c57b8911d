// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoSdk;
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
import io.gpubench.measure.spi.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** A device by one of TornadoVM's backends. Confined to the thread that opened it. */
final class TornadoSession implements Session {
  /** Generous: a lane of a compute unit does no more in a cycle. */
  private static final double MAX_OPERATIONS_PER_CYCLE = 1024;

  private final TornadoBackend backend;
  private final TornadoDevice device;
  private final int threads;
  private final Map<String, Object> description;

  private TornadoSession(
      TornadoBackend backend, TornadoDevice device, int threads, Map<String, Object> description) {
    this.backend = backend;
    this.device = device;
    this.threads = threads;
    this.description = description;
  }

  /**
   * Opens a device and runs the known answers on it.
   *
   * @param chosen number of the device; null for the first
   * @throws EngineException when there is no such device, or it computes something else
   */
  static Session open(TornadoBackend backend, @Nullable String chosen, Engine.Options options) {
    var sdk = TornadoSdk.find(Path.of(System.getProperty("gpubench.home", ".")), System.getenv());
    List<TornadoDevice> devices = TornadoDevices.all(backend);
    TornadoDevice device = TornadoDevices.choose(backend, devices, chosen);
    Handshake.perform(backend, device);
    return new TornadoSession(
        backend, device, options.threads(), TornadoDevices.describe(backend, devices, device, sdk));
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
    return TornadoDevices.onProcessors(device)
        ? PROCESSORS
        : "%s-%s-%s"
            .formatted(backend.word(), description.get("deviceIndex"), TornadoDevices.name(device))
            .replaceAll("[^A-Za-z0-9-]+", "-");
  }

  @Override
  public SelfCheck selfCheck() {
    return SelfCheck.passed(
        "%s by %s, TornadoVM %s"
            .formatted(backend.title(), TornadoDevices.name(device), description.get("tornadovm")));
  }

  @Override
  public Sensors.Source sensors() {
    return TornadoDevices.onProcessors(device) ? MachineSensors.source() : Sensors.NONE;
  }

  @Override
  public boolean synthetic() {
    return false;
  }

  /** {@inheritDoc} From the clock and the number of compute units that the driver tells. */
  @Override
  public double physicalOperationsPerSecond() {
    var physical = device.getPhysicalDevice();
    double cycles =
        1e6 * physical.getDeviceMaxClockFrequency() * physical.getDeviceMaxComputeUnits();
    return cycles > 0 ? 2 * cycles * MAX_OPERATIONS_PER_CYCLE : Double.POSITIVE_INFINITY;
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
  public void close() {}
}
