// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.SampleLoop;
import io.gpubench.measure.run.Sampler;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.worker.InputFolder;
import io.gpubench.measure.worker.Worker;
import io.gpubench.measure.worker.WorkerCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the worker protocol adds to a batch of 1,000 samples of 100 us each: a request, a reply with
 * 2,000 numbers, and the wake-up of either side. The floor is the samples themselves, 100 ms, which
 * {@link #inProcess} takes with the same loop.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
public class WorkerBenchmark {
  private static final int SAMPLES = 1_000;

  private final SampleLoop loop = new SampleLoop(new SpinWorker.Spin());
  private @Nullable Worker worker;
  private long next;

  @Setup
  public void start() {
    var command =
        new WorkerCommand(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SpinWorker.class.getName()),
            Map.of(),
            Path.of("").toAbsolutePath(),
            null,
            null);
    Worker started =
        Worker.start(
            new Worker.Launch("spin", command, Map.of(), false, 1, null),
            new InputFolder(Path.of(System.getProperty("java.io.tmpdir"))),
            new Cancellation());
    started.prepare(
        new SpinWorker.Waiting(), "call", new ParameterValues(Map.of()), new MachineFacts(1, 0, 0));
    worker = started;
  }

  @TearDown
  public void stop() {
    if (worker != null) {
      worker.close();
    }
  }

  @Benchmark
  public long inProcess() {
    return take(loop);
  }

  @Benchmark
  public long byWorker() {
    if (worker == null) {
      throw new IllegalStateException("not started");
    }
    return take(worker);
  }

  private long take(Sampler sampler) {
    long first = next;
    next += SAMPLES;
    return sampler.take(first, SAMPLES, Long.MAX_VALUE / 2, 0).count();
  }
}
