// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a run is told when no sample follows. */
class LocalMeasurerTest {
  private static final long FAILS = 7;
  private static final long WRONG = 8;
  private static final Workload WORKLOAD =
      (Workload)
          Proxy.newProxyInstance(
              Workload.class.getClassLoader(), new Class<?>[] {Workload.class}, (_, _, _) -> null);

  private final List<String> calls = new ArrayList<>();
  private final LocalMeasurer measurer = new LocalMeasurer(new Scripted());
  private boolean failsToRest;

  @BeforeEach
  void prepare() {
    prepared(Mode.of("path"));
  }

  @Test
  void aRunRestsOnceAfterEachBatch() {
    assertEquals(2, measurer.take(0, 2, Long.MAX_VALUE, 1).count());
    assertEquals(List.of("stage 0", "stage 1", "stage 2", "rest"), calls);
    measurer.take(3, 1, Long.MAX_VALUE, 0);
    assertEquals(List.of("stage 3", "rest"), calls.subList(4, 6));
  }

  @Test
  void andAfterDigests() {
    assertArrayEquals(new long[] {50, 30}, measurer.digests(5, 3));
    assertEquals(List.of("stage 5", "stage 3", "rest"), calls);
  }

  @Test
  void andAfterAWrongAnswer() {
    assertNotNull(measurer.take(WRONG, 5, Long.MAX_VALUE, 0).mismatch());
    assertEquals(List.of("stage 8", "rest"), calls);
  }

  @Test
  void andAfterAFailureWhichItDoesNotHide() {
    failsToRest = true;
    var failure = assertThrows(EngineException.class, () -> measurer.take(6, 5, Long.MAX_VALUE, 0));
    assertEquals("failed", failure.getMessage());
    assertEquals("no rest", failure.getSuppressed()[0].getMessage());
    assertEquals(List.of("stage 6", "stage 7", "rest"), calls);
    assertEquals(
        "no rest",
        assertThrows(EngineException.class, () -> measurer.take(1, 1, Long.MAX_VALUE, 0))
            .getMessage());
  }

  /** Nobody may take it for what the engine can do. */
  @Test
  void aSlowdownIsPartOfTheConfigurationOfWhatIsPreparedNext() {
    assertEquals(Map.of(), prepared(Mode.of("path")));
    measurer.slow(new Slowdown(1.25));
    assertEquals(Map.of("slowdown", 1.25), prepared(Mode.of("path")));
    var device = new Mode("path", PreparedRun.Clock.DEVICE, Mode.Cache.HOT);
    assertThrows(ConfigException.class, () -> prepared(device));
    measurer.slow(null);
    assertEquals(Map.of(), prepared(Mode.of("path")));
  }

  private Map<String, Object> prepared(Mode mode) {
    return measurer
        .prepare(WORKLOAD, mode, new ParameterValues(Map.of()), new MachineFacts(1, 1, 1))
        .configuration();
  }

  private final class Scripted implements Session {
    @Override
    public Map<String, Object> description() {
      return Map.of();
    }

    @Override
    public SelfCheck selfCheck() {
      return SelfCheck.passed("scripted");
    }

    @Override
    public boolean synthetic() {
      return true;
    }

    @Override
    public double physicalOperationsPerSecond() {
      return 1;
    }

    @Override
    public PreparedRun prepare(
        Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
      return new Run();
    }

    @Override
    public void close() {}
  }

  private final class Run implements PreparedRun {
    private long current;

    @Override
    public void stage(long sample) {
      calls.add("stage " + sample);
      current = sample;
    }

    @Override
    public void execute() {
      if (current == FAILS) {
        throw new EngineException("failed");
      }
    }

    @Override
    public boolean verify(long sample) {
      return sample != WRONG;
    }

    @Override
    public String mismatch(long sample) {
      return "wrong";
    }

    @Override
    public long digest() {
      return 10 * current;
    }

    @Override
    public void rest() {
      calls.add("rest");
      if (failsToRest) {
        throw new EngineException("no rest");
      }
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
