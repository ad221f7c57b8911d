// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import io.gpubench.app.monitor.Snapshot.Reading;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Readings for people. Pure. */
final class MonitorText {
  /** A longer line would wrap on the usual terminal, and then not be drawn over. */
  private static final int WIDTH = 79;

  private MonitorText() {}

  /**
   * A block of lines, one a sensor; each is cut off where the usual terminal ends.
   *
   * @param before what was read the time before, for what counters count in a second; null the
   *     first time
   */
  static List<String> block(List<Snapshot> now, @Nullable List<Snapshot> before) {
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
    return lines.stream()
        .map(line -> line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…")
        .toList();
  }

  /** One line with everything: {@code gpu 0: powerInstantWatts 96.2 W, …; processors: …}. */
  static String line(List<Snapshot> now) {
    return now.stream()
        .map(snapshot ->
            snapshot.readings().stream()
                .map(reading -> reading.sensor().id() + " " + value(reading))
                .collect(Collectors.joining(", ", snapshot.watched().name() + ": ", "")))
        .collect(Collectors.joining("; "));
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
    return number(reading.value()) + (sensor.unit().isEmpty() ? "" : " " + sensor.unit());
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
    return switch (reading.sensor().unit()) {
      case "J" -> " (%s W)".formatted(number(rate));
      case "s" -> String.format(Locale.ROOT, " (%.3f s a second)", rate);
      default -> " (%s /s)".formatted(number(rate));
    };
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
