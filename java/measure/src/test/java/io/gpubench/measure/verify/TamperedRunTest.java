// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One thing is changed in an honest run, and that thing is found, whoever seals it anew. */
class TamperedRunTest {
  private static final String PLANNED = "/planned/0";
  private static final String RECORD = "/records/0";
  private static final String WORK = RECORD + "/work";
  private static final String PROCESS = "/records/0/processes/0";
  private static final String ENGINE = "/engines/0";

  @TempDir private static Path temp;
  private static Path suite;
  private static Path duet;
  private static int copies;

  /** What is done, and what has to be found in any message. */
  record Case(boolean duet, String words, Flaw flaw, RunEdit.Act act) {
    @Override
    public String toString() {
      return flaw.word() + ": " + words;
    }
  }

  @BeforeAll
  static void write() {
    suite = HonestRun.suite(temp.resolve("suite"));
    duet = HonestRun.duet(temp.resolve("duet"));
  }

  private static Case of(Flaw flaw, String words, RunEdit.Act act) {
    return new Case(false, words, flaw, act);
  }

  private static Case ofDuet(Flaw flaw, String words, RunEdit.Act act) {
    return new Case(true, words, flaw, act);
  }

  private static Case set(Flaw flaw, String pointer, Object value, String words) {
    return of(flaw, words, run -> run.set(pointer, value));
  }

  private static Stream<Case> plans() {
    return Stream.of(
        set(Flaw.RECORD, "/status", "failed", "its status is failed; such a run is not sealed"),
        set(Flaw.RECORD, "/status", "interrupted", "it is interrupted: null"),
        set(Flaw.RECORD, "/statusReason", "tired", "it is complete: tired"),
        set(Flaw.REDATED, "/endedAt", null, "it is complete, and when it ended is not said"),
        set(Flaw.REDATED, "/elapsedSeconds", null, "when it ended is not said"),
        set(Flaw.RECORD, PLANNED + "/parameters/validators", 7, "with these parameters has the id"),
        set(Flaw.RECORD, RECORD + "/parameters/validators", 7, "parameters is {validators=7}"),
        set(Flaw.RECORD, PLANNED + "/effort", null, "how thoroughly it was to be measured"),
        set(Flaw.RECORD, PLANNED + "/effort/repetitions", 3, "3 processes are planned for it"),
        set(Flaw.RECORD, RECORD + "/repetitions", 3, "repetitions is 3, and planned was 2"),
        set(Flaw.RECORD, RECORD + "/workload", "other", "workload is other, and planned was fake"),
        set(Flaw.RECORD, RECORD + "/engine", "other", "engine is other, and planned was host"),
        set(Flaw.RECORD, RECORD + "/path", "graph", "path is graph, and planned was call"),
        set(Flaw.RECORD, RECORD + "/cache", "cold", "cache is cold, and planned was hot"),
        set(Flaw.RECORD, PLANNED + "/clock", "device", "has the id fake-host-call-device-"),
        set(Flaw.RECORD, RECORD + "/clock", "device", "is timed by no clock called 'device'"),
        of(Flaw.RECORD, "and has no record of fake-host-call", run -> run.remove(RECORD)),
        of(Flaw.RECORD, "was planned", run -> run.remove(PLANNED)),
        of(Flaw.RECORD, "it has two records", run -> run.set("/records/1", run.at(RECORD))),
        set(
            Flaw.UNITS,
            RECORD + "/throughput/unit",
            "bytes/s",
            "the unit of throughput is bytes/s"),
        of(
            Flaw.UNITS,
            "the unit of its work is bytes, and that of fake is things",
            run -> run.set(WORK + "/unit", "bytes").set(RECORD + "/throughput/unit", "bytes/s")),
        set(Flaw.RECORD, PROCESS + "/repetition", 2, "process 2 comes after 2, of 2"),
        set(Flaw.RECORD, RECORD + "/processes/1/repetition", 3, "process 3 comes after 1, of 2"),
        set(Flaw.RECORD, PROCESS + "/pid", 1_000, "has the number of gpubench's own"),
        of(
            Flaw.RECORD,
            "1 of 2 processes are there, and none has failed",
            run -> run.remove(RECORD + "/processes/1")),
        set(Flaw.DEVICE, RECORD + "/device", "card", "its device is card, and the engine's null"),
        set(
            Flaw.SYNTHETIC,
            RECORD + "/synthetic",
            true,
            "synthetic is true, and the engine's false"),
        set(Flaw.DEVICE, ENGINE + "/device", "card", "works on the processors, for real"),
        set(Flaw.RECORD, ENGINE + "/command", List.of("a"), "one of gpubench's own"),
        set(Flaw.RECORD, ENGINE + "/id", "other", "was chosen"),
        of(
            Flaw.RECORD,
            "it was chosen 2 times",
            run -> run.set("/engines", List.of(run.at(ENGINE), run.at(ENGINE)))));
  }

