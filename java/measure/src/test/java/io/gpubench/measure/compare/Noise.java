// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * How ln(B/A) varies from duet to duet where both sides are the same, with a standard deviation of
 * about 1. As duets draw by lot which side has which role, none of them favours a side; that does
 * not make them normal, nor independent.
 */
enum Noise {
  NORMAL {
    @Override
    Duets begin(SplittableRandom random) {
      return SplittableRandom::nextGaussian;
    }
  },

  /** Student's t with 2.5 degrees of freedom, about: now and then a duet is far off. */
  HEAVY_TAILS {
    @Override
    Duets begin(SplittableRandom random) {
      return draw ->
          0.6 * draw.nextGaussian() / Math.sqrt(Math.pow(draw.nextDouble() + 1e-12, 0.8));
    }
  },

  /** Each side has long times now and then, for which of both is drawn by lot. */
  SKEW {
    @Override
    Duets begin(SplittableRandom random) {
      return draw -> {
        double a = exponential(draw);
        double b = exponential(draw);
        return (b - a) / Math.sqrt(2);
      };
    }
  },

  /** One duet in eight is disturbed on one of its sides. */
  OUTLIERS {
    @Override
    Duets begin(SplittableRandom random) {
      return draw ->
          0.5 * draw.nextGaussian()
              + (draw.nextInt(8) == 0 ? (draw.nextBoolean() ? 2.5 : -2.5) : 0);
    }
  },

  /** The machine favours one side, then the other: a slow wave on which the duets lie. */
  DRIFT {
    @Override
    Duets begin(SplittableRandom random) {
      double phase = random.nextDouble(2 * Math.PI);
      double[] duet = {0};
      return draw -> 0.8 * draw.nextGaussian() + 0.8 * Math.sin(phase + duet[0]++ * 0.4);
    }
  },

  /** Each duet keeps a quarter of what the one before it had. */
  AUTOCORRELATED {
    @Override
    Duets begin(SplittableRandom random) {
      double[] state = {random.nextGaussian()};
      return draw -> {
        state[0] = 0.25 * state[0] + Math.sqrt(1 - 0.0625) * draw.nextGaussian();
        return state[0];
      };
    }
  };

  /** One comparison's duets, in their order. */
  interface Duets extends ToDoubleFunction<SplittableRandom> {}

  /** The duets of another comparison. */
  abstract Duets begin(SplittableRandom random);

  private static double exponential(SplittableRandom random) {
    return -Math.log(1 - random.nextDouble());
  }
}
