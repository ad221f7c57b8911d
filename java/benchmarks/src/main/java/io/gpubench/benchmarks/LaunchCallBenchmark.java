// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.ffi.host.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
 * What the call that launches a kernel costs from Java: a C function with the same 11 arguments
 * that does nothing, called through its generated binding ({@link #java}), and from C through a
 * function pointer ({@link #c}), which is the floor. The difference is what every launch pays.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class LaunchCallBenchmark {
  private static final int CALLS = 10_000;

  private final MemorySegment parameters = Arena.global().allocate(64);

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int java() {
    int sum = 0;
    for (int call = 0; call < CALLS; call++) {
      sum +=
          Host.gpubench_launch_shape(
              MemorySegment.NULL,
              132,
              1,
              1,
              128,
              1,
              1,
              0,
              MemorySegment.NULL,
              parameters,
              MemorySegment.NULL);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int c() {
    return Host.gpubench_launch_shapes(MemorySegment.NULL, CALLS, MemorySegment.NULL, parameters);
  }
}
