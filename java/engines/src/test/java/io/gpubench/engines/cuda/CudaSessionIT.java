// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a session on the first GPU says of it. */
@Tag("gpu")
class CudaSessionIT {
  @Test
  void itIsItselfAndTellsItsTemperature() {
    try (Session session = new CudaEngine().open(new Engine.Options(1))) {
      assertTrue(session.deviceId().matches("gpu-[0-9a-f-]{36}"), session.deviceId());
      Telemetry now = session.telemetry();
      Double celsius = now.temperatureCelsius();
      assertNotNull(celsius, now.toString());
      assertTrue(celsius > 0 && celsius < 120, now.toString());
      assertTrue(now.powerWatts() == null || now.powerWatts() > 1, now.toString());
      assertTrue(now.clockMegahertz() == null || now.clockMegahertz() > 50, now.toString());
    }
  }

  @Test
  void thisProcessIsNotAmongTheOccupants() {
    String self = Long.toString(ProcessHandle.current().pid());
    try (Session session = new CudaEngine().open(new Engine.Options(1))) {
      assertTrue(
          session.occupants().stream().noneMatch(occupant -> occupant.split(" ")[0].equals(self)),
          session.occupants().toString());
    }
  }
}
