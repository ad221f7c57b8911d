// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** Columns, polls and samples for tests. */
final class Made {
  private Made() {}

  static Column level(String id, boolean lively) {
    return column(Sensor.of(id, "W", Kind.LEVEL, lively, "fake", "a fixture"));
  }

  static Column counter(String id) {
    return column(Sensor.of(id, "J", Kind.COUNTER, true, "fake", "a fixture"));
  }

  static Column reasons(String... words) {
    return column(
        new Sensor(
            Sensor.THROTTLED_BY, "", Kind.REASONS, false, "fake", "a fixture", List.of(words)));
  }

  private static Column column(Sensor sensor) {
    return new Column(sensor, 1_000, Column.Pace.EACH);
  }

  /** Polls at equal distances, each of which takes 20 us. */
  static Polls polls(long from, long to, long every, LongToDoubleFunction... sensors) {
    var polls = new Polls(sensors.length);
    for (long at = from; at <= to; at += every) {
      polls.begin(at);
      polls.took(20_000);
      for (int i = 0; i < sensors.length; i++) {
        polls.set(i, sensors[i].applyAsDouble(at), null);
      }
    }
    return polls;
  }

  /** Samples that follow each other, one at each full distance. */
  static SampleTimes samples(int count, long every, long duration) {
    long[] starts = new long[count];
    long[] durations = new long[count];
    for (int i = 0; i < count; i++) {
      starts[i] = i * every;
      durations[i] = duration;
    }
    return new SampleTimes(starts, durations);
  }
}
