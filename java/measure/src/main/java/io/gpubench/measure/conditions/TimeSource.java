// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import java.time.Duration;

/** The clock that waiting goes by, so that a test need not wait. */
interface TimeSource {
  /** The clock of this machine. */
  TimeSource SYSTEM =
      new TimeSource() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public boolean sleep(Duration duration) {
          try {
            Thread.sleep(duration);
            return true;
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
          }
        }
      };

  /** Nanoseconds since some moment. */
  long nanos();

  /** Sleeps; false, with the thread's interrupt flag set, if it was interrupted. */
  boolean sleep(Duration duration);
}
