// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.gpubench.measure.spi.Telemetry;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessorSensorsTest {
  private final FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
  private final Path root = memory.getPath("/");

  @AfterEach
  void close() throws IOException {
    memory.close();
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  private void zone(int number, String type, String temperature) throws IOException {
    write("sys/class/thermal/thermal_zone" + number + "/type", type);
    write("sys/class/thermal/thermal_zone" + number + "/temp", temperature);
  }

  private void monitor(int number, String name, String input, String label, String temperature)
      throws IOException {
    String folder = "sys/class/hwmon/hwmon" + number + "/";
    write(folder + "name", name);
    write(folder + input + "_label", label);
    write(folder + input + "_input", temperature);
  }

  private void clock(int cpu, String kilohertz) throws IOException {
    write("sys/devices/system/cpu/cpu" + cpu + "/cpufreq/scaling_cur_freq", kilohertz);
  }

  private @Nullable Double celsius() {
    return ProcessorSensors.find(root).read().temperatureCelsius();
  }

  @Test
  void whereNothingCanBeReadNothingIsSaid() throws IOException {
    assertEquals(Telemetry.NONE, ProcessorSensors.find(root).read());
    zone(0, "acpitz", "27800");
    zone(1, "iwlwifi_1", "60000");
    zone(2, "x86_pkg_temp", "rubbish");
    monitor(0, "nvme", "temp1", "Composite", "70000");
    assertEquals(Telemetry.NONE, ProcessorSensors.find(root).read());
  }

  @Test
  void theHottestSensorOfTheProcessorsCounts() throws IOException {
    zone(0, "acpitz", "99000");
    zone(1, "x86_pkg_temp", "45000");
    assertEquals(45.0, celsius());
    zone(2, "cpu-thermal", "47500");
    assertEquals(47.5, celsius());
    zone(3, "cpu-0-3-thermal", "48000");
    assertEquals(48.0, celsius());
    monitor(1, "coretemp", "temp1", "Package id 0", "51000");
    monitor(1, "coretemp", "temp2", "Core 0", "52250");
    assertEquals(52.25, celsius());
  }

  @Test
  void aSensorWithNothingBehindItDoesNotCount() throws IOException {
    zone(0, "x86_pkg_temp", "0");
    zone(1, "cpu_thermal", "-274000");
    zone(2, "cpu_thermal", "255000");
    assertEquals(Telemetry.NONE, ProcessorSensors.find(root).read());
  }

  @Test
  void theControlTemperatureYieldsToTheTrueOne() throws IOException {
    monitor(0, "k10temp", "temp1", "Tctl", "87000");
    assertEquals(87.0, celsius());
    monitor(0, "k10temp", "temp2", "Tdie", "60000");
    monitor(0, "k10temp", "temp3", "Tccd1", "61000");
    assertEquals(61.0, celsius());
  }

  @Test
  void theClockIsTheMeanOfTheCpusThatMayBeUsed() throws IOException {
    write("proc/self/status", "Cpus_allowed_list:\t0-1,5");
    clock(0, "2000000");
    clock(1, "3000000");
    clock(2, "9000000");
    assertEquals(new Telemetry(null, null, 2500.0, null), ProcessorSensors.find(root).read());
    clock(5, "rubbish");
    assertEquals(2500.0, ProcessorSensors.find(root).read().clockMegahertz());
  }

  @Test
  void ofManyCpusSomeAreAsked() throws IOException {
    write("proc/self/status", "Cpus_allowed_list:\t0-63");
    for (int cpu = 0; cpu < 64; cpu++) {
      clock(cpu, cpu % 4 == 0 ? "1000000" : "9000000");
    }
    assertEquals(1000.0, ProcessorSensors.find(root).read().clockMegahertz());
  }

  @Test
  void sensorsAreReadAnew() throws IOException {
    zone(0, "x86_pkg_temp", "45000");
    ProcessorSensors sensors = ProcessorSensors.find(root);
    assertEquals(45.0, sensors.read().temperatureCelsius());
    zone(0, "x86_pkg_temp", "46000");
    assertEquals(46.0, sensors.read().temperatureCelsius());
  }

  @Test
  void onThisMachineTheyArePlausibleOrAbsent() {
    Telemetry now = ProcessorSensors.find().read();
    Double celsius = now.temperatureCelsius();
    Double clock = now.clockMegahertz();
    assertTrue(celsius == null || (celsius > 0 && celsius <= 150), now.toString());
    assertTrue(clock == null || (clock > 10 && clock < 20_000), now.toString());
  }
}
