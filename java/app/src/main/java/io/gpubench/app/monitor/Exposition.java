// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import io.gpubench.app.monitor.Snapshot.Reading;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Readings as Prometheus reads them: its text format, version 0.0.4. A sensor that has no reading
 * is left out, since every number stands for a reading. Pure.
 */
final class Exposition {
  /** The media type of the format. */
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Up to this, doubles are exact integers. */
  private static final double LARGEST_INTEGER = 1L << 53;

  /** Lines by metric, since those of one have to stand together. */
  private final Map<String, StringBuilder> metrics = new LinkedHashMap<>();

  private Exposition() {}

  /** The text, ended by a line feed; empty where nothing has a reading. */
  static String of(List<Snapshot> snapshots) {
    var exposition = new Exposition();
    for (Snapshot snapshot : snapshots) {
      for (Reading reading : snapshot.readings()) {
        if (reading.known()) {
          exposition.add(snapshot.watched().labels(), reading);
        }
      }
    }
    return String.join("", exposition.metrics.values());
  }

  private void add(Map<String, String> labels, Reading reading) {
    Sensor sensor = reading.sensor();
    Metric metric = Metric.of(sensor);
    StringBuilder lines =
        metrics.computeIfAbsent(metric.name(), name -> new StringBuilder(heading(metric)));
    if (sensor.kind() != Kind.REASONS) {
      lines.append(line(metric, labels, number(reading.value() * metric.factor())));
      return;
    }
    for (int bit = 0; bit < sensor.words().size(); bit++) {
      var marked = new LinkedHashMap<>(labels);
      marked.put("reason", sensor.words().get(bit));
      lines.append(line(metric, marked, ((long) reading.value() >> bit & 1) == 0 ? "0" : "1"));
    }
  }

  private static String heading(Metric metric) {
    return "# HELP %1$s %2$s\n# TYPE %1$s %3$s\n"
        .formatted(
            metric.name(),
            metric.help().replace("\\", "\\\\").replace("\n", "\\n"),
            metric.counter() ? "counter" : "gauge");
  }

  private static String line(Metric metric, Map<String, String> labels, String value) {
    var text = new StringBuilder(metric.name()).append('{');
    labels.forEach((name, of) ->
        text.append(text.charAt(text.length() - 1) == '{' ? "" : ",")
            .append(name)
            .append("=\"")
            .append(of.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
            .append('"'));
    return text.append("} ").append(value).append('\n').toString();
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < LARGEST_INTEGER
        ? String.format(Locale.ROOT, "%d", (long) value)
        : Double.toString(value);
  }
}
