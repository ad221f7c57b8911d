// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.NvmlDevice.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contracts on the simulated device. */
class SimulatorTest {
  @Nested
  class Context extends ContextContract {
    Context() {
      super(TestDrivers::simulator);
    }

    @Test
    void itSaysWhatItIs() {
      assertTrue(context.device().simulated());
      assertEquals(1, driver.devices().size());
    }
  }

  @Nested
  class Memory extends MemoryContract {
    Memory() {
      super(TestDrivers::simulator);
    }
  }

  @Nested
  class Graph extends GraphContract {
    Graph() {
      super(TestDrivers::simulator);
    }
  }

  @Nested
  class Launch extends LaunchContract {
    Launch() {
      super(TestDrivers::simulator);
    }
  }

  @Nested
  class Compiler extends NvrtcContract {
    Compiler() {
      super(() -> {
        TestDrivers.simulator();
        return NvrtcCompiler.open();
      });
    }
  }

  @Nested
  class Sensors extends NvmlContract {
    Sensors() {
      super(TestDrivers::simulator);
    }

    @Test
    void nothingIsInvented() {
      for (Object reading :
          List.of(
              device.vbiosVersion(),
              device.eccEnabled(),
              device.persistent(),
              device.divided(),
              device.maxPcieLink(),
              device.pcieLink(),
              device.utilization(),
              device.clockEventReasons())) {
        assertEquals(Optional.empty(), reading);
      }
      for (OptionalInt reading :
          List.of(
              device.powerLimitMilliwatts(),
              device.maxClockMegahertz(Clock.MEMORY),
              device.clockMegahertz(Clock.MULTIPROCESSOR),
              device.powerMilliwatts(),
              device.temperatureCelsius())) {
        assertEquals(OptionalInt.empty(), reading);
      }
    }
  }
}
