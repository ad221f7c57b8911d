// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.spi.Telemetry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The pause before a measurement, in which a device cools down. Its text is what {@link #parse}
 * reads back as the same pause.
 */
public sealed interface CoolDown {
  /** How long a temperature is waited for, unless something else is said. */
  Duration LONGEST_BY_DEFAULT = Duration.ofMinutes(5);

  /** How long it sleeps between two looks at the sensor. */
  Duration POLL = Duration.ofMillis(250);

  /** The highest temperature that makes sense to wait for, in degrees Celsius. */
  int HOTTEST_CELSIUS = 150;

  /** No pause. */
  record None() implements CoolDown {
    @Override
    public String toString() {
      return "none";
    }
  }

  /**
   * A fixed time.
   *
   * @param duration longer than 0, at most {@link Durations#LONGEST}
   */
  record Time(Duration duration) implements CoolDown {
    @Override
    public String toString() {
      return Durations.exact(duration);
    }
  }

  /**
   * Until the device is no hotter than this.
   *
   * @param celsius above 0, at most {@link #HOTTEST_CELSIUS}
   * @param atMost when to give up and measure all the same; longer than 0, at most {@link
   *     Durations#LONGEST}
   */
  record Temperature(double celsius, Duration atMost) implements CoolDown {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)C(?:/(.*))?");

    @Override
    public String toString() {
      return BigDecimal.valueOf(celsius).stripTrailingZeros().toPlainString()
          + "C/"
          + Durations.exact(atMost);
    }
  }

  /**
   * How a pause went, for the record.
   *
   * @param waitedNanos how long it took
   * @param celsiusBefore the device's temperature when it began; null without a sensor
   * @param celsiusAfter the device's temperature when it ended; null without a sensor
   * @param complete false if the time ran out before the device was cool enough, or the pause was
   *     cancelled
   */
  record Result(
      long waitedNanos,
      @Nullable Double celsiusBefore,
      @Nullable Double celsiusAfter,
      boolean complete) {}

  /**
   * Parses {@code none}, a time such as {@code 2s}, or a temperature such as {@code 55C}, with
   * another bound than {@link #LONGEST_BY_DEFAULT} as {@code 55C/3m}.
   *
   * @throws ConfigException when the text is something else; says what was expected
   */
  static CoolDown parse(String text) {
    String stripped = text.strip();
    if (stripped.equals("none")) {
      return new None();
    }
    Matcher temperature = Temperature.TEXT.matcher(stripped);
    if (temperature.matches()) {
      double celsius = Double.parseDouble(temperature.group(1));
      if (!(celsius > 0 && celsius <= HOTTEST_CELSIUS)) {
        throw new ConfigException(
            "'%s' is no temperature to wait for; expected one above 0C and up to %dC"
                .formatted(text, HOTTEST_CELSIUS));
      }
      Duration atMost =
          temperature.group(2) == null ? LONGEST_BY_DEFAULT : Durations.parse(temperature.group(2));
      if (atMost.isZero()) {
        throw new ConfigException("'" + text + "' leaves no time to cool down");
      }
      return new Temperature(celsius, atMost);
    }
    Duration duration;
    try {
      duration = Durations.parse(stripped);
    } catch (ConfigException e) {
      throw new ConfigException(
          "'"
              + text
              + "' is not a cool-down; expected a time such as 2s, a temperature such as 55C or"
              + " 55C/3m, or none",
          e);
    }
    return duration.isZero() ? new None() : new Time(duration);
  }

  /**
   * Waits.
   *
   * @param sensor what the device's sensors say now; asked on this thread
   * @param cancellation ends it early
   * @throws EngineException when it waits for a temperature and no sensor tells it
   */
  default Result await(Supplier<Telemetry> sensor, Cancellation cancellation) {
    return await(sensor, cancellation, TimeSource.SYSTEM);
  }

  /**
   * As {@link #await(Supplier, Cancellation)}, by a clock.
   *
   * @param time what it waits by
   */
  default Result await(Supplier<Telemetry> sensor, Cancellation cancellation, TimeSource time) {
    long start = time.nanos();
    Double before = sensor.get().temperatureCelsius();
    if (this instanceof Temperature && before == null) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "no temperature sensor on this device",
          "give --cool-down a time, such as 5s",
          null);
    }
    long bound =
        switch (this) {
          case None _ -> 0;
          case Time(Duration duration) -> duration.toNanos();
          case Temperature(double _, Duration atMost) -> atMost.toNanos();
        };
    Double now = before;
    while (true) {
      long waited = time.nanos() - start;
      boolean expired = waited >= bound;
      boolean complete =
          this instanceof Temperature(double celsius, Duration _)
              ? now != null && now <= celsius
              : expired;
      if (complete
          || expired
          || cancellation.requested()
          || !time.sleep(Duration.ofNanos(Math.min(bound - waited, POLL.toNanos())))) {
        return new Result(waited, before, now, complete);
      }
      now = sensor.get().temperatureCelsius();
    }
  }
}
