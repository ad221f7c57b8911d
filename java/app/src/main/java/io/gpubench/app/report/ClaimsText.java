// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Figures.TimeUnit;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.Printable;
import io.gpubench.measure.claim.Claim;
import io.gpubench.measure.claim.ClaimCase;
import io.gpubench.measure.claim.ClaimFile;
import io.gpubench.measure.claim.ClaimVerdict;
import io.gpubench.measure.claim.Evidence;
import io.gpubench.measure.claim.Judgement;
import io.gpubench.measure.claim.Metric;
import io.gpubench.measure.claim.Target.Direction;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What became of claims, for people: a block for each claim, a row for each case of it. Pure. */
final class ClaimsText {
  /** A reason that several claims have is written in full with each where it is no longer. */
  private static final int LONG = 80;

  /** Below this part of its target a time is shown in a unit of its own. */
  private static final double SMALL_PART = 0.01;

  private static final String TIME_BUSY_IS_NOT_USE =
      "time-busy is the share of time in which some kernel was there, not how much of the device it used";

  private ClaimsText() {}

  static String of(ClaimsReport report) {
    var text = new StringBuilder();
    Map<String, Integer> shared = shared(report);
    for (ClaimFile file : report.files()) {
      String about = file.description().isEmpty() ? "" : ": " + file.description();
      text.append("claims %s%s%n".formatted(Printable.line(file.name()), Printable.line(about)));
      for (Claim claim : file.claims()) {
        text.append('\n').append(block(claim, report, shared));
      }
      text.append('\n');
    }
    shared.forEach(
        (reason, number) -> text.append("[%d] %s%n".formatted(number, Printable.line(reason))));
    text.append(
        "%d Supported, %d Refuted, %d Inconclusive, %d NotTested%n"
            .formatted(
                report.count(ClaimVerdict.Supported.class),
                report.count(ClaimVerdict.Refuted.class),
                report.count(ClaimVerdict.Inconclusive.class),
                report.count(ClaimVerdict.NotTested.class)));
    return text.toString();
  }

  /** Reasons that stand with several claims, numbered: they are written once, at the end. */
  private static Map<String, Integer> shared(ClaimsReport report) {
    var claims = new LinkedHashMap<String, Set<String>>();
    for (Judgement one : report.judgements()) {
      String reason = one.verdict().reason();
      if (reason != null && reason.length() > LONG) {
        claims.computeIfAbsent(reason, _ -> new LinkedHashSet<>()).add(one.of().claim().id());
      }
    }
    var numbers = new LinkedHashMap<String, Integer>();
    claims.forEach((reason, of) -> {
      if (of.size() > 1) {
        numbers.put(reason, numbers.size() + 1);
      }
    });
    return numbers;
  }

  private static String block(Claim claim, ClaimsReport report, Map<String, Integer> shared) {
    List<Judgement> judgements = report.of(claim);
    var text = new StringBuilder();
    text.append("%s: %s%n".formatted(claim.id(), Printable.line(claim.statement())));
    text.append("  source: %s%n".formatted(Printable.line(claim.source())));
    text.append(
        "  judged: %s of %s %s, each bound at confidence %s, %s%n"
            .formatted(
                claim.metric().word(),
                claim.workload().name(),
                promised(claim),
                Figures.percent(claim.confidence()),
                effort(claim)));
    if (judgements.stream().anyMatch(one -> one.estimate() != null)) {
      text.append(rows(claim, judgements).indent(2));
    }
    text.append(reasons(judgements, shared));
    text.append(notes(claim, judgements, report.evidence()));
    return text.toString();
  }

  private static String promised(Claim claim) {
    return Printable.line(claim.target().text());
  }

  private static String effort(Claim claim) {
    return String.format(
        Locale.ROOT,
        "at least %d %s of %,d %s",
        claim.fewestProcesses(),
        claim.target().relative() ? "duets" : "processes",
        claim.fewestSamples(),
        claim.metric().kind() == Metric.Kind.TIME_BUSY ? "readings" : "samples");
  }

  private static String rows(Claim claim, List<Judgement> judgements) {
    var names = new LinkedHashSet<String>();
    judgements.forEach(one -> names.addAll(one.of().named().keySet()));
    var table = new TextTable().column("engine", Align.LEFT).column("path", Align.LEFT);
    names.forEach(name -> table.column(Printable.line(name), Align.RIGHT));
    if (claim.target().relative()) {
      table.column("against", Align.LEFT);
    }
    table
        .column(claim.target().relative() ? "ratio" : "estimate", Align.RIGHT)
        .column("bounds", Align.RIGHT)
        .column("target", Align.RIGHT)
        .column(claim.target().relative() ? "duets" : "processes", Align.RIGHT)
        .column("verdict", Align.LEFT);
    for (Judgement one : judgements) {
      var cells = new ArrayList<String>();
      cells.add(one.of().own().engine());
      cells.add(one.of().own().mode().toString());
      names.forEach(name ->
          cells.add(Printable.line(String.valueOf(one.of().named().getOrDefault(name, "-")))));
      ClaimCase.Side baseline = one.of().baseline();
      if (baseline != null) {
        cells.add(against(one.of(), baseline));
      }
      cells.add(value(claim, one.estimate()));
      cells.add(bounds(claim, one));
      cells.add(sign(claim) + " " + value(claim, claim.target().value()));
      cells.add(String.valueOf(one.processes()));
      cells.add(one.verdict().word());
      table.row(cells);
    }
    return table.toString();
  }

