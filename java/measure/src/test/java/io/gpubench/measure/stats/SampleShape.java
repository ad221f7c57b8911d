// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Kinds of series that a measurement can yield, drawn from a seed. */
enum SampleShape {
  NORMAL {
    @Override
    double next(RandomGenerator random, double previous) {
      return 100_000 + 3_000 * random.nextGaussian();
    }
  },
  LOGNORMAL {
    @Override
    double next(RandomGenerator random, double previous) {
      return 5_000 * Math.exp(random.nextGaussian());
    }
  },
  CONSTANT {
    @Override
    double next(RandomGenerator random, double previous) {
      return 4_096;
    }
  },
  TWO_VALUED {
    @Override
    double next(RandomGenerator random, double previous) {
      return random.nextInt(10) < 6 ? 1_024 : 512;
    }
  },
  AR1 {
    @Override
    double next(RandomGenerator random, double previous) {
      double noise = 1_000 * random.nextGaussian();
      return previous == 0
          ? AR1_MEDIAN + noise / Math.sqrt(1 - AR1_PHI * AR1_PHI)
          : AR1_MEDIAN + AR1_PHI * (previous - AR1_MEDIAN) + noise;
    }
  },
  SORTED {
    @Override
    double next(RandomGenerator random, double previous) {
      return previous + random.nextInt(1, 1_000);
    }
  },
  HUGE {
    @Override
    double next(RandomGenerator random, double previous) {
      return 1e15 - random.nextInt(1_000_000);
    }
  };

  static final double AR1_PHI = 0.8;
  static final double AR1_MEDIAN = 1_000_000;

  /** The sample after {@code previous}, which is 0 before the first. */
  abstract double next(RandomGenerator random, double previous);

  /** A series in order of time. */
  long[] samples(long seed, int count) {
    var random = new Random(seed);
    double[] values = new double[count];
    double previous = 0;
    for (int i = 0; i < count; i++) {
      previous = next(random, previous);
      values[i] = previous;
    }
    return Arrays.stream(values).mapToLong(Math::round).toArray();
  }
}
