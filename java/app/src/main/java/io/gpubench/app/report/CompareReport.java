// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.compare.Difference;
import io.gpubench.measure.compare.Health;
import io.gpubench.measure.compare.Ranking;
import io.gpubench.measure.compare.SkippedSide;
import io.gpubench.measure.compare.Verdict;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code gpubench compare} has to say of its sides, whether they were measured before or now.
 * Ratios are of times, the second side over the first: above 1, the second is slower.
 *
 * @param method what the unit is
 * @param sides at least two where any are compared, called A, B and so on in this order
 * @param skipped sides that could not be measured on this machine
 * @param differences of pairs of sides
 * @param leftOut what only one side has, a line each
 * @param limits what cannot be known, a line each
 * @param evidence where what was measured for it is kept; none where all was there before
 * @param elapsedSeconds that measuring and judging took
 */
public record CompareReport(
    Method method,
    List<Side> sides,
    List<SkippedSide> skipped,
    List<PairDifference> differences,
    List<Block> blocks,
    List<String> leftOut,
    List<String> limits,
    List<String> evidence,
    double elapsedSeconds)
    implements JudgedReport {
  /** What one draw is. */
  public enum Method {
    /** A process of a side that was measured before. */
    PROCESSES("processes"),
    /** A duet of two live processes. */
    DUETS("duets");

    private final String word;

    Method(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /**
   * A side.
   *
   * @param name as it was asked for
   * @param what it is, in a few words
   * @param notes what a reader should know of all of it
   */
  public record Side(String name, String what, List<String> notes) {}

  /** Of the sides with these indices. */
  public record PairDifference(int a, int b, Difference difference) {}

  /**
   * One configuration on two sides.
   *
   * @param a index of a side
   * @param b index of a later one
   * @param unfit why nothing can be said; null where something can
   * @param remarks what a reader should know before believing it, each with its side
   */
  public record Block(
      int a,
      int b,
      String workload,
      Map<String, String> parametersA,
      Map<String, String> parametersB,
      Map<String, String> settingsA,
      Map<String, String> settingsB,
      @Nullable String unfit,
      List<Row> rows,
      List<String> remarks) {
    /** {@code consensus validators=1000}, with what both have in common. */
    public String label() {
      var text = new StringBuilder(workload);
      parametersA.forEach((key, value) -> {
        if (value.equals(parametersB.get(key))) {
          text.append(' ').append(key).append('=').append(value);
        }
      });
      return text.toString();
    }
  }

  /**
   * One metric of a block; what does not exist is null.
   *
   * @param nanosA in nanoseconds
   * @param confidence of the interval
   * @param units of the method that count, of A and of B
   * @param tolerance null where the metric is only reported
   * @param verdict null where the metric is only reported
   * @param how what the verdict rests on, in one line
   * @param spread how far ln(B/A) varies from duet to duet; null where there are none
   * @param needed about so many units would decide; null where it is not known
   */
  public record Row(
      String metric,
      @Nullable Double nanosA,
      @Nullable Double nanosB,
      @Nullable Double ratio,
      @Nullable Double lower,
      @Nullable Double upper,
      double confidence,
      Units units,
      @Nullable Double p,
      @Nullable Double adjustedP,
      @Nullable Double cliffsDelta,
      @Nullable Double tolerance,
      @Nullable Verdict verdict,
      @Nullable String how,
      @Nullable Double spread,
      @Nullable Integer needed,
      @Nullable Health healthA,
      @Nullable Health healthB) {}

  /** How many draws of each side. */
  public record Units(int a, int b) {}

  public CompareReport {
    sides = List.copyOf(sides);
    skipped = List.copyOf(skipped);
    differences = List.copyOf(differences);
    blocks = List.copyOf(blocks);
    leftOut = List.copyOf(leftOut);
    limits = List.copyOf(limits);
    evidence = List.copyOf(evidence);
  }

  /** A, B, C and so on; the 27th is S27. */
  static String letter(int side) {
    return side < 26 ? String.valueOf((char) ('A' + side)) : "S" + (side + 1);
  }

  /** Every row with a verdict. */
  public Stream<Row> judged() {
    return blocks.stream()
        .flatMap(block -> block.rows().stream())
        .filter(row -> row.verdict() != null);
  }

  /** Whether something was to be told and could not be, or there is nothing at all. */
  public boolean open() {
    return !skipped.isEmpty()
        || judged().findAny().isEmpty()
        || blocks.stream().anyMatch(block -> block.unfit() != null)
        || judged().anyMatch(row -> row.verdict() instanceof Verdict.Inconclusive);
  }

  /** What is said where nothing was judged. */
  String nothing() {
    return method == Method.DUETS
        ? "nothing was compared: no duet was played"
        : "nothing to compare: no configuration is on two sides";
  }

  /** Of each configuration and metric that was judged, for more than two sides; otherwise none. */
  public List<Ranking> rankings() {
    if (sides.size() < 3) {
      return List.of();
    }
    var duels = new LinkedHashMap<String, List<Ranking.Duel>>();
    for (Block block : blocks) {
      for (Row row : block.rows()) {
        Verdict verdict = row.verdict();
        if (verdict != null) {
          duels
              .computeIfAbsent(block.label() + ", " + row.metric(), _ -> new ArrayList<>())
              .add(new Ranking.Duel(block.a(), block.b(), verdict));
        }
      }
    }
    int pairs = sides.size() * (sides.size() - 1) / 2;
    return duels.entrySet().stream()
        .filter(entry -> entry.getValue().size() == pairs)
        .map(entry -> Ranking.of(entry.getKey(), sides.size(), entry.getValue()))
        .toList();
  }

  /** {@code Changed, 8.2 % slower}, and without the reason of what is inconclusive. */
  static String words(Verdict verdict) {
    return verdict instanceof Verdict.Changed changed
        ? "Changed, " + change(changed.ratio())
        : verdict.word();
  }

  /** How much longer or shorter times are. */
  static String change(double ratio) {
    if (ratio >= 2 || ratio <= 0.5) {
      return Figures.significant(ratio > 1 ? ratio : 1 / ratio)
          + " times "
          + (ratio > 1 ? "slower" : "faster");
    }
    return BigDecimal.valueOf(100 * Math.abs(ratio - 1)).round(new MathContext(2)).toPlainString()
        + " % "
        + (ratio > 1 ? "slower" : "faster");
  }

  @Override
  public String title() {
    return "gpubench compare";
  }

  @Override
  public String table() {
    return CompareText.of(this);
  }

  @Override
  public String json() {
    return CompareJson.of(this);
  }

  @Override
  public String csv() {
    return CompareCsv.of(this);
  }

  @Override
  public List<JudgedCase> cases() {
    var cases = new ArrayList<JudgedCase>();
    for (Block block : blocks) {
      String who =
          "%s against %s".formatted(sides.get(block.b()).name(), sides.get(block.a()).name());
      if (block.unfit() != null) {
        cases.add(
            new JudgedCase(
                who, block.label(), JudgedCase.State.OPEN, "Inconclusive", block.unfit()));
      }
      for (Row row : block.rows()) {
        Verdict verdict = row.verdict();
        if (verdict != null) {
          cases.add(
              new JudgedCase(
                  who,
                  block.label() + ", " + row.metric(),
                  verdict instanceof Verdict.Inconclusive
                      ? JudgedCase.State.OPEN
                      : JudgedCase.State.PASSED,
                  words(verdict),
                  CompareText.detail(row)));
        }
      }
    }
    for (SkippedSide one : skipped) {
      cases.add(new JudgedCase(one.side(), "side", JudgedCase.State.OPEN, "Skipped", one.reason()));
    }
    if (cases.isEmpty()) {
      cases.add(
          new JudgedCase("compare", "sides", JudgedCase.State.OPEN, "Inconclusive", nothing()));
    }
    return cases;
  }
}
