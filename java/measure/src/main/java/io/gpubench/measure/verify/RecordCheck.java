// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RawSamples;
import io.gpubench.measure.result.RecordSummary;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.result.SampleReader;
import io.gpubench.measure.result.Shortfall;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.stats.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Derives one record anew, from its samples up, and compares it with what {@code run.json} says.
 * Used once, by one thread.
 */
final class RecordCheck {
  /** Times of a value that tell a change of unit: seconds, milliseconds, microseconds. */
  private static final double[] UNIT_FACTORS = {1e3, 1e6, 1e9, 1e-3, 1e-6, 1e-9};

  private static final List<String> SUMMARY =
      List.of("statistics", "variation", "throughput", "paired", "rates");

  private final RunDocument run;
  private final ResultRecord record;
  private final JsonNode stated;
  private final String place;
  private final SealedFiles files;
  private final RunDocument.@Nullable Effort effort;
  private final Findings findings;
  private final List<ProcessPart> derived = new ArrayList<>();
  private final Map<String, long[]> prints = new LinkedHashMap<>();
  private int processes;
  private long samples;

  /**
   * Sets it up.
   *
   * @param effort that was planned for it; null where it is not known
   * @param stated the record as it was written
   */
  RecordCheck(
      RunDocument run,
      RunDocument.@Nullable Effort effort,
      ResultRecord record,
      JsonNode stated,
      SealedFiles files,
      Findings findings) {
    this.run = run;
    this.record = record;
    this.stated = stated;
    this.place = record.id();
    this.files = files;
    this.effort = effort;
    this.findings = findings;
  }

  /** Processes that had samples. */
  int processes() {
    return processes;
  }

  long samples() {
    return samples;
  }

  /** Prints of the samples of each process, by the name of its file. */
  Map<String, long[]> prints() {
    return prints;
  }

  /** The processes with the statistics that their samples give; as they were where these lack. */
  List<ProcessPart> derived() {
    return derived;
  }

  void run() {
    try (var histograms = new HistogramCheck(record, files, findings)) {
      for (int i = 0; i < record.processes().size(); i++) {
        derived.add(process(i, histograms));
      }
    }
    summary();
  }

  private ProcessPart process(int index, HistogramCheck histograms) {
    ProcessPart part = record.processes().get(index);
    String at = place + "." + part.repetition();
    JsonNode said = stated.path("processes").path(index);
    if (part.samples() == null) {
      TelemetryCheck.of(run, record, part, said, null, files, findings);
      if (part.statistics() != null || part.sampleCount() != 0) {
        findings.add(Flaw.RECORD, at, "it has statistics, and no samples");
      }
      return part;
    }
    String name = RunWriter.samplesName(record.id(), part.repetition());
    if (!part.samples().equals(name)) {
      findings.add(
          Flaw.RECORD,
          at,
          "its samples are said to be in %s, not in %s".formatted(part.samples(), name));
      return part;
    }
    RawSamples raw = read(name, part, at);
    TelemetryCheck.of(run, record, part, said, raw, files, findings);
    if (raw == null || raw.count() == 0) {
      return part;
    }
    processes++;
    samples += raw.count();
    Statistics statistics = Statistics.of(raw.durations());
    compare(part, statistics, said.path("statistics"), at);
    histograms.next(part, raw);
    prints.put(name, KnownSamples.prints(raw.durations()));
    Statistics baseline = baseline(part, raw, said, at);
    ProcessPart found = withStatistics(part, raw.count(), statistics, baseline);
    var measured = MeasuredProcess.of(run, record, found, raw);
    findings.addAll(SampleDoubts.of(measured));
    StoppingRule rule = effort == null ? null : effort.stoppingRule();
    findings.addAll(TallyDoubts.of(measured, rule, Spans.duet(run)));
    findings.addAll(ThrottleDoubts.of(at, part, rule, Spans.duet(run)));
    if (rule != null && !Spans.duet(run)) {
      findings.addAll(StopDoubts.of(at, part, raw, rule));
    }
    return found;
  }

  /** The statistics of what was timed next to each sample; null where nothing was. */
  private @Nullable Statistics baseline(
      ProcessPart part, RawSamples raw, JsonNode said, String at) {
    long[] durations = raw.baselines();
    if (durations == null || part.baseline() == null) {
      if (durations != null || part.baseline() != null) {
        findings.add(
            Flaw.RECORD,
            at,
            "its baseline is in %s alone"
                .formatted(durations == null ? "run.json" : "its samples"));
      }
      return null;
    }
    Statistics baseline = Statistics.of(durations);
    List<TreeDifference> differences =
        TreeDifference.between(said.path("baseline"), RunJson.tree(baseline));
    if (!differences.isEmpty()) {
      report(at, "baseline", differences);
    }
    return baseline;
  }

  private @Nullable RawSamples read(String name, ProcessPart part, String at) {
    RawSamples raw;
    try {
      raw = files.read(name, SampleReader::read);
    } catch (ResultFormatException e) {
      findings.add(Flaw.SAMPLES, name, String.valueOf(e.getMessage()));
      return null;
    }
    if (raw == null) {
      return null;
    }
    if (raw.cutOff()) {
      findings.add(Flaw.TRUNCATED, name, "its last line has no end");
    }
    if (raw.count() < part.sampleCount()) {
      findings.add(
          Flaw.TRUNCATED,
          at,
          "it has %,d samples, and its file %,d".formatted(part.sampleCount(), raw.count()));
    } else if (raw.count() > part.sampleCount()) {
      findings.add(
          Flaw.RECORD,
          at,
          "it has %,d samples, and its file %,d".formatted(part.sampleCount(), raw.count()));
    }
    return raw;
  }