  private static Stream<Case> values() {
    return Stream.of(
        of(
            Flaw.STATISTIC,
            "statistics.mad is",
            run -> run.scale(PROCESS + "/statistics/mad", 0.99)),
        set(Flaw.STATISTIC, PROCESS + "/statistics/max", 2_999_999, "statistics.max is 2999999"),
        of(
            Flaw.STATISTIC,
            "variation.within is",
            run -> run.scale(RECORD + "/variation/within", 1.1)),
        of(
            Flaw.STATISTIC,
            "throughput.median is",
            run -> run.scale(RECORD + "/throughput/median", 1.1)),
        of(Flaw.UNITS, "rates.pairs.median is", run -> run.scale(RECORD + "/amounts/pairs", 1e3)),
        of(
            Flaw.STATISTIC,
            "rates.comparisons.median is",
            run -> run.scale(RECORD + "/amounts/comparisons", 1.1)),
        of(
            Flaw.STATISTIC,
            "rates.pairs.upper is",
            run -> run.scale(RECORD + "/rates/pairs/upper", 1.01)),
        set(
            Flaw.UNITS,
            RECORD + "/rates/pairs/unit",
            "comparisons/s",
            "the unit of rates.pairs is \"comparisons/s\", and \"pairs/s\" is counted"),
        of(Flaw.STATISTIC, "rates is {", run -> run.remove(RECORD + "/amounts")),
        of(
            Flaw.RECORD,
            "97.0 comparisons of 64.0 pairs",
            run ->
                run.scale(RECORD + "/amounts/comparisons", 2)
                    .scale(RECORD + "/rates/comparisons/median", 2)
                    .scale(RECORD + "/rates/comparisons/lower", 2)
                    .scale(RECORD + "/rates/comparisons/upper", 2)),
        of(Flaw.STATISTIC, "rates is null", run -> run.remove(RECORD + "/rates")),
        of(Flaw.STATISTIC, "rates.pairs is null", run -> run.remove(RECORD + "/rates/pairs")),
        set(Flaw.SCHEMA, RECORD + "/amounts/pairs", -1, "/records/0/amounts/pairs"),
        set(Flaw.SCHEMA, RECORD + "/amounts/all pairs", 1, "/records/0/amounts"),
        set(Flaw.SCHEMA, RECORD + "/amounts", Map.of(), "/records/0/amounts"),
        set(
            Flaw.OVERFULL,
            PROCESS + "/stages/firstExecution",
            103_000_000,
            "firstExecution is said to have taken 103,000,000 ns, and all of preparing took 0.100 s"),
        set(Flaw.SCHEMA, PROCESS + "/stages/copyIn", -1, "/processes/0/stages/copyIn"),
        set(Flaw.SCHEMA, PROCESS + "/stages/copyIn", 0.5, "/processes/0/stages/copyIn"),
        set(Flaw.SCHEMA, PROCESS + "/stages/all copies", 1, "/processes/0/stages"),
        set(Flaw.SCHEMA, PROCESS + "/stages", Map.of(), "/processes/0/stages"),
        of(
            Flaw.UNITS,
            "variation.smallestMedianNanos is",
            run ->
                run.scale(RECORD + "/variation/smallestMedianNanos", 1e-3)
                    .scale(RECORD + "/variation/largestMedianNanos", 1e-3)),
        of(
            Flaw.STATISTIC,
            "so it is with 1 more values",
            run ->
                run.scale(RECORD + "/variation/within", 1.1)
                    .scale(RECORD + "/variation/observedBetween", 3)),
        of(Flaw.STATISTIC, "statistics is null", run -> run.set(PROCESS + "/statistics", null)),
        of(
            Flaw.SWAPPED,
            "its samples give the statistics of process 2 of",
            run -> {
              var first = run.at(PROCESS + "/statistics").deepCopy();
              run.set(PROCESS + "/statistics", run.at(RECORD + "/processes/1/statistics"));
              run.set(RECORD + "/processes/1/statistics", first);
            }),
        set(Flaw.RECORD, PROCESS + "/samples", null, "it has statistics, and no samples"),
        set(Flaw.RECORD, PROCESS + "/samples", "samples/x.csv", "are said to be in samples/x.csv"),
        set(Flaw.TRUNCATED, PROCESS + "/sampleCount", 201, "it has 201 samples, and its file 200"),
        set(Flaw.RECORD, PROCESS + "/sampleCount", 199, "it has 199 samples, and its file 200"),
        set(Flaw.RECORD, RECORD + "/sampleCount", 399, "from the processes follows 400"),
        of(
            Flaw.RECORD,
            "outcome is Rejected, and from the processes follows Measured",
            run -> run.set(RECORD + "/outcome", "Rejected").set(RECORD + "/reason", "why not")),
        set(Flaw.RECORD, RECORD + "/underSampled", true, "underSampled is true, and from"),
        set(Flaw.RECORD, RECORD + "/underSampledWhy", "few", "underSampledWhy is few, and from"),
        set(Flaw.RECORD, RECORD + "/histogram", null, "histogram is null, and from"),
        set(Flaw.RECORD, RECORD + "/verification/answersRight", 1, "answersRight is 1, and from"),
        set(Flaw.RECORD, RECORD + "/verification/answersWrong", 1, "answersWrong is 1, and from"),
        set(Flaw.RECORD, RECORD + "/verification/answersRight", "all", "answersRight is all, and"),
        set(Flaw.RECORD, "/records/1/paired", null, "whether it was compared with a baseline"),
        of(
            Flaw.STATISTIC,
            "paired.median.ratio is",
            run -> run.scale("/records/1/paired/median/ratio", 1.1)),
        of(
            Flaw.STATISTIC,
            "baseline.mean is",
            run -> run.scale("/records/1/processes/0/baseline/mean", 1.1)),
        of(
            Flaw.RECORD,
            "its baseline is in its samples alone",
            run -> run.set("/records/1/processes/0/baseline", null)),
        of(
            Flaw.RECORD,
            "its baseline is in run.json alone",
            run -> run.set(PROCESS + "/baseline", run.at("/records/1/processes/0/baseline"))),
        set(Flaw.RECORD, PROCESS + "/stop", "time", "it measured for"),
        of(
            Flaw.SCHEMA,
            "/records/0/unit: must be the constant value 'ns'",
            run -> run.set(RECORD + "/unit", "ms")));
  }

