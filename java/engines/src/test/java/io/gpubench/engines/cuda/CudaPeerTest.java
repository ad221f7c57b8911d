// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.migration.MigrationWorkload;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A second simulated device, which the driver counts whenever it is opened. */
class CudaPeerTest extends CudaPeerContract {
  private static final String DEVICES = "GPUBENCH_SIM_DEVICES";
  private static final String ACCESS = "GPUBENCH_SIM_PEER_ACCESS";
  private static final String SECOND = "GPU-67707562-656e-6368-2d73-696d756c6175";

  CudaPeerTest() {
    super(CudaEngine.SIMULATOR);
  }

  @Override
  protected Optional<String> skipReason() {
    return Simulator.missing();
  }

  @BeforeEach
  void two() {
    Simulator.setEnvironment(DEVICES, "2");
  }

  @AfterEach
  void one() {
    Simulator.setEnvironment(DEVICES, "1");
    Simulator.setEnvironment(ACCESS, "1");
  }

  @ParameterizedTest
  @MethodSource("casesByCopies")
  void withoutAccessTheHostHelps(Case of) {
    Simulator.setEnvironment(ACCESS, "0");
    agrees("peer", of);
  }

  @Test
  void itIsNamedByIndexOrUuid() {
    var of = new Case(CudaMigrationAdapter.STAGING, "device", true, 4096, 2, "one");
    for (String peer : List.of("peer:1", "peer:" + SECOND)) {
      agrees(peer, of);
    }
  }

  private EngineException refused(String to, String path) {
    var of = new Case(path, "device", true, 4096, 2, "one");
    ParameterValues values = values("device", to, of);
    try (var session = open()) {
      return assertThrows(
          EngineException.class,
          () -> session.prepare(new MigrationWorkload(), Mode.of(path), values, FACTS));
    }
  }

  @Test
  void whereThereIsOneTheRunIsSkipped() {
    Simulator.setEnvironment(DEVICES, "1");
    for (String path : List.of(CudaMigrationAdapter.STAGING, CudaMigrationAdapter.KERNEL)) {
      EngineException absent = refused("peer", path);
      assertEquals(EngineException.Kind.ABSENT, absent.kind());
      assertEquals(
          "peer needs a second GPU; this machine shows one: 0 (Simulated CUDA device,"
              + " GPU-67707562-656e-6368-2d73-696d756c6174)",
          absent.getMessage());
    }
  }

  @Test
  void aDeviceThatIsNotThereIsAbsent() {
    EngineException absent = refused("peer:7", CudaMigrationAdapter.STAGING);
    assertEquals(EngineException.Kind.ABSENT, absent.kind());
    assertEquals(
        "peer:7: there is no CUDA device '7'; use one of: 1 (Simulated CUDA device, "
            + SECOND
            + ")",
        absent.getMessage());
  }

  @Test
  void noDeviceIsItsOwnPeer() {
    EngineException refused = refused("peer:0", CudaMigrationAdapter.STAGING);
    assertEquals(EngineException.Kind.FAILED, refused.kind());
    assertTrue(
        refused.reason().equals("peer:0 is the device that measures, which is no peer of itself"),
        refused.reason());
  }

  @Test
  void kernelsNeedAccess() {
    Simulator.setEnvironment(ACCESS, "0");
    assertEquals(EngineException.Kind.ABSENT, refused("peer", CudaMigrationAdapter.KERNEL).kind());
  }
}
