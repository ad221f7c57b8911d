// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.engines.consensus.CheatingKernel.Cheat;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A kernel of our own kind that cheats in each way that we know, in a run that does not: what
 * becomes of its record, and what that says of it.
 */
@Timeout(120)
class CheatingKernelsTest {
  private static final String WRONG = "sample \\d+: round \\d+: .* is .*, expected .*";
  private static final String TOO_FAST =
      "implausible: \\d+ operations in \\d+ ns are more than this hardware can execute";

  /** A small cache, so that few rounds rotate. */
  private static final MachineFacts FACTS = new MachineFacts(1, 1L << 30, 64 << 10);

  /** Five units that add one number each in every cycle of 5 GHz: slower than any machine today. */
  private static final double OPERATIONS_PER_SECOND = 2.5e10;

  private static final StoppingRule RULE =
      new StoppingRule(200, 200, 0, 60_000_000_000L, 0, 50, 0, 0);

  @TempDir private Path temp;

  /** A cheat, the outcome of its record and what the reason tells. */
  record Case(Cheat cheat, String outcome, String reason) {}

  static Stream<Case> cheats() {
    return Stream.of(
        new Case(Cheat.REPLAYS, "Incorrect", "sample 0: the answer's digest is .*, expected .*"),
        new Case(Cheat.ANSWERS_THE_FIRST, "Incorrect", "sample 1: the answer's digest is .*"),
        new Case(Cheat.RETURNS_EARLY, "Incorrect", "sample 0: the answer's digest is .*"),
        new Case(Cheat.ANSWERS_LATE, "Incorrect", "sample 0: the answer's digest is .*"),
        new Case(Cheat.CHANGES_THE_INPUT, "Incorrect", "sample 1: the answer's digest is .*"),
        new Case(Cheat.LEAVES_THE_OUTPUT, "Incorrect", "sample 0: the answer's digest is .*"),
        new Case(Cheat.KEEPS_POISON_OUT, "Incorrect", "sample 0: the answer's digest is .*"),
        new Case(Cheat.SHOWS_ANOTHER_OUTPUT, "Incorrect", "sample 0: the answer's digest is .*"),
        new Case(Cheat.SAYS_NAN, "Incorrect", "sample 0: the answer's digest is .*"),
        new Case(Cheat.DOES_PART, "Incorrect", "sample 0: the answer's digest is .*"),
        new Case(Cheat.LOOKS_AT_HALF, "Incorrect", "sample 0: the answer's digest is .*"),
        new Case(Cheat.WORKS_IN_WARM_UP_ONLY, "Incorrect", WRONG),
        new Case(Cheat.GUESSES_WHAT_IS_CHECKED, "Incorrect", WRONG),
        new Case(Cheat.REMEMBERS, "Rejected", TOO_FAST),
        new Case(Cheat.WORKS_AHEAD, "Rejected", TOO_FAST));
  }

  @ParameterizedTest
  @MethodSource("cheats")
  void whoCheatsIsCaught(Case bad) {
    ResultRecord record = measured(bad.cheat);
    assertEquals(bad.outcome, record.outcome(), record.reason());
    assertTrue(String.valueOf(record.reason()).matches(bad.reason), record.reason());
  }

  @Test
  void whoDoesNotIsMeasured() {
    ResultRecord record = measured(Cheat.HONEST);
    assertEquals("Measured", record.outcome(), record.reason());
    assertTrue((long) record.verification().get("answersAskedAgain") >= 1);
  }

  @Test
  void eachCheatIsTried() {
    EnumSet<Cheat> tried =
        cheats()
            .map(Case::cheat)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Cheat.class)));
    assertEquals(EnumSet.of(Cheat.HONEST), EnumSet.complementOf(tried));
  }

  private ResultRecord measured(Cheat cheat) {
    return OneRun.measured(
        temp, new CheatingSession(cheat), Mode.of("call"), OneRun.consensus(1_000), FACTS, RULE);
  }

  private record CheatingSession(Cheat cheat) implements Session {
    @Override
    public Map<String, Object> description() {
      return Map.of();
    }

    @Override
    public Engine.SelfCheck selfCheck() {
      return Engine.SelfCheck.passed(cheat.name());
    }

    @Override
    public boolean synthetic() {
      return false;
    }

    @Override
    public double physicalOperationsPerSecond() {
      return OPERATIONS_PER_SECOND;
    }

    @Override
    public PreparedRun prepare(
        Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
      return ConsensusRun.prepare(
          values, facts, (epoch, capacity) -> new CheatingKernel(cheat, epoch, capacity));
    }

    @Override
    public void close() {}
  }
}
