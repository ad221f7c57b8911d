// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gpubench.measure.conditions.ProcessorSensors;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import org.junit.jupiter.api.Test;

class JavaSessionTest {
  @Test
  void itsSensorsAreThoseOfTheProcessors() {
    try (Session session = new JavaEngine().open(new Engine.Options(1))) {
      assertEquals(Session.PROCESSORS, session.deviceId());
      Telemetry now = session.telemetry();
      Telemetry machine = ProcessorSensors.find().read();
      assertEquals(machine.temperatureCelsius() == null, now.temperatureCelsius() == null);
      assertEquals(machine.clockMegahertz() == null, now.clockMegahertz() == null);
      assertNull(now.powerWatts());
    }
  }
}
