// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** An engine for consensus that spins 20 us and claims to be right, unless it is told otherwise. */
public final class FakeEngine implements Engine {
  private final String id;
  private final SelfCheck check;
  LongConsumer work = _ -> {};
  LongPredicate right = _ -> true;
  Runnable preparing = () -> {};
  boolean synthetic;
  List<String> devices = List.of();
  @Nullable String device;
  double physicalOperationsPerSecond = Double.POSITIVE_INFINITY;
  Map<String, Double> bounds = Map.of();

  List<String> paths = List.of("call");
  Function<ParameterValues, PreparedRun.Work> workOf =
      _ -> new PreparedRun.Work(1_000, 32_000, 100_000);
  Function<ParameterValues, Map<String, Double>> amounts = _ -> Map.of();
  Map<String, Object> configuration = Map.of("threads", 1);

  /** By the workload's id. */
  Function<String, Map<String, Double>> demands = _ -> Map.of();

  int opened;
  int closed;
  int prepared;

  private FakeEngine(String id, SelfCheck check) {
    this.id = id;
    this.check = check;
  }

  public static FakeEngine passing(String id) {
    return new FakeEngine(id, SelfCheck.passed("fake " + id));
  }

  public static FakeEngine missing(String id) {
    return new FakeEngine(id, SelfCheck.failed(id + " is not there", "buy " + id));
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String summary() {
    return "a fake";
  }

  @Override
  public List<String> paths(String workloadId) {
    return paths;
  }

  @Override
  public Optional<Engine> on(String device) {
    return devices.isEmpty() ? Optional.empty() : Optional.of(onDevice(device));
  }

  private FakeEngine onDevice(String device) {
    FakeEngine same =
        new FakeEngine(
            id,
            devices.contains(device)
                ? check
                : SelfCheck.failed("no device " + device, "buy " + device));
    same.devices = devices;
    same.synthetic = device.equals("sim");
    same.device = "fake " + device;
    return same;
  }

  @Override
  public Session open(Options options) {
    opened++;
    return new FakeSession();
  }

  private final class FakeSession implements Session {
    @Override
    public Map<String, Object> description() {
      return Map.of("fake", true);
    }

    @Override
    public @Nullable String device() {
      return device;
    }

    @Override
    public SelfCheck selfCheck() {
      return check;
    }

    @Override
    public boolean synthetic() {
      return synthetic;
    }

    @Override
    public double physicalOperationsPerSecond() {
      return physicalOperationsPerSecond;
    }

    @Override
    public Map<String, Double> bounds() {
      return bounds;
    }

    @Override
    public PreparedRun prepare(
        Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
      prepared++;
      preparing.run();
      return new FakeRun(workload, values);
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private final class FakeRun implements PreparedRun {
    private final Workload workload;
    private final ParameterValues values;
    private long current;

    FakeRun(Workload workload, ParameterValues values) {
      this.workload = workload;
      this.values = values;
    }

    @Override
    public void stage(long sample) {
      current = sample;
    }

    @Override
    public void execute() {
      long end = System.nanoTime() + 20_000;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      work.accept(current);
    }

    @Override
    public boolean verify(long sample) {
      return right.test(sample);
    }

    @Override
    public String mismatch(long sample) {
      return "word 3 is 7, expected 8";
    }

    @Override
    public long digest() {
      return workload.answerDigest(values, current);
    }

    @Override
    public Work work() {
      return workOf.apply(values);
    }

    @Override
    public Map<String, Double> amounts() {
      return amounts.apply(values);
    }

    @Override
    public Map<String, Double> demands() {
      return demands.apply(workload.id());
    }

    @Override
    public long inputs() {
      return 2;
    }

    @Override
    public Map<String, Object> verification() {
      return Map.of("oracle", "none");
    }

    @Override
    public Map<String, Object> configuration() {
      return configuration;
    }

    @Override
    public void close() {}
  }
}
