// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.ffi.host.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
 * that adds one to a word, called through its generated binding ({@link #java}), and from C through
 * a function pointer ({@link #c}), which is the floor. The difference is what every launch pays.
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
  private final MemorySegment launches = Arena.global().allocate(ValueLayout.JAVA_LONG);
  private final MemorySegment waits = Arena.global().allocate(ValueLayout.JAVA_LONG);
  private final MemorySegment launch = Host.gpubench_launch_shape$address();
  private final MemorySegment synchronize = Host.gpubench_synchronize_shape$address();

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int java() {
    for (int call = 0; call < CALLS; call++) {
      int code =
          Host.gpubench_launch_shape(
              launches, 132, 1, 1, 128, 1, 1, 0, waits, parameters, MemorySegment.NULL);
      if (code != 0) {
        return code;
      }
    }
    return Host.gpubench_synchronize_shape(waits);
  }

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int c() {
    return Host.gpubench_submit_loop(
        launch, synchronize, launches, 132, 1, 1, 128, 1, 1, 0, waits, parameters, CALLS);
  }
}