  private void compare(ProcessPart part, Statistics statistics, JsonNode said, String at) {
    List<TreeDifference> differences = TreeDifference.between(said, RunJson.tree(statistics));
    if (differences.isEmpty()) {
      return;
    }
    String owner = part.statistics() == null ? null : owner(statistics, part);
    if (owner != null) {
      findings.add(Flaw.SWAPPED, at, "its samples give the statistics of " + owner);
    } else {
      report(at, "statistics", differences);
    }
  }

  /** Another process of the run whose statistics these are. */
  private @Nullable String owner(Statistics statistics, ProcessPart self) {
    for (ResultRecord other : run.records()) {
      for (ProcessPart part : other.processes()) {
        if (!Objects.equals(part.samples(), self.samples())
            && statistics.equals(part.statistics())) {
          return "process %d of %s".formatted(part.repetition(), other.id());
        }
      }
    }
    return null;
  }

  private void report(String at, String name, List<TreeDifference> differences) {
    TreeDifference first = differences.getFirst();
    String others =
        differences.size() == 1
            ? ""
            : "; so it is with %d more values".formatted(differences.size() - 1);
    double factor = unitFactor(differences);
    if (factor != 0) {
      findings.add(
          Flaw.UNITS,
          at,
          String.format(Locale.ROOT, "%s: %g times as much%s", first.text(name), factor, others));
    } else {
      findings.add(Flaw.STATISTIC, at, first.text(name) + others);
    }
  }

  /** The factor by which all times are off that are; 0 when there is none that tells of units. */
  private static double unitFactor(List<TreeDifference> differences) {
    double[] factors =
        differences.stream()
            .mapToDouble(TreeDifference::factor)
            .filter(factor -> !Double.isNaN(factor))
            .toArray();
    for (double unit : UNIT_FACTORS) {
      boolean all = factors.length > 0;
      for (double factor : factors) {
        all &= Math.abs(factor / unit - 1) < 1e-3;
      }
      if (all) {
        return unit;
      }
    }
    return 0;
  }

  private void summary() {
    RecordSummary expected =
        RecordSummary.of(
            derived,
            record.repetitions(),
            effort == null ? 1 : effort.stoppingRule().minSamples(),
            record.work(),
            record.amounts());
    JsonNode tree = RunJson.tree(expected);
    if (stated.hasNonNull("paired") != (expected.paired() != null)) {
      findings.add(
          Flaw.RECORD, place, "whether it was compared with a baseline contradicts itself");
      return;
    }
    for (String name : SUMMARY) {
      List<TreeDifference> differences = TreeDifference.between(stated.path(name), tree.path(name));
      Optional<TreeDifference> otherUnit =
          differences.stream().filter(difference -> difference.last().equals("unit")).findFirst();
      if (otherUnit.isPresent()) {
        TreeDifference unit = otherUnit.get();
        findings.add(
            Flaw.UNITS,
            place,
            "the unit of %s is %s, and %s is counted"
                .formatted(unit.above(name), unit.stated(), unit.derived()));
      } else if (!differences.isEmpty()) {
        report(place, name, differences);
      }
    }
    check("outcome", record.outcome(), expected.outcome());
    check("reason", record.reason(), expected.reason());
    check("sampleCount", record.sampleCount(), expected.sampleCount());
    if (effort != null) {
      check("underSampled", record.underSampled(), expected.underSampled());
      if (record.underSampledWhy() != null) {
        String why = Shortfall.of(derived, record.repetitions(), effort.stoppingRule());
        check("underSampledWhy", record.underSampledWhy(), why);
      }
    }
    check(
        "histogram",
        record.histogram(),
        expected.statistics() == null ? null : RunWriter.histogramName(record.id()));
    if (record.processes().stream().anyMatch(part -> part.timer() != null)) {
      boolean wrong = Outcome.of(expected.outcome(), "") instanceof Outcome.Incorrect;
      checkCount("answersRight", derived.stream().mapToLong(ProcessPart::answersRight).sum());
      checkCount("answersWrong", wrong ? 1 : 0);
    }
  }

  private void checkCount(String name, long follows) {
    Object said = record.verification().get(name);
    Object count = said instanceof Number number ? (Object) number.longValue() : said;
    check("verification." + name, count, follows);
  }

  private void check(String name, @Nullable Object said, @Nullable Object follows) {
    if (!Objects.equals(said, follows)) {
      findings.add(
          Flaw.RECORD,
          place,
          "%s is %s, and from the processes follows %s".formatted(name, said, follows));
    }
  }

  private static ProcessPart withStatistics(
      ProcessPart part, long count, Statistics statistics, @Nullable Statistics baseline) {
    return new ProcessPart(
        part.repetition(),
        part.pid(),
        part.startedAt(),
        part.outcome(),
        part.reason(),
        part.failure(),
        part.startSeconds(),
        part.coolDownSeconds(),
        part.prepareSeconds(),
        part.warmup(),
        part.stop(),
        part.measureSeconds(),
        part.processorSeconds(),
        part.answersRight(),
        count,
        Map.copyOf(part.discards()),
        statistics,
        part.timer(),
        part.telemetryBefore(),
        part.telemetryAfter(),
        part.samples(),
        baseline,
        part.throttling(),
        part.telemetry(),
        part.stages());
  }
}
