// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.engines.consensus.OneRun;
import io.gpubench.engines.cuda.CheatingPiece.Cheat;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A piece of work on a device that cheats in each way that we know, by each clock: what becomes of
 * its record, and what that says of it.
 */
@Timeout(120)
class CheatingPiecesTest {
  private static final String WRONG = "(sample \\d+: .*|sample 0: the answer's digest is .*)";
  private static final MachineFacts FACTS = new MachineFacts(1, 1L << 30, 16 << 10);
  private static final StoppingRule RULE =
      new StoppingRule(50, 50, 0, 60_000_000_000L, 0, 10, 0, 0);

  @TempDir private Path temp;

  /** A cheat by a clock, the outcome of its record and what the reason tells. */
  record Case(Cheat cheat, Clock clock, String outcome, String reason) {}

  @BeforeEach
  void needsTheSimulator() {
    assumeTrue(Simulator.missing().isEmpty(), "no simulated device");
  }

  static Stream<Case> cheats() {
    var cases = new ArrayList<Case>();
    for (Clock clock : List.of(Clock.HOST, Clock.DEVICE)) {
      for (Cheat cheat : EnumSet.complementOf(EnumSet.of(Cheat.HONEST, Cheat.WAITS))) {
        cases.add(new Case(cheat, clock, "Incorrect", WRONG));
      }
    }
    for (Cheat cheat : List.of(Cheat.EVERY_SECOND, Cheat.WORKS_IN_WARM_UP_ONLY)) {
      cases.add(new Case(cheat, Clock.BATCH, "Incorrect", WRONG));
    }
    cases.add(new Case(Cheat.WAITS, Clock.DEVICE, "Failed", ".*the work waits for the device.*"));
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cheats")
  void whoCheatsIsCaught(Case bad) {
    ResultRecord record = measured(bad.cheat, bad.clock);
    assertEquals(bad.outcome, record.outcome(), record.reason());
    assertTrue(String.valueOf(record.reason()).matches(bad.reason), record.reason());
  }

  static List<Clock> clocks() {
    return List.of(Clock.values());
  }

  @ParameterizedTest
  @MethodSource("clocks")
  void whoDoesNotIsMeasured(Clock clock) {
    ResultRecord record = measured(Cheat.HONEST, clock);
    assertEquals("Measured", record.outcome(), record.reason());
  }

  @Test
  void eachCheatIsTried() {
    EnumSet<Cheat> tried =
        cheats()
            .map(Case::cheat)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Cheat.class)));
    assertEquals(EnumSet.of(Cheat.HONEST), EnumSet.complementOf(tried));
  }

  private ResultRecord measured(Cheat cheat, Clock clock) {
    return OneRun.measured(
        temp,
        new CheatingSession(
            cheat,
            (CudaSession)
                new CudaEngine()
                    .on(CudaEngine.SIMULATOR)
                    .orElseThrow()
                    .open(new Engine.Options(1))),
        new Mode(CudaEngine.LAUNCH, clock, Mode.Cache.HOT),
        OneRun.consensus(100),
        FACTS,
        RULE);
  }

  private record CheatingSession(Cheat cheat, CudaSession cuda) implements Session {
    private static final Duration PATIENCE = Duration.ofMillis(100);

    @Override
    public Map<String, Object> description() {
      return cuda.description();
    }

    @Override
    public Engine.SelfCheck selfCheck() {
      return Engine.SelfCheck.passed(cheat.name());
    }

    @Override
    public boolean synthetic() {
      return true;
    }

    @Override
    public double physicalOperationsPerSecond() {
      return Double.POSITIVE_INFINITY;
    }

    @Override
    public PreparedRun prepare(
        Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
      return CudaRun.of(() -> {
        TimingKernels kernels = cuda.timing();
        var piece =
            new CheatingPiece(
                cheat,
                cuda.context(),
                new CudaConsensusPiece(kernels, cuda.consensus().module(), values, facts, false));
        return mode.clock() == Clock.HOST
            ? new CudaHostClockRun(kernels, piece, mode)
            : new CudaQueuedRun(kernels, piece, mode, PATIENCE);
      });
    }

    @Override
    public void close() {
      cuda.close();
    }
  }
}
