// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.ceiling.Shares;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.DuetComparison.Side;
import io.gpubench.measure.result.MeasuredCeiling;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RecordSummary;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunCeilings;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.SamplesFixture;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.stats.DuetSummary;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.telemetry.Column;
import io.gpubench.measure.telemetry.Conclusions;
import io.gpubench.measure.telemetry.Polls;
import io.gpubench.measure.telemetry.Recorded;
import io.gpubench.measure.telemetry.SampleTimes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes runs as an honest gpubench does, all values derived from samples: a suite of two records,
 * of which the first is related to a ceiling and the second was timed beside a baseline, and a duet
 * of two sides. Everything is made from seeds, so that they are always the same.
 */
final class HonestRun {
  static final Instant STARTED = Instant.parse("2026-11-21T03:56:22.125Z");
  static final Instant ENDED = STARTED.plusSeconds(9);
  static final String CEILING = "ceiling.read";
  private static final String OTHER_CEILING = "ceiling.atomic";
  private static final String HARDWARE = "processors";

  private static final int SAMPLES = 200;
  private static final StoppingRule RULE =
      new StoppingRule(SAMPLES, SAMPLES, 0, 5_000_000_000L, 0, 10, 50_000_000, 1_000_000_000);
  private static final RunDocument.Effort EFFORT = new RunDocument.Effort(2, 8_000_000_000L, RULE);
  private static final ResultRecord.WorkPart WORK =
      new ResultRecord.WorkPart("things", 4, 128, 1_000);

  private final boolean duet;
  private final String[] ids = new String[2];
  private final List<List<ProcessPart>> parts = List.of(new ArrayList<>(), new ArrayList<>());

  private HonestRun(boolean duet) {
    this.duet = duet;
    for (int i = 0; i < 2; i++) {
      String id = PlannedRun.id("fake", "host", Mode.of("call"), parameters(i));
      int hash = id.lastIndexOf('-');
      ids[i] = duet ? id.substring(0, hash) + (i == 0 ? "-a" : "-b") + id.substring(hash) : id;
    }
  }

  /** Writes a suite and gives its directory. */
  static Path suite(Path store) {
    return new HonestRun(false).write(store);
  }

  /** Writes a duet and gives its directory. */
  static Path duet(Path store) {
    return new HonestRun(true).write(store);
  }

  private Map<String, Object> parameters(int record) {
    return Map.of("validators", duet ? 4 : 4 + record);
  }

  private Path write(Path store) {
    try (var writer = RunWriter.create(store, store, document(), null)) {
      for (int repetition = 1; repetition <= 2; repetition++) {
        for (int record = 0; record < 2; record++) {
          boolean paired = !duet && record == 1;
          Samples samples = samples((duet ? 100 : 0) + 10L * repetition + record, paired);
          Recorded recorded = sensors(samples);
          parts.get(record).add(part(record, repetition, samples, paired, recorded));
          writer.begin(ids[record], repetition, paired, new Cancellation());
          writer.append(record(record), repetition, samples, recorded);
        }
      }
      if (duet) {
        writer.compared(comparison());
      } else {
        var used =
            List.of(
                new RunCeilings.Used(HARDWARE, ceiling(CEILING), null),
                new RunCeilings.Used(HARDWARE, ceiling(OTHER_CEILING), null));
        writer.relate(
            new RunCeilings("auto", used, List.of()),
            record ->
                Shares.taken(record)
                    .map(taken -> Shares.of(taken, Map.of(), HARDWARE, used))
                    .orElse(null));
      }
      double seconds = (ENDED.toEpochMilli() - STARTED.toEpochMilli()) / 1e3;
      writer.finish(RunDocument.COMPLETE, null, ENDED, seconds);
      return writer.directory();
    }
  }

  private static MeasuredCeiling ceiling(String id) {
    return new MeasuredCeiling(
        id, "bytes/s", 1e9, 0.9e9, 1.1e9, "host", "2026-11-20T00:00:00Z", "earlier", null);
  }

  private RunDocument document() {
    return new RunDocument(
        RunDocument.SCHEMA,
        "20261121T035622Z-" + (duet ? "duet" : "default") + "-96054e",
        RunDocument.RUNNING,
        null,
        1_000,
        duet ? "duet" : "default",
        "quick",
        STARTED.toString(),
        null,
        null,
        60,
        new RunDocument.Tool("gpubench", "0.1.0", "unknown", false),
        List.of("run"),
        List.of(
            new RunDocument.EngineChoice(
                "host", "auto", "first", null, false, Map.of("threads", 2), null, 2, null, 1e12)),
        new Conditions(
            Conditions.WORKERS, 2, 7L, null, null, List.of(), List.of(), null, null, null),
        Map.of("os", Map.of("name", "Linux")),
        IntStream.range(0, 2)
            .mapToObj(
                i -> new RunDocument.Planned(ids[i], "fake", "host", "call", parameters(i), EFFORT))
            .toList(),
        List.of());
  }

  private static Samples samples(long seed, boolean paired) {
    var random = new Random(seed);
    long[] starts = new long[SAMPLES];
    long[] durations = new long[SAMPLES];
    long[] baselines = new long[SAMPLES];
    long now = 0;
    for (int i = 0; i < SAMPLES; i++) {
      starts[i] = now;
      durations[i] = (long) (2e6 * Math.exp(0.1 * random.nextGaussian()));
      baselines[i] = (long) (1e6 * Math.exp(0.1 * random.nextGaussian()));
      now += durations[i] + (paired ? baselines[i] : 0) + random.nextInt(5_000, 40_000);
    }
    return paired
        ? SamplesFixture.paired(SAMPLES, i -> starts[i], i -> durations[i], i -> baselines[i])
        : SamplesFixture.of(SAMPLES, i -> starts[i], i -> durations[i]);
  }

