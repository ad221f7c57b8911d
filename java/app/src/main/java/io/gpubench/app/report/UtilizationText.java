// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.Printable;
import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.telemetry.TelemetryPart;
import io.gpubench.measure.telemetry.TelemetryPart.SensorPart;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
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

  /**
   * Where caches can save less than the rest of all bytes, memory's share is told as a value, and
   * elsewhere as a lower bound.
   */
  static final double WHOLE = 0.95;

  private UtilizationText() {}

  /** Lines that end with a line feed; empty for a record of other work, or without times. */
  static String of(ResultRecord record) {
    if (!record.workload().equals(UtilizationWorkload.ID) || record.statistics() == null) {
      return "";
    }
    Double timeBusy = timeBusy(record);
    String busy =
        timeBusy == null
            ? "time-busy not measured (%s)".formatted(Printable.line(whyNot(record.processes())))
            : "time-busy %s (%s)".formatted(Figures.percent(timeBusy), source(record.processes()));
    Double processors = processorsBusy(record);
    if (timeBusy == null && record.device() == null && processors != null) {
      busy += ", processors %s busy".formatted(Figures.percent(processors));
    }
    var use = Use.of(record);
    var text = new StringBuilder("%s: %s, %s\n".formatted(record.id(), busy, use.shares()));
    if (use.heldByCache()) {
      text.append("  memory is not judged: a cache may hold the arrays\n");
    }
    String judgement = judgement(timeBusy, use);
    return judgement == null ? text.toString() : text.append("  " + judgement + "\n").toString();
  }

  /** The share of time in which the device was busy, of all processes, 0 .. 1; null if unknown. */
  private static @Nullable Double timeBusy(ResultRecord record) {
    OptionalDouble percent = SensorsOfRecord.of(record).mean(Sensor.TIME_BUSY);
    return percent.isPresent() ? (Double) (percent.getAsDouble() / 100) : null;
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

  /** Where time and shares disagree, or the device was not kept busy; null where all is well. */
  private static @Nullable String judgement(@Nullable Double timeBusy, Use use) {
    if (use.known().isEmpty()) {
      return null;
    }
    boolean used = use.isUsed();
    boolean busy = timeBusy != null && timeBusy >= BUSY;
    if (used) {
      return timeBusy == null || busy
          ? null
          : "used, not busy: the samples reach a ceiling, but the device waits between them";
    }
    List<String> doubts = use.doubts();
    if (!doubts.isEmpty()) {
      String time = timeBusy == null ? "" : busy ? "busy; " : "not busy: the device waits; ";
      return time + "whether it is used is not known: " + String.join("; ", doubts);
    }
    if (timeBusy == null) {
      return "not used: no ceiling is reached by half";
    }
    return busy
        ? "busy, not used: a kernel was always there, no ceiling is reached by half"
        : "neither busy nor used: the device waits, and no ceiling is reached by half";
  }

  /**
   * What is known of the shares of ceilings.
   *
   * @param known shares by ceilings' ids, the one that binds first
   * @param memory the ceiling of memory of which a sample takes something; null where a cache may
   *     hold the arrays
   * @param fromMemory the part of all bytes that no cache can save, which the share of that ceiling
   *     is of, 0 .. 1; 0 where it is not known
   * @param demanded ids of all ceilings of which a sample takes something
   */
  private record Use(
      Map<String, Double> known, @Nullable String memory, double fromMemory, Set<String> demanded) {
    static Use of(ResultRecord record) {
      Map<String, Double> demands = record.demands() == null ? Map.of() : record.demands();
      var demanded = new TreeSet<>(demands.keySet());
      String memory =
          demanded.stream().filter(id -> !id.equals(Ceiling.INT32.id())).findFirst().orElse(null);
      ResultRecord.WorkPart work = record.work();
      double moved = memory == null ? 0 : demands.getOrDefault(memory, 0.0);
      double least = work == null || !(work.bytes() > 0) ? 0 : moved / work.bytes();
      return new Use(known(record.ceiling()), memory, least, demanded);
    }

    private static Map<String, Double> known(@Nullable CeilingShare share) {
      var known = new LinkedHashMap<String, Double>();
      if (share != null) {
        known.put(share.ceiling(), share.share());
        if (share.others() != null) {
          known.putAll(share.others());
        }
      }
      return known;
    }

    /** Whether nothing is known of memory's part, although the arithmetic's is demanded. */
    boolean heldByCache() {
      return memory == null && !demanded.isEmpty();
    }

    boolean isUsed() {
      return known.values().stream().anyMatch(share -> share >= USED);
    }

    /** {@code 81 % of ceiling.copy, 74 % of ceiling.int32}, the one that binds first. */
    String shares() {
      if (known.isEmpty()) {
        return "shares of ceilings not known";
      }
      var all = new ArrayList<String>();
      known.forEach((id, share) -> {
        String least = id.equals(memory) && fromMemory < WHOLE ? "at least " : "";
        all.add(least + Figures.percent(share) + " of " + Printable.line(id));
      });
      demanded.stream()
          .filter(id -> !known.containsKey(id))
          .forEach(id -> all.add(Printable.line(id) + " not known"));
      return String.join(", ", all);
    }

    /** Why a ceiling may be reached by more than is known; empty where none may. */
    List<String> doubts() {
      var doubts = new ArrayList<String>();
      demanded.stream()
          .filter(id -> !known.containsKey(id))
          .forEach(id -> doubts.add(Printable.line(id) + " is not measured"));
      if (memory == null) {
        doubts.add("a cache may hold the arrays");
      } else {
        Double share = known.get(memory);
        if (share != null && fromMemory < WHOLE && share >= USED * fromMemory) {
          doubts.add("a cache may hold a part of the arrays");
        }
      }
      return doubts;
    }
  }
}
