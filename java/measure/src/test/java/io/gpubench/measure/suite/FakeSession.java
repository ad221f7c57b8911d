// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;

/** Its runs do what the test wants, and fail when it says so. */
final class FakeSession implements Session {
  private final LongConsumer work;
  long wrongAt = Long.MAX_VALUE;
  double operations = 10;
  boolean unavailable;

  /** How many runs, from the first, it has not what they ask for. */
  int absentRuns;

  boolean failsToClose;
  long digest;
  IntFunction<Map<String, Double>> amountsOfRun = _ -> Map.of();
  IntFunction<Map<String, Long>> stagesOfRun = _ -> Map.of();
  private int runs;

  FakeSession(LongConsumer work) {
    this.work = work;
  }

  @Override
  public Map<String, Object> description() {
    return Map.of();
  }

  @Override
  public SelfCheck selfCheck() {
    return SelfCheck.passed("fake");
  }

  @Override
  public boolean synthetic() {
    return false;
  }

  @Override
  public double physicalOperationsPerSecond() {
    return 1e12;
  }

  @Override
  public PreparedRun prepare(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    if (unavailable) {
      throw new EngineException("no such device");
    }
    if (absentRuns > 0) {
      absentRuns--;
      throw new EngineException(
          EngineException.Kind.ABSENT, "there is no second device", "add one", null);
    }
    runs++;
    return new FakeRun(this, amountsOfRun.apply(runs), stagesOfRun.apply(runs));
  }

  @Override
  public void close() {}

  private static final class FakeRun implements PreparedRun {
    private final FakeSession session;
    private final Map<String, Double> amounts;
    private final Map<String, Long> stages;
    private long current;

    FakeRun(FakeSession session, Map<String, Double> amounts, Map<String, Long> stages) {
      this.session = session;
      this.amounts = amounts;
      this.stages = stages;
    }

    @Override
    public void stage(long sample) {
      current = sample;
    }

    @Override
    public void execute() {
      session.work.accept(current);
    }

    @Override
    public boolean verify(long sample) {
      return sample != session.wrongAt;
    }

    @Override
    public String mismatch(long sample) {
      return "wrong word";
    }

    @Override
    public long digest() {
      return session.digest;
    }

    @Override
    public Work work() {
      return new Work(1_000, 100, session.operations);
    }

    @Override
    public Map<String, Double> amounts() {
      return amounts;
    }

    @Override
    public Map<String, Long> stages() {
      return stages;
    }

    @Override
    public long inputs() {
      return 2;
    }

    @Override
    public Map<String, Object> verification() {
      return Map.of("oracle", "Fake");
    }

    @Override
    public Map<String, Object> configuration() {
      return Map.of("threads", 1);
    }

    @Override
    public void close() {
      if (session.failsToClose) {
        throw new EngineException("closed in vain");
      }
    }
  }
}
