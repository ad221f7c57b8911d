// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What each sensor of a device costs where it is asked now and then, as it is beside a measurement:
 * with a pause before each round, after which caches are cold and a processor may have slept.
 * Arguments: the device's number in NVML or {@code sim}, and optionally the rounds. Prints a line for
 * each sensor, {@code ID MEDIAN_NANOS}, the most of all rounds, and the gap if it has none; then {@code
 * sum NANOS} of each round for those that are cheap enough to be asked at each poll.
 */
public final class SensorCost {
  private static final int ROUNDS = 200;
  private static final int PAUSE_MILLIS = 20;

  /** As the recorder has it. */
  private static final double CHEAP_NANOS = 50_000;

  private SensorCost() {}

  /** Measures. */
  public static void main(String[] arguments) throws InterruptedException {
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ROUNDS;
    try (Sensors sensors = SensorSweepBenchmark.open(arguments[0])) {
      List<Sensor> all = sensors.all();
      var nanos = new double[all.size()][rounds];
      var gaps = new String[all.size()];
      for (int round = 0; round < rounds; round++) {
        Thread.sleep(PAUSE_MILLIS);
        for (int i = 0; i < nanos.length; i++) {
          long before = System.nanoTime();
          double value = sensors.read(i);
          nanos[i][round] = System.nanoTime() - before;
          gaps[i] = Double.isNaN(value) ? sensors.gap() : "";
        }
      }
      var sums = new double[rounds];
      for (int i = 0; i < nanos.length; i++) {
        double[] sorted = nanos[i].clone();
        Arrays.sort(sorted);
        double median = sorted[rounds / 2];
        for (int round = 0; round < rounds && median < CHEAP_NANOS; round++) {
          sums[round] += nanos[i][round];
        }
        System.out.printf(
            Locale.ROOT,
            "%s %.0f %.0f %s%n",
            all.get(i).id(),
            median,
            sorted[rounds - 1],
            gaps[i]);
      }
      for (double sum : sums) {
        System.out.printf(Locale.ROOT, "sum %.0f%n", sum);
      }
    }
  }
}
