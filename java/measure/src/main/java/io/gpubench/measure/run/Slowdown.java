// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.PreparedRun;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * A slowdown that is injected on purpose, so that it can be seen whether it is found: after its
 * work a sample spins until it has taken so many times its own time. What is measured so is no
 * result of an engine. Immutable.
 *
 * @param factor that of the time of each sample, {@link #LEAST} .. {@link #MOST}
 */
public record Slowdown(double factor) {
  /** The least factor. */
  public static final double LEAST = 1.001;

  /** The largest factor. */
  public static final double MOST = 10;

  /** Under which name a record's configuration has the factor, and a side sets it. */
  public static final String KEY = "slowdown";

  /**
   * Checks the range.
   *
   * @throws ConfigException when the factor is out of it
   */
  public Slowdown {
    if (!(factor >= LEAST && factor <= MOST)) {
      throw new ConfigException(
          "%s: %s is out of range; expected a factor of %s .. %s, such as 1.10"
              .formatted(KEY, text(factor), text(LEAST), text(MOST)));
    }
  }

  /**
   * That only samples by the host's clock can be slowed down.
   *
   * @throws ConfigException when they are timed by another one
   */
  public static void check(PreparedRun.Clock clock) {
    if (clock != PreparedRun.Clock.HOST) {
      throw new ConfigException(
          "%s: samples by the clock '%s' cannot be slowed down; leave it out, or take the clock 'host'"
              .formatted(KEY, clock.word()));
    }
  }

  /**
   * Spins to the end of the slower sample.
   *
   * @param before when the sample began, by the clock
   * @param after when its work was done
   * @return when it ended, which is the first reading that is late enough
   */
  long spin(long before, long after, Timer.Clock clock) {
    double least = (after - before) * factor;
    long now = after;
    while (now - before < least) {
      now = clock.nanos();
    }
    return now;
  }

  /** What a reader of such results has to know, to follow upon what was slowed down. */
  public String note() {
    return "slowed down on purpose, each sample to %s times its own time: no result of the engine"
        .formatted(text(factor));
  }

  /** Such as {@code 1.1}. */
  public static String text(double factor) {
    return Double.isFinite(factor)
        ? BigDecimal.valueOf(factor).stripTrailingZeros().toPlainString()
        : String.format(Locale.ROOT, "%f", factor);
  }
}
