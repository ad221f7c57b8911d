// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.NvmlDevice.Clock;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contracts on the first real device of this machine. */
@Tag("gpu")
class DeviceIT {
  @Nested
  class Context extends ContextContract {
    Context() {
      super(CudaDriver::open);
    }

    @Test
    void itIsReal() {
      assertFalse(context.device().simulated());
      assertTrue(context.device().clockKilohertz() > 100_000);
      assertTrue(context.device().memoryClockKilohertz() > 100_000);
      assertTrue(context.device().memoryBusBits() >= 32);
      assertTrue(context.device().l2Bytes() > 1 << 16);
    }
  }

  @Nested
  class Memory extends MemoryContract {
    Memory() {
      super(CudaDriver::open);
    }
  }

  @Nested
  class Peer extends PeerContract {
    Peer() {
      super(CudaDriver::open);
    }
  }

  @Nested
  class Graph extends GraphContract {
    Graph() {
      super(CudaDriver::open);
    }
  }

  @Nested
  class Launch extends LaunchContract {
    Launch() {
      super(CudaDriver::open);
    }

    @Test
    void thePtxCompilersFirstErrorIsTold() {
      byte[] ptx = ".version 7.0\n.target sm_75\n.address_size 64\nnonsense\n".getBytes(UTF_8);
      var error = assertThrows(CudaException.class, () -> context.loadModule("bad.ptx", ptx));
      assertEquals("CUDA_ERROR_INVALID_PTX", error.name());
      assertTrue(error.text().contains("line 4"), error.text());
    }
  }

  @Nested
  class Sensors extends NvmlContract {
    Sensors() {
      super(CudaDriver::open);
    }

    @Test
    void readingsArePlausible() {
      device.powerMilliwatts().ifPresent(milliwatts -> assertTrue(milliwatts > 1000));
      device.temperatureCelsius().ifPresent(celsius -> assertTrue(celsius > 0 && celsius < 120));
      device
          .maxClockMegahertz(Clock.MULTIPROCESSOR)
          .ifPresent(
              max -> assertTrue(device.clockMegahertz(Clock.MULTIPROCESSOR).getAsInt() <= max));
      device.maxPcieLink().ifPresent(link -> assertTrue(link.lanes() >= 1 && link.lanes() <= 32));
      device
          .utilization()
          .ifPresent(
              share -> assertTrue(share.kernelPercent() <= 100 && share.memoryPercent() <= 100));
      assertTrue(device.clockEventReasons().isPresent());
    }

    /** A device that works has these; what else it tells is a number or is refused for good. */
    @Test
    void everySensorIsANumberOrRefusedForGood() {
      NvmlSensors sensors = device.sensors();
      for (NvmlSensor sensor : NvmlSensor.values()) {
        double value = sensors.read(sensor);
        assertEquals(sensors.status() != NvmlSensors.Status.READ, Double.isNaN(value));
        assertTrue(
            sensors.status() == NvmlSensors.Status.READ || sensors.status().permanent(),
            sensor + ": " + sensors.status());
      }
      for (NvmlSensor sensor : new NvmlSensor[] {NvmlSensor.TEMPERATURE, NvmlSensor.CLOCK}) {
        assertFalse(Double.isNaN(sensors.read(sensor)), sensor + ": " + sensors.status());
      }
    }

    @Test
    void powerIsWithinItsLimitAndEnergyIsItsIntegral() throws InterruptedException {
      NvmlSensors sensors = device.sensors();
      double limit = device.powerLimitMilliwatts().orElse(2_000_000) * 1e-3;
      double watts = sensors.read(NvmlSensor.POWER_INSTANT);
      assertTrue(Double.isNaN(watts) || (watts > 1 && watts < 1.3 * limit), watts + " W");
      double before = sensors.read(NvmlSensor.ENERGY);
      long began = System.nanoTime();
      if (Double.isNaN(before)) {
        return;
      }
      Thread.sleep(2000);
      double joules = sensors.read(NvmlSensor.ENERGY) - before;
      double mean = joules / (System.nanoTime() - began) * 1e9;
      assertTrue(mean > 1 && mean < 1.3 * limit, mean + " W on average");
    }

    @Test
    void copiesShowInTheCountersOfTheLink() {
      NvmlSensors sensors = device.sensors();
      double before = sensors.read(NvmlSensor.PCIE_RECEIVED);
      if (Double.isNaN(before)) {
        return;
      }
      long bytes = 256L << 20;
      try (var context = CudaContext.open(cuda);
          var target = context.allocate(bytes);
          var source = context.allocatePinned(bytes)) {
        try (var stream = context.newStream()) {
          target.uploadAsync(stream, 0, source.segment());
          stream.synchronize();
        }
      }
      double received = sensors.read(NvmlSensor.PCIE_RECEIVED) - before;
      assertTrue(received > 0.9 * bytes && received < 4.0 * bytes, received + " bytes");
    }

    @Test
    void processesArePlausible() {
      try (var _ = CudaContext.open(cuda)) {
        for (ComputeProcess process : device.computeProcesses().orElse(List.of())) {
          assertTrue(process.pid() > 0 && process.pid() < 1 << 30, process.toString());
          assertTrue(
              process.usedBytes() == null
                  || (process.usedBytes() >= 0 && process.usedBytes() <= cuda.memoryBytes()),
              process + " uses " + process.usedBytes());
        }
      }
    }
  }
}
