// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Compares the clock that samples are timed with with one that it has nothing to do with: the
 * system's uptime, a file of the kernel's. A clock that was slowed down, stopped or set by whoever
 * intercepts the calls of this process is found so, and so is a machine that slept meanwhile. Where
 * there is no such file, nothing is found. Used by one thread.
 */
public final class ClockWatch {
  /** One in so many is the difference that is allowed; the two have the same source. */
  private static final long SHARE = 100;

  /** The file counts hundredths of a second, and both ends of a span are read late. */
  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  private static final Path UPTIME = Path.of("/proc/uptime");

  private final Timer.Clock watched;
  private final Independent independent;
  private final Reading begin;

  /** A clock that has nothing to do with the one that is watched. */
  @FunctionalInterface
  interface Independent {
    /** Nanoseconds since any origin; empty where there is no such clock. */
    OptionalLong nanos();
  }

  /** A reading of the independent clock between two of the watched one. */
  private record Reading(long before, OptionalLong independent, long after) {}

  /** Watches {@link System#nanoTime} from now on. */
  public ClockWatch() {
    this(Timer.Clock.SYSTEM, ClockWatch::uptime);
  }

  /** Watches a clock from now on. */
  public ClockWatch(Timer.Clock watched) {
    this(watched, ClockWatch::uptime);
  }

  ClockWatch(Timer.Clock watched, Independent independent) {
    this.watched = watched;
    this.independent = independent;
    begin = read();
  }

  private static OptionalLong uptime() {
    try {
      String text = Files.readString(UPTIME);
      BigDecimal seconds = new BigDecimal(text.substring(0, text.indexOf(' ')));
      return OptionalLong.of(seconds.movePointRight(9).longValueExact());
    } catch (IOException | RuntimeException _) {
      return OptionalLong.empty(); // another system, or one that shows no such file
    }
  }

  private Reading read() {
    return new Reading(watched.nanos(), independent.nanos(), watched.nanos());
  }

  /** Why the watched clock cannot be believed; null when it can. */
  public @Nullable String doubt() {
    Reading now = read();
    if (begin.independent.isEmpty() || now.independent.isEmpty()) {
      return null;
    }
    long passed = now.independent.getAsLong() - begin.independent.getAsLong();
    long allowed = SLACK_NANOS + Math.abs(passed) / SHARE;
    long atLeast = now.before - begin.after;
    long atMost = now.after - begin.before;
    return atMost < passed - allowed || atLeast > passed + allowed
        ? "the clock of the samples counted %,d ms while the system's uptime counted %,d: one of them is wrong, or the machine slept"
            .formatted(TimeUnit.NANOSECONDS.toMillis(atMost), TimeUnit.NANOSECONDS.toMillis(passed))
        : null;
  }
}
