// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.NvmlDevice.Clock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    @Test
    void codeForARealDeviceIsRefusedWithARemedy() {
      byte[] fatBinary = new byte[64];
      ByteBuffer.wrap(fatBinary).order(ByteOrder.LITTLE_ENDIAN).putInt(0xba55ed50);
      var error =
          assertThrows(
              NativeUnavailableException.class,
              () -> context.loadModule("consensus.fatbin", fatBinary));
      String message = String.valueOf(error.getMessage());
      assertTrue(
          message.startsWith(
              "cuModuleLoadDataEx(consensus.fatbin, 64 bytes) failed:"
                  + " CUDA_ERROR_NO_BINARY_FOR_GPU (209): "),
          message);
      assertTrue(error.remedy().contains("compute capability 9.0"), error.remedy());
      assertInstanceOf(CudaException.class, error.getCause());
    }

    @Test
    void aKernelsMistakeIsReportedByEveryLaterCallUntilTheContextEnds() {
      try (var own = context.newStream()) {
        module.function("diverge").launch(LaunchShape.of(1, 64)).enqueue(own);
        var report = assertThrows(CudaException.class, own::synchronize);
        assertEquals("CUDA_ERROR_LAUNCH_FAILED", report.name());
        assertTrue(report.text().contains("diverge"), report.text());
        assertEquals(1, String.valueOf(report.getMessage()).lines().count());
        var again = assertThrows(CudaException.class, context::synchronize);
        assertEquals(report.code(), again.code());
        throw report;
      } catch (CudaException report) {
        assertEquals(1, report.getSuppressed().length, "closing the stream reports it too");
      }
      var end = assertThrows(LifecycleException.class, context::close);
      assertTrue(end.getSuppressed().length > 0);
      numbers = null;
      context = CudaContext.open(driver.devices().getFirst());
      context.allocate(16).close();
      context.synchronize();
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

    @Test
    void processesAreThoseOfTheEnvironment() throws Throwable {
      assertEquals(Optional.of(List.of()), device.computeProcesses());
      TestDrivers.setEnvironment("GPUBENCH_SIM_OCCUPANTS", "4711:python3,4294967295:blender");
      try {
        assertEquals(
            Optional.of(
                List.of(
                    new ComputeProcess(4711, "python3", null),
                    new ComputeProcess(4_294_967_295L, "blender", null))),
            device.computeProcesses());
        TestDrivers.setEnvironment("GPUBENCH_SIM_OCCUPANTS", "nonsense");
        assertEquals(999, assertThrows(NvmlException.class, device::computeProcesses).code());
        String many =
            IntStream.range(1, 100).mapToObj(i -> i + ":p" + i).collect(Collectors.joining(","));
        TestDrivers.setEnvironment("GPUBENCH_SIM_OCCUPANTS", many + ",7:" + "x".repeat(300));
        List<ComputeProcess> processes = device.computeProcesses().orElseThrow();
        assertEquals(100, processes.size());
        assertEquals(new ComputeProcess(99, "p99", null), processes.get(98));
      } finally {
        TestDrivers.setEnvironment("GPUBENCH_SIM_OCCUPANTS", "");
      }
    }
  }
}
