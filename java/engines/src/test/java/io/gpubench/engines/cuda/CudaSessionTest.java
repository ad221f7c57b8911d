// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.gpu.CudaDriver;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.EngineEvidence;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session on the simulated device says of the device. */
class CudaSessionTest {
  @BeforeEach
  void needsTheSimulator() {
    assumeTrue(Simulator.missing().isEmpty(), "no simulated device");
  }

  @AfterEach
  void nobodyElse() throws Throwable {
    occupy("");
  }

  private static Session open() {
    return new CudaEngine().on(CudaEngine.SIMULATOR).orElseThrow().open(new Engine.Options(1));
  }

  private static void occupy(String processes) {
    Simulator.setEnvironment("GPUBENCH_SIM_OCCUPANTS", processes);
  }

  /** As with an old driver, or a device without cooperative launches. */
  @Test
  void aPathThatThisDeviceLacksCostsNoOtherOne() {
    var real = new CudaConsensusAdapter();
    var lacking =
        (CudaAdapter)
            Proxy.newProxyInstance(
                CudaAdapter.class.getClassLoader(),
                new Class<?>[] {CudaAdapter.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("prepare")
                      && !List.of("launch", "graph").contains(((Mode) arguments[2]).path())) {
                    throw new EngineException("lacking");
                  }
                  return method.invoke(real, arguments);
                });
    var adapters = Map.of(ConsensusWorkload.ID, lacking);
    try (var session = CudaSession.open(CudaDriver.openSimulator(), "0", adapters)) {
      assertTrue(session.selfCheck().passed(), () -> session.selfCheck().detail());
    }
  }

  @Test
  void whatItSaysContradictsNothingUnlessItHidesThatItIsSimulated() {
    try (Session session = open()) {
      List<Telemetry> readings = List.of(session.telemetry());
      var honest =
          new EngineEvidence(
              session.device(),
              null,
              true,
              null,
              session.bounds(),
              session.description(),
              readings);
      assertEquals(List.of(), new CudaEngine().contradictions(honest));
      var hidden =
          new EngineEvidence(
              session.device(),
              null,
              false,
              null,
              session.bounds(),
              session.description(),
              readings);
      assertEquals(
          EngineEvidence.Kind.SYNTHETIC, new CudaEngine().contradictions(hidden).getFirst().kind());
    }
  }

  @Test
  void theSimulatedDeviceIsTheProcessorsAndHasNoSensors() {
    try (Session session = open()) {
      assertEquals(Session.PROCESSORS, session.deviceId());
      assertEquals(List.of(), session.occupants());
      assertEquals(Telemetry.NONE, session.telemetry());
    }
  }

  @Test
  void occupantsAreThoseFromBeforeItWasOpened() throws Throwable {
    occupy("4711:python3,4712:blender");
    try (Session session = open()) {
      occupy("4713:late");
      assertEquals(List.of("4711 (python3)", "4712 (blender)"), session.occupants());
    }
  }

  @Test
  void whatNvmlDoesNotTellDoesNotPreventARun() throws Throwable {
    occupy("nonsense");
    try (Session session = open()) {
      assertEquals(List.of(), session.occupants());
    }
  }
}