  private static String sign(Claim claim) {
    return claim.target().direction() == Direction.AT_MOST ? "<=" : ">=";
  }

  private static String bounds(Claim claim, Judgement one) {
    return one.lower() == null
        ? "none"
        : value(claim, one.lower()) + " .. " + value(claim, one.upper());
  }

  /** A value in the unit in which its claim is read best. */
  private static String value(Claim claim, @Nullable Double value) {
    if (value == null) {
      return "-";
    }
    if (claim.target().relative()) {
      return Figures.ratio(value);
    }
    return switch (claim.metric().kind().dimension()) {
      case TIME -> {
        double target = claim.target().value();
        // as its target is written, unless so little is left of it that nobody could read it
        boolean tiny = value < SMALL_PART * target && value > 0;
        TimeUnit unit = TimeUnit.fitting(tiny ? value : target);
        yield unit.of(value) + " " + unit.symbol;
      }
      case RATE -> Figures.rate(value) + "/s";
      case SHARE -> String.format(Locale.ROOT, "%.1f %%", 100 * value);
    };
  }

  /** The base unit of a claim's numbers: {@code ns}, {@code messages/s}, {@code ratio}. */
  static String unit(Claim claim) {
    if (claim.target().relative()) {
      return "ratio";
    }
    return switch (claim.metric().kind().dimension()) {
      case TIME -> "ns";
      case RATE -> claim.metric().amount() + "/s";
      case SHARE -> "share";
    };
  }

  /** Each reason once, with the cases that have it. */
  private static String reasons(List<Judgement> judgements, Map<String, Integer> shared) {
    var byReason = new LinkedHashMap<String, List<Judgement>>();
    for (Judgement one : judgements) {
      String reason = one.verdict().reason();
      if (reason != null) {
        byReason
            .computeIfAbsent(
                one.verdict().word()
                    + (shared.containsKey(reason)
                        ? " [%d]".formatted(shared.get(reason))
                        : ": " + reason),
                _ -> new ArrayList<>())
            .add(one);
      }
    }
    var text = new StringBuilder();
    byReason.forEach((reason, of) -> {
      String which =
          of.size() == judgements.size()
              ? judgements.size() == 1 ? "" : "all %d cases: ".formatted(of.size())
              : of.stream().map(one -> subject(one.of())).collect(Collectors.joining("; ")) + ": ";
      text.append("  %s%s%n".formatted(which, Printable.line(reason)));
    });
    return text.toString();
  }

  /** What a time-busy is worth, and the shares of ceilings that were reached in it. */
  private static String notes(Claim claim, List<Judgement> judgements, List<Evidence> evidence) {
    if (claim.metric().kind() != Metric.Kind.TIME_BUSY
        || judgements.stream().allMatch(one -> one.estimate() == null)) {
      return "";
    }
    var text = new StringBuilder("  note: %s%n".formatted(TIME_BUSY_IS_NOT_USE));
    for (Judgement one : judgements) {
      for (Evidence source : evidence) {
        if (source.name().equals(one.run())) {
          text.append(used(source.run(), one).indent(2));
        }
      }
    }
    return text.toString();
  }

  private static String used(RunDocument run, Judgement one) {
    return run.records().stream()
        .filter(measured -> measured.id().equals(one.record()))
        .map((ResultRecord measured) -> UtilizationText.of(measured))
        .collect(Collectors.joining());
  }

  /** The case in a few words: {@code cuda launch validators=1000 tags=none}. */
  static String subject(ClaimCase of) {
    var words = new ArrayList<String>();
    words.add(of.own().engine());
    words.add(of.own().mode().toString());
    of.named().forEach((name, value) -> words.add(name + "=" + value));
    ClaimCase.Side baseline = of.baseline();
    if (baseline != null) {
      words.add("against " + against(of, baseline));
    }
    return Printable.line(String.join(" ", words));
  }

  /** In what the baseline differs. */
  private static String against(ClaimCase of, ClaimCase.Side baseline) {
    var words = new ArrayList<String>();
    boolean same = baseline.engine().equals(of.own().engine());
    if (!same) {
      words.add(baseline.engine());
    }
    if (!same || !baseline.mode().equals(of.own().mode())) {
      words.add(baseline.mode().toString());
    }
    of.namedOfBaseline().forEach((name, value) -> words.add(name + "=" + value));
    return Printable.line(String.join(" ", words));
  }

  static String baseline(ClaimsJson.Baseline baseline) {
    return "engine=%s path=%s clock=%s cache=%s %s"
        .formatted(
            baseline.engine(),
            baseline.path(),
            baseline.clock(),
            baseline.cache(),
            values(baseline.parameters()));
  }

  /** {@code a=1 b=2}. */
  static String values(Map<String, Object> parameters) {
    return parameters.entrySet().stream()
        .map(one -> one.getKey() + "=" + one.getValue())
        .collect(Collectors.joining(" "));
  }

  /** The numbers and the reason in one line. */
  static String detail(Judgement one) {
    Claim claim = one.of().claim();
    String reason = one.verdict().reason();
    String numbers =
        one.estimate() == null
            ? ""
            : "%s %s, bounds %s, target %s, %d %s"
                .formatted(
                    claim.metric().word(),
                    value(claim, one.estimate()),
                    bounds(claim, one),
                    promised(claim),
                    one.processes(),
                    claim.target().relative() ? "duets" : "processes");
    if (reason == null) {
      return numbers;
    }
    return numbers.isEmpty() ? reason : reason + " (" + numbers + ")";
  }
}
