// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.gpu.CudaDriver;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A process that opens the sensors of the simulated device and reads all of them again and again:
 * the device reads a fault script once per process.
 */
final class SensorsOfProcess {
  private SensorsOfProcess() {}

  /**
   * A reading.
   *
   * @param gap why there is no number; empty if there is
   */
  record Reading(String id, double value, String gap) {}

  /** What such a process read, in the order of time. */
  record Readings(List<Reading> all) {
    List<Reading> of(String id) {
      return all.stream().filter(reading -> reading.id().equals(id)).toList();
    }

    List<Double> values(String id) {
      return of(id).stream().map(Reading::value).toList();
    }

    /** The gap that all readings of a sensor have. */
    String gap(String id) {
      List<String> gaps = of(id).stream().map(Reading::gap).distinct().toList();
      assertEquals(1, gaps.size(), id + ": " + gaps);
      return gaps.getFirst();
    }

    List<String> ids() {
      return all.stream().map(Reading::id).distinct().toList();
    }
  }

  /**
   * Runs one.
   *
   * @param faults rules for the simulated device
   * @param lacks functions and libraries that it lacks, separated by commas; empty for none
   * @param rounds of all sensors, with a pause of 10 ms after each
   */
  static Readings run(String faults, String lacks, int rounds)
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
    command.addAll(List.of(SensorsOfProcess.class.getName(), Integer.toString(rounds)));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("GPUBENCH_SIM_FAULTS", faults);
    Process process = builder.start();
    String written =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), written);
    return new Readings(
        written
            .lines()
            .map(line -> line.split(",", -1))
            .map(cells -> new Reading(cells[0], Double.parseDouble(cells[1]), cells[2]))
            .toList());
  }

  public static void main(String[] arguments) throws InterruptedException {
    String uuid = CudaDriver.openSimulator().devices().getFirst().uuid();
    try (Sensors sensors = NvmlSource.of(uuid, true).open()) {
      List<Sensor> all = sensors.all();
      for (int round = 0; round < Integer.parseInt(arguments[0]); round++) {
        for (int i = 0; i < all.size(); i++) {
          double value = sensors.read(i);
          String gap = Double.isNaN(value) ? sensors.gap() : "";
          System.out.println(all.get(i).id() + "," + value + "," + gap);
        }
        Thread.sleep(10);
      }
    }
  }
}
