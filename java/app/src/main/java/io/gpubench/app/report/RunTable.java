// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Figures.TimeUnit;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.Printable;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.stats.DuetSummary;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.stats.Variation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run as a table for people: one block for each workload, engine and path, one line for each
 * record.
 */
public final class RunTable {
  /** Stands for the value of a tuning parameter that nobody has set. */
  private static final String OWN_CHOICE = "auto";

  private RunTable() {}

  /** The run's heading, its tables, and a note for each record that is not plainly measured. */
  public static String of(RunDocument run) {
    int repetitions = run.conditions().repetitions();
    String order = run.conditions().orderSeed() == null ? "" : ", in random order";
    var text =
        new StringBuilder(
            heading(
                run,
                repetitions == 1
                    ? ""
                    : "%d fresh processes measure each run%s%n".formatted(repetitions, order)));
    for (List<ResultRecord> block : blocks(run.records())) {
      text.append('\n').append(block(block));
    }
    text.append(ScalingText.of(run.records()));
    text.append(SpeedUpText.of(run));
    text.append(CrossingText.of(run));
    String cost = TelemetryText.cost(run);
    text.append(cost.isEmpty() ? "" : "\n" + cost);
    return text.toString();
  }

  /**
   * The run, its engines and what was overridden.
   *
   * @param how lines on the way in which it measured; may be empty
   */
  static String heading(RunDocument run, String how) {
    var text = new StringBuilder();
    text.append(
        "%s: suite %s, profile %s, %s%n"
            .formatted(run.id(), run.suite(), run.profile(), state(run)));
    if (run.conditions().replayOf() != null) {
      text.append("replay of %s%n".formatted(run.conditions().replayOf()));
    }
    for (RunDocument.EngineChoice engine : run.engines()) {
      text.append("engine %s: %s%n".formatted(engine.id(), engine.why()));
      if (engine.synthetic()) {
        text.append(
            "SYNTHETIC: the times of %s are not those of the hardware it stands for; no claim can rest on them%n"
                .formatted(engine.id()));
      }
    }
    if (run.conditions().isolation().equals(Conditions.IN_PROCESS)) {
      text.append(
          "one process measured everything: nothing is known of how processes differ%n"
              .formatted());
    }
    text.append(how);
    if (run.conditions().faults() != null) {
      text.append("FAULTS: %s%n".formatted(run.conditions().faults().summary()));
    }
    text.append(Ceilings.heading(run.ceilings()));
    run.conditions()
        .notes()
        .forEach(note -> text.append("NOTE: %s%n".formatted(Printable.line(note))));
    run.conditions().overridden().forEach(reason -> text.append("ANYWAY: %s%n".formatted(reason)));
    return text.toString();
  }

  private static String state(RunDocument run) {
    String state = RunReader.status(run);
    String reason = run.statusReason() == null ? "" : " (" + run.statusReason() + ")";
    Double seconds = run.elapsedSeconds();
    String time = seconds == null ? "" : String.format(Locale.ROOT, " in %.1f s", seconds);
    return state + reason + time;
  }

  private static Iterable<List<ResultRecord>> blocks(List<ResultRecord> records) {
    var blocks = new LinkedHashMap<String, List<ResultRecord>>();
    for (ResultRecord result : records) {
      String title = result.workload() + " on " + Place.of(result) + ", path " + mode(result);
      blocks.computeIfAbsent(title, _ -> new ArrayList<>()).add(result);
    }
    return blocks.values();
  }

