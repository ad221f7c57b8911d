// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.gpu.NvmlSensors.Status;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A process that reads all sensors of the simulated device again and again: the device reads a fault
 * script once per process.
 */
final class SensorProcess {
  private static final String ALLOCATED = "allocated";
  private static final String NANOS = "nanos";

  private SensorProcess() {}

  /**
   * A reading.
   *
   * @param round counted from 0
   */
  record Reading(int round, NvmlSensor sensor, double value, Status status) {}

  /**
   * What the process wrote.
   *
   * @param allocatedBytes of its thread in all sweeps of the last part
   * @param nanosPerSweep of the quickest of those
   */
  record Answer(List<Reading> readings, long allocatedBytes, double nanosPerSweep) {
    List<Reading> of(NvmlSensor sensor) {
      return readings.stream().filter(reading -> reading.sensor() == sensor).toList();
    }

    List<Double> values(NvmlSensor sensor) {
      return of(sensor).stream().map(Reading::value).toList();
    }

    /** The status that all readings of a sensor have. */
    Status status(NvmlSensor sensor) {
      List<Status> all = of(sensor).stream().map(Reading::status).distinct().toList();
      assertEquals(1, all.size(), sensor + ": " + all);
      return all.getFirst();
    }
  }

  /**
   * Runs one.
   *
   * @param faults rules for the simulated device
   * @param lacks functions that its libraries lack, separated by commas; empty for none
   * @param rounds of all sensors, with a pause of so many milliseconds after each
   * @param sweeps without a pause, which are timed
   */
  static Answer run(String faults, String lacks, int rounds, int pauseMillis, int sweeps)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add(
        "-Dgpubench.home=" + Objects.requireNonNull(System.getProperty("gpubench.home")));
    if (!lacks.isEmpty()) {
      command.add("-Dgpubench.simulator.lacks=" + lacks);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SensorProcess.class.getName());
    for (int number : new int[] {rounds, pauseMillis, sweeps}) {
      command.add(Integer.toString(number));
    }
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("GPUBENCH_SIM_FAULTS", faults);
    Process process = builder.start();
    String written =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), written);
    var readings = new ArrayList<Reading>();
    long allocated = 0;
    double nanos = 0;
    for (String line : written.lines().toList()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case ALLOCATED -> allocated = Long.parseLong(words[1]);
        case NANOS -> nanos = Double.parseDouble(words[1]);
        default ->
            readings.add(
                new Reading(
                    Integer.parseInt(words[0]),
                    NvmlSensor.valueOf(words[1]),
                    Double.parseDouble(words[2]),
                    Status.valueOf(words[3])));
      }
    }
    return new Answer(readings, allocated, nanos);
  }

  public static void main(String[] arguments) throws InterruptedException {
    int rounds = Integer.parseInt(arguments[0]);
    int pauseMillis = Integer.parseInt(arguments[1]);
    int sweeps = Integer.parseInt(arguments[2]);
    CudaDriver.openSimulator();
    try (var nvml = Nvml.open()) {
      NvmlSensors sensors = nvml.device(0).sensors();
      for (int round = 0; round < rounds; round++) {
        for (NvmlSensor sensor : NvmlSensor.values()) {
          double value = sensors.read(sensor);
          System.out.println(round + " " + sensor + " " + value + " " + sensors.status());
        }
        Thread.sleep(pauseMillis);
      }
      sweep(sensors, sweeps);
    }
  }

  /** The least of several attempts, since the compiler's work may show in the first. */
  private static void sweep(NvmlSensors sensors, int sweeps) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    NvmlSensor[] all = NvmlSensor.values();
    long allocated = Long.MAX_VALUE;
    long nanos = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 10; attempt++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < sweeps; i++) {
        long began = System.nanoTime();
        for (NvmlSensor sensor : all) {
          sensors.read(sensor);
        }
        nanos = Math.min(nanos, System.nanoTime() - began);
      }
      allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
    }
    System.out.println(ALLOCATED + " " + (sweeps == 0 ? 0 : allocated));
    System.out.println(NANOS + " " + (sweeps == 0 ? 0 : nanos));
  }
}
