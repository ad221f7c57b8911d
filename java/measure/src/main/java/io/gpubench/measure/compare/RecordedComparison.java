// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.compare.Difference.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two recorded sides, configuration by configuration. Each process is one draw: the test is Mann
 * and Whitney's over what the processes said, the interval that of a shift of logarithms. Pure, as
 * far as the sides are.
 *
 * <p>It is weaker than a comparison by duets, and {@link #limits} says why.
 *
 * @param differences of the sides and of the configurations that are compared, each once
 * @param pairs what is compared with what, in the order of A
 * @param onlyA what A alone has
 * @param onlyB what B alone has
 */
public record RecordedComparison(
    RecordedSide a,
    RecordedSide b,
    List<Difference> differences,
    List<Pair> pairs,
    List<RecordedCase> onlyA,
    List<RecordedCase> onlyB) {
  /**
   * Two configurations.
   *
   * @param unfit why nothing can be said of them, in one line; null where something can
   * @param metrics none where they are unfit
   * @param missing from a metric that was to be judged to why it cannot be, in one line
   */
  public record Pair(
      RecordedCase a,
      RecordedCase b,
      @Nullable String unfit,
      List<ComparedMetric> metrics,
      SortedMap<String, String> missing) {
    public Pair {
      metrics = List.copyOf(metrics);
      missing = Collections.unmodifiableSortedMap(new TreeMap<>(missing));
    }

    /** {@code consensus validators=1000}, of A. */
    public String label() {
      return a.label();
    }
  }

  public RecordedComparison {
    differences = List.copyOf(differences);
    pairs = List.copyOf(pairs);
    onlyA = List.copyOf(onlyA);
    onlyB = List.copyOf(onlyB);
  }

  /**
   * Compares two sides. Whether they are alike is for the caller to ask, see {@link
   * Differences#demandAlike}.
   *
   * @param alpha how often, at most, anything is called changed that is not, in (0, 0.5)
   * @param tolerances from a metric to the relative difference that does not matter, in (0, 1); a
   *     metric without is only reported; a mean takes that of the median
   */
  public static RecordedComparison of(
      RecordedSide a, RecordedSide b, double alpha, Map<String, Double> tolerances) {
    return all(List.of(a, b), alpha, tolerances).getFirst();
  }

  /**
   * Compares each side with each other one; all together err with a probability of at most {@code
   * alpha}.
   *
   * @param sides at least two
   */
  public static List<RecordedComparison> all(
      List<RecordedSide> sides, double alpha, Map<String, Double> tolerances) {
    var judge = new RecordedJudge(alpha, tolerances);
    var comparisons = new ArrayList<RecordedComparison>();
    for (int i = 0; i < sides.size(); i++) {
      for (int j = i + 1; j < sides.size(); j++) {
        comparisons.add(Pairing.of(sides.get(i), sides.get(j), judge));
      }
    }
    return judge.judged(comparisons);
  }

  /** The same with other pairs. */
  RecordedComparison with(List<Pair> others) {
    return new RecordedComparison(a, b, differences, others, onlyA, onlyB);
  }

  /** What is on one side only, a line each. */
  public List<String> leftOut() {
    return Stream.concat(
            onlyA.stream().map(one -> only(a, one)), onlyB.stream().map(one -> only(b, one)))
        .toList();
  }

  private static String only(RecordedSide side, RecordedCase one) {
    return "only in %s: %s (%s)".formatted(side.name(), one.label(), one.settingsText());
  }

  /** Every metric that is judged. */
  public Stream<ComparedMetric> judged() {
    return pairs.stream()
        .flatMap(pair -> pair.metrics().stream())
        .filter(metric -> metric.verdict() != null);
  }

  /** What this comparison cannot know, a line each. */
  public List<String> limits() {
    var limits = new ArrayList<String>();
    limits.add(
        "The sides were measured one after the other: what the machine did in between is not told from a change."
            + " Settings that can run now are better compared live.");
    limits.add(
        "A process is one draw, however many samples it took; there is no confirmation on fresh processes."
            + " Holm's correction is for Changed; each Same and each interval stands for itself.");
    if (differences.stream().anyMatch(one -> one.kind().unlike())) {
      limits.add("The sides are unlike, and were compared since that was asked for.");
    }
    boolean synthetic =
        pairs.stream()
            .flatMap(pair -> Stream.of(pair.a(), pair.b()))
            .anyMatch(side -> side.settings().containsKey("synthetic"));
    if (synthetic || differences.stream().anyMatch(one -> one.kind() == Kind.SYNTHETIC)) {
      limits.add("Synthetic times say nothing of the hardware that the engine stands for.");
    }
    return limits;
  }
}
