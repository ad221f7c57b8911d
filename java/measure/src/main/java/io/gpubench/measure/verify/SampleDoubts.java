// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import java.util.List;
import java.util.stream.Stream;

/** All doubts about the samples of one process. Takes O(n log n); keeps nothing. */
final class SampleDoubts {
  private SampleDoubts() {}

  /** What cannot be; empty for an honest process. */
  static List<Finding> of(MeasuredProcess process) {
    return Stream.of(
            PaceDoubts.of(process),
            ScaleDoubts.of(process),
            LimitDoubts.of(process),
            GridDoubts.of(process))
        .flatMap(List::stream)
        .toList();
  }
}
