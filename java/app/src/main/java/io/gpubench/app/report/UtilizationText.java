// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.Printable;
import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.telemetry.TelemetryPart;
import io.gpubench.measure.telemetry.TelemetryPart.SensorPart;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a table for people says of sustained work: the share of time in which the device was busy,
 * the shares of all ceilings that were reached in it, and whether the two agree. Pure.
 */
final class UtilizationText {
  /** Below this share of time a device was not kept busy. */
  static final double BUSY = 0.9;

  /** A device of which no ceiling is reached by so much is not used, however busy. */
  static final double USED = 0.5;

  private UtilizationText() {}

  /** Lines that end with a line feed; empty for a record of other work, or without times. */
  static String of(ResultRecord record) {
    if (!record.workload().equals(UtilizationWorkload.ID) || record.statistics() == null) {
      return "";
    }
    Double timeBusy = timeBusy(record.processes());
    String busy =
        timeBusy == null
            ? "time-busy not measured (%s)".formatted(Printable.line(whyNot(record.processes())))
            : "time-busy %s (%s)".formatted(Figures.percent(timeBusy), source(record.processes()));
    Double processors = processorsBusy(record);
    if (timeBusy == null && record.device() == null && processors != null) {
      busy += ", processors %s busy".formatted(Figures.percent(processors));
    }
    CeilingShare share = record.ceiling();
    var text = new StringBuilder("%s: %s, %s%n".formatted(record.id(), busy, shares(share)));
    if (record.demands() != null && record.demands().size() == 1) {
      text.append("  memory is not judged: a cache may hold the arrays%n".formatted());
    }
    String judgement = judgement(timeBusy, share);
    return judgement == null ? text.toString() : text.append("  " + judgement + "\n").toString();
  }

  /** The share of time in which the device was busy, of all processes, 0 .. 1; null if unknown. */
  private static @Nullable Double timeBusy(List<ProcessPart> processes) {
    double sum = 0;
    long readings = 0;
    for (ProcessPart process : processes) {
      SensorPart sensor = sensor(process);
      Double mean = sensor == null ? null : sensor.mean();
      if (sensor != null && mean != null) {
        sum += mean * sensor.readings();
        readings += sensor.readings();
      }
    }
    return readings == 0 ? null : sum / readings / 100;
  }

  private static @Nullable SensorPart sensor(ProcessPart process) {
    TelemetryPart telemetry = process.telemetry();
    return telemetry == null ? null : telemetry.sensors().get(Sensor.TIME_BUSY);
  }

  private static String source(List<ProcessPart> processes) {
    var sources = new TreeSet<String>();
    for (ProcessPart process : processes) {
      SensorPart sensor = sensor(process);
      if (sensor != null && sensor.mean() != null) {
        sources.add(Printable.line(sensor.source()));
      }
    }
    return String.join(", ", sources);
  }

  private static String whyNot(List<ProcessPart> processes) {
    boolean recorded = false;
    for (ProcessPart process : processes) {
      recorded |= process.telemetry() != null;
      SensorPart sensor = sensor(process);
      if (sensor != null) {
        return sensor.missing() == null ? "no reading while it measured" : sensor.missing();
      }
    }
    return recorded ? "no such sensor" : "sensors were not recorded";
  }

  /**
   * What processors worked for it while it warmed up and measured, over that time and the threads
   * of a sample; null where that is not known.
   */
  private static @Nullable Double processorsBusy(ResultRecord record) {
    double worked = 0;
    double available = 0;
    for (ProcessPart process : record.processes()) {
      Double seconds = process.processorSeconds();
      ProcessPart.WarmupPart warmup = process.warmup();
      if (seconds != null && warmup != null) {
        worked += seconds;
        available += warmup.seconds() + process.measureSeconds();
      }
    }
    return available > 0 && record.configuration().get("threads") instanceof Number threads
        ? (Double) (worked / available / threads.doubleValue())
        : null;
  }

  /** {@code 81 % of ceiling.copy, 74 % of ceiling.int32}, the one that binds first. */
  private static String shares(@Nullable CeilingShare share) {
    if (share == null) {
      return "shares of ceilings not known";
    }
    var all = new ArrayList<String>();
    all.add(Figures.percent(share.share()) + " of " + Printable.line(share.ceiling()));
    Map<String, Double> others = share.others() == null ? Map.of() : share.others();
    others.forEach((id, of) -> all.add(Figures.percent(of) + " of " + Printable.line(id)));
    return String.join(", ", all);
  }

  /** Where time and shares disagree, or the device was not kept busy; null where all is well. */
  private static @Nullable String judgement(
      @Nullable Double timeBusy, @Nullable CeilingShare share) {
    if (share == null) {
      return null;
    }
    boolean used = share.share() >= USED;
    if (timeBusy == null) {
      return used ? null : "not used: no ceiling is reached by half";
    }
    if (timeBusy >= BUSY) {
      return used
          ? null
          : "busy, not used: a kernel was always there, no ceiling is reached by half";
    }
    return used
        ? "used, not busy: the samples reach a ceiling, but the device waits between them"
        : "neither busy nor used: the device waits, and no ceiling is reached by half";
  }
}
