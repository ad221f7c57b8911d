// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.FACTS;
import static io.gpubench.measure.plan.Fakes.PROFILE;
import static io.gpubench.measure.plan.Fakes.message;
import static io.gpubench.measure.plan.Plans.CONSENSUS;
import static io.gpubench.measure.plan.Plans.inFile;
import static io.gpubench.measure.plan.Plans.set;
import static io.gpubench.measure.plan.Plans.suite;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Parameters of how an engine does the work. */
class TuningTest {
  private static final Parameter VARIANT =
      new Parameter.Choice("variant", "which kernel", List.of("fused", "split"), List.of());
  private static final Parameter BLOCK =
      new Parameter.Whole("block", "threads of a block", 32, 1024, List.of());
  private static final Parameter ROUNDS =
      new Parameter.Whole("rounds", "rounds of a sample", 2, 1 << 15, List.of());

  private static final Catalog CATALOG =
      Catalog.of(
          List.of(Fakes.CONSENSUS, Fakes.MATCH),
          List.of(new Tunable("tuned"), new Untunable(), new Other()));

  /** Has another choice of variants by each of its paths. */
  private record Other() implements Engine {
    @Override
    public String id() {
      return "other";
    }

    @Override
    public String summary() {
      return "a fake";
    }

    @Override
    public List<String> paths(String workloadId) {
      return workloadId.equals("consensus") ? List.of("launch", "mailbox") : List.of();
    }

    @Override
    public List<Parameter> tuning(String workloadId, String path) {
      return path.equals("launch")
          ? List.of(VARIANT)
          : List.of(new Parameter.Choice("variant", "which", List.of("block"), List.of()));
    }

    @Override
    public Session open(Options options) {
      throw new AssertionError("planning opens no engine");
    }
  }

  /** Of two paths, one with a variant and a block, one with rounds that take memory. */
  private record Tunable(String id) implements Engine {
    @Override
    public String summary() {
      return "a fake";
    }

    @Override
    public List<String> paths(String workloadId) {
      return workloadId.equals("consensus") ? List.of("launch", "streamed") : List.of();
    }

    @Override
    public List<Parameter> tuning(String workloadId, String path) {
      return path.equals("launch") ? List.of(VARIANT, BLOCK) : List.of(ROUNDS);
    }

    @Override
    public void check(String workloadId, Mode mode, ParameterValues values) {
      if (values.choice("variant", "").equals("fused") && values.whole("validators") > 4096) {
        throw new ConfigException("variant=fused takes at most 4,096 validators");
      }
    }

    @Override
    public long footprintBytes(
        Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
      return workload.footprintBytes(values, facts) * values.whole("rounds", 1);
    }

    @Override
    public Session open(Options options) {
      throw new AssertionError("planning opens no engine");
    }
  }

  private record Untunable() implements Engine {
    @Override
    public String id() {
      return "untuned";
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
    public Session open(Options options) {
      throw new AssertionError("planning opens no engine");
    }
  }

  private static Plan plan(SuiteConfig suite, Overrides overrides) {
    return Planner.plan(suite, CATALOG, PROFILE, FACTS, overrides);
  }

  private static List<String> values(Plan plan) {
    return plan.runs().stream().map(run -> run.values().toString()).toList();
  }

  @Test
  void whatNobodySetsIsNotThere() {
    ParameterValues values = plan(CONSENSUS, Overrides.NONE).runs().getFirst().values();
    assertFalse(values.has("variant"));
    assertEquals("split", values.choice("variant", "split"));
    assertEquals(128, values.whole("block", 128));
    assertTrue(values.has("validators"));
    assertEquals(
        Planner.plan(
                CONSENSUS,
                Catalog.of(
                    List.of(Fakes.CONSENSUS),
                    List.of(new Fakes.FakeEngine("tuned", Map.of("consensus", List.of("launch"))))),
                PROFILE,
                FACTS,
                Overrides.NONE)
            .runs()
            .getFirst()
            .id(),
        plan(CONSENSUS, Overrides.NONE).runs().getFirst().id(),
        "what can be tuned changes no id");
  }

  @Test
  void whatIsSetComesAfterTheWorkloadsOwnAndIsSwept() {
    Plan plan =
        plan(
            CONSENSUS,
            set("consensus.variant=split,fused", "consensus.block=64:128:x2", "validators=9"));
    assertEquals(
        List.of(
            "validators=9 byzantine=0.33 tags=siphash seed=42 variant=split block=64",
            "validators=9 byzantine=0.33 tags=siphash seed=42 variant=split block=128",
            "validators=9 byzantine=0.33 tags=siphash seed=42 variant=fused block=64",
            "validators=9 byzantine=0.33 tags=siphash seed=42 variant=fused block=128"),
        values(plan));
    assertEquals(4, plan.runs().stream().map(PlannedRun::id).distinct().count());
    assertEquals(64, plan.runs().getFirst().values().whole("block", 1));
  }

