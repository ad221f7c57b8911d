// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.SampleLoop;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.PreparedRun;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the sample loop adds to a sample: a run whose staging, work and verification do nothing. The
 * floor is the two readings of the clock, which {@link #clock} measures. With {@code -prof gc},
 * {@link #loop} shows the 16 bytes that are kept of each sample, allocated once before the first;
 * there is no garbage.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class SampleLoopBenchmark {
  private static final int SAMPLES = 100_000;
  private static final StoppingRule EXACTLY =
      new StoppingRule(SAMPLES, SAMPLES, 0, Long.MAX_VALUE / 2, 0, 1, 0, 0);

  /** With its batch, of which a process has one. */
  private final SampleLoop loop = new SampleLoop(new Nothing());

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public io.gpubench.measure.run.Measurement.Result loop() {
    return new io.gpubench.measure.run.Measurement(loop, EXACTLY, Observer.NONE, new Cancellation())
        .run();
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public long clock() {
    long sum = 0;
    for (int i = 0; i < SAMPLES; i++) {
      long before = System.nanoTime();
      sum += System.nanoTime() - before;
    }
    return sum;
  }

  private static final class Nothing implements PreparedRun {
    @Override
    public void stage(long sample) {}

    @Override
    public void execute() {}

    @Override
    public boolean verify(long sample) {
      return true;
    }

    @Override
    public String mismatch(long sample) {
      return "";
    }

    @Override
    public long digest() {
      return 0;
    }

    @Override
    public Work work() {
      return new Work(1, 1, 1);
    }

    @Override
    public long inputs() {
      return EACH_ITS_OWN;
    }

    @Override
    public Map<String, Object> verification() {
      return Map.of();
    }

    @Override
    public Map<String, Object> configuration() {
      return Map.of();
    }

    @Override
    public void close() {}
  }
}
