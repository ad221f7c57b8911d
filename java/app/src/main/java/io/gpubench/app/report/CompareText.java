// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.CompareReport.Block;
import io.gpubench.app.report.CompareReport.PairDifference;
import io.gpubench.app.report.CompareReport.Row;
import io.gpubench.app.report.Figures.TimeUnit;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.compare.Difference;
import io.gpubench.measure.compare.Health;
import io.gpubench.measure.compare.Ranking;
import io.gpubench.measure.compare.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A comparison as a person reads it: what each side is, configuration by configuration, a summary.
 */
final class CompareText {
  private final CompareReport report;
  private final StringBuilder text = new StringBuilder();

  private CompareText(CompareReport report) {
    this.report = report;
  }

  static String of(CompareReport report) {
    return new CompareText(report).whole();
  }

  private String whole() {
    for (int i = 0; i < report.sides().size(); i++) {
      CompareReport.Side side = report.sides().get(i);
      line(
          "%s: %s%s"
              .formatted(
                  CompareReport.letter(i),
                  side.name(),
                  side.what().isEmpty() ? "" : " (" + side.what() + ")"));
      side.notes().forEach(note -> line("   " + note));
    }
    report.skipped().forEach(one -> line(one.toString()));
    differences();
    report.blocks().forEach(this::block);
    list("left out", report.leftOut());
    rankings();
    summary();
    list("limits", report.limits());
    if (report.judged().anyMatch(row -> row.healthA() != null)) {
      line("");
      line(
          "health: of what the processes said, on the logarithm; needed: %s that would tell at this spread;"
              .formatted(
                  report.method() == CompareReport.Method.DUETS
                      ? "duets"
                      : "processes of each side"));
      line(
          "normal: by Shapiro and Wilk, no verdict rests on it; drift: in a process, and across them");
    }
    return text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void list(String title, List<String> lines) {
    if (!lines.isEmpty()) {
      line("");
      line(title + ":");
      lines.forEach(one -> line("* " + one));
    }
  }

  private void differences() {
    var alike = new LinkedHashMap<String, List<PairDifference>>();
    for (PairDifference one : report.differences()) {
      Difference it = one.difference();
      String key =
          String.join(
              "\n", pair(one.a(), one.b(), " "), it.kind().word(), it.what(), it.a(), it.b());
      alike.computeIfAbsent(key, _ -> new ArrayList<>()).add(one);
    }
    list(
        "what differs",
        alike.values().stream()
            .map(group -> {
              PairDifference one = group.getFirst();
              return pair(one.a(), one.b(), " and ")
                  + (group.size() == 1
                      ? one.difference().toString()
                      : one.difference().withSubject("")
                          + " (%d configurations)".formatted(group.size()));
            })
            .toList());
  }

  /** Which two sides; nothing where there are only two. */
  private String pair(int a, int b, String between) {
    return report.sides().size() == 2
        ? ""
        : CompareReport.letter(a) + between + CompareReport.letter(b) + ": ";
  }

  private void block(Block block) {
    line("");
    line(pair(block.a(), block.b(), " and ") + block.label());
    String own = own(block.settingsA(), block.parametersA(), block.parametersB());
    String others = own(block.settingsB(), block.parametersB(), block.parametersA());
    String a = CompareReport.letter(block.a());
    String b = CompareReport.letter(block.b());
    if (own.equals(others)) {
      line("%s and %s: %s".formatted(a, b, own));
    } else {
      line(a + ": " + own);
      line(b + ": " + others);
    }
    if (block.unfit() != null) {
      line("Inconclusive: " + block.unfit());
    }
    if (!block.rows().isEmpty()) {
      text.append(table(block, a, b)).append(health(block, a, b));
    }
    for (Row row : block.rows()) {
      String detail = detail(row);
      if (!detail.isEmpty()) {
        line("* %s: %s".formatted(row.metric(), detail));
      }
    }
    block.remarks().forEach(remark -> line("* " + remark));
  }

  private static String own(
      Map<String, String> settings, Map<String, String> parameters, Map<String, String> others) {
    var parts = new ArrayList<String>();
    settings.forEach((key, value) -> parts.add(key + " " + value));
    parameters.forEach((key, value) -> {
      if (!value.equals(others.get(key))) {
        parts.add(key + "=" + value);
      }
    });
    return String.join(", ", parts);
  }

  /** Why it is inconclusive, or what else a verdict rests on. */
  static String detail(Row row) {
    Verdict verdict = row.verdict();
    if (verdict == null) {
      return "";
    }
    String text = verdict.reason();
    if (text == null) {
      text = Objects.requireNonNullElse(row.how(), "");
    }
    Double spread = row.spread();
    if (spread == null) {
      return text;
    }
    Integer needed = row.needed();
    return text
        + "; B/A spreads by "
        + Figures.percent(spread)
        + " from duet to duet"
        + (verdict instanceof Verdict.Inconclusive && needed != null
            ? String.format(Locale.ROOT, ", about %,d duets would tell", needed)
            : "");
  }

  private TextTable table(Block block, String a, String b) {
    TimeUnit unit =
        TimeUnit.fitting(
            block.rows().stream()
                .flatMapToDouble(row ->
                    java.util.stream.DoubleStream.of(
                        Objects.requireNonNullElse(row.nanosA(), Double.MAX_VALUE),
                        Objects.requireNonNullElse(row.nanosB(), Double.MAX_VALUE)))
                .min()
                .orElse(1));
    double confidence = block.rows().getFirst().confidence();
    var table =
        new TextTable()
            .column("metric", Align.LEFT)
            .column(a + ", " + unit.symbol, Align.RIGHT)
            .column(b + ", " + unit.symbol, Align.RIGHT)
            .column(b + "/" + a, Align.RIGHT)
            .column("%.0f %% interval".formatted(100 * confidence), Align.RIGHT)
            .column("p", Align.RIGHT)
            .column("delta", Align.RIGHT)
            .column("verdict", Align.LEFT);
    for (Row row : block.rows()) {
      table.row(
          List.of(
              row.metric(),
              row.nanosA() == null ? "-" : unit.of(row.nanosA()),
              row.nanosB() == null ? "-" : unit.of(row.nanosB()),
              row.ratio() == null ? "-" : Figures.ratio(row.ratio()),
              row.lower() == null || row.upper() == null
                  ? "none"
                  : Figures.ratio(row.lower()) + " .. " + Figures.ratio(row.upper()),
              row.adjustedP() == null ? p(row.p()) : p(row.adjustedP()),
              row.cliffsDelta() == null
                  ? "-"
                  : String.format(Locale.ROOT, "%+.2f", row.cliffsDelta()),
              row.verdict() == null ? "(reported)" : CompareReport.words(row.verdict())));
    }
    return table;
  }

  /** Two significant digits. */
  static String p(@Nullable Double p) {
    return p == null
        ? "-"
        : p < 0.0001
            ? "< .0001"
            : String.format(Locale.ROOT, p < 0.01 ? "%.4f" : "%.3f", p).replaceFirst("^0", "");
  }

  private static String health(Block block, String a, String b) {
    List<Row> judged = block.rows().stream().filter(row -> row.verdict() != null).toList();
    if (judged.stream().noneMatch(row -> row.healthA() != null)) {
      return "";
    }
    var table =
        new TextTable()
            .column("health", Align.LEFT)
            .column("processes", Align.RIGHT)
            .column("needed", Align.RIGHT)
            .column("spread", Align.RIGHT)
            .column("normal", Align.RIGHT)
            .column("outliers", Align.RIGHT)
            .column("drift in, across", Align.RIGHT)
            .column("independent samples", Align.RIGHT);
    for (Row row : judged) {
      add(table, a + " " + row.metric(), row.healthA(), row.needed());
      add(table, b + " " + row.metric(), row.healthB(), row.needed());
    }
    return table.toString();
  }

  private static void add(
      TextTable table, String name, @Nullable Health health, @Nullable Integer needed) {
    if (health == null) {
      return;
    }
    Double independent = health.effectiveProcesses();
    boolean fewer = independent != null && independent < health.processes() - 0.5;
    table.row(
        List.of(
            name,
            health.processes()
                + (fewer ? String.format(Locale.ROOT, ", as %.0f", independent) : ""),
            needed == null ? "?" : String.format(Locale.ROOT, "%,d", needed),
            health.spread() == null ? "-" : Figures.percent(health.spread()),
            health.normalityP() == null
                ? "-"
                : (health.normalityP() < Health.DOUBTED ? "no, p " : "p ") + p(health.normalityP()),
            health.outliers().isEmpty()
                ? "0"
                : health.outliers().size()
                    + " (#"
                    + health.outliers().stream()
                        .limit(3)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", #"))
                    + (health.outliers().size() > 3 ? ", ..." : "")
                    + ")",
            signed(health.driftWithin()) + ", " + signed(health.driftAcross()),
            (health.effectiveSampleSize() == null
                    ? "?"
                    : String.format(Locale.ROOT, "%,.0f", health.effectiveSampleSize()))
                + String.format(Locale.ROOT, " of %,d", health.samples())));
  }

  private static String signed(@Nullable Double share) {
    return share == null
        ? "-"
        : String.format(Locale.ROOT, "%+.1f %%", 100 * share).replaceFirst("^[-+](0\\.0 )", "$1");
  }

  private void rankings() {
    List<Ranking> rankings = report.rankings();
    if (rankings.isEmpty()) {
      return;
    }
    line("");
    var table = new TextTable().column("rank of", Align.LEFT);
    for (int i = 0; i < report.sides().size(); i++) {
      table.column(CompareReport.letter(i), Align.RIGHT);
    }
    table.column("not told", Align.RIGHT);
    for (Ranking ranking : rankings) {
      var cells = new ArrayList<String>();
      cells.add(ranking.subject());
      ranking.ranks().forEach(rank -> cells.add(rank.toString()));
      cells.add(ranking.open() == 0 ? "-" : ranking.open() + " pairs");
      table.row(cells);
    }
    text.append(table);
    line("rank: 1 + how many other sides were shown to be faster");
  }

  private void summary() {
    line("");
    List<Verdict> verdicts = report.judged().map(Row::verdict).filter(Objects::nonNull).toList();
    int skipped = report.skipped().size();
    long unfit = report.blocks().stream().filter(block -> block.unfit() != null).count();
    if (verdicts.isEmpty() && unfit == 0) {
      line(report.nothing());
      return;
    }
    long slower =
        verdicts.stream().filter(one -> one instanceof Verdict.Changed c && c.slower()).count();
    long faster =
        verdicts.stream().filter(one -> one instanceof Verdict.Changed c && !c.slower()).count();
    long same = verdicts.stream().filter(Verdict.Same.class::isInstance).count();
    long open = verdicts.stream().filter(Verdict.Inconclusive.class::isInstance).count();
    line(
        "%d judged: %d slower, %d faster, %d the same, %d inconclusive%s"
            .formatted(
                verdicts.size(),
                slower,
                faster,
                same,
                open,
                (unfit == 0 ? "" : "; " + unfit + " configurations cannot be compared")
                    + (skipped == 0 ? "" : "; sides that were skipped: " + skipped)));
    for (Block block : report.blocks()) {
      for (Row row : block.rows()) {
        if (row.verdict() instanceof Verdict.Changed changed && report.blocks().size() > 1) {
          line(
              "  %s is %s than %s: %s, %s"
                  .formatted(
                      CompareReport.letter(block.b()),
                      CompareReport.change(changed.ratio()),
                      CompareReport.letter(block.a()),
                      block.label(),
                      row.metric()));
        }
      }
    }
  }
}