  private static Stream<Case> ceilings() {
    String used = "/ceilings/used/0";
    return Stream.of(
        set(Flaw.STATISTIC, used + "/ceiling/lower", 2e9, "is outside of its own interval"),
        set(Flaw.STATISTIC, used + "/ceiling/upper", 5e8, "is outside of its own interval"),
        set(Flaw.REDATED, used + "/ceiling/measuredAt", "2026-11-22T00:00:00Z", "after the run"),
        set(
            Flaw.REDATED,
            used + "/ceiling/measuredAt",
            "9999-12-31T23:00:00Z",
            "measured at '9999"),
        of(Flaw.STATISTIC, "ceiling.share is", run -> run.scale(RECORD + "/ceiling/share", 0.9)),
        of(
            Flaw.STATISTIC,
            "ceiling.others.ceiling.atomic is",
            run -> run.scale(RECORD + "/ceiling/others/ceiling.atomic", 1.5)),
        set(Flaw.STATISTIC, RECORD + "/ceiling/others/ceiling.l2", 0.9, "ceiling.others."),
        of(
            Flaw.RECORD,
            "it says nothing of its share of ceiling.read",
            run -> run.remove(RECORD + "/ceiling")),
        of(
            Flaw.RECORD,
            "a share of a ceiling that the run does not know",
            run -> run.set("/ceilings/used", List.of())),
        of(
            Flaw.RECORD,
            "a share of a ceiling that the run does not know",
            run -> run.remove("/ceilings")),
        set(Flaw.STATISTIC, used + "/hardware", "gpu-1", "ceiling.ceiling is"));
  }

