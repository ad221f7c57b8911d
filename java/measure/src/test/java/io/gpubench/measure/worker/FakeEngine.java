// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** An engine whose work and mistakes a test determines, and which says what was done to it. */
final class FakeEngine implements Engine {
  final List<String> events = new ArrayList<>();

  /** What happens while a sample is executed. */
  LongConsumer work = _ -> {};

  /** What a run asks for and the engine has not; null for nothing. */
  @Nullable String missing;

  /** The sample whose answer is wrong. */
  long wrong = Long.MAX_VALUE;

  @Override
  public String id() {
    return "fake";
  }

  @Override
  public String summary() {
    return "a fake";
  }

  @Override
  public List<String> paths(String workloadId) {
    return List.of("call");
  }

  @Override
  public void check(String workloadId, Mode mode, ParameterValues values) {
    if (values.whole("size") == 9) {
      throw new ConfigException("size 9 contradicts itself");
    }
  }

  @Override
  public Optional<Engine> on(String device) {
    return Optional.empty();
  }

  @Override
  public Session open(Options options) {
    events.add("opened with " + options.threads() + " threads");
    return new FakeSession();
  }

  private final class FakeSession implements Session {
    @Override
    public Map<String, Object> description() {
      return Map.of();
    }

    @Override
    public Engine.SelfCheck selfCheck() {
      return Engine.SelfCheck.passed("known answers");
    }

    @Override
    public Telemetry telemetry() {
      return new Telemetry(41.0, null, null, null);
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
      if (missing != null) {
        throw new EngineException(EngineException.Kind.ABSENT, missing, "add one", null);
      }
      return new FakeRun();
    }

    @Override
    public void close() {
      events.add("session closed");
    }
  }

  private final class FakeRun implements PreparedRun {
    private long current;
    private long output;

    @Override
    public void stage(long sample) {
      current = sample;
      output = 0;
    }

    @Override
    public void execute() {
      work.accept(current);
      output = WordsWorkload.answer(current);
    }

    @Override
    public boolean verify(long sample) {
      return sample != wrong;
    }

    @Override
    public String mismatch(long sample) {
      return "wrong word";
    }

    @Override
    public long digest() {
      return AnswerDigest.of(new long[] {output});
    }

    @Override
    public Work work() {
      return new Work(1, 8, 10);
    }

    @Override
    public Map<String, Long> stages() {
      return Map.of("firstExecution", 5L);
    }

    @Override
    public long inputs() {
      return WordsWorkload.SLOTS;
    }

    @Override
    public Map<String, Object> verification() {
      return Map.of("slots", WordsWorkload.SLOTS);
    }

    @Override
    public Map<String, Object> configuration() {
      return Map.of();
    }

    @Override
    public void close() {
      events.add("run closed");
    }
  }
}
