// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.telemetry.TelemetryPart.Throttled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which samples were taken while the device was slower than its settings ask for. When between two
 * polls that began or ended nobody knows: so a sample is marked where the poll before or the one
 * after it saw the reason.
 */
final class ThrottledSamples {
  private ThrottledSamples() {}

  static List<Throttled> of(List<Column> columns, Polls polls, SampleTimes samples) {
    var marked = new ArrayList<Throttled>();
    for (int i = 0; i < columns.size(); i++) {
      Sensor sensor = columns.get(i).sensor();
      if (sensor.kind() == Sensor.Kind.REASONS) {
        Series series = Series.of(polls, i);
        for (int bit = 0; bit < sensor.words().size(); bit++) {
          mark(series, bit, sensor.words().get(bit), samples, marked);
        }
      }
    }
    marked.sort(Comparator.comparingInt(Throttled::first).thenComparing(Throttled::reason));
    return marked;
  }

  private static void mark(
      Series series, int bit, String word, SampleTimes samples, List<Throttled> marked) {
    int sample = 0;
    int first = -1;
    int last = -1;
    for (int i = 0; i < series.count(); i++) {
      if (((long) series.value(i) >>> bit & 1) == 0) {
        continue;
      }
      long from = i == 0 ? Long.MIN_VALUE : series.at(i - 1);
      long to = i + 1 == series.count() ? Long.MAX_VALUE : series.at(i + 1);
      while (sample < samples.count() && samples.end(sample) <= from) {
        sample++;
      }
      for (; sample < samples.count() && samples.start(sample) < to; sample++) {
        if (first >= 0 && sample > last + 1) {
          marked.add(new Throttled(word, first, last));
          first = -1;
        }
        first = first < 0 ? sample : first;
        last = sample;
      }
    }
    if (first >= 0) {
      marked.add(new Throttled(word, first, last));
    }
  }
}