  @Test
  void anOrderOfTheCommandLineGoesToThoseRunsThatHaveIt() {
    SuiteConfig both =
        suite(
            inFile("consensus", "tuned", "launch", "validators=9"),
            inFile("consensus", "tuned", "streamed", "validators=9"),
            inFile("consensus", "untuned", "call", "validators=9"));
    assertEquals(
        List.of(
            "validators=9 byzantine=0.33 tags=siphash seed=42 block=64",
            "validators=9 byzantine=0.33 tags=siphash seed=42",
            "validators=9 byzantine=0.33 tags=siphash seed=42"),
        values(plan(both, set("block=64"))));
  }

  /** As two paths may have other versions of their kernels. */
  @Test
  void aValueThatOnlyOnePathKnowsGoesThere() {
    SuiteConfig both =
        suite(
            inFile("consensus", "other", "launch", "validators=9"),
            inFile("consensus", "other", "mailbox", "validators=9"));
    assertEquals(
        List.of(
            "validators=9 byzantine=0.33 tags=siphash seed=42 variant=split",
            "validators=9 byzantine=0.33 tags=siphash seed=42"),
        values(plan(both, set("variant=split"))));
    assertEquals(
        "--set variant=x: unknown value 'x'; known: fused, split",
        message(() -> plan(both, set("variant=x"))));
  }

  @Test
  void whatNoRunHasIsAMistakeThatNamesWhoHasIt() {
    assertEquals(
        "--set consensus.block=64: unknown parameter 'block'; known: validators, byzantine, tags, seed; it goes with --engine tuned --path launch",
        message(
            () -> plan(suite(inFile("consensus", "untuned", null)), set("consensus.block=64"))));
    assertEquals(
        "x.yaml:6: runs[0].set.rounds: unknown parameter 'rounds'; known: validators, byzantine, tags, seed, variant, block; it goes with --engine tuned --path streamed",
        message(
            () -> plan(suite(inFile("consensus", "tuned", "launch", "rounds=4")), Overrides.NONE)));
    assertEquals(
        "--set consensus.block=7: 7 is out of range; expected 32 .. 1024",
        message(() -> plan(CONSENSUS, set("consensus.block=7"))));
    assertEquals(
        "--set consensus.block=64: no run of 'consensus' is planned; planned: synthesis.match",
        message(() ->
            plan(suite(inFile("synthesis.match", "untuned", null)), set("consensus.block=64"))));
  }

  @Test
  void whatContradictsItselfIsFoundBeforeAnythingIsMeasured() {
    assertTrue(
        message(() -> plan(CONSENSUS, set("variant=fused")))
            .endsWith("consensus: variant=fused takes at most 4,096 validators"));
    assertEquals(1, plan(CONSENSUS, set("variant=fused", "validators=4096")).runs().size());
  }

  @Test
  void memoryIsThatOfTheRunAsItIsTuned() {
    SuiteConfig streamed = suite(inFile("consensus", "tuned", "streamed", "validators=1000"));
    assertEquals(412_000, plan(streamed, Overrides.NONE).runs().getFirst().footprintBytes());
    assertEquals(824_000, plan(streamed, set("rounds=2")).runs().getFirst().footprintBytes());
    assertEquals(
        "x.yaml:6: runs[0].set.validators: consensus validators=1000 rounds=1024 needs 402.4 MiB but 64 MiB are available; validators=159 fits",
        message(() -> plan(streamed, set("rounds=1024"))));
  }

  @Test
  void aStoredRunIsPlannedAgainAsItWasTuned() {
    PlannedRun run =
        plan(CONSENSUS, set("block=64", "variant=split", "validators=9")).runs().getFirst();
    var replanner = new Replanner(CATALOG, FACTS);
    var place = new Place.InFile(Path.of("run.json"), 0, "planned[0]");
    assertEquals(run, replanned(replanner, run, run.values().asMap(), place));
    var other = new LinkedHashMap<>(run.values().asMap());
    other.remove("block");
    assertNotEquals(run.id(), replanned(replanner, run, other, place).id());
    other.put("block", 1_000_000);
    assertTrue(
        message(() -> replanned(replanner, run, other, place))
            .endsWith("block: 1000000 is out of range; expected 32 .. 1024"));
    other.remove("block");
    other.put("rounds", 4);
    assertTrue(
        message(() -> replanned(replanner, run, other, place))
            .contains("unknown parameter 'rounds'"));
  }

  private static PlannedRun replanned(
      Replanner replanner, PlannedRun run, Map<String, Object> parameters, Place place) {
    var planned =
        new RunDocument.Planned(
            run.id(),
            run.workload().id(),
            run.engine(),
            run.path(),
            parameters,
            new RunDocument.Effort(run.repetitions(), run.budget().toNanos(), run.stoppingRule()));
    return replanner.plan(planned, Objects.requireNonNull(planned.effort()), place);
  }
}
