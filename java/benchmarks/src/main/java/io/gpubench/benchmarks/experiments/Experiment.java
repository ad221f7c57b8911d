// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import java.util.List;

/** Shows what goes wrong without a rule of measuring, next to what comes out with it. */
interface Experiment {
  /** One word, or a few with dashes. */
  String id();

  /** What it answers, one sentence. */
  String question();

  /** What came out: the wrong way first, the right way last. */
  List<Row> run(Size size);

  /** Whether it runs on a device. */
  default boolean usesDevice() {
    return false;
  }

  /** How much of it is done. */
  enum Size {
    /** As much as a test needs to see that it runs. */
    TINY,
    /** As much as the result needs. */
    FULL;

    int of(int tiny, int full) {
      return this == TINY ? tiny : full;
    }
  }

  /**
   * One way of doing it.
   *
   * @param way what was done
   * @param result what came out, with its unit
   */
  record Row(String way, String result) {}
}
