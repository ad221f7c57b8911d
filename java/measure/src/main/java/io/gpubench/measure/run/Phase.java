// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import java.util.Locale;

/** What a process that measures is doing, as profilers show it. */
public enum Phase {
  /** A session is opened; in the process that asks for it, the other one is started too. */
  OPEN,
  /** Known answers. */
  CHECK,
  /** Allocates, makes inputs, asks the oracle. */
  PREPARE,
  /** Answers are compared with the oracle's, without a clock. */
  VERIFY,
  /** Until times are steady. */
  WARM_UP,
  /** From the first batch that counts to the last. In a duet, whose sides alternate, none. */
  MEASURE,
  /** Within the two before: samples without a pause in between. */
  BATCH,
  /** The work of one sample, under a profiler: never in a measurement. */
  SAMPLE,
  /** Everything is given back. */
  CLOSE;

  private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** As it is written: {@code warm-up}. */
  public String word() {
    return word;
  }
}
