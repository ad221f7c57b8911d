// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.CATALOG;
import static io.gpubench.measure.plan.Fakes.FACTS;
import static io.gpubench.measure.plan.Fakes.PROFILE;
import static io.gpubench.measure.plan.Fakes.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.MachineFacts;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReplannerTest {
  private static final Place PLACE = new Place.InFile(Path.of("run.json"), 0, "planned[0]");
  private static final Replanner REPLANNER = new Replanner(CATALOG, FACTS);
  private static final String DIFFERENT =
      "run.json: planned[0]: this version of gpubench plans it differently: ";

  private static PlannedRun original() {
    return Planner.plan(
            SuiteConfig.ofWorkloads(List.of("consensus")), CATALOG, PROFILE, FACTS, Overrides.NONE)
        .runs()
        .getFirst();
  }

  private static PlannedRun plan(Replanner replanner, RunDocument.Planned planned, Place place) {
    return replanner.plan(planned, Objects.requireNonNull(planned.effort()), place);
  }

  private static RunDocument.Planned stored(Map<String, Object> parameters) {
    PlannedRun run = original();
    return new RunDocument.Planned(
        run.id(),
        run.workload().id(),
        run.engine(),
        run.path(),
        parameters,
        new RunDocument.Effort(run.repetitions(), run.budget().toNanos(), run.stoppingRule()));
  }

  private static Map<String, Object> changed(String parameter, @Nullable Object value) {
    var parameters = new LinkedHashMap<>(original().values().asMap());
    if (value == null) {
      parameters.remove(parameter);
    } else {
      parameters.put(parameter, value);
    }
    return parameters;
  }

  static Stream<Arguments> sameNumbers() {
    return Stream.of(
        Arguments.of("validators", 1000), // Jackson's choice for a small integer
        Arguments.of("validators", 1000L),
        Arguments.of("validators", 1000.0),
        Arguments.of("validators", 1e3f),
        Arguments.of("validators", BigInteger.valueOf(1000)),
        Arguments.of("validators", "1000"),
        Arguments.of("byzantine", 0.33),
        Arguments.of("seed", 42));
  }

  @ParameterizedTest
  @MethodSource("sameNumbers")
  void theSameNumberInAnyFormGivesTheSameRun(String parameter, Object number) {
    assertEquals(original(), plan(REPLANNER, stored(changed(parameter, number)), PLACE));
  }

  @Test
  void theOrderOfParametersIsTheWorkloads() {
    var reversed = new LinkedHashMap<String, Object>();
    new LinkedHashMap<>(original().values().asMap())
        .sequencedEntrySet()
        .reversed()
        .forEach(entry -> reversed.put(entry.getKey(), entry.getValue()));
    assertEquals(
        original().values().toString(),
        plan(REPLANNER, stored(reversed), PLACE).values().toString());
  }

  @Test
  void anotherSeedIsAnotherRun() {
    assertNotEquals(original().id(), plan(REPLANNER, stored(changed("seed", 43)), PLACE).id());
  }

  static Stream<Arguments> differences() {
    return Stream.of(
        Arguments.of("validators", 3, "validators: 3 is out of range; expected 4 .. 1048576"),
        Arguments.of(
            "validators", 4.5, "validators: '4.5' is not an integer; expected 4 .. 1048576"),
        Arguments.of(
            "validators",
            Double.POSITIVE_INFINITY,
            "validators: 'Infinity' is not an integer; expected 4 .. 1048576"),
        Arguments.of(
            "validators", true, "validators: 'true' is not an integer; expected 4 .. 1048576"),
        Arguments.of("byzantine", "x", "byzantine: 'x' is not a number; expected 0 .. 0.33"),
        Arguments.of("tags", "sha", "tags: unknown value 'sha'; known: siphash, none"),
        Arguments.of("tag", "none", "unknown parameter 'tag'; did you mean 'tags'?"),
        Arguments.of("seed", null, "consensus has a parameter 'seed', which is not there"));
  }

  @ParameterizedTest
  @MethodSource("differences")
  void whatCannotBePlannedAnyMoreIsOneLine(
      String parameter, @Nullable Object value, String problem) {
    assertEquals(
        DIFFERENT + problem,
        message(() -> plan(REPLANNER, stored(changed(parameter, value)), PLACE)));
  }

  static Stream<Arguments> names() {
    return Stream.of(
        Arguments.of(
            "consent", "host", "call", "unknown workload 'consent'; did you mean 'consensus'?"),
        Arguments.of("consensus", "hist", "call", "unknown engine 'hist'; did you mean 'host'?"),
        Arguments.of(
            "consensus",
            "host",
            "launch",
            "unknown path 'launch'; known: call, batch (consensus on host)"),
        Arguments.of(
            "consensus",
            "cuda",
            "launch",
            "unknown path 'launch'; there is none (consensus on cuda)"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatIsNotThereAnyMoreIsOneLine(String workload, String engine, String path, String problem) {
    RunDocument.Planned run = stored(original().values().asMap());
    var other =
        new RunDocument.Planned(run.id(), workload, engine, path, run.parameters(), run.effort());
    assertEquals(DIFFERENT + problem, message(() -> plan(REPLANNER, other, PLACE)));
  }

  @Test
  void aRunThatDoesNotFitIntoMemorySaysSo() {
    var small = new Replanner(CATALOG, new MachineFacts(4, 4000, 8L << 20));
    assertEquals(
        "run.json: planned[0]: consensus validators=1000 needs 402.4 KiB but 3.9 KiB are available; validators=9 fits",
        message(() -> plan(small, stored(original().values().asMap()), PLACE)));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void anImpossibleEffortIsOneLine(int repetitions, long budget, String problem) {
    RunDocument.Planned run = stored(original().values().asMap());
    var other =
        new RunDocument.Planned(
            run.id(),
            run.workload(),
            run.engine(),
            run.path(),
            run.parameters(),
            new RunDocument.Effort(repetitions, budget, original().stoppingRule()));
    assertEquals(DIFFERENT + problem, message(() -> plan(REPLANNER, other, PLACE)));
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        Arguments.of(0, 1L, "0 processes; expected 1 .. 1000"),
        Arguments.of(1001, 1L, "1001 processes; expected 1 .. 1000"),
        Arguments.of(1, -1L, "a budget of -1 ns"));
  }

  @Test
  void theEndsOfAnEffortArePossible() {
    RunDocument.Planned run = stored(original().values().asMap());
    for (int repetitions : new int[] {1, 1000}) {
      var effort = new RunDocument.Effort(repetitions, 0, original().stoppingRule());
      PlannedRun again = REPLANNER.plan(run, effort, PLACE);
      assertEquals(repetitions, again.repetitions());
      assertEquals(Duration.ZERO, again.budget());
    }
  }

  @Test
  void whatNoWorkloadTakesTogetherIsOneLine() {
    Map<String, Object> parameters = changed("validators", 7);
    parameters.put("tags", "none");
    assertEquals(
        DIFFERENT + "7 validators need tags",
        message(() -> plan(REPLANNER, stored(parameters), PLACE)));
  }

  @Test
  void aClockOrCacheThatIsNotThereAnyMoreIsOneLine() {
    RunDocument.Planned run = stored(original().values().asMap());
    for (String[] mode : new String[][] {{"device", null}, {null, "cold"}}) {
      var other =
          new RunDocument.Planned(
              run.id(),
              "consensus",
              "host",
              "call",
              run.parameters(),
              run.effort(),
              mode[0],
              mode[1]);
      assertEquals(
          DIFFERENT
              + (mode[0] == null
                  ? "unknown cache 'cold'; known: hot (consensus on host)"
                  : "unknown clock 'device'; known: host (consensus on host)"),
          message(() -> plan(REPLANNER, other, PLACE)));
    }
  }
}
