// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.run.Cancellation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InterruptTest {
  private final Cancellation cancellation = new Cancellation();

  @Test
  void aRunThatIsNotInterruptedLeavesNothingBehind() {
    try (var interrupt = new Interrupt(cancellation)) {
      assertFalse(interrupt.fired());
    }
    assertFalse(cancellation.requested());
  }

  @Test
  void theProcessWaitsUntilResultsAreWritten() throws InterruptedException {
    Thread end;
    try (var interrupt = new Interrupt(cancellation)) {
      end = Thread.ofPlatform().start(interrupt::fire);
      while (!cancellation.requested()) {
        Thread.onSpinWait();
      }
      assertTrue(interrupt.fired());
      assertFalse(end.join(Duration.ofMillis(20)), "results are not written yet");
    }
    assertTrue(end.join(Duration.ofSeconds(5)));
  }
}
