// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import java.util.List;

/**
 * What a sensor tells, of a device or of the machine around it. Ids are the same wherever the
 * meaning is: those of this class are the ones that gpubench relates to samples.
 *
 * @param id its name in records and files, with its unit: {@code powerInstantWatts}
 * @param unit for people: {@code W}, {@code J}, {@code C}, {@code MHz}, {@code %}, {@code s},
 *     {@code B}, or empty for a plain number
 * @param kind what becomes of its readings
 * @param lively whether two readings of a device at work cannot be equal for long, so that a sensor
 *     which never changes is broken
 * @param source who tells it: {@code nvml}, {@code rapl}, {@code cpufreq}, …
 * @param about one line for a person
 * @param words for {@link Kind#REASONS}, what each bit stands for, the lowest first; else empty
 */
public record Sensor(
    String id,
    String unit,
    Kind kind,
    boolean lively,
    String source,
    String about,
    List<String> words) {
  /** Power of the moment. */
  public static final String POWER_INSTANT = "powerInstantWatts";

  /** Power averaged by the device, over a second on most. */
  public static final String POWER_AVERAGE = "powerAverageWatts";

  /** The power that the device may draw. */
  public static final String POWER_LIMIT = "powerLimitWatts";

  /** A counter of all energy that was drawn. */
  public static final String ENERGY = "energyJoules";

  /** Of the chip. */
  public static final String TEMPERATURE = "temperatureCelsius";

  /** Of the memory. */
  public static final String MEMORY_TEMPERATURE = "memoryTemperatureCelsius";

  /** Of the processors. */
  public static final String CLOCK = "clockMegahertz";

  /** Of the memory. */
  public static final String MEMORY_CLOCK = "memoryClockMegahertz";

  /**
   * The share of time in which at least one kernel was running, which says nothing of how much of
   * the device it used.
   */
  public static final String TIME_BUSY = "timeBusyPercent";

  /** The share of time in which device memory was read or written. */
  public static final String MEMORY_TIME_BUSY = "memoryTimeBusyPercent";

  /** Why the device is slower than its settings ask for. */
  public static final String THROTTLED_BY = "throttledBy";

  /** What becomes of readings. */
  public enum Kind {
    /** A value of the moment. */
    LEVEL,
    /** A number that only grows, so that differences count. */
    COUNTER,
    /** A set of reasons, a bit each. */
    REASONS
  }

  public Sensor {
    words = List.copyOf(words);
  }

  /** A sensor of numbers. */
  public static Sensor of(
      String id, String unit, Kind kind, boolean lively, String source, String about) {
    return new Sensor(id, unit, kind, lively, source, about, List.of());
  }
}