  private static Stream<Case> duets() {
    String played = "/duets/0/played/0";
    return Stream.of(
        ofDuet(Flaw.RECORD, "its duets are numbered [3, 2]", run -> run.set(played + "/number", 3)),
        ofDuet(Flaw.RECORD, "has no process 2", run -> run.remove("/records/1/processes/1")),
        ofDuet(
            Flaw.RECORD,
            "it has the processes [1, 2], and duets were [1]",
            run -> run.remove("/duets/0/played/1")),
        ofDuet(
            Flaw.RECORD,
            "duet 1 counts and is said not to",
            run -> run.set(played + "/reason", "a busy machine")),
        ofDuet(
            Flaw.RECORD,
            "duet 1 counts and is said not to",
            run -> run.set(played + "/logRatios", null)),
        ofDuet(
            Flaw.RECORD,
            "duet 1 was measured and left out",
            run -> run.set(played + "/logRatios", null).set(played + "/reason", "a bad number")),
        ofDuet(
            Flaw.RECORD,
            "duet 1 counts and is said not to",
            run ->
                run.set(PROCESS + "/outcome", "Rejected")
                    .set(PROCESS + "/reason", "doubtful")
                    .set(RECORD + "/outcome", "Rejected")
                    .set(RECORD + "/reason", "doubtful")
                    .set(RECORD + "/underSampled", true)),
        ofDuet(
            Flaw.STATISTIC,
            "duets.played[0].logRatios.median is",
            run -> run.scale(played + "/logRatios/median", 1.5)),
        ofDuet(
            Flaw.STATISTIC,
            "duets.summary.median.ratio is",
            run -> run.scale("/duets/0/summary/median/ratio", 1.5)),
        ofDuet(
            Flaw.RECORD,
            "it is a side of duets, and no comparison names it",
            run -> run.set("/duets", List.of())),
        ofDuet(Flaw.RECORD, "with these parameters has the id", run -> run.remove("/duets")));
  }

  private static Stream<Case> files() {
    return Stream.of(
        of(
            Flaw.SAMPLES,
            ":5: expected sample 3",
            run -> run.text(run.samples(0, 0), text -> line(text, 4, "3,x,1"))),
        of(
            Flaw.TRUNCATED,
            "its last line has no end",
            run -> run.text(run.samples(0, 0), text -> text.substring(0, text.length() - 4))),
        of(Flaw.MISSING, "run.json names it", run -> Files.delete(run.samples(0, 0))),
        of(Flaw.MISSING, "run.json names it", run -> Files.delete(run.histogram(0))),
        of(
            Flaw.UNLISTED,
            "nothing in run.json mentions it",
            run -> Files.createFile(run.file("samples/more.csv"))),
        of(
            Flaw.HISTOGRAM,
            "does not hold the samples of its process",
            run -> Files.copy(run.histogram(1), replaced(run.histogram(0)))),
        of(
            Flaw.HISTOGRAM,
            "it ends before process-1",
            run -> Files.write(run.histogram(0), line())),
        of(
            Flaw.HISTOGRAM,
            "it has more intervals than processes with samples",
            run -> run.text(run.histogram(0), text -> text + text)),
        of(
            Flaw.HISTOGRAM,
            "after the last one comes process-7, not process-1",
            run -> run.text(run.histogram(0), text -> text.replace("process-1", "process-7"))),
        of(
            Flaw.HISTOGRAM,
            "not an HdrHistogram log",
            run -> run.text(run.histogram(0), text -> text.replace(",HIST", ",XIST"))),
        set(Flaw.REDATED, PROCESS + "/prepareSeconds", 0.4, "process 1 is of "),
        set(
            Flaw.REDATED,
            PROCESS + "/startedAt",
            "9999-12-31T23:00:00Z",
            "startedAt is no date of"));
  }

