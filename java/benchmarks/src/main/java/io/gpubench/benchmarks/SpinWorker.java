// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.worker.WorkerServer;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A worker whose samples are waits of a known length. */
public final class SpinWorker {
  static final long SAMPLE_NANOS = 100_000;

  private SpinWorker() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    var workload = new Waiting();
    new WorkerServer(
            new SpinEngine(),
            Map.of(workload.id(), workload),
            "0",
            new FileInputStream(FileDescriptor.in),
            new FileOutputStream(FileDescriptor.out),
            () -> Runtime.getRuntime().halt(1),
            Throwable::printStackTrace)
        .serve();
  }

  /** Waits and does nothing. */
  static final class Waiting implements Workload {
    @Override
    public String id() {
      return "waiting";
    }

    @Override
    public String summary() {
      return "waits";
    }

    @Override
    public String unitOfWork() {
      return "waits";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }

    @Override
    public String sizeParameter() {
      return "none";
    }

    @Override
    public long footprintBytes(ParameterValues values, MachineFacts facts) {
      return 0;
    }

    @Override
    public long answerDigest(ParameterValues values, long sample) {
      return 0;
    }

    @Override
    public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file) {
      throw new IllegalStateException("nobody asks for a file");
    }
  }

  /** Has one session, which prepares one run. */
  private static final class SpinEngine implements Engine {
    @Override
    public String id() {
      return "spin";
    }

    @Override
    public String summary() {
      return "spins";
    }

    @Override
    public List<String> paths(String workloadId) {
      return List.of("call");
    }

    @Override
    public Session open(Options options) {
      return new Spinning(SAMPLE_NANOS);
    }
  }

  /** Prepares runs whose samples take so long. */
  static final class Spinning implements Session {
    private final long sampleNanos;

    Spinning(long sampleNanos) {
      this.sampleNanos = sampleNanos;
    }

    @Override
    public Map<String, Object> description() {
      return Map.of();
    }

    @Override
    public Engine.SelfCheck selfCheck() {
      return Engine.SelfCheck.passed("spins");
    }

    @Override
    public boolean synthetic() {
      return false;
    }

    @Override
    public double physicalOperationsPerSecond() {
      return Double.POSITIVE_INFINITY;
    }

    @Override
    public PreparedRun prepare(
        Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
      return new Spin(sampleNanos);
    }

    @Override
    public void close() {}
  }

  /** One sample is a wait. */
  static final class Spin implements PreparedRun {
    private final long nanos;

    Spin(long nanos) {
      this.nanos = nanos;
    }

    @Override
    public void stage(long sample) {}

    @Override
    public void execute() {
      long end = System.nanoTime() + nanos;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    }

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
