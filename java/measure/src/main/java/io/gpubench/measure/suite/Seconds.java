// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

/** Spans of time as records have them. */
final class Seconds {
  private Seconds() {}

  /** Nanoseconds as seconds, to the millisecond. */
  static double of(long nanos) {
    return Math.round(nanos / 1e6) / 1e3;
  }

  /** How long ago {@link System#nanoTime} was that, in seconds to the millisecond. */
  static double since(long nanoTime) {
    return of(System.nanoTime() - nanoTime);
  }
}
