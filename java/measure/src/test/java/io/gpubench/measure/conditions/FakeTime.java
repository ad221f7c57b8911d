// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import java.time.Duration;

/** Time that passes only while somebody sleeps. */
class FakeTime implements TimeSource {
  private long now = 1_000;
  int sleeps;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public boolean sleep(Duration duration) {
    sleeps++;
    now += duration.toNanos();
    return true;
  }
}
