// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.engines.processors.ProcessorAdapters;
import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.host.Host;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.util.List;

/** C on this machine's processors, with the widest SIMD instructions they have. Immutable. */
public final class HostEngine implements Engine {
  static final String LIBRARY = "host";

  private static final String REMEDY =
      "install a C compiler, make and CMake, then build with './mvnw -DskipTests package'";

  private final ProcessorAdapters adapters;

  /** Runs our workloads. */
  public HostEngine() {
    this(List.of());
  }

  /**
   * Runs others too.
   *
   * @param guests of plugins, of which {@link ProcessorAdapter}s for this engine are taken
   */
  public HostEngine(List<Adapter> guests) {
    adapters = new ProcessorAdapters("host", HostAdapters.all(), guests);
  }

  @Override
  public String id() {
    return "host";
  }

  @Override
  public String summary() {
    return "C with SIMD on the processors of this machine";
  }

  @Override
  public List<String> paths(String workloadId) {
    return adapters.paths(workloadId);
  }

  @Override
  public List<PreparedRun.Clock> clocks(String workloadId, String path) {
    return adapters.clocks(workloadId);
  }

  @Override
  public List<Mode.Cache> caches(String workloadId, String path) {
    return adapters.caches(workloadId);
  }

  @Override
  public List<Parameter> tuning(String workloadId, String path) {
    return adapters.tuning(workloadId, path);
  }

  @Override
  public void check(String workloadId, Mode mode, ParameterValues values) {
    adapters.check(workloadId, mode, values);
  }

  @Override
  public long footprintBytes(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    return adapters.footprintBytes(workload, mode, values, facts);
  }

  @Override
  public Session open(Options options) {
    NativeLibraries.problem(LIBRARY)
        .ifPresent(problem -> {
          throw new EngineException(EngineException.Kind.UNAVAILABLE, problem, REMEDY, null);
        });
    int abi = Host.gpubench_host_abi();
    if (abi != Host.GPUBENCH_HOST_ABI()) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "native library 'host' is of another build: interface %d, expected %d"
              .formatted(abi, Host.GPUBENCH_HOST_ABI()),
          REMEDY,
          null);
    }
    return new HostSession(options, Simd.best(), adapters);
  }
}
