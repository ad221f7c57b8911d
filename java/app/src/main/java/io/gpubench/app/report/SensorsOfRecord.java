// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.telemetry.TelemetryPart;
import io.gpubench.measure.telemetry.TelemetryPart.Energy;
import io.gpubench.measure.telemetry.TelemetryPart.SensorPart;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What sensors said beside all processes of a record. */
public final class SensorsOfRecord {
  private final List<TelemetryPart> parts;

  private SensorsOfRecord(List<TelemetryPart> parts) {
    this.parts = parts;
  }

  /** Of a record; without any sensor where none was recorded. */
  public static SensorsOfRecord of(ResultRecord record) {
    return new SensorsOfRecord(
        record.processes().stream().map(ProcessPart::telemetry).filter(Objects::nonNull).toList());
  }

  /** Of each process that has any. */
  List<TelemetryPart> parts() {
    return parts;
  }

  /** Ids of all sensors, in the order of the records. */
  Set<String> ids() {
    var ids = new LinkedHashSet<String>();
    parts.forEach(part -> ids.addAll(part.sensors().keySet()));
    return ids;
  }

  /** A sensor in each process that has it. */
  List<SensorPart> sensor(String id) {
    return parts.stream().map(part -> part.sensors().get(id)).filter(Objects::nonNull).toList();
  }

  /** The first of some sensors that has a reading; null where none has. */
  @Nullable String firstRead(String... ids) {
    for (String id : ids) {
      if (mean(id).isPresent()) {
        return id;
      }
    }
    return null;
  }

  /** The mean of a sensor's readings in all processes: each process counts by how many it has. */
  public OptionalDouble mean(String id) {
    double sum = 0;
    long readings = 0;
    for (SensorPart part : sensor(id)) {
      Double mean = part.mean();
      if (mean != null) {
        sum += mean * part.readings();
        readings += part.readings();
      }
    }
    return readings == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / readings);
  }

  /** The lowest reading beside any sample. */
  OptionalDouble min(String id) {
    return sensor(id).stream()
        .map(SensorPart::min)
        .filter(Objects::nonNull)
        .mapToDouble(min -> min)
        .min();
  }

  /** The highest reading beside any sample. */
  OptionalDouble max(String id) {
    return sensor(id).stream()
        .map(SensorPart::max)
        .filter(Objects::nonNull)
        .mapToDouble(max -> max)
        .max();
  }

  /** By how much a counter grew beside the samples of all processes. */
  double increase(String id) {
    return sensor(id).stream()
        .map(SensorPart::increase)
        .filter(Objects::nonNull)
        .mapToDouble(increase -> increase)
        .sum();
  }

  /**
   * Why a sensor has no reading beside any sample, a word; null where it has one, or there is no
   * such sensor.
   */
  public @Nullable String missing(String id) {
    List<SensorPart> all = sensor(id);
    if (all.isEmpty() || all.stream().anyMatch(part -> part.readings() > 0)) {
      return null;
    }
    return all.stream()
        .map(SensorPart::missing)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("no reading beside the samples");
  }

  /** The mean over the processes, and the outermost bounds; null where a process does not know. */
  @Nullable Energy energy() {
    List<Energy> all = parts.stream().map(TelemetryPart::energy).filter(Objects::nonNull).toList();
    if (all.isEmpty() || all.size() < parts.size()) {
      return null;
    }
    return new Energy(
        mean(all, Energy::joulesPerUnit),
        all.stream().mapToDouble(Energy::lower).min().orElseThrow(),
        all.stream().mapToDouble(Energy::upper).max().orElseThrow(),
        all.getFirst().unit(),
        all.stream().mapToDouble(Energy::windowSeconds).sum(),
        all.stream().mapToDouble(Energy::joules).sum(),
        mean(all, Energy::timedShare),
        all.stream().mapToDouble(Energy::slackJoules).sum());
  }

  private static double mean(List<Energy> all, ToDoubleFunction<Energy> of) {
    return all.stream().mapToDouble(of).average().orElseThrow();
  }

  /** Why the energy of a unit of work is not known, where there is a sensor of energy. */
  @Nullable String energyWhyNot() {
    boolean counted = sensor(Sensor.ENERGY).stream().anyMatch(part -> part.missing() == null);
    return counted
        ? parts.stream()
            .map(TelemetryPart::energyWhyNot)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null)
        : null;
  }
}
