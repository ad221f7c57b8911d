// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import java.util.List;

/**
 * Sensors that are open. Opened, read and closed on one thread, which is not the one that measures.
 * Reading makes no garbage, allocates nothing and logs nothing: it happens beside a measurement.
 */
public interface Sensors extends AutoCloseable {
  /** A device that has none. */
  Source NONE =
      () ->
          new Sensors() {
            @Override
            public List<Sensor> all() {
              return List.of();
            }

            @Override
            public double read(int index) {
              throw new IndexOutOfBoundsException(index);
            }

            @Override
            public String gap() {
              return "";
            }

            @Override
            public void close() {}
          };

  /** The device has no such sensor. */
  String NOT_SUPPORTED = "not-supported";

  /** The device does not tell it to this user. */
  String NO_PERMISSION = "no-permission";

  /** The library or the kernel is older than the sensor. */
  String TOO_OLD = "too-old";

  /** There is nobody to ask: the library or the file that could tell is not there. */
  String ABSENT = "absent";

  /** Whoever could tell does not know the device, such as a part of a divided one. */
  String UNKNOWN_DEVICE = "unknown-device";

  /** The device answered with a number that stands for "unknown", or that none can be. */
  String SENTINEL = "sentinel";

  /** The device is gone. */
  String LOST = "lost";

  /** The call failed in another way. */
  String FAILED = "failed";

  /**
   * All sensors, those that matter most first, since the last may be read less often; they do not
   * change while it is open, and one that is absent is among them.
   */
  List<Sensor> all();

  /**
   * Reads a sensor.
   *
   * @param index in {@link #all}
   * @return the reading in the sensor's unit; {@link Double#NaN} when there is none, and then
   *     {@link #gap} says why
   */
  double read(int index);

  /** Why the last reading had no number: a word of this interface. */
  String gap();

  @Override
  void close();

  /** How sensors are opened. Any thread may hold it; cheap until it is asked. */
  @FunctionalInterface
  interface Source {
    /**
     * Opens them on the thread that calls. What cannot be opened has no sensors, or sensors that
     * always have a gap; this does not throw.
     */
    Sensors open();
  }
}
