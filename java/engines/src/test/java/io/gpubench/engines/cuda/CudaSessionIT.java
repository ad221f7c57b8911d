// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

  /** On a thread of their own, while the session is open on this one. */
  @Test
  void itsSensorsTellOfTheSameDevice() throws Exception {
    try (Session session = new CudaEngine().open(new Engine.Options(1))) {
      Sensors.Source source = session.sensors();
      Map<String, Double> readings =
          CompletableFuture.supplyAsync(
                  () -> {
                    try (Sensors sensors = source.open()) {
                      var map = new HashMap<String, Double>();
                      for (int i = 0; i < sensors.all().size(); i++) {
                        assertEquals("nvml", sensors.all().get(i).source());
                        map.put(sensors.all().get(i).id(), sensors.read(i));
                      }
                      return map;
                    }
                  },
                  work -> Thread.ofPlatform().start(work))
              .get();
      Double celsius = session.telemetry().temperatureCelsius();
      assertNotNull(celsius);
      assertEquals(celsius, readings.get(Sensor.TEMPERATURE), 10);
      double watts = readings.get(Sensor.POWER_INSTANT);
      assertTrue(Double.isNaN(watts) || (watts > 1 && watts < 2000), watts + " W");
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
