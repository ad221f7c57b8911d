// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import io.gpubench.measure.compare.Course;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.compare.Verdict;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The smallest true slowdown of the median that the whole procedure finds nearly always, by
 * simulation: duets are drawn from those of this machine, of two sides that are the same, the
 * slowdown is added, and both stages decide. Which side is which is chance, so each draw has a
 * random sign. The interval is that of an outer bootstrap over the duets, from its 0.025 to its
 * 0.975 quantile: what other duets of the same machine might have said.
 *
 * @param slowdown to how many times the time, above 1; null where not even {@link #MOST} is found
 * @param lower lower bound; null where there is none below {@link #MOST}
 * @param upper upper bound; null where there is none below {@link #MOST}
 * @param power how often it is found, at least
 * @param duets from which was drawn
 * @param simulations gates simulated for each slowdown that was tried
 * @param resamples of the outer bootstrap
 */
public record Detectable(
    @Nullable Double slowdown,
    @Nullable Double lower,
    @Nullable Double upper,
    double power,
    int duets,
    int simulations,
    int resamples) {
  /** How often what is called detectable is found. */
  public static final double POWER = 0.95;

  /** The largest slowdown that is tried. */
  public static final double MOST = 10;

  private static final int SIMULATIONS = 1_000;
  private static final int STEPS = 12;
  private static final int RESAMPLES = 200;

  // Of each of the outer bootstrap, whose own spread is larger than what more would add
  private static final int SIMULATIONS_OF_RESAMPLE = 200;
  private static final int STEPS_OF_RESAMPLE = 9;

  /**
   * Simulates. Takes some seconds of all processors; the same arguments give the same result.
   *
   * @param logRatios ln(B/A) of the medians of duets of the same, at least {@link Spread#FEWEST},
   *     finite
   * @param rule judges the median
   */
  static Detectable of(double[] logRatios, TrialRule rule, long seed) {
    return of(logRatios, rule, seed, RESAMPLES);
  }

  /** By fewer draws of the outer bootstrap. */
  static Detectable of(double[] logRatios, TrialRule rule, long seed, int resamples) {
    if (logRatios.length < Spread.FEWEST) {
      throw new IllegalArgumentException("a simulation of " + logRatios.length + " duets");
    }
    double[] pool = logRatios.clone();
    Double found =
        new Simulation(pool, rule, SIMULATIONS, new SplittableRandom(seed)).smallest(MOST, STEPS);
    double near = found == null ? MOST : Math.min(MOST, found * found * found);
    var seeds = new SplittableRandom(seed).split();
    long[] each = seeds.longs(resamples).toArray();
    double[] again =
        IntStream.range(0, resamples)
            .parallel()
            .mapToDouble(i -> resampled(pool, rule, near, each[i]))
            .sorted()
            .toArray();
    return new Detectable(
        found,
        bound(again, (1 - Rate.CONFIDENCE) / 2, Math::min, found),
        bound(again, (1 + Rate.CONFIDENCE) / 2, Math::max, found),
        POWER,
        pool.length,
        SIMULATIONS,
        resamples);
  }

  /**
   * Infinite where nothing that was tried is found.
   *
   * @param near it is probably below that factor
   */
  private static double resampled(double[] pool, TrialRule rule, double near, long seed) {
    var random = new SplittableRandom(seed);
    double[] drawn = new double[pool.length];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = pool[random.nextInt(pool.length)];
    }
    var simulation = new Simulation(drawn, rule, SIMULATIONS_OF_RESAMPLE, random);
    Double smallest = simulation.smallest(near, STEPS_OF_RESAMPLE);
    if (smallest == null && near < MOST) {
      smallest = simulation.smallest(MOST, STEPS);
    }
    return Objects.requireNonNullElse(smallest, Double.POSITIVE_INFINITY);
  }

  /** Encloses the estimate, which was found by smaller steps. */
  private static @Nullable Double bound(
      double[] ascending, double share, DoubleBinaryOperator outer, @Nullable Double found) {
    int rank = (int) Math.round(share * (ascending.length - 1));
    double bound =
        outer.applyAsDouble(
            ascending[rank], found == null ? Double.POSITIVE_INFINITY : (double) found);
    return Double.isInfinite(bound) ? null : (Double) bound;
  }

  /**
   * The same draws for every slowdown that is tried, so that they are compared by the same chance.
   */
  private static final class Simulation {
    private final TrialRule rule;
    private final double tolerance;
    private final double[][] noise;

    Simulation(double[] pool, TrialRule rule, int gates, SplittableRandom random) {
      this.rule = rule;
      this.tolerance = Objects.requireNonNull(rule.tolerances().get(TrialRule.MEDIAN));
      this.noise = new double[gates][rule.most()];
      for (double[] gate : noise) {
        Arrays.setAll(
            gate,
            _ -> {
              double drawn = pool[random.nextInt(pool.length)];
              return random.nextBoolean() ? drawn : -drawn;
            });
      }
    }

    /** By halving the logarithm of the shift; null where not even the largest is found. */
    @Nullable Double smallest(double largest, int steps) {
      double most = Math.log(largest);
      double least = Math.log1p(tolerance) / 2; // no smaller one is ever confirmed
      if (!found(most)) {
        return null;
      }
      for (int i = 0; i < steps; i++) {
        double middle = Math.sqrt(least * most);
        if (found(middle)) {
          most = middle;
        } else {
          least = middle;
        }
      }
      return Math.exp(most);
    }

    /** Whether it is found often enough. */
    private boolean found(double shift) {
      int misses = 0;
      int allowed = (int) Math.floor((1 - POWER) * noise.length + 1e-9);
      for (double[] gate : noise) {
        Verdict verdict = Course.of(new Draws(gate, shift), tolerance, rule).verdict();
        if (!(verdict instanceof Verdict.Changed changed && changed.slower())
            && ++misses > allowed) {
          return false;
        }
      }
      return true;
    }
  }

  /** Draws, one after the other. */
  private static final class Draws implements DoubleSupplier {
    private final double[] noise;
    private final double shift;
    private int next;

    Draws(double[] noise, double shift) {
      this.noise = noise;
      this.shift = shift;
    }

    @Override
    public double getAsDouble() {
      return noise[next++] + shift;
    }
  }
}
