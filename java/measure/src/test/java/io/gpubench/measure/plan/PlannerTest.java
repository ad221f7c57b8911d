// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.CATALOG;
import static io.gpubench.measure.plan.Fakes.FACTS;
import static io.gpubench.measure.plan.Fakes.PROFILE;
import static io.gpubench.measure.plan.Fakes.message;
import static io.gpubench.measure.plan.Plans.CONSENSUS;
import static io.gpubench.measure.plan.Plans.inFile;
import static io.gpubench.measure.plan.Plans.plan;
import static io.gpubench.measure.plan.Plans.set;
import static io.gpubench.measure.plan.Plans.suite;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static Overrides engine(@Nullable String engine, @Nullable String path) {
    return new Overrides(engine, path, null, null, null, null, null, List.of());
  }

  private static List<String> values(Plan plan) {
    return plan.runs().stream().map(run -> run.values().toString()).toList();
  }

  @Test
  void aNamedWorkloadIsPlannedWithItsDefaultsOnThePreferredEngineAndPath() {
    Plan plan = plan(CONSENSUS, Overrides.NONE);
    assertEquals(
        List.of(
            "validators=1000 byzantine=0.33 tags=siphash seed=42",
            "validators=10000 byzantine=0.33 tags=siphash seed=42"),
        values(plan));
    PlannedRun run = plan.runs().getFirst();
    assertEquals("consensus", run.workload().id());
    assertEquals("host", run.engine());
    assertEquals("call", run.path());
    assertEquals(412_000, run.footprintBytes());
    assertEquals(4_120_000, plan.footprintBytes());
    assertTrue(run.id().matches("consensus-host-call-[0-9a-f]{12}"), run.id());
  }

  @Test
  void theLastParameterChangesFastest() {
    assertEquals(
        List.of(
            "validators=5 byzantine=0.1 tags=siphash seed=1",
            "validators=5 byzantine=0.1 tags=none seed=1",
            "validators=6 byzantine=0.1 tags=siphash seed=1",
            "validators=6 byzantine=0.1 tags=none seed=1"),
        values(
            plan(
                suite(inFile("consensus", null, null, "tags=siphash,none", "validators=99")),
                set("consensus.validators=5:6:+1", "byzantine=0.1", "seed=1"))));
  }

  @Test
  void anIdDependsOnNothingButTheRun() {
    var all = plan(CONSENSUS, set("validators=14:410:+1", "tags=none,siphash"));
    assertEquals(794, new HashSet<>(all.runs().stream().map(PlannedRun::id).toList()).size());
    var one =
        Planner.plan(
            suite(inFile("consensus", "host", "call", "tags=none", "validators=17")),
            CATALOG,
            new Profile(
                "y", "", Duration.ofMinutes(9), 1, 1, 2, 0, Duration.ZERO, 0, Duration.ZERO),
            new MachineFacts(1, Long.MAX_VALUE, 0),
            Overrides.NONE);
    assertTrue(
        all.runs().stream().map(PlannedRun::id).toList().contains(one.runs().getFirst().id()));
    // an id that changes cuts every stored result off from its successors
    assertEquals("consensus-host-call-0695291f77d4", one.runs().getFirst().id());
    assertEquals(
        all.runs(), plan(CONSENSUS, set("validators=14:410:+1", "tags=none,siphash")).runs());
  }

  @Test
  void theOrderOfASuiteChangesTheOrderOfThePlanOnly() {
    var runs = new ArrayList<RunConfig>();
    for (int validators = 14; validators < 50; validators++) {
      runs.add(inFile("consensus", "host", null, "validators=" + validators, "tags=siphash,none"));
    }
    runs.add(inFile("synthesis.match", null, "graph"));
    var expected = new HashSet<>(plan(new SuiteConfig("x", "", runs), Overrides.NONE).runs());
    assertEquals(73, expected.size());
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(runs, new Random(seed));
      var shuffled = plan(new SuiteConfig("x", "", runs), Overrides.NONE);
      assertEquals(expected, new HashSet<>(shuffled.runs()));
    }
  }

  @Test
  void aRunThatIsAskedForTwiceIsPlannedOnce() {
    assertEquals(
        3,
        plan(
                suite(
                    inFile("consensus", null, null),
                    inFile("consensus", "host", "call", "validators=1000"),
                    inFile("consensus", "java", null, "validators=1000")),
                Overrides.NONE)
            .runs()
            .size());
  }

  @Test
  void theSeedReachesEveryWorkloadThatHasOne() {
    var seeded = new Overrides(null, null, null, null, null, null, 7L, List.of());
    Plan plan = plan(SuiteConfig.ofWorkloads(List.of("consensus", "synthesis.match")), seeded);
    assertEquals(
        List.of(
            "validators=1000 byzantine=0.33 tags=siphash seed=7",
            "validators=10000 byzantine=0.33 tags=siphash seed=7",
            "nodes=1000"),
        values(plan));
    assertEquals(
        "--seed 7: unknown parameter 'seed'; known: nodes",
        message(() -> plan(SuiteConfig.ofWorkloads(List.of("synthesis.match")), seeded)));
    assertEquals(
        "--seed 7: 'seed' is set a second time",
        message(() ->
            plan(
                CONSENSUS,
                new Overrides(
                    null, null, null, null, null, null, 7L, set("consensus.seed=1").settings()))));
    assertEquals(
        "--seed -7: -7 is out of range; expected an integer from 0",
        message(() ->
            plan(CONSENSUS, new Overrides(null, null, null, null, null, null, -7L, List.of()))));
  }

  @Test
  void namesOnTheCommandLineThatDoNotExist() {
    assertEquals(
        "unknown workload 'consensu'; did you mean 'consensus'?",
        message(() -> plan(SuiteConfig.ofWorkloads(List.of("consensu")), Overrides.NONE)));
    assertEquals(
        "--engine: unknown engine 'hots'; known: cuda, host, java",
        message(() -> plan(CONSENSUS, engine("hots", null))));
    assertEquals(
        "--engine: cuda cannot run consensus; engines that can: host, java",
        message(() -> plan(CONSENSUS, engine("cuda", null))));
    assertEquals(
        "--path: unknown path 'cal'; did you mean 'call'? (consensus on host)",
        message(() -> plan(CONSENSUS, engine(null, "cal"))));
    assertEquals(
        "--set consensus.validtors=5: unknown parameter 'validtors'; did you mean 'validators'?",
        message(() -> plan(CONSENSUS, set("consensus.validtors=5"))));
    assertEquals(
        "--set validtors=5: unknown parameter 'validtors'; did you mean 'validators'?",
        message(() -> plan(CONSENSUS, set("validtors=5"))));
    assertEquals(
        "--set consenus.validators=5: unknown workload 'consenus'; did you mean 'consensus'?",
        message(() -> plan(CONSENSUS, set("consenus.validators=5"))));
    assertEquals(
        "--set synthesis.match.nodes=5: no run of 'synthesis.match' is planned; planned: consensus",
        message(() -> plan(CONSENSUS, set("synthesis.match.nodes=5"))));
    assertEquals(
        "--set validators=6: 'validators' is set a second time",
        message(() -> plan(CONSENSUS, set("consensus.validators=5", "validators=6"))));
    assertEquals(
        "--set consensus.validators=3: 3 is out of range; expected 4 .. 1048576",
        message(() -> plan(CONSENSUS, set("consensus.validators=3"))));
  }

  @Test
  void namesInAFileThatDoNotExist() {
    assertEquals(
        "x.yaml:3: runs[0].workload: unknown workload 'consensu'; did you mean 'consensus'?",
        message(() -> plan(suite(inFile("consensu", null, null)), Overrides.NONE)));
    assertEquals(
        "x.yaml:4: runs[0].engine: unknown engine 'cude'; did you mean 'cuda'?",
        message(() -> plan(suite(inFile("consensus", "cude", null)), Overrides.NONE)));
    assertEquals(
        "x.yaml:5: runs[0].path: unknown path 'graph'; known: call, batch (consensus on host)",
        message(() -> plan(suite(inFile("consensus", "host", "graph")), Overrides.NONE)));
    assertEquals(
        "x.yaml:6: runs[0].set.validatrs: unknown parameter 'validatrs'; did you mean"
            + " 'validators'?",
        message(() -> plan(suite(inFile("consensus", null, null, "validatrs=5")), Overrides.NONE)));
    assertEquals(
        "x.yaml:6: runs[0].set.tags: unknown value 'non'; did you mean 'none'?",
        message(() -> plan(suite(inFile("consensus", null, null, "tags=non")), Overrides.NONE)));
    assertEquals(
        "x.yaml:3: runs[0].workload: consensus: 7 validators need tags",
        message(() ->
            plan(
                suite(inFile("consensus", null, null, "tags=none", "validators=7")),
                Overrides.NONE)));
  }

  @Test
  void theCommandLineWinsOverTheFile() {
    PlannedRun run =
        plan(suite(inFile("consensus", "java", "call")), engine("host", "batch")).runs().getFirst();
    assertEquals("host", run.engine());
    assertEquals("batch", run.path());
  }

  @Test
  void aWorkloadThatNoEngineRuns() {
    Catalog empty = new Catalog(CATALOG.workloads(), Map.of());
    assertEquals(
        "no engine can run consensus",
        message(() -> Planner.plan(CONSENSUS, empty, PROFILE, FACTS, Overrides.NONE)));
  }

  @Test
  void nothingToPlan() {
    assertEquals(
        "nothing to plan; name a workload or a suite",
        message(() -> plan(SuiteConfig.ofWorkloads(List.of()), Overrides.NONE)));
  }

  @Test
  void tooManyRuns() {
    assertEquals(
        "consensus brings the plan to more than 10,000 runs",
        message(() ->
            plan(
                SuiteConfig.ofWorkloads(List.of("synthesis.match", "consensus")),
                set("validators=10000:10099:+1", "seed=0:99:+1"))));
    assertEquals(
        "consensus brings the plan to more than 10,000 runs",
        message(() ->
            plan(
                CONSENSUS,
                set("validators=4:10003:+1", "seed=0:9999:+1", "byzantine=0:0.33:+0.0001"))));
  }

  @Test
  void aRunThatDoesNotFitNamesTheLargestThatDoes() {
    assertEquals(
        "--set validators=1048576: consensus validators=1048576 needs 412 MiB but 64 MiB are"
            + " available; validators=162885 fits",
        message(() -> plan(CONSENSUS, set("validators=1048576"))));
    assertEquals(162_885 * 412, plan(CONSENSUS, set("validators=162885")).footprintBytes());
    var tiny = new MachineFacts(1, 1000, 0);
    assertEquals(
        "x.yaml:3: runs[0].workload: consensus validators=1000 needs 402.4 KiB but 1000 B are"
            + " available; no value of validators fits",
        message(() ->
            Planner.plan(
                suite(inFile("consensus", null, null)), CATALOG, PROFILE, tiny, Overrides.NONE)));
  }

  @Test
  void theLargestThatFitsIsExactlyThat() {
    var random = new Random(3);
    for (int round = 0; round < 500; round++) {
      long bytesEach = 1L + random.nextInt(1000);
      long available = 4 * bytesEach + random.nextInt(100_000);
      long largest = available / bytesEach;
      var workload =
          new Fakes.FakeWorkload(
              "w",
              List.of(new Parameter.Whole("n", "", 4, Long.MAX_VALUE, List.of(largest + 1))),
              "n",
              bytesEach);
      var catalog =
          Catalog.of(
              List.of(workload), List.of(new Fakes.FakeEngine("e", Map.of("w", List.of("p")))));
      var facts = new MachineFacts(1, available, 0);
      String message =
          message(() ->
              Planner.plan(
                  SuiteConfig.ofWorkloads(List.of("w")), catalog, PROFILE, facts, Overrides.NONE));
      assertTrue(message.endsWith("; n=" + largest + " fits"), message);
    }
  }

  @Test
  void theEndsOfTheRangesOfOptionsAreAllowed() {
    var least =
        new Overrides(null, null, null, null, 1L, 0L, Duration.ofNanos(1), 1, null, List.of());
    assertEquals(1L, least.samples());
    var most =
        new Overrides(
            null,
            null,
            null,
            null,
            StoppingRule.SAMPLES_LIMIT,
            StoppingRule.SAMPLES_LIMIT,
            Durations.LONGEST,
            Profile.MOST_REPETITIONS,
            null,
            List.of());
    assertEquals(Durations.LONGEST, most.duration());
    assertEquals(Profile.MOST_REPETITIONS, most.repetitions());
  }

  /** The size need be neither the first parameter nor more than 0. */
  @Test
  void aSizeOfNothingMayBeTheLargestThatFits() {
    var workload =
        new Fakes.FakeWorkload(
            "w",
            List.of(
                new Parameter.Whole("other", "", 7, 9, List.of(8L)),
                new Parameter.Whole("n", "", 0, 100, List.of(50L))),
            "n",
            1_000);
    var catalog =
        Catalog.of(
            List.of(workload), List.of(new Fakes.FakeEngine("e", Map.of("w", List.of("p")))));
    String message =
        message(() ->
            Planner.plan(
                SuiteConfig.ofWorkloads(List.of("w")),
                catalog,
                PROFILE,
                new MachineFacts(1, 999, 0),
                Overrides.NONE));
    assertTrue(message.endsWith("999 B are available; n=0 fits"), message);
  }

  @Test
  void aSettingOfAnotherWorkloadSaysNothing() {
    Plan plan =
        plan(
            SuiteConfig.ofWorkloads(List.of("consensus", "synthesis.match")),
            set("synthesis.match.nodes=7"));
    assertEquals(
        List.of(1_000L, 10_000L, 7L),
        plan.runs().stream()
            .map(run -> run.values().whole(run.workload().sizeParameter()))
            .toList());
  }
}
