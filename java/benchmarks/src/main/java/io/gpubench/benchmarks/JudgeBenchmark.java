// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.measure.compare.RecordedComparison;
import io.gpubench.measure.compare.RecordedSide;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.stats.Bootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What judging costs: the bootstrap interval of the median of 10,000 autocorrelated samples, and
 * the comparison of two stored runs of 100 records of 1,000 samples, from their files on.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JudgeBenchmark {
  private static final int RESAMPLES = 1_000;

  @Benchmark
  public Bootstrap.Interval bootstrap(Series series) {
    return Bootstrap.medianOfSeries(series.nanos, 0.95, RESAMPLES, series.seed++);
  }

  @Benchmark
  public RecordedComparison compare(Sides sides) {
    return RecordedComparison.of(
        RecordedSide.read(sides.a),
        RecordedSide.read(sides.b),
        TrialRule.DEFAULT.alpha(),
        TrialRule.DEFAULT.tolerances());
  }

  /** Samples that are an autoregression of order 1 on the logarithm. */
  @State(Scope.Thread)
  public static class Series {
    /** The autocorrelation time, in samples: 16 to 48 were seen. */
    @Param({"1", "48"})
    public double time;

    long[] nanos = {};
    long seed;

    @Setup
    public void draw() {
      var random = new Random(1);
      double persistence = (time - 1) / (time + 1);
      double innovation = Math.sqrt(1 - persistence * persistence);
      double state = random.nextGaussian();
      nanos = new long[10_000];
      for (int i = 0; i < nanos.length; i++) {
        nanos[i] = Math.round(100_000 * Math.exp(0.2 * state));
        state = persistence * state + innovation * random.nextGaussian();
      }
    }
  }

  /** Two stored runs. */
  @State(Scope.Thread)
  public static class Sides {
    /** By how many processes each record was measured. */
    @Param({"10"})
    public int processes;

    Path folder = Path.of("");
    Path a = Path.of("");
    Path b = Path.of("");

    @Setup(Level.Trial)
    public void measure() throws IOException {
      folder = Files.createTempDirectory("gpubench-judge-");
      a = StoredRuns.measure(folder, 1, 100, 1_000, processes);
      b = StoredRuns.measure(folder, 2, 100, 1_000, processes);
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException, InterruptedException {
      new ProcessBuilder("rm", "-rf", folder.toString()).inheritIO().start().waitFor();
    }
  }
}
