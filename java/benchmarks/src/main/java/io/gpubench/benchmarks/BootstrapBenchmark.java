// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.measure.stats.Bootstrap;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The bootstrap interval of the median of 10,000 samples, independent and autocorrelated. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BootstrapBenchmark {
  private static final int RESAMPLES = 1_000;

  /** The autocorrelation time of the second series, in samples: 16 to 48 were seen. */
  private static final double TIME = 48;

  @Benchmark
  public Bootstrap.Interval independent(Series series) {
    return Bootstrap.medianOfSeries(series.independent, 0.95, RESAMPLES, series.seed++);
  }

  @Benchmark
  public Bootstrap.Interval autocorrelated(Series series) {
    return Bootstrap.medianOfSeries(series.autocorrelated, 0.95, RESAMPLES, series.seed++);
  }

  /** Samples around 100 us, on the logarithm an autoregression of order 1. */
  @State(Scope.Thread)
  public static class Series {
    long[] independent = {};
    long[] autocorrelated = {};
    long seed;

    @Setup
    public void draw() {
      independent = series(1);
      autocorrelated = series(TIME);
    }

    private static long[] series(double time) {
      var random = new Random(1);
      double persistence = (time - 1) / (time + 1);
      double innovation = Math.sqrt(1 - persistence * persistence);
      double state = random.nextGaussian();
      long[] nanos = new long[10_000];
      for (int i = 0; i < nanos.length; i++) {
        nanos[i] = Math.round(100_000 * Math.exp(0.2 * state));
        state = persistence * state + innovation * random.nextGaussian();
      }
      return nanos;
    }
  }
}
