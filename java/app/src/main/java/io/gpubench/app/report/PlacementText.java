// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Figures.TimeUnit;
import io.gpubench.app.report.Placement.Candidate;
import io.gpubench.app.report.Placement.Decision;
import io.gpubench.app.report.Placement.Direction;
import io.gpubench.app.report.Placement.NotTried;
import io.gpubench.app.report.Placement.On;
import io.gpubench.app.report.Placement.Time;
import io.gpubench.app.report.Placement.Verdict;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Placements as tables for people. Pure. */
final class PlacementText {
  private record Block(String run, On on, Direction direction) {}

  private PlacementText() {}

  static String of(PlacementReport report) {
    var text = new StringBuilder();
    for (PlacementReport.Run run : report.runs()) {
      text.append(heading(run));
    }
    if (report.placements().stream().anyMatch(one -> one.on().synthetic())) {
      text.append(
          "SYNTHETIC: these times are not those of the hardware it stands for; place nothing by them%n"
              .formatted());
    }
    var blocks = new LinkedHashMap<Block, List<Placement>>();
    for (Placement one : report.placements()) {
      blocks
          .computeIfAbsent(new Block(one.run(), one.on(), one.direction()), _ -> new ArrayList<>())
          .add(one);
    }
    blocks.forEach(
        (block, rows) -> text.append('\n').append(table(block, rows, report.runs().size() > 1)));
    String crossings = CrossingText.of(report.crossings(), Duration.ofNanos(report.limitNanos()));
    if (!crossings.isEmpty()) {
      text.append('\n').append(crossings);
    }
    return text.toString();
  }

  private static String heading(PlacementReport.Run run) {
    var text = new StringBuilder();
    text.append(
        "%s: suite %s, profile %s, %s%s%n"
            .formatted(
                run.id(),
                run.suite(),
                run.profile(),
                run.status(),
                run.inProcess()
                    ? "; one process measured everything: nothing is known of how processes differ"
                    : ""));
    if (run.faults() != null) {
      text.append("FAULTS: %s%n".formatted(Printable.line(run.faults())));
    }
    return text.toString();
  }

  private static String table(Block block, List<Placement> rows, boolean several) {
    TimeUnit unit = unit(rows);
    var table =
        new TextTable()
            .column("moved", Align.RIGHT)
            .column("page", Align.RIGHT)
            .column("pages", Align.RIGHT)
            .column("fastest", Align.LEFT)
            .column("median", Align.RIGHT)
            .column("95 % interval", Align.RIGHT)
            .column("bytes/s", Align.RIGHT)
            .column("next takes", Align.RIGHT)
            .column("between", Align.RIGHT)
            .column("p95", Align.RIGHT)
            .column("fastest by p95", Align.LEFT);
    for (Placement row : rows) {
      Candidate first = PlacementCsv.shortest(row, row.median());
      Time median = first == null ? null : first.median();
      Candidate firstByP95 = PlacementCsv.shortest(row, row.p95());
      Time p95 = firstByP95 == null ? null : firstByP95.p95();
      Double rate = first == null ? null : first.bytesPerSecond();
      table.row(
          List.of(
              PageMove.size(row.bytes()),
              PageMove.size(row.pageBytes()),
              "%,d".formatted(row.pages()),
              who(row.median()),
              median == null ? "-" : unit.of(median.nanos()),
              median == null
                  ? "-"
                  : bound(median.lower(), unit) + " .. " + bound(median.upper(), unit),
              rate == null ? "-" : Figures.rate(rate),
              times(row.median().margin()),
              row.median().margin() == null
                  ? "-"
                  : times(row.median().marginLower()) + " .. " + times(row.median().marginUpper()),
              p95 == null ? "-" : unit.of(p95.nanos()),
              who(row.p95())));
    }
    return "%s%s on %s; times in %s%n%s%s"
        .formatted(
            several ? block.run + ": " : "",
            block.direction.text(),
            CrossingText.place(block.on),
            unit.symbol,
            table,
            notes(rows));
  }

  private static String who(Decision decision) {
    return switch (verdict(decision)) {
      case FASTEST -> decision.fastest().getFirst();
      case NOT_DISTINGUISHED -> "not told apart: " + String.join(", ", decision.fastest());
      case ONLY -> "only " + decision.fastest().getFirst();
      case UNDECIDED, DOUBTED -> "not decided *";
      case NONE -> "none measured";
    };
  }

  private static Verdict verdict(Decision decision) {
    for (Verdict verdict : Verdict.values()) {
      if (verdict.word().equals(decision.verdict())) {
        return verdict;
      }
    }
    throw new IllegalStateException("no verdict is called '" + decision.verdict() + "'");
  }

  private static String times(@Nullable Double ratio) {
    return ratio == null ? "none" : Figures.ratio(ratio) + " x";
  }

  private static String bound(@Nullable Double nanos, TimeUnit unit) {
    return nanos == null ? "none" : unit.of(nanos);
  }

  private static TimeUnit unit(List<Placement> rows) {
    return rows.stream()
        .flatMap(row -> row.candidates().stream())
        .map(Candidate::median)
        .filter(time -> time != null)
        .mapToDouble(Time::nanos)
        .min()
        .stream()
        .mapToObj(TimeUnit::fitting)
        .findFirst()
        .orElse(TimeUnit.MICROS);
  }

  /** What is in doubt, what was not measured and what was not tried; each once. */
  private static String notes(List<Placement> rows) {
    var notes = new LinkedHashSet<String>();
    for (Placement row : rows) {
      for (Candidate candidate : row.candidates()) {
        if (candidate.median() == null) {
          notes.add(
              "%s, %s: %s".formatted(candidate.name(), candidate.outcome(), candidate.reason()));
        } else if (candidate.doubt() != null) {
          notes.add("* %s: %s".formatted(candidate.record(), candidate.doubt()));
        }
      }
      for (Decision decision : List.of(row.median(), row.p95())) {
        if (verdict(decision) == Verdict.UNDECIDED) {
          notes.add("* " + decision.why());
        }
      }
    }
    for (Placement row : rows) {
      for (NotTried left : row.notTried()) {
        notes.add("%s, not tried: %s".formatted(left.path(), left.reason()));
      }
    }
    var text = new StringBuilder();
    notes.forEach(note -> text.append(Printable.line(note)).append('\n'));
    return text.toString();
  }
}
