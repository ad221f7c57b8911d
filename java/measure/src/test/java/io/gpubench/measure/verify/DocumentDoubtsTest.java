// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import static io.gpubench.measure.verify.Flaw.BACKWARDS;
import static io.gpubench.measure.verify.Flaw.ORDER;
import static io.gpubench.measure.verify.Flaw.OVERFULL;
import static io.gpubench.measure.verify.Flaw.REDATED;
import static io.gpubench.measure.verify.Flaw.SHORT;
import static io.gpubench.measure.verify.Flaw.TELEMETRY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentDoubtsTest {
  private static final Map<String, Object> CARD =
      Map.of(
          "maxClockMegahertz.multiprocessor",
          1_980L,
          "maxClockMegahertz.memory",
          2_619L,
          "powerLimitMilliwatts",
          700_000L);

  private static Arguments change(String name, Consumer<RunDraft> change) {
    return Arguments.of(name, change);
  }

  private static Arguments change(Flaw flaw, String name, Consumer<RunDraft> change) {
    return Arguments.of(flaw, name, change);
  }

  static Stream<Arguments> honest() {
    return Stream.of(
        change("suite", _ -> {}),
        change("unsealed", run -> run.sealedAt = null),
        change(
            "cut off",
            run -> {
              run.status = RunDocument.RUNNING;
              run.endedAt = null;
              run.elapsedSeconds = null;
              run.sealedAt = null;
              run.part(0, 1).pid = 0; // its date is that of the run
              run.part(0, 1).startedAt = run.startedAt;
            }),
        change(
            "rescued",
            run -> {
              run.status = RunDocument.FAILED;
              run.elapsedSeconds = 0.0;
            }),
        change(
            "clock set back by four seconds in between",
            run -> {
              run.part(1, 1).startedAt = "2026-11-21T03:56:25.600Z";
              run.part(0, 1).startedAt = "2026-11-21T03:56:29.500Z";
              run.endedAt = "2026-11-21T03:56:33.300Z";
              run.sealedAt = "2026-11-21T03:56:33.310Z";
            }),
        change("seconds to begin", run -> run.elapsedSeconds = 14.7),
        change(
            "a clock in another time zone",
            run -> {
              run.id = run.id.replace("1121", "1122");
              run.startedAt = run.startedAt.replace("-21T", "-22T");
              run.endedAt = Objects.requireNonNull(run.endedAt).replace("-21T", "-22T");
              run.sealedAt = null;
              run.records.stream()
                  .flatMap(List::stream)
                  .forEach(part -> part.startedAt = part.startedAt.replace("-21T", "-22T"));
            }),
        change("no sensors", run -> run.part(0, 0).before = null),
        change(
            "a device",
            run -> {
              run.device = "a card";
              run.description = CARD;
              run.part(0, 0).before = new Telemetry(31.0, 1_050.0, 1_980.0, 2_619.0);
              run.part(1, 0).after = new Telemetry(-5.0, 0.0, 0.0, null);
            }),
        change(
            "a foreign engine with a sensor of its own",
            run -> {
              run.command = List.of("./engine");
              run.part(0, 0).before = new Telemetry(31.0, 65.0, 9_000.0, 3_200.0);
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("honest")
  void nothingIsFoundInHonestRuns(String name, Consumer<RunDraft> change) {
    RunDraft run = RunDraft.suite();
    change.accept(run);
    assertEquals(List.of(), run.findings(), name);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("honest")
  void nothingIsFoundInHonestDuets(String name, Consumer<RunDraft> change) {
    RunDraft run = RunDraft.duet();
    if (!name.startsWith("clock")) { // the processes of a suite are in other places
      change.accept(run);
    }
    assertEquals(List.of(), run.findings(), name);
  }

  static Stream<Arguments> forged() {
    return Stream.of(
        change(REDATED, "no date", run -> run.endedAt = "yesterday"),
        change(REDATED, "before clocks", run -> run.endedAt = "-1000000000-01-01T00:00:00Z"),
        change(REDATED, "end of time", run -> run.startedAt = "+1000000000-12-31T23:59:59Z"),
        change(REDATED, "another start", run -> run.startedAt = "2026-11-21T03:56:23.125Z"),
        change(REDATED, "another id", run -> run.id = "20261120T035622Z-default-96054e"),
        change(REDATED, "no stamp", run -> run.id = "default-96054e"),
        change(
            REDATED,
            "start and id the day before",
            run -> {
              run.id = "20261120T035622Z-default-96054e";
              run.startedAt = "2026-11-20T03:56:22.125Z";
            }),
        change(REDATED, "end later", run -> run.endedAt = "2026-11-21T04:56:37.300Z"),
        change(REDATED, "end before start", run -> run.endedAt = "2026-11-21T03:55:37.300Z"),
        change(REDATED, "elapsed longer", run -> run.elapsedSeconds = 25.0),
        change(REDATED, "sealed before the end", run -> run.sealedAt = "2026-11-21T03:56:30Z"),
        change(REDATED, "sealed in the future", run -> run.sealedAt = "2026-11-23T10:00:01Z"),
        change(
            REDATED,
            "process before",
            run -> run.part(0, 0).startedAt = "2026-11-21T03:56:17.100Z"),
        change(
            REDATED, "process after", run -> run.part(0, 1).startedAt = "2026-11-21T03:56:40.000Z"),
        change(REDATED, "process that goes on", run -> run.part(0, 1).measureSeconds = 9),
        change(REDATED, "endless process", run -> run.part(0, 1).measureSeconds = 1e300),
        change(REDATED, "processes that overlap", run -> run.part(0, 0).prepareSeconds = 6.5),
        change(
            BACKWARDS,
            "the second process first",
            run -> {
              run.part(0, 1).startedAt = run.part(0, 0).startedAt;
              run.part(0, 0).startedAt = "2026-11-21T03:56:33.500Z";
            }),
        change(OVERFULL, "more work than time", run -> run.elapsedSeconds = 12.5),
        change(SHORT, "no time at all", run -> run.elapsedSeconds = 0.009),
        change(ORDER, "min", run -> statistics(run, 0, 30_001)),
        change(ORDER, "p95", run -> statistics(run, 1, 10_001)),
        change(ORDER, "p99", run -> statistics(run, 2, 10_001)),
        change(ORDER, "p999", run -> statistics(run, 3, 10_001)),
        change(ORDER, "max", run -> statistics(run, 4, 10_001)),
        change(ORDER, "p50", run -> statistics(run, 5, 15_000)),
        change(ORDER, "bounds", run -> statistics(run, 6, 1)),
        change(
            TELEMETRY,
            "fire",
            run -> run.part(1, 0).after = new Telemetry(151.0, null, null, null)),
        change(
            TELEMETRY, "ice", run -> run.part(1, 0).after = new Telemetry(-61.0, null, null, null)),
        change(
            TELEMETRY,
            "negative power",
            run -> {
              run.device = "a card";
              run.part(1, 0).after = new Telemetry(null, -1.0, null, null);
            }),
        change(
            TELEMETRY,
            "a processor's power",
            run -> run.part(0, 0).before = new Telemetry(41.0, 65.0, null, null)),
        change(
            TELEMETRY,
            "a processor's memory clock",
            run -> run.part(0, 0).before = new Telemetry(41.0, null, null, 2_619.0)),
        change(
            TELEMETRY,
            "beyond the card's clock",
            run -> {
              run.device = "a card";
              run.description = CARD;
              run.part(0, 1).before = new Telemetry(41.0, null, 2_100.0, null);
            }),
        change(
            TELEMETRY,
            "beyond the card's memory clock",
            run -> {
              run.device = "a card";
              run.description = CARD;
              run.part(0, 1).before = new Telemetry(41.0, null, null, 2_700.0);
            }),
        change(
            TELEMETRY,
            "far beyond the card's power",
            run -> {
              run.device = "a card";
              run.description = CARD;
              run.part(0, 1).before = new Telemetry(41.0, 1_500.0, null, null);
            }),
        change(
            TELEMETRY,
            "a clock from nowhere",
            run -> run.part(0, 0).before = new Telemetry(41.0, null, 10_001.0, null)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("forged")
  void whatContradictsItselfIsFound(Flaw flaw, String name, Consumer<RunDraft> change) {
    RunDraft run = RunDraft.suite();
    change.accept(run);
    List<Finding> findings = run.findings();
    assertTrue(findings.stream().anyMatch(found -> found.flaw() == flaw), name + ": " + findings);
    for (Finding found : findings) {
      assertEquals(1, found.message().lines().count(), found.message());
    }
  }

  /** Changes one value of a process. */
  private static void statistics(RunDraft run, int which, long to) {
    Statistics it = Objects.requireNonNull(run.part(0, 0).statistics);
    QuantileInterval bounds = it.intervals().p95();
    run.part(0, 0).statistics =
        new Statistics(
            it.median(),
            which == 5 ? to : it.p50(),
            which == 1 ? to : it.p95(),
            which == 2 ? to : it.p99(),
            which == 3 ? to : it.p999(),
            which == 0 ? to : it.min(),
            which == 4 ? to : it.max(),
            it.mean(),
            it.stdDev(),
            it.mad(),
            it.cv(),
            it.drift(),
            it.lag1(),
            it.effectiveSampleSize(),
            which == 6
                ? new Statistics.Intervals(
                    it.intervals().median(),
                    new QuantileInterval(
                        bounds.lower(), (double) to, bounds.confidence(), bounds.coverage()),
                    it.intervals().p99(),
                    it.intervals().p999())
                : it.intervals(),
            it.outliers());
  }
}
