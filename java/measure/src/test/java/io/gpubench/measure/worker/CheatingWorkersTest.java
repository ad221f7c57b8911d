// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.worker.CheatingWorker.Cheat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process that cheats, over the worker protocol, in each way that we know: what becomes of its
 * record, and what that says of it.
 */
@Timeout(120)
class CheatingWorkersTest {
  private static final int FEW = 50;

  /** How fast a clock goes shows over the batches: 1,500 samples of 200 us take three. */
  private static final int SEVERAL_BATCHES = 1_500;

  @TempDir private Path temp;

  /** A cheat, the outcome of its record and what the reason tells. */
  record Case(Cheat cheat, String outcome, String reason) {}

  private static final String WRONG = "digest [0-9a-f]{16}, expected [0-9a-f]{16}";

  static Stream<Case> cheats() {
    return Stream.of(
        new Case(Cheat.REPLAYS, "Incorrect", WRONG),
        new Case(Cheat.RETURNS_EARLY, "Incorrect", WRONG),
        new Case(Cheat.ANSWERS_LATE, "Rejected", "more than this hardware can execute"),
        new Case(Cheat.CHANGES_THE_INPUTS, "Rejected", "the file of inputs was written to"),
        new Case(Cheat.LEAVES_THE_OUTPUT, "Incorrect", WRONG),
        new Case(Cheat.SAYS_NAN, "Incorrect", WRONG),
        new Case(Cheat.DOES_HALF, "Incorrect", WRONG),
        new Case(Cheat.REPORTS_HALF, "Incorrect", WRONG),
        new Case(
            Cheat.STOPS_EARLY, "Rejected", "a batch has 3 samples after .*some may be missing"),
        new Case(Cheat.WORKS_IN_WARM_UP_ONLY, "Incorrect", WRONG),
        new Case(Cheat.GUESSES_WHAT_IS_CHECKED, "Incorrect", WRONG),
        new Case(Cheat.WORKS_AHEAD, "Incorrect", WRONG),
        new Case(Cheat.HALF_SPEED_CLOCK, "Rejected", "by its clock, samples were taken"),
        new Case(Cheat.STOPPED_CLOCK, "Rejected", "by its clock, samples were taken"),
        new Case(Cheat.CLOCK_SLOWS_DOWN, "Rejected", "by its clock, samples were taken"),
        new Case(
            Cheat.MAKES_UP_TIMES, "Rejected", "more than this hardware|what the timer resolves"),
        new Case(
            Cheat.VOUCHES_FOR_ITSELF, "Incorrect", "asked for again in between: the answer's"));
  }

  private ResultRecord measured(Cheat cheat) throws Exception {
    boolean foreign = cheat != Cheat.VOUCHES_FOR_ITSELF;
    return new NaughtySuite(temp)
        .samples(cheat.name().contains("CLOCK") ? SEVERAL_BATCHES : FEW)
        .worker(CheatingWorker.class, new HardWords(), foreign)
        .run("", cheat.name());
  }

  @ParameterizedTest
  @MethodSource("cheats")
  void whoCheatsIsCaught(Case bad) throws Exception {
    ResultRecord record = measured(bad.cheat);
    assertEquals(bad.outcome, record.outcome(), record.reason());
    assertTrue(
        String.valueOf(record.reason()).matches(".*(" + bad.reason + ").*"), record.reason());
  }

  @Test
  void whoDoesNotIsMeasured() throws Exception {
    ResultRecord record = measured(Cheat.HONEST);
    assertEquals("Measured", record.outcome(), record.reason());
    assertTrue((long) record.verification().get("answersAskedAgain") >= 1);
  }

  /**
   * What no protocol can tell from a worker that takes long to make its inputs current. That the
   * times are a small part of the time that passed, everybody can see in the record.
   */
  @Test
  void whatLiesBetweenTheSamplesOfAStrangerIsItsWord() throws Exception {
    assertEquals("Measured", measured(Cheat.SHORTENS_DURATIONS).outcome());
  }

  @Test
  void eachCheatIsTried() {
    EnumSet<Cheat> tried =
        cheats()
            .map(Case::cheat)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Cheat.class)));
    assertEquals(EnumSet.of(Cheat.HONEST, Cheat.SHORTENS_DURATIONS), EnumSet.complementOf(tried));
  }

  /** Words that take ten million operations each: 50 to the nanosecond where it takes 200 us. */
  private static final class HardWords extends WordsWorkload {
    @Override
    public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file)
        throws IOException {
      Inputs inputs = super.writeInputs(values, facts, file);
      return new Inputs(
          inputs.digests(), new PreparedRun.Work(1, 8, 10_000_000), inputs.verification());
    }
  }
}
