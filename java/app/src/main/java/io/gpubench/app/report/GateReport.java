// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpubench.app.gate.GateCase;
import io.gpubench.app.gate.GateCase.Outcome;
import io.gpubench.app.gate.GateResult;
import io.gpubench.app.gate.GateResult.Mode;
import io.gpubench.app.report.Figures.TimeUnit;
import io.gpubench.app.report.JudgedCase.State;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.Printable;
import io.gpubench.measure.compare.ComparedMetric;
import io.gpubench.measure.stats.QuantileInterval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a gate came to, in every format; as JSON by {@code configs/schemas/gate.schema.json}.
 *
 * @param exitCode of the process, which says the same in a number
 */
public record GateReport(GateResult result, int exitCode) implements JudgedReport {
  private static final String SCHEMA = "gpubench.gate/1";
  private static final String SYNTHETIC = "SYNTHETIC";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private record Document(
      String schema,
      String mode,
      String baseline,
      String decision,
      int exitCode,
      boolean interrupted,
      double intervalConfidence,
      List<Case> cases,
      List<String> notes,
      List<String> evidence,
      double elapsedSeconds) {}

  private record Case(
      String workload,
      Map<String, Object> parameters,
      String engine,
      String mode,
      @Nullable String metric,
      @Nullable Double tolerance,
      String outcome,
      String verdict,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason,
      String how,
      @Nullable Double oldNanos,
      @Nullable Double newNanos,
      @Nullable Double ratio,
      @Nullable Double lower,
      @Nullable Double upper) {}

  @Override
  public String title() {
    return "gpubench gate";
  }

  @Override
  public double elapsedSeconds() {
    return result.seconds();
  }

  /** In one word, as far as the cases tell. */
  private String decision() {
    if (result.mode() == Mode.ABSENT) {
      return "no baseline";
    }
    boolean bad =
        result.cases().stream()
            .anyMatch(one -> one.outcome() != Outcome.PASSED && one.outcome() != Outcome.OPEN);
    boolean open =
        result.interrupted()
            || result.cases().stream().anyMatch(one -> one.outcome() == Outcome.OPEN)
            || (result.cases().isEmpty() && result.mode() != Mode.KEPT);
    if (result.mode() == Mode.KEPT) {
      return bad || open ? "not kept" : "kept";
    }
    return bad ? "failed" : open ? "inconclusive" : "passed";
  }

  @Override
  public String table() {
    var text = new StringBuilder();
    text.append(
        switch (result.mode()) {
          case LIVE -> "gate against %s, live by duets".formatted(line(result.baseline()));
          case RECORDED ->
              "gate against what was measured before: %s".formatted(line(result.baseline()));
          case ABSENT, KEPT -> "gate: baseline %s".formatted(line(result.baseline()));
        });
    text.append("%n%s%s%n".formatted(decision(), counts()));
    if (!result.cases().isEmpty()) {
      text.append('\n').append(cells());
    }
    for (GateCase one : result.cases()) {
      text.append(explanation(one));
    }
    result.notes().forEach(note -> text.append("NOTE: %s%n".formatted(line(note))));
    return text.toString();
  }

  private String counts() {
    String counts =
        Arrays.stream(Outcome.values())
            .filter(outcome -> count(outcome) > 0)
            .map(outcome -> "%d %s".formatted(count(outcome), word(outcome)))
            .collect(Collectors.joining(", "));
    long faster = result.cases().stream().filter(GateCase::improved).count();
    return String.format(
        Locale.ROOT,
        "%s%s, in %.1f s",
        counts.isEmpty() ? "" : ": " + counts,
        faster == 0 ? "" : " (%d faster)".formatted(faster),
        result.seconds());
  }

  private long count(Outcome outcome) {
    return result.cases().stream().filter(one -> one.outcome() == outcome).count();
  }

