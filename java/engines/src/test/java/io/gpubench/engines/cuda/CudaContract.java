// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.gpu.CudaDriver;
import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** What holds on a device, be it simulated or a GPU. */
abstract class CudaContract {
  static final MachineFacts FACTS = new MachineFacts(4, 1L << 33, 32 << 20);

  private final String device;

  CudaContract(String device) {
    this.device = device;
  }

  /** Why it cannot be tested on this machine; empty when it can. */
  protected Optional<String> skipReason() {
    return Optional.empty();
  }

  @BeforeEach
  void skipWhereTheDeviceIsMissing() {
    assumeTrue(skipReason().isEmpty(), () -> skipReason().orElseThrow());
  }

  final Engine engine() {
    return engine(List.of());
  }

  final Engine engine(List<Adapter> guests) {
    return new CudaEngine(guests).on(device).orElseThrow();
  }

  final CudaSession open() {
    return device.equals(CudaEngine.SIMULATOR)
        ? CudaSession.open(CudaDriver.openSimulator(), "0", CudaAdapter.all(List.of()))
        : CudaSession.open(CudaDriver.open(), device, CudaAdapter.all(List.of()));
  }

  /** The defaults of a workload, with some replaced. */
  static ParameterValues values(Workload workload, Map<String, Object> changed) {
    var values = new LinkedHashMap<>(workload.defaults().asMap());
    values.putAll(changed);
    return new ParameterValues(values);
  }
}
