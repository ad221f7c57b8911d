// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import java.util.function.IntToLongFunction;

/** Samples that no loop made. */
public final class SamplesFixture {
  private SamplesFixture() {}

  /** Samples with baselines. */
  public static Samples paired(
      int count, IntToLongFunction start, IntToLongFunction duration, IntToLongFunction baseline) {
    var samples = new Samples(Math.max(1, count));
    for (int i = 0; i < count; i++) {
      samples.add(start.applyAsLong(i), duration.applyAsLong(i), baseline.applyAsLong(i));
    }
    return samples;
  }

  public static Samples of(int count, IntToLongFunction start, IntToLongFunction duration) {
    var samples = new Samples(Math.max(1, count));
    for (int i = 0; i < count; i++) {
      samples.add(start.applyAsLong(i), duration.applyAsLong(i));
    }
    return samples;
  }
}