  private static String block(List<ResultRecord> block) {
    ResultRecord first = block.getFirst();
    Set<String> varying = varying(block);
    TimeUnit unit = unit(block);
    var table = new TextTable();
    varying.forEach(name -> table.column(name, Align.RIGHT));
    table
        .column("median", Align.RIGHT)
        .column("95 % interval", Align.RIGHT)
        .column("p95", Align.RIGHT)
        .column("p99", Align.RIGHT)
        .column("p99.9", Align.RIGHT)
        .column("max", Align.RIGHT);
    boolean several = block.stream().anyMatch(result -> !between(result).equals("-"));
    if (several) {
      table.column("between", Align.RIGHT);
    }
    table.column(throughputUnit(block), Align.RIGHT);
    String related = Ceilings.title(block);
    if (related != null) {
      table.column(related, Align.RIGHT);
    }
    table.column("samples", Align.RIGHT);
    // where all is well, one word in the title does and the line fits into 100 characters
    boolean plain = block.stream().allMatch(RunTable::plain);
    if (!plain) {
      table.column("outcome", Align.LEFT);
    }
    var notes = new StringBuilder();
    for (ResultRecord result : block) {
      var cells = new ArrayList<String>(values(result, varying));
      cells.addAll(times(result, unit));
      if (several) {
        cells.add(between(result));
      }
      ResultRecord.Throughput throughput = result.throughput();
      cells.add(throughput == null ? "-" : Figures.rate(throughput.median()));
      if (related != null) {
        cells.add(Ceilings.cell(result.ceiling()));
      }
      cells.add(String.format(Locale.ROOT, "%,d", result.sampleCount()));
      if (!plain) {
        cells.add(result.outcome() + (marked(result) ? " *" : ""));
      }
      table.row(cells);
      notes.append(notes(result));
    }
    if (block.stream().anyMatch(RunTable::unbounded)) {
      notes.append("? too few samples or processes to bound p99.9 from above%n".formatted());
    }
    return "%s on %s, path %s; times in %s, clock %s%s%n%s%s%s%s%s%s"
        .formatted(
            first.workload(),
            Place.of(first),
            first.path(),
            unit.symbol,
            clock(first),
            plain ? "; all " + first.outcome() : "",
            constants(first, varying),
            table,
            rates(block, varying),
            StagesText.of(block, List.copyOf(varying), result -> values(result, varying)),
            FileTiers.of(block),
            notes);
  }

  /** What belongs together: the path, the clock, what caches hold, and how large a batch is. */
  private static String mode(ResultRecord result) {
    return result.path() + " " + clock(result);
  }

  /** {@code host}, {@code device, caches cold}, {@code batch of 1,000}. */
  static String clock(ResultRecord result) {
    int pieces = result.piecesOfSample();
    return result.clock()
        + (pieces == 1 ? "" : String.format(Locale.ROOT, " of %,d, each", pieces))
        + (result.cache() == null ? "" : ", caches " + result.cache());
  }

  /** Of one piece of work. */
  private static List<String> times(ResultRecord result, TimeUnit unit) {
    Statistics times = result.statistics();
    if (times == null) {
      return List.of("-", "-", "-", "-", "-", "-");
    }
    double pieces = result.piecesOfSample();
    QuantileInterval interval = times.intervals().median();
    return List.of(
        unit.of(times.median() / pieces),
        bound(interval.lower(), pieces, unit) + " .. " + bound(interval.upper(), pieces, unit),
        unit.of(times.p95() / pieces),
        unit.of(times.p99() / pieces),
        unit.of(times.p999() / pieces) + (unbounded(times) ? "?" : ""),
        unit.of(times.max() / pieces));
  }

  /** How far the medians of processes differ beyond chance. */
  private static String between(ResultRecord result) {
    Variation variation = result.variation();
    Double between = variation == null ? null : variation.between();
    return between == null ? "-" : Figures.percent(between);
  }

  private static String bound(@Nullable Double nanos, double pieces, TimeUnit unit) {
    return nanos == null ? "none" : unit.of(nanos / pieces);
  }

  private static boolean unbounded(ResultRecord result) {
    Statistics times = result.statistics();
    return times != null && unbounded(times);
  }

  private static boolean unbounded(Statistics times) {
    return times.intervals().p999().upper() == null;
  }

  private static boolean plain(ResultRecord result) {
    return result.outcomeValue() instanceof Outcome.Measured && !marked(result);
  }

  /** Whether a note says why it is to be doubted. */
  static boolean marked(ResultRecord result) {
    return result.reason() != null
        || !result.throttledBy().isEmpty()
        || Ceilings.doubt(result) != null
        || (result.underSampled() && result.sampleCount() > 0);
  }

  /** Why it is to be doubted, in one line; null where nothing says so. */
  static @Nullable String doubt(ResultRecord result) {
    if (!marked(result)) {
      return null;
    }
    var why = new ArrayList<String>();
    if (result.reason() != null) {
      why.add(result.reason());
    }
    if (!result.throttledBy().isEmpty()) {
      why.add("throttled: " + ThrottlingText.of(result));
    }
    String beyond = Ceilings.doubt(result);
    if (beyond != null) {
      why.add(beyond);
    }
    if (result.underSampled() && result.sampleCount() > 0) {
      why.add("under-sampled: " + tooLittle(result));
    }
    return Printable.line(String.join("; ", why));
  }

  private static String tooLittle(ResultRecord result) {
    return result.underSampledWhy() == null
        ? "too few samples or processes for its profile, or under 10 ms of measuring"
        : Printable.line(result.underSampledWhy());
  }