  private static String word(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  private TextTable cells() {
    var table =
        new TextTable()
            .column("workload", Align.LEFT)
            .column("metric", Align.LEFT)
            .column("old", Align.RIGHT)
            .column("new", Align.RIGHT)
            .column("new/old", Align.RIGHT)
            .column(Figures.percent(confidence()) + " interval", Align.RIGHT)
            .column("within", Align.RIGHT)
            .column("verdict", Align.LEFT);
    for (GateCase one : result.cases()) {
      Double lower = one.lower();
      Double upper = one.upper();
      table.row(
          List.of(
              line(one.workload()),
              one.metric() == null ? "" : one.metric(),
              time(one.oldNanos()),
              time(one.newNanos()),
              one.ratio() == null ? "-" : Figures.ratio(one.ratio()),
              lower == null || upper == null
                  ? "-"
                  : Figures.ratio(lower) + " .. " + Figures.ratio(upper),
              one.tolerance() == null ? "-" : Figures.percent(one.tolerance()),
              line(said(one))));
    }
    return table;
  }

  /** Of the intervals, which are for display. */
  private double confidence() {
    return result.mode() == Mode.RECORDED ? ComparedMetric.CONFIDENCE : QuantileInterval.CONFIDENCE;
  }

  private static String time(@Nullable Double nanos) {
    if (nanos == null) {
      return "-";
    }
    TimeUnit unit = TimeUnit.fitting(nanos);
    return unit.of(nanos) + " " + unit.symbol;
  }

  /** The verdict with its size. */
  private static String said(GateCase one) {
    Double ratio = one.ratio();
    if (!one.verdict().equals("Changed") || ratio == null) {
      return one.verdict();
    }
    return "Changed, %s by %s"
        .formatted(ratio > 1 ? "slower" : "faster", Figures.percent(Math.abs(ratio - 1)));
  }

  /** In detail what does not simply pass. */
  private static String explanation(GateCase one) {
    if (one.outcome() == Outcome.PASSED && !one.improved()) {
      return "";
    }
    return "* %s%s: %s%s%n"
        .formatted(
            line(one.configuration()),
            one.metric() == null ? "" : ", " + one.metric(),
            line(said(one)),
            why(one).isEmpty() ? "" : ": " + line(why(one)));
  }

  private static String why(GateCase one) {
    var parts = new ArrayList<String>();
    if (one.reason() != null) {
      parts.add(one.reason());
    }
    if (!one.how().isEmpty()) {
      parts.add(one.how());
    }
    return String.join("; ", parts);
  }

  /** With what holds for all of it and may not be overlooked. */
  private String detail(GateCase one) {
    var parts = new ArrayList<String>();
    if (!why(one).isEmpty()) {
      parts.add(why(one));
    }
    result.notes().stream().filter(note -> note.startsWith(SYNTHETIC)).forEach(parts::add);
    return String.join("; ", parts);
  }

  private static String line(String text) {
    return Printable.line(text);
  }

  @Override
  public String json() {
    var document =
        new Document(
            SCHEMA,
            result.mode().word(),
            result.baseline(),
            decision(),
            exitCode,
            result.interrupted(),
            confidence(),
            result.cases().stream().map(GateReport::json).toList(),
            result.notes(),
            result.evidence().stream().map(String::valueOf).toList(),
            result.seconds());
    return JSON.writeValueAsString(document) + "\n";
  }

  private static Case json(GateCase one) {
    return new Case(
        one.workload(),
        one.parameters(),
        one.engine(),
        one.mode(),
        one.metric(),
        one.tolerance(),
        word(one.outcome()),
        one.verdict(),
        one.reason(),
        one.how(),
        one.oldNanos(),
        one.newNanos(),
        one.ratio(),
        one.lower(),
        one.upper());
  }

  @Override
  public String csv() {
    var csv = new Csv();
    csv.row(
        List.of(
            "workload",
            "parameters",
            "engine",
            "mode",
            "metric",
            "tolerance",
            "outcome",
            "verdict",
            "reason",
            "how",
            "oldNanos",
            "newNanos",
            "ratio",
            "lower",
            "upper"));
    for (GateCase one : result.cases()) {
      csv.row(
          Arrays.<@Nullable Object>asList(
              one.workload(),
              parameters(one),
              one.engine(),
              one.mode(),
              one.metric(),
              one.tolerance(),
              word(one.outcome()),
              one.verdict(),
              one.reason(),
              one.how(),
              one.oldNanos(),
              one.newNanos(),
              one.ratio(),
              one.lower(),
              one.upper()));
    }
    return csv.toString();
  }

  private static String parameters(GateCase one) {
    return one.parameters().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  @Override
  public List<JudgedCase> cases() {
    var cases = new ArrayList<JudgedCase>();
    for (GateCase one : result.cases()) {
      String name =
          Stream.of(
                  parameters(one),
                  one.engine(),
                  one.mode(),
                  Objects.requireNonNullElse(one.metric(), ""))
              .filter(part -> !part.isEmpty())
              .collect(Collectors.joining(" "));
      cases.add(
          new JudgedCase(
              one.workload(),
              name.isEmpty() ? one.workload() : name,
              state(one.outcome()),
              said(one),
              detail(one)));
    }
    if (cases.isEmpty()) {
      State state = decision().equals("kept") ? State.PASSED : State.OPEN;
      cases.add(
          new JudgedCase(
              "baseline", result.baseline(), state, decision(), String.join("; ", result.notes())));
    }
    return cases;
  }

  private static State state(Outcome outcome) {
    return switch (outcome) {
      case PASSED -> State.PASSED;
      case OPEN -> State.OPEN;
      case REGRESSED, INCORRECT, FAILED, UNVERIFIED -> State.FAILED;
    };
  }
}