  private ProcessPart part(
      int record, int repetition, Samples samples, boolean paired, Recorded recorded) {
    int last = SAMPLES - 1;
    double seconds =
        Math.ceil((samples.startNanos(last) + samples.durationNanos(last)) / 1e6) / 1e3;
    int turn = duet ? repetition - 1 : 2 * (repetition - 1) + record;
    return new ProcessPart(
        repetition,
        4_711L + 2L * repetition + record,
        STARTED.plusMillis(100 + 2_000L * turn).toString(),
        "Measured",
        null,
        null,
        0.2,
        0.01,
        0.1,
        new ProcessPart.WarmupPart(10, 0.05, true),
        "samples",
        seconds,
        seconds,
        SAMPLES + 10,
        SAMPLES,
        Map.of(),
        Statistics.of(samples.durations()),
        new Timer(30, 30),
        new Telemetry(41.0, null, 1_500.0, null),
        new Telemetry(44.0, null, 1_700.0, null),
        RunWriter.samplesName(ids[record], repetition),
        paired ? Statistics.of(samples.baselines()) : null,
        null,
        Conclusions.of(
            RunWriter.telemetryName(ids[record], repetition),
            recorded.columns(),
            recorded.polls(),
            new SampleTimes(samples.starts(), samples.durations()),
            new Conclusions.Work(WORK.unit(), WORK.units()),
            duet),
        record == 0 ? stages(repetition) : null);
  }

  /** What a process went through before its samples, within the tenth of a second that it had. */
  private static Map<String, Long> stages(int repetition) {
    var stages = new LinkedHashMap<String, Long>();
    stages.put("firstExecution", 80_000_000L + 1_234_567L * repetition);
    stages.put("copyIn", 12_000L);
    stages.put("profiler", 0L);
    return stages;
  }

  /** Power that sways, its energy, a reason to be slow for a while, and a sensor that is absent. */
  private static Recorded sensors(Samples samples) {
    var columns =
        List.of(
            column("packageWatts", "W", Sensor.Kind.LEVEL, true, Column.Pace.EACH),
            column("energyJoules", "J", Sensor.Kind.COUNTER, true, Column.Pace.EACH),
            column("fanPercent", "%", Sensor.Kind.LEVEL, false, Column.Pace.NEVER),
            new Column(
                new Sensor(
                    Sensor.THROTTLED_BY,
                    "",
                    Sensor.Kind.REASONS,
                    false,
                    "fake",
                    "why",
                    List.of("hot")),
                900,
                Column.Pace.EACH));
    var polls = new Polls(columns.size());
    long every = 7_000_000;
    double joules = 5;
    long end = samples.startNanos(SAMPLES - 1) + samples.durationNanos(SAMPLES - 1);
    for (long at = -10 * every; at < end + every; at += every) {
      double watts = 40 + 3 * Math.sin(at / 3e7);
      joules += watts * every / 1e9;
      polls.begin(at);
      polls.set(0, watts, null);
      polls.set(1, joules, null);
      if (polls.count() == 1) {
        polls.set(2, Double.NaN, Sensors.NOT_SUPPORTED);
      }
      polls.set(3, at > end / 4 && at < end / 2 ? 1 : 0, null);
      polls.took(21_000);
    }
    return new Recorded(columns, polls);
  }

  private static Column column(
      String id, String unit, Sensor.Kind kind, boolean lively, Column.Pace pace) {
    return new Column(Sensor.of(id, unit, kind, lively, "fake", "a fixture"), 4_000, pace);
  }

  private ResultRecord record(int index) {
    List<ProcessPart> measured = List.copyOf(parts.get(index));
    RecordSummary summary = RecordSummary.of(measured, 2, RULE.minSamples(), WORK, amounts(index));
    return new ResultRecord(
        ids[index],
        "fake",
        "host",
        "call",
        parameters(index),
        summary.outcome(),
        summary.reason(),
        null,
        false,
        "host",
        "ns",
        2,
        summary.sampleCount(),
        summary.underSampled(),
        summary.statistics(),
        summary.variation(),
        WORK,
        summary.throughput(),
        Map.of(
            "oracle", "Fake", "answersRight", (SAMPLES + 10) * measured.size(), "answersWrong", 0),
        Map.of("threads", 2),
        RunWriter.histogramName(ids[index]),
        measured,
        null,
        null,
        Map.of(CEILING, 1e6, OTHER_CEILING, 3e5),
        summary.paired(),
        null,
        null,
        amounts(index),
        summary.rates());
  }

  /** The first record has some. */
  private static @Nullable Map<String, Double> amounts(int index) {
    return index == 0 ? new TreeMap<>(Map.of("comparisons", 48.5, "pairs", 64.0)) : null;
  }

  private DuetComparison comparison() {
    var played = new ArrayList<Played>();
    List<Statistics> ofA = statistics(0);
    List<Statistics> ofB = statistics(1);
    for (int i = 0; i < ofA.size(); i++) {
      played.add(new Played(i + 1, "a", "b", 8, null, LogRatios.of(ofA.get(i), ofB.get(i))));
    }
    return new DuetComparison(
        new Side("engine=host", ids[0]),
        new Side("engine=host", ids[1]),
        2,
        0.05,
        played,
        DuetSummary.of(ofA, ofB),
        null);
  }

  private List<Statistics> statistics(int record) {
    return parts.get(record).stream()
        .map(part -> Statistics.class.cast(part.statistics()))
        .toList();
  }
}
