// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import io.gpubench.app.monitor.Snapshot.Reading;
import io.gpubench.measure.plan.ByteSizes;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Readings for people. Pure. */
final class MonitorText {
  private MonitorText() {}

  /**
   * A block of lines, one a sensor; what the terminal has no room for is cut off, since what
   * scrolls away or wraps cannot be drawn over.
   *
   * @param before what was read the time before, for what counters count in a second; null the
   *     first time
   * @param window of the terminal; the line of the cursor and the last column stay free
   */
  static List<String> block(List<Snapshot> now, @Nullable List<Snapshot> before, Window window) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < now.size(); i++) {
      Snapshot snapshot = now.get(i);
      Watched watched = snapshot.watched();
      lines.add(watched.name() + (watched.about().isEmpty() ? "" : ", " + watched.about()));
      for (int sensor = 0; sensor < snapshot.readings().size(); sensor++) {
        Reading reading = snapshot.readings().get(sensor);
        String rate =
            before == null
                ? ""
                : rate(snapshot, before.get(i), reading, before.get(i).readings().get(sensor));
        lines.add("  %-28s %s%s".formatted(reading.sensor().id(), value(reading), rate));
      }
    }
    int rows = window.rows() - 1;
    if (lines.size() > rows) {
      int more = lines.size() - (rows - 1);
      lines.subList(rows - 1, lines.size()).clear();
      lines.add("... %d more lines; --device chooses one".formatted(more));
    }
    int width = window.columns() - 1;
    return lines.stream()
        .map(line -> line.length() <= width ? line : line.substring(0, width - 1) + "…")
        .toList();
  }

  /**
   * One line with everything, gaps by their reasons: {@code gpu 0: powerInstantWatts 96.2 W, not
   * measured (not-supported): memoryTemperatureCelsius; processors: …}.
   */
  static String line(List<Snapshot> now) {
    return now.stream()
        .map(snapshot -> snapshot.watched().name() + ": " + String.join(", ", parts(snapshot)))
        .collect(Collectors.joining("; "));
  }

  private static List<String> parts(Snapshot snapshot) {
    var parts = new ArrayList<String>();
    var gaps = new TreeMap<String, List<String>>();
    for (Reading reading : snapshot.readings()) {
      String id = reading.sensor().id();
      if (reading.known()) {
        parts.add(id + " " + value(reading));
      } else {
        gaps.computeIfAbsent(value(reading), _ -> new ArrayList<>()).add(id);
      }
    }
    gaps.forEach((gap, ids) -> parts.add(gap + ": " + String.join(" ", ids)));
    return parts;
  }

  /** A reading with its unit, or that there is none, and why. */
  static String value(Reading reading) {
    Sensor sensor = reading.sensor();
    if (!reading.known()) {
      return "not measured (" + reading.gap() + ")";
    }
    if (sensor.kind() == Kind.REASONS) {
      String reasons =
          IntStream.range(0, sensor.words().size())
              .filter(bit -> ((long) reading.value() >> bit & 1) != 0)
              .mapToObj(sensor.words()::get)
              .collect(Collectors.joining(" "));
      return reasons.isEmpty() ? "none" : reasons;
    }
    return switch (sensor.unit()) {
      case "" -> number(reading.value());
      case "B" -> ByteSizes.format((long) reading.value());
      default -> number(reading.value()) + " " + sensor.unit();
    };
  }

  /** What a counter counted in a second since the time before. */
  private static String rate(Snapshot now, Snapshot before, Reading reading, Reading then) {
    double seconds = (now.nanos() - before.nanos()) / 1e9;
    if (reading.sensor().kind() != Kind.COUNTER
        || !reading.known()
        || !then.known()
        || seconds <= 0) {
      return "";
    }
    double rate = (reading.value() - then.value()) / seconds;
    if (rate < 0) {
      return ""; // it began anew
    }
    return switch (reading.sensor().unit()) {
      case "J" -> " (%s W)".formatted(number(rate));
      case "s" -> String.format(Locale.ROOT, " (%.3f s a second)", rate);
      // a counter of 32 bits may have gone round in between, more than once
      case "B" -> " (at least %s/s)".formatted(ByteSizes.format((long) rate));
      default -> " (%s a second)".formatted(number(rate));
    };
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
