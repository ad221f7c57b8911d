// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.workers.Measurers.Check;
import io.gpubench.app.workers.TornadoProcess;
import io.gpubench.app.workers.Workers;
import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoEngine;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.spi.Session;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What TornadoVM generates for CUDA, compiled and run by the simulated device. */
class SimulatedTornadoTest {
  private static final String SIMULATOR = "sim";

  @Test
  void theHandshakeIsAnsweredByTheSimulatedDevice() {
    TornadoEngine engine = TornadoSdks.assumeSimulated();
    try (Workers workers = TornadoSdks.workers(SIMULATOR)) {
      Check check = workers.check(engine);
      assertTrue(check.selfCheck().passed(), check.selfCheck().toString());
      Measurer.Facts facts = check.facts();
      assertTrue(facts.synthetic());
      assertEquals("Simulated CUDA device", facts.device());
      assertEquals(Session.PROCESSORS, facts.deviceId());
      assertEquals("cuda", facts.description().get("backend"));
      assertEquals("9.0", facts.description().get("computeCapability"));
    }
  }

  @Test
  void aDeviceThatIsNotThereIsOneLine() {
    TornadoEngine engine = TornadoSdks.assume(TornadoBackend.OPENCL);
    try (Workers workers = TornadoSdks.workers(SIMULATOR)) {
      Check check = workers.check(engine);
      assertFalse(check.selfCheck().passed());
      assertFalse(check.selfCheck().detail().contains("\n"), check.selfCheck().detail());
    }
  }

  @Test
  void onlyWhatUsesTheDriverAndMeansTheSimulatorIsLedToIt() {
    Path home = Path.of("/gpubench");
    var cuda = new TornadoEngine(TornadoBackend.CUDA);
    String path = TornadoProcess.environment(cuda, home, SIMULATOR).get("LD_LIBRARY_PATH");
    assertTrue(path.startsWith("/gpubench/lib/cudasim:/gpubench/native/build/cudasim"), path);
    assertEquals(Map.of(), TornadoProcess.environment(cuda, home, "0"));
    assertEquals(Map.of(), TornadoProcess.environment(cuda, home, null));
    assertEquals(
        Map.of(),
        TornadoProcess.environment(new TornadoEngine(TornadoBackend.PTX), home, SIMULATOR));
  }
}
