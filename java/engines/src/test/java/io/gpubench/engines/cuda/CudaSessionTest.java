// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.EngineEvidence;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.List;
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

  /** Sets the variable where native code looks for it; Java's own copy stays as it was. */
  @SuppressWarnings("restricted") // a call of native code is
  private static void occupy(String processes) throws Throwable {
    Linker linker = Linker.nativeLinker();
    var setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int code =
          (int)
              setenv.invokeExact(
                  arena.allocateFrom("GPUBENCH_SIM_OCCUPANTS"), arena.allocateFrom(processes), 1);
      assertEquals(0, code);
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
