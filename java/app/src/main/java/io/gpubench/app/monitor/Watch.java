// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import io.gpubench.app.monitor.Snapshot.Reading;
import io.gpubench.measure.spi.Sensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sensors of several things, open. Opened, read and closed on one thread by whoever opened it. A
 * sensor that its device will never tell is not asked again.
 */
public final class Watch implements AutoCloseable {
  private static final Set<String> PERMANENT =
      Set.of(
          Sensors.NOT_SUPPORTED,
          Sensors.NO_PERMISSION,
          Sensors.TOO_OLD,
          Sensors.ABSENT,
          Sensors.UNKNOWN_DEVICE);

  private final List<Opened> all = new ArrayList<>();

  /** By the index of a sensor, what it will never tell. */
  private record Opened(Watched watched, Sensors sensors, Map<Integer, Reading> silent) {}

  /** Opens their sensors. */
  public Watch(List<Watched> watched) {
    for (Watched one : watched) {
      all.add(new Opened(one, one.source().open(), new HashMap<>()));
    }
  }

  /** Reads everything now. */
  List<Snapshot> read() {
    return all.stream().map(Watch::read).toList();
  }

  private static Snapshot read(Opened opened) {
    var readings = new ArrayList<Reading>();
    for (int i = 0; i < opened.sensors().all().size(); i++) {
      Reading silent = opened.silent().get(i);
      readings.add(silent == null ? read(opened, i) : silent);
    }
    return new Snapshot(opened.watched(), System.nanoTime(), readings);
  }

  private static Reading read(Opened opened, int index) {
    double value = opened.sensors().read(index);
    String gap = Double.isNaN(value) ? opened.sensors().gap() : "";
    var reading = new Reading(opened.sensors().all().get(index), value, gap);
    if (PERMANENT.contains(gap)) {
      opened.silent().put(index, reading);
    }
    return reading;
  }

  @Override
  public void close() {
    all.reversed().forEach(one -> one.sensors().close());
  }
}
