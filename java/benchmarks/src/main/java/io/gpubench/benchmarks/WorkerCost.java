// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.worker.InputFolder;
import io.gpubench.measure.worker.Worker;
import io.gpubench.measure.worker.WorkerCommand;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the worker protocol adds to batches of 1,000 samples of 100 us each: the time of a request
 * less that from its first sample to the end of its last, which is the floor. In it are a request,
 * a reply with 2,000 numbers, and the wake-up of either side. Taken within each request, so that a
 * noisy moment, which hits the samples, does not count.
 */
public final class WorkerCost {
  private static final int SAMPLES = 1_000;
  private static final int WARMUP = 10;
  private static final int BATCHES = 100;

  private WorkerCost() {}

  public static void main(String[] args) {
    var command =
        new WorkerCommand(
            JavaProcess.command(SpinWorker.class.getName(), List.of()),
            Map.of(),
            Path.of("").toAbsolutePath(),
            null,
            null);
    var launch = new Worker.Launch("spin", command, Map.of(), false, 1, null, false);
    var cancellation = new Cancellation();
    try (var inputs = new InputFolder(Path.of(System.getProperty("java.io.tmpdir")));
        var worker = Worker.start(launch, inputs, cancellation)) {
      worker.prepare(
          new SpinWorker.Waiting(),
          Mode.of("call"),
          new ParameterValues(Map.of()),
          new MachineFacts(1, 0, 0));
      double[] micros = new double[BATCHES];
      double[] percent = new double[BATCHES];
      for (int i = -WARMUP; i < BATCHES; i++) {
        long before = System.nanoTime();
        SampleBatch batch = worker.take((i + WARMUP) * (long) SAMPLES, SAMPLES, 1L << 40, 0);
        long elapsed = System.nanoTime() - before;
        int last = batch.count() - 1;
        long span = batch.startNanos(last) + batch.durationNanos(last) - batch.startNanos(0);
        if (i == -WARMUP) {
          print("first request", Reading.of((elapsed - span) / 1e3, "us"));
        }
        if (i >= 0) {
          micros[i] = (elapsed - span) / 1e3;
          percent[i] = 100.0 * (elapsed - span) / elapsed;
        }
      }
      double[] trips = new double[BATCHES];
      for (int i = 0; i < BATCHES; i++) {
        long before = System.nanoTime();
        worker.telemetry();
        trips[i] = (System.nanoTime() - before) / 1e3;
      }
      print("round trip alone", Reading.of(trips, "us"));
      print("request", Reading.of(micros, "us"));
      print("share of the request", Reading.of(percent, "%"));
      Arrays.sort(percent);
      print("95 % of the shares at most", Reading.of(percent[BATCHES * 95 / 100], "%"));
    }
  }

  private static void print(String what, Reading added) {
    System.out.println(added.line(what));
  }
}
