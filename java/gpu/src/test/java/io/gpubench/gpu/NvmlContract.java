// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.LifecycleException.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What NVML tells, joined to CUDA's device by UUID. */
abstract class NvmlContract {
  private final Supplier<CudaDriver> open;
  CudaDevice cuda;
  Nvml nvml;
  NvmlDevice device;

  NvmlContract(Supplier<CudaDriver> open) {
    this.open = open;
  }

  @BeforeEach
  void find() {
    cuda = open.get().devices().getFirst();
    nvml = Nvml.open();
    device = nvml.device(cuda.uuid()).orElseThrow();
  }

  @AfterEach
  void close() {
    if (nvml != null) {
      nvml.close();
    }
  }

  @Test
  void itIsTheDeviceThatCudaKnows() {
    assertEquals(Optional.of(cuda.name()), device.name());
    assertFalse(nvml.driverVersion().isEmpty());
  }

  @Test
  void itIsListedWithoutCuda() {
    List<NvmlDevice> all = IntStream.range(0, nvml.count()).mapToObj(nvml::device).toList();
    List<NvmlDevice> same =
        all.stream().filter(one -> one.uuid().equals(Optional.of(cuda.uuid()))).toList();
    assertEquals(1, same.size());
    assertEquals(device.name(), same.getFirst().name());
    assertEquals(Optional.of(cuda.pciBusId().toLowerCase(Locale.ROOT)), same.getFirst().pciBusId());
    assertEquals(
        device.uuid(), nvml.deviceAt(cuda.pciBusId()).flatMap(NvmlDevice::uuid), "by its place");
    assertEquals(Optional.empty(), nvml.deviceAt("ffff:ff:1f.0"));
    assertThrows(NvmlException.class, () -> nvml.device(all.size()));
    assertThrows(NvmlException.class, () -> nvml.device(-1));
  }

  /** Each is asked for: a wrong layout or range shows in a number that cannot be. */
  @Test
  void whatItTellsCanBe() {
    device.memory().ifPresent(memory -> assertTrue(memory.freeBytes() + memory.usedBytes() > 0));
    device
        .slowdownCelsius()
        .ifPresent(slowdown -> assertTrue(slowdown > device.temperatureCelsius().orElse(0) - 20));
    device.defaultPowerLimitMilliwatts().ifPresent(limit -> assertTrue(limit > 1000));
    for (NvmlDevice.Clock clock : NvmlDevice.Clock.values()) {
      int most = device.maxClockMegahertz(clock).orElse(Integer.MAX_VALUE);
      device.applicationClockMegahertz(clock).ifPresent(asked -> assertTrue(asked <= most));
      device.defaultApplicationClockMegahertz(clock).ifPresent(usual -> assertTrue(usual <= most));
    }
    device
        .cardPcieGeneration()
        .ifPresent(
            card -> device.maxPcieLink().ifPresent(most -> assertTrue(card >= most.generation())));
    device.performanceState().ifPresent(state -> assertTrue(state >= 0 && state <= 15));
    assertTrue(device.computeMode().isPresent(), "every device has one");
    if (device.eccEnabled().isEmpty()) {
      assertTrue(device.eccAfterRestart().isEmpty());
    }
    device.repairs().pending().ifPresent(Assertions::assertFalse);
    assertTrue(device.virtualisation().isPresent() || cuda.simulated());
  }

  @Test
  void readingSensorsAllocatesNothing() {
    NvmlSensors sensors = device.sensors();
    NvmlSensor[] quick = { // milliseconds are spared
      NvmlSensor.POWER_INSTANT, NvmlSensor.TEMPERATURE, NvmlSensor.CLOCK, NvmlSensor.TIME_BUSY
    };
    CudaContract.assertAllocatesNothing(() -> {
      for (NvmlSensor sensor : quick) {
        sensors.read(sensor);
      }
    });
  }

  @Test
  void anUnknownDeviceIsEmpty() {
    assertTrue(nvml.device("GPU-00000000-0000-0000-0000-000000000000").isEmpty());
    assertTrue(nvml.device("nonsense").isEmpty());
  }

  @Test
  void severalMayBeOpen() {
    try (var other = Nvml.open()) {
      assertEquals(nvml.driverVersion(), other.driverVersion());
    }
    assertFalse(nvml.driverVersion().isEmpty());
  }

  @Test
  void aDeviceLivesAsLongAsNvml() throws Throwable {
    CudaContract.assertMisuse(
        Kind.WRONG_THREAD, () -> CudaContract.elsewhere(device::powerMilliwatts));
    nvml.close();
    CudaContract.assertMisuse(Kind.USED_AFTER_CLOSE, device::name);
    CudaContract.assertMisuse(Kind.CLOSED_TWICE, nvml::close);
    nvml = null;
  }
}
