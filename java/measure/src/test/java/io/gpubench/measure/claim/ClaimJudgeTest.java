// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.claim.ClaimVerdict.Inconclusive;
import io.gpubench.measure.claim.ClaimVerdict.NotTested;
import io.gpubench.measure.claim.ClaimVerdict.Refuted;
import io.gpubench.measure.claim.ClaimVerdict.Supported;
import io.gpubench.measure.claim.Metric.Kind;
import io.gpubench.measure.claim.Target.Direction;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.Faults;
import io.gpubench.measure.result.ResultRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClaimJudgeTest {
  /** What an engine for devices says that works on the processors. */
  private static final Map<String, Object> ON_PROCESSORS =
      Map.of("deviceType", "CPU", "deviceName", "NVIDIA H200", "memoryBytes", 1L << 40);

  private static final Metric P95 = new Metric(Kind.P95, null);

  private static Judgement judge(Claim claim, Evidence... evidence) {
    List<Judgement> all = ClaimJudge.judge(Made.of(claim), List.of(evidence));
    assertEquals(1, all.size(), all.toString());
    return all.getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    // processes, each in ns, target, direction, verdict
    "5, 90, 100, AT_MOST, Supported",
    "5, 100, 100, AT_MOST, Supported",
    "5, 110, 100, AT_MOST, Refuted",
    "5, 90, 100, AT_LEAST, Refuted",
    "5, 100, 100, AT_LEAST, Supported",
    "5, 110, 100, AT_LEAST, Supported",
    "4, 1, 100, AT_MOST, Inconclusive",
    "1, 1, 100, AT_MOST, Inconclusive"
  })
  void boundsDecideAndNothingElse(
      int processes, double nanos, double target, Direction direction, String verdict) {
    Claim claim =
        Made.claim(P95, new Target(target, direction, false, direction.phrase() + " " + target));
    Judgement judged = judge(claim, Made.up().evidence(Made.times(processes, nanos)));
    assertEquals(verdict, judged.verdict().word());
    assertEquals(processes, judged.processes());
    assertEquals(nanos, judged.estimate(), 1e-9);
    assertEquals(processes >= 5, judged.lower() != null);
  }

  @Test
  void anEstimateOnTheRightSideIsNotEnough() {
    Judgement judged =
        judge(Made.claim(P95, Made.atMost(100)), Made.up().evidence(90, 91, 89, 90, 88, 120));
    assertTrue(judged.estimate() < 100);
    assertTrue(judged.upper() > 100);
    assertInstanceOf(Inconclusive.class, judged.verdict());
  }

  @Test
  void oneBoundAtConfidence95OfFiveProcessesIsTheOutermostOne() {
    Judgement judged =
        judge(Made.claim(P95, Made.atMost(100)), Made.up().evidence(90, 91, 89, 95, 88));
    assertEquals(95, judged.upper(), 1e-9);
    assertEquals(88, judged.lower(), 1e-9);
    assertEquals(5, Claim.fewestProcesses(0.95));
    assertEquals(7, Claim.fewestProcesses(0.99));
    assertEquals(10, Claim.fewestProcesses(0.999));
  }

  @ParameterizedTest
  @CsvSource({"5, Inconclusive", "6, Inconclusive", "7, Supported"})
  void moreConfidenceNeedsMoreProcesses(int processes, String verdict) {
    Claim claim = Made.claim(P95, Made.atMost(100), 0.99, null, null, Requirement.NONE);
    Judgement judged = judge(claim, Made.up().evidence(Made.times(processes, 50)));
    assertEquals(verdict, judged.verdict().word());
    if (processes < 7) {
      assertEquals(
          processes + " processes, and a bound at confidence 0.99 needs 7",
          judged.verdict().reason());
    }
  }

  @Test
  void theClaimsOwnNumberOfProcessesCounts() {
    Claim claim = Made.claim(P95, Made.atMost(100), 0.95, null, 20, Requirement.NONE);
    Judgement judged = judge(claim, Made.up().evidence(Made.times(19, 50)));
    assertEquals("19 processes, and the claim asks for 20", judged.verdict().reason());
    assertInstanceOf(
        Supported.class, judge(claim, Made.up().evidence(Made.times(20, 50))).verdict());
  }

  private static Made with(java.util.function.Consumer<Made> change) {
    Made made = Made.up();
    change.accept(made);
    return made;
  }

  static Stream<Arguments> whatKeepsAClaimFromBeingDecided() {
    return Stream.of(
        Arguments.of(with(m -> m.synthetic = true), "NotTested", "synthetic: .*"),
        Arguments.of(
            with(m -> m.configuration = Map.of("slowdown", 1.1)), "NotTested", "a slowdown .*"),
        Arguments.of(
            with(m -> m.faults = new Faults("x", "s", null, List.of("r"))),
            "NotTested",
            "faults were put .*"),
        Arguments.of(
            with(m -> m.flaw = "run.json was edited"),
            "NotTested",
            "the evidence does not verify: run.json was edited"),
        Arguments.of(
            with(m -> {
              m.outcome = "Incorrect";
              m.reason = "wrong digest";
            }),
            "NotTested",
            "the answer is incorrect: wrong digest"),
        Arguments.of(
            with(m -> {
              m.outcome = "Rejected";
              m.reason = "implausible";
            }),
            "Inconclusive",
            "rejected: implausible"),
        Arguments.of(
            with(m -> {
              m.outcome = "Failed";
              m.reason = "killed";
            }),
            "Inconclusive",
            "a process failed: killed"),
        Arguments.of(
            with(m -> {
              m.outcome = "Skipped";
              m.reason = "no second device";
            }),
            "NotTested",
            "skipped: no second device"),
        Arguments.of(
            with(m -> m.underSampled = true), "Inconclusive", "under-sampled: see the record"),
        Arguments.of(
            with(m -> m.sampleCount = 999),
            "Inconclusive",
            "under-sampled: a process has 999 samples, and the claim needs 1,000"),
        Arguments.of(
            with(m -> m.throttledSamples = 3),
            "Inconclusive",
            "throttled: 24 samples were taken while the device was slowed down \\(hw-slowdown\\)"),
        Arguments.of(
            with(m -> m.overridden = List.of("another process uses it")),
            "Inconclusive",
            "measured anyway: another process uses it"),
        Arguments.of(
            with(m -> m.pieces = 10),
            "NotTested",
            "latency.p95 is missing: a sample is a batch of 10 pieces .*"));
  }

  @ParameterizedTest
  @MethodSource("whatKeepsAClaimFromBeingDecided")
  void neverDecided(Made made, String verdict, String reason) {
    for (double nanos : new double[] {1, 1e6}) { // it would be supported, and refuted
      Judgement judged =
          judge(Made.claim(P95, Made.atMost(100)), made.evidence(Made.times(8, nanos)));
      assertEquals(verdict, judged.verdict().word());
      assertTrue(
          String.valueOf(judged.verdict().reason()).matches(reason), judged.verdict().reason());
    }
  }

  @Test
  void powerLimitIsNoThrottling() {
    Made made = Made.up();
    assertInstanceOf(
        Supported.class,
        judge(Made.claim(P95, Made.atMost(100)), made.evidence(Made.times(8, 1))).verdict());
  }

  static Stream<Arguments> hardware() {
    var gpu = new Requirement(Requirement.Kind.GPU, null, null, null);
    var cpu = new Requirement(Requirement.Kind.CPU, null, null, null);
    var h200 = new Requirement(Requirement.Kind.GPU, Pattern.compile("H200"), null, null);
    var modern = new Requirement(Requirement.Kind.GPU, null, "9.0", null);
    var large = new Requirement(Requirement.Kind.GPU, null, null, 1L << 34);
    var memory = new Requirement(Requirement.Kind.ANY, null, null, 1L << 34);
    return Stream.of(
        Arguments.of(cpu, null, Map.of(), null),
        Arguments.of(Requirement.NONE, "X", Map.of(), null),
        Arguments.of(
            gpu,
            null,
            Map.of(),
            "it needs a GPU, and the engine host works on Some Processor 9000"),
        Arguments.of(cpu, "X", Map.of(), "it needs processors, and the engine host works on X"),
        Arguments.of(h200, "NVIDIA H200", Map.of(), null),
        Arguments.of(
            h200,
            "NVIDIA A100",
            Map.of(),
            "it needs hardware whose name has 'H200', and there is NVIDIA A100"),
        Arguments.of(modern, "X", Map.of("computeCapability", "9.0"), null),
        Arguments.of(modern, "X", Map.of("computeCapability", "10.0"), null),
        Arguments.of(
            modern,
            "X",
            Map.of("computeCapability", "8.9"),
            "it needs compute capability 9.0, and X has 8.9"),
        Arguments.of(modern, "X", Map.of(), "it needs compute capability 9.0, and X has none"),
        Arguments.of(large, "X", Map.of("memoryBytes", 1L << 34), null),
        Arguments.of(
            large,
            "X",
            Map.of("memoryBytes", 1L << 33),
            "it needs 16 GiB of device memory, and X has 8 GiB"),
        Arguments.of(large, "X", Map.of(), "it needs 16 GiB of device memory, and X has none"),
        Arguments.of(
            gpu,
            null,
            ON_PROCESSORS,
            "it needs a GPU, and the engine host works on Some Processor 9000"),
        Arguments.of(
            memory,
            null,
            ON_PROCESSORS,
            "it needs 16 GiB of device memory, and Some Processor 9000 has none"),
        Arguments.of(cpu, null, ON_PROCESSORS, null),
        Arguments.of(h200, "NVIDIA H200", Map.of("deviceType", "GPU"), null));
  }

  @ParameterizedTest
  @MethodSource("hardware")
  void otherHardwareTestsNothing(
      Requirement requires,
      @Nullable String device,
      Map<String, Object> description,
      @Nullable String lacking) {
    Made made = Made.up();
    made.device = device;
    made.description = description;
    Claim claim = Made.claim(P95, Made.atMost(100), 0.95, null, null, requires);
    ClaimVerdict verdict = judge(claim, made.evidence(Made.times(8, 1))).verdict();
    assertEquals(lacking == null ? new Supported() : new NotTested(lacking), verdict);
  }

  @Test
  void throughputIsOfWhatTheClaimNames() {
    Evidence evidence = Made.up().evidence(Made.times(8, 1_000_000)); // a thousand samples a second
    Judgement messages =
        judge(Made.claim(new Metric(Kind.THROUGHPUT, "messages"), Made.atLeast(1e6)), evidence);
    assertEquals(1e6, messages.estimate(), 1e-3);
    assertInstanceOf(Supported.class, messages.verdict());
    Judgement comparisons =
        judge(Made.claim(new Metric(Kind.THROUGHPUT, "comparisons"), Made.atLeast(6e6)), evidence);
    assertEquals(5e6, comparisons.estimate(), 1e-3);
    assertInstanceOf(Refuted.class, comparisons.verdict());
    assertEquals(
        new NotTested(
            "throughput.pairs is missing: it does not count pairs, but messages, comparisons"),
        judge(Made.claim(new Metric(Kind.THROUGHPUT, "pairs"), Made.atLeast(1)), evidence)
            .verdict());
  }

  @Test
  void utilizationIsThatOfTheSensor() {
    Claim claim =
        Made.claim(
            new Metric(Kind.TIME_BUSY, null), Made.atLeast(0.9), 0.95, 20L, null, Requirement.NONE);
    Made made = Made.up();
    assertEquals(
        new NotTested("utilization.timeBusy is missing: no sensor was recorded"),
        judge(claim, made.evidence(Made.times(8, 1))).verdict());
    made.busyPercent = 97.0;
    Judgement busy = judge(claim, made.evidence(Made.times(8, 1)));
    assertInstanceOf(Supported.class, busy.verdict());
    assertEquals(0.97, busy.estimate(), 1e-12);
    assertEquals(50, busy.samples());
    made.busyPercent = 89.0;
    assertInstanceOf(Refuted.class, judge(claim, made.evidence(Made.times(8, 1))).verdict());
    Claim more =
        Made.claim(
            new Metric(Kind.TIME_BUSY, null), Made.atLeast(0.9), 0.95, 51L, null, Requirement.NONE);
    assertEquals(
        new Inconclusive("under-sampled: a process has 50 readings, and the claim needs 51"),
        judge(more, made.evidence(Made.times(8, 1))).verdict());
  }

  @Test
  void otherMeasurementsAreNoEvidence() {
    Claim claim = Made.claim(P95, Made.atMost(100));
    assertEquals(new NotTested("nothing was measured"), judge(claim).verdict());
    Made clock = Made.up();
    clock.clock = "device";
    assertEquals(
        new NotTested("no run has measured it; the nearest differs in clock (device, not host)"),
        judge(claim, clock.evidence(Made.times(8, 1))).verdict());
    Made other = Made.up();
    other.parameters = Map.of("validators", 7L);
    assertEquals(
        new NotTested("no run has measured it; the nearest differs in validators (7, not 4)"),
        judge(claim, other.evidence(Made.times(8, 1))).verdict());
  }

  @Test
  void eachRunIsJudgedAlone() {
    List<Judgement> all =
        ClaimJudge.judge(
            Made.of(Made.claim(P95, Made.atMost(100))),
            List.of(
                Made.up().evidence(Made.times(8, 1)), Made.up().evidence(Made.times(8, 1_000))));
    assertEquals(
        List.of("Supported", "Refuted"), all.stream().map(one -> one.verdict().word()).toList());
  }

  private static Judgement relative(
      Metric metric, Target target, double[] own, double[] baseline, boolean turned, int counted) {
    return relative(metric, target, own, baseline, turned, counted, own.length);
  }

  private static Judgement relative(
      Metric metric,
      Target target,
      double[] own,
      double[] baseline,
      boolean turned,
      int counted,
      int planned) {
    return relative(
        metric,
        target,
        own,
        baseline,
        turned,
        counted,
        planned,
        Requirement.NONE,
        Made.up(),
        Made.up());
  }

  private static Judgement relative(
      Metric metric,
      Target target,
      double[] own,
      double[] baseline,
      boolean turned,
      int counted,
      int planned,
      Requirement requires,
      Made made,
      Made other) {
    Map<String, Object> others = Map.of("validators", 8L);
    other.parameters = others;
    ResultRecord a = other.record("a", baseline);
    ResultRecord b = made.record("b", own);
    var played =
        IntStream.rangeClosed(1, own.length)
            .mapToObj(number ->
                new DuetComparison.Played(
                    number,
                    "a",
                    "b",
                    4,
                    number <= counted ? null : "stopped",
                    number <= counted ? new DuetComparison.LogRatios(0, 0) : null))
            .toList();
    var sideA = new DuetComparison.Side("a", "a");
    var sideB = new DuetComparison.Side("b", "b");
    var duets =
        new DuetComparison(
            turned ? sideB : sideA, turned ? sideA : sideB, planned, 0.003, played, null, null);
    var of =
        new ClaimCase(
            Made.claim(metric, target, 0.95, null, null, requires),
            Made.side(Made.VALUES),
            Made.side(others));
    List<Judgement> all =
        ClaimJudge.judge(of, List.of(other.run(List.of(a, b), List.of(duets), made)));
    assertEquals(1, all.size());
    return all.getFirst();
  }

  /** OpenCL on the processors is no GPU, on whichever side it is; C on the processors may be. */
  @ParameterizedTest
  @CsvSource({
    "X, , true, 'it needs a GPU, and the engine host, which can use one, worked on Some Processor 9000'",
    "X, , false,",
    "X, Y, true,",
    ", X, true, 'it needs a GPU, and the engine host works on Some Processor 9000'",
  })
  void aClaimAboutAGpuHasNoBaselineInsteadOfOne(
      @Nullable String device,
      @Nullable String baseline,
      boolean tellsItsType,
      @Nullable String lacking) {
    Made made = Made.up();
    made.device = device;
    Made other = Made.up();
    other.device = baseline;
    other.description = tellsItsType ? ON_PROCESSORS : Map.of();
    made.description = device == null ? ON_PROCESSORS : Map.of();
    ClaimVerdict verdict =
        relative(
                P95,
                new Target(0.9, Direction.AT_MOST, true, "a ratio"),
                Made.times(8, 1),
                Made.times(8, 100),
                false,
                8,
                8,
                new Requirement(Requirement.Kind.GPU, null, null, null),
                made,
                other)
            .verdict();
    assertEquals(lacking == null ? new Supported() : new NotTested(lacking), verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "50, 100, 0.65, AT_MOST, false, Supported",
    "50, 100, 0.65, AT_MOST, true, Supported",
    "70, 100, 0.65, AT_MOST, false, Refuted",
    "300, 100, 2, AT_LEAST, false, Supported",
    "150, 100, 2, AT_LEAST, false, Refuted"
  })
  void ratiosOfDuets(
      double own,
      double baseline,
      double target,
      Direction direction,
      boolean turned,
      String verdict) {
    Judgement judged =
        relative(
            P95,
            new Target(target, direction, true, "a ratio"),
            Made.times(8, own),
            Made.times(8, baseline),
            turned,
            8);
    assertEquals(verdict, judged.verdict().word());
    assertEquals(own / baseline, judged.estimate(), 1e-12);
    assertEquals(8, judged.processes());
  }

  @Test
  void noiseThatMeetsBothSidesIsNotInTheRatio() {
    double[] baseline = {100, 500, 90, 1_000, 300, 120, 80, 700};
    double[] own = Arrays.stream(baseline).map(nanos -> nanos / 4).toArray();
    Judgement judged =
        relative(
            new Metric(Kind.THROUGHPUT, "messages"),
            new Target(3, Direction.AT_LEAST, true, "3 times"),
            own,
            baseline,
            false,
            8);
    assertEquals(4, judged.lower(), 1e-9);
    assertInstanceOf(Supported.class, judged.verdict());
  }

  @ParameterizedTest
  @CsvSource({
    "7, Inconclusive, 7 of 8 duets count: stopped",
    "0, NotTested, 0 of 8 duets count: stopped"
  })
  void allPlannedDuetsHaveToCount(int counted, String verdict, String reason) {
    Judgement judged =
        relative(
            P95,
            new Target(0.9, Direction.AT_MOST, true, "a ratio"),
            Made.times(8, 1),
            Made.times(8, 100),
            false,
            counted);
    assertEquals(verdict, judged.verdict().word());
    assertEquals(reason, judged.verdict().reason());
  }

  @Test
  void fourDuetsHaveNoBound() {
    Judgement judged =
        relative(
            P95,
            new Target(0.9, Direction.AT_MOST, true, "a ratio"),
            Made.times(4, 1),
            Made.times(4, 100),
            false,
            4);
    assertEquals(
        new Inconclusive("4 duets, and a bound at confidence 0.95 needs 5"), judged.verdict());
  }

  /** Whoever stops a comparison by hand has fewer duets than were planned. */
  @Test
  void aComparisonThatWasCutOffDecidesNothing() {
    Judgement judged = cutOff(5, 20);
    assertEquals(new Inconclusive("5 of 20 duets count"), judged.verdict());
    assertInstanceOf(Supported.class, cutOff(20, 20).verdict());
  }

  private static Judgement cutOff(int duets, int planned) {
    return relative(
        P95,
        new Target(0.9, Direction.AT_MOST, true, "a ratio"),
        Made.times(duets, 1),
        Made.times(duets, 100),
        false,
        duets,
        planned);
  }

  /** More generous targets never turn a supported claim into a refuted one. */
  @Test
  void monotoneInTheTarget() {
    var random = new Random(42);
    for (int trial = 0; trial < 300; trial++) {
      double[] times =
          random.doubles(1 + random.nextInt(20)).map(x -> 100 * Math.exp(0.3 * x)).toArray();
      Evidence evidence = Made.up().evidence(times);
      int before = -1;
      var ranks = new ArrayList<Integer>();
      for (double target = 80; target < 160; target += 5) {
        ClaimVerdict verdict = judge(Made.claim(P95, Made.atMost(target)), evidence).verdict();
        int rank =
            switch (verdict) {
              case Refuted() -> 0;
              case Inconclusive _ -> 1;
              case Supported() -> 2;
              case NotTested _ -> throw new AssertionError(verdict);
            };
        assertTrue(rank >= before, ranks + " then " + rank);
        before = rank;
        ranks.add(rank);
        if (times.length < 5) {
          assertEquals(1, rank, "no bound, no verdict");
        }
      }
    }
  }

  /**
   * Processes differ by a log-normal factor about the true value, which is the target: each wrong
   * verdict is to come up in at most 5 % of cases. Of 4,000 at exactly 5 %, more than 5.9 % come up
   * once in 200 seeds.
   */
  @ParameterizedTest
  @CsvSource({"5, 0.03", "8, 0.1", "12, 0.03", "12, 0.37", "20, 0.1"})
  void aClaimExactlyAtTheTruthIsSeldomDecided(int processes, double spread) {
    var random = new Random(processes * 1_000L + Math.round(100 * spread));
    int trials = 4_000;
    int supported = 0;
    int refuted = 0;
    Claim claim = Made.claim(P95, Made.atMost(1_000));
    for (int trial = 0; trial < trials; trial++) {
      double[] times = new double[processes];
      for (int i = 0; i < processes; i++) {
        times[i] = 1_000 * Math.exp(spread * random.nextGaussian());
      }
      ClaimVerdict verdict = judge(claim, Made.up().evidence(times)).verdict();
      supported += verdict instanceof Supported ? 1 : 0;
      refuted += verdict instanceof Refuted ? 1 : 0;
    }
    assertTrue(supported <= 0.059 * trials, supported + " of " + trials);
    assertTrue(refuted <= 0.059 * trials, refuted + " of " + trials);
    assertTrue(supported > 0.01 * trials, "a bound that never decides says nothing: " + supported);
  }

  /** A claim that is true by three spreads is found to be so nearly always. */
  @Test
  void aTrueClaimIsSupported() {
    var random = new Random(7);
    int supported = 0;
    for (int trial = 0; trial < 1_000; trial++) {
      double[] times = new double[12];
      for (int i = 0; i < times.length; i++) {
        times[i] = 1_000 * Math.exp(-0.09 + 0.03 * random.nextGaussian());
      }
      supported +=
          judge(Made.claim(P95, Made.atMost(1_000)), Made.up().evidence(times)).verdict()
                  instanceof Supported
              ? 1
              : 0;
    }
    assertTrue(supported >= 990, supported + " of 1,000");
  }

  @Test
  void judgementsNameTheirEvidence() {
    Judgement judged =
        judge(Made.claim(P95, Made.atMost(100)), Made.up().evidence(Made.times(8, 1)));
    assertEquals("results/a-run", judged.run());
    assertEquals("own", judged.record());
    assertNull(judged.verdict().reason());
    assertNotNull(judge(Made.claim(P95, Made.atMost(100))).verdict().reason());
  }
}