  /** What sensors said follows from their file and the samples. */
  private static Stream<Case> sensors() {
    String telemetry = PROCESS + "/telemetry";
    return Stream.of(
        of(
            Flaw.TELEMETRY,
            "telemetry.sensors.packageWatts.mean is",
            run -> run.scale(telemetry + "/sensors/packageWatts/mean", 0.9)),
        of(
            Flaw.TELEMETRY,
            "telemetry.energy.joulesPerUnit is",
            run -> run.scale(telemetry + "/energy/joulesPerUnit", 0.8)),
        of(
            Flaw.TELEMETRY,
            "telemetry.throttled is",
            run -> run.set(telemetry + "/throttled", List.of())),
        of(Flaw.TELEMETRY, "telemetry.gaps is", run -> run.set(telemetry + "/gaps", List.of())),
        set(Flaw.TELEMETRY, telemetry + "/beside", null, "telemetry.beside is null"),
        set(
            Flaw.TELEMETRY,
            telemetry + "/file",
            "telemetry/x.csv",
            "said to be in telemetry/x.csv"),
        of(
            Flaw.TELEMETRY,
            ":1: expected time_ns,took_ns,packageWatts",
            run -> run.text(polls(run), text -> text.replaceFirst("energyJoules", "energy"))),
        of(
            Flaw.TELEMETRY,
            ":4: 'many' is no time in nanoseconds",
            run -> run.text(polls(run), text -> line(text, 3, "many,1,2,3,4,5"))),
        of(
            Flaw.TELEMETRY,
            "telemetry.polls is",
            run ->
                run.text(
                    polls(run),
                    text -> text.substring(0, text.lastIndexOf('\n', text.length() - 2) + 1))),
        of(
            Flaw.TELEMETRY,
            "its sensors were asked for 400",
            run -> run.text(polls(run), text -> text + "400000000000,21000,40,99,,0\n")),
        of(Flaw.MISSING, "run.json names it", run -> Files.delete(polls(run))),
        of(Flaw.UNLISTED, "nothing in run.json mentions it", run -> run.remove(telemetry)));
  }

  private static Path polls(RunEdit run) {
    return run.file(run.at(PROCESS + "/telemetry/file").asString());
  }

  private static String line(String text, int number, String other) {
    String[] lines = text.split("\n");
    lines[number] = other;
    return String.join("\n", lines) + "\n";
  }

  private static Path replaced(Path file) throws IOException {
    Files.delete(file);
    return file;
  }

  /** A log that has its head and no interval. */
  private static byte[] line() {
    return "#[Histogram log format version 1.3]\n".getBytes(StandardCharsets.US_ASCII);
  }

  static Stream<Case> all() {
    return Stream.of(plans(), values(), ceilings(), duets(), files(), sensors())
        .flatMap(UnaryOperator.identity());
  }

  @ParameterizedTest
  @MethodSource("all")
  void isFoundThoughItIsSealedAnew(Case it) throws IOException {
    var run = new RunEdit(it.duet ? duet : suite, temp.resolve("copy-" + copies++));
    it.act.on(run);
    run.seal(null);
    found(run, it.flaw, it.words);
  }

  private static void found(RunEdit run, Flaw flaw, String words, String... signers) {
    List<Finding> findings = VerifierTest.verifier(signers).verify(run.directory).findings();
    assertTrue(
        findings.stream()
            .anyMatch(finding -> finding.flaw() == flaw && finding.message().contains(words)),
        () -> flaw + " " + words + " is not among " + findings);
  }
}
