// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import static java.util.Map.entry;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import java.util.Locale;
import java.util.Map;

/**
 * What Prometheus calls a sensor. Of a GPU it is what dcgm-exporter calls it where the meaning is
 * the same, so that dashboards made for that one show it; everything else has a name of ours, after
 * the sensor's id: {@code gpubench_steal_seconds_total}.
 *
 * @param help one line, with the unit
 * @param counter whether its number only grows
 * @param factor the number of Prometheus for 1 in the sensor's unit
 */
record Metric(String name, String help, boolean counter, double factor) {
  /** Part of the name of who tells what dcgm-exporter tells, also of a simulated one. */
  private static final String GPU_SOURCE = "nvml";

  private static final Map<String, Metric> OF_GPU =
      Map.ofEntries(
          gauge(Sensor.POWER_AVERAGE, "DCGM_FI_DEV_POWER_USAGE", "Power draw (in W)."),
          // there instead of the average, this is what dcgm-exporter asks for
          gauge("powerUsageWatts", "DCGM_FI_DEV_POWER_USAGE", "Power draw (in W)."),
          gauge("performanceState", "DCGM_FI_DEV_PSTATE", "Performance state, 0 is the fastest."),
          counter(
              "eccCorrectedErrors",
              "DCGM_FI_DEV_ECC_SBE_VOL_TOTAL",
              "Errors of memory that ECC corrected since the driver was loaded."),
          counter(
              "eccUncorrectedErrors",
              "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL",
              "Errors of memory that ECC could not correct since the driver was loaded."),
          gauge(
              Sensor.POWER_INSTANT,
              "DCGM_FI_DEV_POWER_USAGE_INSTANT",
              "Power draw of the moment (in W)."),
          entry(
              Sensor.ENERGY,
              new Metric(
                  "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
                  "Total energy consumption since the driver was loaded (in mJ).",
                  true,
                  1000)),
          gauge(Sensor.TEMPERATURE, "DCGM_FI_DEV_GPU_TEMP", "GPU temperature (in C)."),
          gauge(Sensor.MEMORY_TEMPERATURE, "DCGM_FI_DEV_MEMORY_TEMP", "Memory temperature (in C)."),
          gauge(Sensor.CLOCK, "DCGM_FI_DEV_SM_CLOCK", "SM clock frequency (in MHz)."),
          gauge(Sensor.MEMORY_CLOCK, "DCGM_FI_DEV_MEM_CLOCK", "Memory clock frequency (in MHz)."),
          gauge(
              Sensor.TIME_BUSY,
              "DCGM_FI_DEV_GPU_UTIL",
              "GPU utilization: share of time in which a kernel was running (in %)."),
          gauge(
              Sensor.MEMORY_TIME_BUSY,
              "DCGM_FI_DEV_MEM_COPY_UTIL",
              "Memory utilization: share of time in which it was read or written (in %)."));

  private static Map.Entry<String, Metric> gauge(String id, String name, String help) {
    return entry(id, new Metric(name, help, false, 1));
  }

  private static Map.Entry<String, Metric> counter(String id, String name, String help) {
    return entry(id, new Metric(name, help, true, 1));
  }

  /** That of a sensor. */
  static Metric of(Sensor sensor) {
    Metric known = sensor.source().contains(GPU_SOURCE) ? OF_GPU.get(sensor.id()) : null;
    if (known != null) {
      return known;
    }
    boolean counter = sensor.kind() == Kind.COUNTER;
    String name = sensor.id().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    String help =
        sensor.about().substring(0, 1).toUpperCase(Locale.ROOT) + sensor.about().substring(1);
    return new Metric(
        "gpubench_" + name + (counter ? "_total" : ""),
        help + (sensor.unit().isEmpty() ? "." : " (in " + sensor.unit() + ")."),
        counter,
        1);
  }
}