  private static String notes(ResultRecord result) {
    var note = new StringBuilder();
    if (result.reason() != null) {
      note.append("* %s: %s: %s%n".formatted(result.id(), result.outcome(), result.reason()));
    }
    if (result.configuration().get(Slowdown.KEY) instanceof Number factor) {
      note.append("* %s: SLOWED DOWN on purpose, by slowdown=%s%n".formatted(result.id(), factor));
    }
    note.append(UtilizationText.of(result));
    DuetSummary paired = result.paired();
    if (paired != null) {
      DuetSummary.Metric ratio = paired.median();
      note.append(
          String.format(
              Locale.ROOT,
              "%s: %.3f times its baseline at the median, %s%n",
              result.id(),
              ratio.ratio(),
              ratio.lower() == null
                  ? "too few processes for an interval"
                  : String.format(Locale.ROOT, "%.3f .. %.3f", ratio.lower(), ratio.upper())));
    }
    note.append(TelemetryText.of(result));
    String doubt = Ceilings.doubt(result);
    if (doubt != null) {
      note.append("* %s: %s%n".formatted(result.id(), Printable.line(doubt)));
    }
    if (!result.throttledBy().isEmpty()) {
      note.append(
          "* %s: throttled: %s%n"
              .formatted(result.id(), Printable.line(ThrottlingText.of(result))));
    }
    if (result.underSampled() && result.sampleCount() > 0) {
      note.append(
          "* %s: under-sampled: %s; no claim can rest on it%n"
              .formatted(result.id(), tooLittle(result)));
    }
    return note.toString();
  }

  /** What else was done in a second, a line for each record; empty where nothing was. */
  private static String rates(List<ResultRecord> block, Set<String> varying) {
    var names = new LinkedHashSet<String>();
    block.forEach(result -> names.addAll(rates(result).keySet()));
    if (names.isEmpty()) {
      return "";
    }
    var table = new TextTable();
    varying.forEach(name -> table.column(name, Align.RIGHT));
    names.forEach(name -> table.column(Printable.line(name) + "/s", Align.RIGHT));
    for (ResultRecord result : block) {
      var cells = new ArrayList<String>(values(result, varying));
      for (String name : names) {
        ResultRecord.Throughput rate = rates(result).get(name);
        cells.add(rate == null ? "-" : Figures.rate(rate.median()));
      }
      table.row(cells);
    }
    return table.toString();
  }

  private static Map<String, ResultRecord.Throughput> rates(ResultRecord result) {
    return result.rates() == null ? Map.of() : result.rates();
  }

  private static List<String> values(ResultRecord result, Set<String> names) {
    return names.stream()
        .map(name -> String.valueOf(result.parameters().getOrDefault(name, OWN_CHOICE)))
        .toList();
  }

  private static String throughputUnit(List<ResultRecord> block) {
    return block.stream()
        .map(ResultRecord::throughput)
        .filter(throughput -> throughput != null)
        .map(throughput -> throughput.unit())
        .findFirst()
        .orElse("throughput");
  }

  private static TimeUnit unit(List<ResultRecord> block) {
    double smallest = Double.POSITIVE_INFINITY;
    for (ResultRecord result : block) {
      Statistics times = result.statistics();
      smallest =
          times == null ? smallest : Math.min(smallest, times.median() / result.piecesOfSample());
    }
    return Double.isInfinite(smallest) ? TimeUnit.MICROS : TimeUnit.fitting(smallest);
  }

  /** The parameters that differ between records; the first one where none does. */
  private static Set<String> varying(List<ResultRecord> block) {
    Map<String, Object> first = block.getFirst().parameters();
    var names = new LinkedHashSet<String>();
    block.forEach(one -> names.addAll(one.parameters().keySet()));
    names.removeIf(name ->
        block.stream()
            .allMatch(one -> Objects.equals(first.get(name), one.parameters().get(name))));
    if (names.isEmpty() && !first.isEmpty()) {
      names.add(first.keySet().iterator().next());
    }
    return names;
  }

  private static String constants(ResultRecord result, Set<String> varying) {
    var line = new StringBuilder();
    result
        .parameters()
        .forEach((name, value) -> {
          if (!varying.contains(name)) {
            line.append(line.isEmpty() ? "" : "  ").append(name).append('=').append(value);
          }
        });
    return line.isEmpty() ? "" : line.append('\n').toString();
  }
}
