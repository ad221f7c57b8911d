// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
  private static final long HERE = ProcessHandle.current().pid();

  @Test
  void workIsCounted() {
    long before = ProcessorTime.of(HERE).orElseThrow();
    long begin = System.nanoTime();
    // until it is seen; a processor that others use too may take a while
    while (ProcessorTime.of(HERE).orElseThrow() - before < 100_000_000L) {
      assertTrue(System.nanoTime() - begin < 60_000_000_000L, "no work is counted");
    }
  }

  @Test
  void nothingIsSaidOfAProcessThatIsGone() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    assertTrue(ProcessorTime.of(gone.pid()).isEmpty());
  }
}
