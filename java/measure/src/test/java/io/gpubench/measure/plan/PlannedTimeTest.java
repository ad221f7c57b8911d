// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.CATALOG;
import static io.gpubench.measure.plan.Fakes.FACTS;
import static io.gpubench.measure.plan.Fakes.message;
import static io.gpubench.measure.plan.Plans.CONSENSUS;
import static io.gpubench.measure.plan.Plans.inFile;
import static io.gpubench.measure.plan.Plans.plan;
import static io.gpubench.measure.plan.Plans.set;
import static io.gpubench.measure.plan.Plans.suite;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.stats.EntropyTrend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the runs of a plan stop: what the budget, the profile and the command line make of it. */
class PlannedTimeTest {
  @Test
  void theBudgetIsSharedEqually() {
    Plan plan = plan(CONSENSUS, Overrides.NONE);
    assertEquals(
        new StoppingRule(
            1000, 5000, 1_000_000_000L, 22_500_000_000L, 0.005, 100, 500_000_000L, 4_500_000_000L),
        plan.runs().getFirst().stoppingRule());
    assertEquals(Duration.ofSeconds(30), plan.runs().getFirst().budget());
    assertEquals(Duration.ofMinutes(1), plan.budget());
  }

  private static Profile profile(String budget, long min) {
    return new Profile(
        "y",
        "",
        Durations.parse(budget),
        6,
        min,
        10_000_000,
        0.01,
        null,
        Duration.ZERO,
        0,
        Duration.ZERO,
        new Place.InFile(Path.of("y.yaml"), 7, "samples.min"));
  }

  @Test
  void fewestSamplesThatCannotFitWhateverIsMeasuredAreAMistakeInTheProfile() {
    var one = suite(inFile("consensus", "host", "call", "validators=17"));
    assertEquals(
        "y.yaml:7: samples.min: 10,000,000 samples take 200ms at least, 20 ns each, and a process has 125ms"
            + " for measuring (the budget of 1s by 6 processes); 6,250,000 fit at most",
        message(
            () -> Planner.plan(one, CATALOG, profile("1s", 10_000_000), FACTS, Overrides.NONE)));
    assertEquals(
        "y.yaml:7: samples.min: 5 samples take 100ns at least, 20 ns each, and a process has 5ns for"
            + " measuring (the budget of 40ns by 6 processes); not one fits",
        message(() -> Planner.plan(one, CATALOG, profile("40ns", 5), FACTS, Overrides.NONE)));
    Plan fits = Planner.plan(one, CATALOG, profile("1s", 6_250_000), FACTS, Overrides.NONE);
    assertEquals(6_250_000, fits.runs().getFirst().stoppingRule().minSamples());
  }

  @Test
  void whatTheCommandLineAsksForHasToFitToo() {
    assertEquals(
        "--samples 1000000: 1,000,000 samples take 20ms at least, 20 ns each, and a process has 1ms for"
            + " measuring (--duration 1ms); 50,000 fit at most",
        message(() ->
            plan(
                CONSENSUS,
                new Overrides(
                    null, null, 1_000_000L, null, Duration.ofMillis(1), null, null, List.of()))));
  }

  @Test
  void theCommandLineReplacesEveryRule() {
    var entropy =
        new Profile(
            "y",
            "",
            Duration.ofMinutes(1),
            1,
            1_000,
            5_000,
            0,
            EntropyTrend.Limits.USUAL,
            Duration.ofSeconds(1),
            0,
            Duration.ZERO,
            new Place.OnCommandLine(""));
    assertEquals(StoppingRule.Criterion.ENTROPY, criterion(entropy, null, null));
    assertEquals(StoppingRule.Criterion.COUNT, criterion(entropy, 70L, null));
    assertEquals(StoppingRule.Criterion.TIME, criterion(entropy, null, Duration.ofSeconds(3)));
  }

  private static StoppingRule.Criterion criterion(
      Profile profile, @Nullable Long samples, @Nullable Duration duration) {
    var overrides = new Overrides(null, null, samples, null, duration, null, null, List.of());
    return Planner.plan(CONSENSUS, CATALOG, profile, FACTS, overrides)
        .runs()
        .getFirst()
        .stoppingRule()
        .criterion();
  }

  @Test
  void aTinyShareShortensTheWarmup() {
    Plan plan = plan(CONSENSUS, set("validators=10000:19999:+1"));
    StoppingRule rule = plan.runs().getFirst().stoppingRule();
    assertEquals(4_500_000, rule.maxNanos());
    assertEquals(900_000, rule.maxWarmupNanos());
    assertEquals(900_000, rule.minWarmupNanos());
    assertEquals(60_000, plan.budget().toMillis());
  }

  @Test
  void aDurationIsTimeForMeasuringWhateverThePrecision() {
    var overrides =
        new Overrides(null, null, null, 7L, Duration.ofSeconds(3), null, null, List.of());
    PlannedRun run = plan(CONSENSUS, overrides).runs().getFirst();
    assertEquals(
        new StoppingRule(1000, 5000, 0, 3_000_000_000L, 0, 7, 500_000_000L, 600_000_000L),
        run.stoppingRule());
    assertEquals(Duration.ofSeconds(4), run.budget());
  }

  @Test
  void samplesAreExactlySoMany() {
    var overrides = new Overrides(null, null, 12L, null, null, null, null, List.of());
    StoppingRule rule = plan(CONSENSUS, overrides).runs().getFirst().stoppingRule();
    assertEquals(
        new StoppingRule(12, 12, 0, 22_500_000_000L, 0, 100, 500_000_000L, 4_500_000_000L), rule);
    var both = new Overrides(null, null, 12L, null, Duration.ofSeconds(3), null, null, List.of());
    assertEquals(3_000_000_000L, plan(CONSENSUS, both).runs().getFirst().stoppingRule().maxNanos());
  }

  @Test
  void numbersOutOfRange() {
    assertEquals(
        "--samples 0 is out of range; expected 1 .. 10000000",
        message(() -> new Overrides(null, null, 0L, null, null, null, null, List.of())));
    assertEquals(
        "--warmup -1 is out of range; expected 0 .. 10000000",
        message(() -> new Overrides(null, null, null, -1L, null, null, null, List.of())));
    assertEquals(
        "--duration: expected more than 0",
        message(() -> new Overrides(null, null, null, null, Duration.ZERO, null, null, List.of())));
    assertEquals(
        "--duration: expected at most 168h",
        message(() ->
            new Overrides(null, null, null, null, Duration.ofDays(8), null, null, List.of())));
  }

  @Test
  void repetitionsShareTheBudget() {
    var overrides = new Overrides(null, null, null, null, null, 3, null, List.of());
    Plan plan = plan(CONSENSUS, overrides);
    PlannedRun first = plan.runs().getFirst();
    assertEquals(3, first.repetitions());
    assertEquals(Duration.ofSeconds(10), first.budget());
    assertEquals(Duration.ofMinutes(1), plan.budget());
    assertEquals(
        "--repetitions 0 is out of range; expected 1 .. 1000",
        message(() -> new Overrides(null, null, null, null, null, 0, null, List.of())));
  }
}
