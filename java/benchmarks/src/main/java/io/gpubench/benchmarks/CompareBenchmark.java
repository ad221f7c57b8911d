// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.measure.compare.RecordedComparison;
import io.gpubench.measure.compare.RecordedSide;
import io.gpubench.measure.compare.TrialRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * The comparison of two stored runs of 100 records of 1,000 samples, from their files on. Before it
 * begins, the runs are measured, which takes half a minute.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CompareBenchmark {
  @Benchmark
  public RecordedComparison compare(Sides sides) {
    return RecordedComparison.of(
        RecordedSide.read(sides.a),
        RecordedSide.read(sides.b),
        TrialRule.DEFAULT.alpha(),
        TrialRule.DEFAULT.tolerances());
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
