// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.claim.Metric.Kind;
import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.telemetry.TelemetryPart;
import io.gpubench.measure.telemetry.TelemetryPart.SensorPart;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a metric is in one process of a record.
 *
 * @param value in the base unit of the metric's dimension; null where the process has none
 * @param rests on so many samples, or readings of a sensor
 * @param missing why there is no value, in one line; null exactly where there is one
 */
record ProcessValue(@Nullable Double value, long rests, @Nullable String missing) {
  private static final double SECOND = 1e9;

  /** Of a metric; a process without samples has none. */
  static ProcessValue of(Metric metric, ResultRecord measured, ProcessPart process) {
    Statistics times = process.statistics();
    if (times == null) {
      return none("a process has no samples");
    }
    return switch (metric.kind()) {
      case MEDIAN, P95, P99, P999 -> quantile(metric.kind(), measured, process, times);
      case MEAN -> some(times.mean() / measured.piecesOfSample(), process);
      case THROUGHPUT ->
          throughput(Objects.requireNonNull(metric.amount()), measured, process, times);
      case CEILING_SHARE -> ceilingShare(measured, process, times);
      case TIME_BUSY -> timeBusy(process);
    };
  }

  private static ProcessValue quantile(
      Kind kind, ResultRecord measured, ProcessPart process, Statistics times) {
    int pieces = measured.piecesOfSample();
    return pieces == 1
        ? some(kind.nanos(times), process)
        : none(
            "a sample is a batch of %,d pieces of work, whose quantiles are those of means"
                .formatted(pieces));
  }

  private static ProcessValue throughput(
      String amount, ResultRecord measured, ProcessPart process, Statistics times) {
    Double units = units(amount, measured);
    if (units == null) {
      return none("it does not count %s, but %s".formatted(amount, counted(measured)));
    }
    return times.median() > 0
        ? some(units / (times.median() / SECOND), process)
        : none("the median time of a process is 0 ns, which gives no throughput");
  }

  /** How many a sample does; null where that is not known. */
  private static @Nullable Double units(String amount, ResultRecord measured) {
    ResultRecord.WorkPart work = measured.work();
    if (work != null && work.unit().equals(amount)) {
      return work.units();
    }
    return measured.amounts() == null ? null : measured.amounts().get(amount);
  }

  private static String counted(ResultRecord measured) {
    var counted = new ArrayList<String>();
    ResultRecord.WorkPart work = measured.work();
    if (work != null) {
      counted.add(work.unit());
    }
    if (measured.amounts() != null) {
      counted.addAll(measured.amounts().keySet());
    }
    return counted.isEmpty() ? "nothing" : String.join(", ", counted);
  }

  private static ProcessValue ceilingShare(
      ResultRecord measured, ProcessPart process, Statistics times) {
    CeilingShare ceiling = measured.ceiling();
    if (ceiling == null) {
      return none("it is related to no ceiling");
    }
    if (ceiling.doubt() != null) {
      return none(ceiling.doubt());
    }
    return times.median() > 0
        ? some(ceiling.floorNanos() / times.median(), process)
        : none("the median time of a process is 0 ns, which gives no share");
  }

  private static ProcessValue timeBusy(ProcessPart process) {
    TelemetryPart telemetry = process.telemetry();
    if (telemetry == null) {
      return none("no sensor was recorded");
    }
    SensorPart sensor = telemetry.sensors().get(Sensor.TIME_BUSY);
    if (sensor == null) {
      return none("there is no sensor of the time in which a device is busy");
    }
    Double percent = sensor.mean();
    return percent == null
        ? none(
            "the sensor %s had no reading (%s)"
                .formatted(
                    Sensor.TIME_BUSY,
                    sensor.missing() == null ? "none while it measured" : sensor.missing()))
        : new ProcessValue(percent / 100, sensor.readings(), null);
  }

  private static ProcessValue some(double value, ProcessPart process) {
    return new ProcessValue(value, process.sampleCount(), null);
  }

  private static ProcessValue none(String why) {
    return new ProcessValue(null, 0, why);
  }
}
