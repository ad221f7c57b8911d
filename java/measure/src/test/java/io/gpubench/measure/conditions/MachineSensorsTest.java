// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.management.ThreadMXBean;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineSensorsTest {
  private static final String RAPL = "sys/class/powercap/intel-rapl:";

  @TempDir private Path root;

  @BeforeEach
  void allowTwoProcessors() throws IOException {
    write("proc/self/status", "Cpus_allowed_list:\t0-1");
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  private void zone(String number, String name, long microjoules, long range) throws IOException {
    write(RAPL + number + "/name", name);
    write(RAPL + number + "/energy_uj", Long.toString(microjoules));
    write(RAPL + number + "/max_energy_range_uj", Long.toString(range));
  }

  private Sensors open() {
    return MachineSensors.source(root).open();
  }

  private static double read(Sensors sensors, String id) {
    List<String> ids = sensors.all().stream().map(Sensor::id).toList();
    return sensors.read(ids.indexOf(id));
  }

  private void assertReads(double expected, String id) {
    try (Sensors sensors = open()) {
      assertEquals(expected, read(sensors, id), 1e-9, sensors.gap());
      assertEquals("", sensors.gap());
    }
  }

  private void assertGap(String why, String id) {
    try (Sensors sensors = open()) {
      assertEquals(Double.NaN, read(sensors, id));
      assertEquals(why, sensors.gap());
    }
  }

  private void writeEverything() throws IOException {
    zone("0", "package-0", 1_000_000, 262_143_328_850L);
    write("sys/class/thermal/thermal_zone0/type", "x86_pkg_temp");
    write("sys/class/thermal/thermal_zone0/temp", "45500");
    write("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "2600000");
    write("sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "2400000");
    write("proc/stat", "cpu  1 2 3 4 5 6 7 250 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0");
    write("proc/self/cgroup", "0::/job");
    write("sys/fs/cgroup/job/cpu.stat", "usage_usec 9\nnr_throttled 3\nthrottled_usec 1500000");
    write("sys/fs/cgroup/job/cpu.max", "150000 100000");
    write("proc/pressure/cpu", "some avg10=1.00 avg60=0.00 avg300=0.00 total=2500000");
  }

  @Test
  void whatIsThereIsReadInItsUnit() throws IOException {
    writeEverything();
    assertReads(1, Sensor.ENERGY);
    assertReads(45.5, Sensor.TEMPERATURE);
    assertReads(2500, Sensor.CLOCK);
    assertReads(2.5, MachineSensors.STEAL);
    assertReads(1.5, MachineSensors.THROTTLED);
    assertReads(3, MachineSensors.THROTTLED_PERIODS);
    assertReads(1.5, MachineSensors.QUOTA);
    assertReads(2.5, MachineSensors.PRESSURE);
  }

  @Test
  void whatIsNotThereIsAGapAndNeverZero() {
    try (Sensors sensors = open()) {
      assertEquals(8, sensors.all().size());
      for (int i = 0; i < sensors.all().size(); i++) {
        assertEquals(Double.NaN, sensors.read(i), sensors.all().get(i).id());
        assertEquals(Sensors.NOT_SUPPORTED, sensors.gap());
      }
    }
  }

  @Test
  void everySensorSaysWhoTellsIt() {
    try (Sensors sensors = open()) {
      assertEquals(
          List.of("rapl", "thermal", "cpufreq", "proc", "cgroup", "cgroup", "cgroup", "pressure"),
          sensors.all().stream().map(Sensor::source).toList());
      assertTrue(sensors.all().stream().noneMatch(sensor -> sensor.about().isBlank()));
    }
  }

  @Test
  void energyIsThatOfAllPackagesAndOfNothingInThem() throws IOException {
    zone("0", "package-0", 1_500_000, 1_000_000_000);
    zone("1", "package-1", 2_000_000, 1_000_000_000);
    zone("0:0", "core", 700_000, 1_000_000_000);
    zone("2", "psys", 9_000_000, 1_000_000_000);
    assertReads(3.5, Sensor.ENERGY);
  }

  @Test
  void energyGoesOnWhereACounterBeginsAnew() throws IOException {
    zone("0", "package-0", 999_000_000, 1_000_000_000);
    zone("1", "package-1", 5_000_000, 1_000_000_000);
    try (Sensors sensors = open()) {
      assertEquals(1004, read(sensors, Sensor.ENERGY), 1e-9);
      zone("0", "package-0", 2_000_000, 1_000_000_000);
      assertEquals(1007, read(sensors, Sensor.ENERGY), 1e-9);
      zone("0", "package-0", 1_000_000, 1_000_000_000);
      assertEquals(2006, read(sensors, Sensor.ENERGY), 1e-9);
    }
  }

  @Test
  void energyBeyondItsRangeIsNoReading() throws IOException {
    zone("0", "package-0", 1_000_000_001, 1_000_000_000);
    assertGap(Sensors.SENTINEL, Sensor.ENERGY);
    write(RAPL + "0/energy_uj", "-5");
    assertGap(Sensors.SENTINEL, Sensor.ENERGY);
    write(RAPL + "0/max_energy_range_uj", "rubbish");
    write(RAPL + "0/energy_uj", "5");
    assertGap(Sensors.SENTINEL, Sensor.ENERGY);
  }

  @Test
  void energyForRootAloneIsNotPermitted() throws IOException {
    zone("0", "package-0", 1, 1_000_000_000);
    zone("1", "package-1", 1, 1_000_000_000);
    Path secret = root.resolve(RAPL + "1/energy_uj");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(secret), "root reads everything");
    assertGap(Sensors.NO_PERMISSION, Sensor.ENERGY);
  }

  @Test
  void aSensorWithNothingBehindItIsASentinel() throws IOException {
    write("sys/class/thermal/thermal_zone0/type", "x86_pkg_temp");
    write("sys/class/thermal/thermal_zone0/temp", "0");
    assertGap(Sensors.SENTINEL, Sensor.TEMPERATURE);
    write("sys/class/thermal/thermal_zone0/temp", "150001");
    assertGap(Sensors.SENTINEL, Sensor.TEMPERATURE);
    write("sys/class/thermal/thermal_zone1/type", "x86_pkg_temp");
    write("sys/class/thermal/thermal_zone1/temp", "150000");
    assertReads(150, Sensor.TEMPERATURE);
  }

  @Test
  void whatBreaksWhileItIsOpenIsAGapOfThatReading() throws IOException {
    writeEverything();
    try (Sensors sensors = open()) {
      write("sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "rubbish");
      assertEquals(2600, read(sensors, Sensor.CLOCK));
      write("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "");
      assertEquals(Double.NaN, read(sensors, Sensor.CLOCK));
      assertEquals(Sensors.FAILED, sensors.gap());
      write("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "1000000");
      assertEquals(1000, read(sensors, Sensor.CLOCK));
      assertEquals("", sensors.gap());
    }
  }

  @Test
  void groupsAroundThatOfTheProcessHoldItBackToo() throws IOException {
    write("proc/self/cgroup", "0::/slice/job");
    write("sys/fs/cgroup/cpu.stat", "usage_usec 5");
    write("sys/fs/cgroup/slice/cpu.stat", "nr_throttled 1\nthrottled_usec 500000");
    write("sys/fs/cgroup/slice/cpu.max", "400000 100000");
    write("sys/fs/cgroup/slice/job/cpu.stat", "nr_throttled 2\nthrottled_usec 250000");
    write("sys/fs/cgroup/slice/job/cpu.max", "max 100000");
    assertReads(0.75, MachineSensors.THROTTLED);
    assertReads(3, MachineSensors.THROTTLED_PERIODS);
    assertReads(4, MachineSensors.QUOTA);
    write("sys/fs/cgroup/slice/cpu.max", "max 100000");
    assertGap(Sensors.NOT_SUPPORTED, MachineSensors.QUOTA);
  }

  @Test
  void theFirstVersionOfControlGroupsToo() throws IOException {
    write("proc/self/cgroup", "5:memory:/x\n4:cpu,cpuacct:/docker/abc\n0::/");
    String top = "sys/fs/cgroup/cpu,cpuacct/";
    write(top + "cpu.stat", "nr_periods 9\nnr_throttled 4\nthrottled_time 2000000000");
    write(top + "cpu.cfs_quota_us", "50000");
    write(top + "cpu.cfs_period_us", "100000");
    assertReads(2, MachineSensors.THROTTLED);
    assertReads(4, MachineSensors.THROTTLED_PERIODS);
    assertReads(0.5, MachineSensors.QUOTA);
    write(top + "cpu.cfs_quota_us", "-1");
    assertGap(Sensors.NOT_SUPPORTED, MachineSensors.QUOTA);
  }

  @Test
  void readingMakesNoGarbage() throws IOException {
    writeEverything();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Sensors sensors = open()) {
      sweep(sensors, 20_000); // until it is compiled, and what is made once has been
      long before = threads.getCurrentThreadAllocatedBytes();
      double sum = sweep(sensors, 1000);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(sum > 0);
      assertTrue(allocated < 1000, allocated + " B for 1000 sweeps of all sensors");
    }
  }

  private static double sweep(Sensors sensors, int times) {
    double sum = 0;
    int count = sensors.all().size();
    for (int i = 0; i < times; i++) {
      for (int sensor = 0; sensor < count; sensor++) {
        sum += sensors.read(sensor);
      }
    }
    return sum;
  }

  @Test
  void thisMachineIsReadWithoutATrace() {
    try (Sensors sensors = MachineSensors.source().open()) {
      for (int i = 0; i < sensors.all().size(); i++) {
        double reading = sensors.read(i);
        assertTrue(reading >= 0 || !sensors.gap().isEmpty(), sensors.all().get(i).id());
      }
    }
  }
}
