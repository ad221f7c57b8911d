// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Several ways to do the same work, each at several sizes: which is the best at which size. Pure.
 *
 * <p>At a size the best is the one whose value is the lowest (or the highest), together with all
 * whose intervals overlap its own: these do not differ as far as was measured. Intervals that do
 * not overlap are a stricter demand than a difference that is significant, so nothing is called the
 * best too early. Where an interval lacks a bound, it overlaps everything on that side.
 *
 * @param <W> what tells the ways apart
 */
final class Curves<W> {
  /**
   * What was measured at a size.
   *
   * @param lower of the interval; null where it has no such bound
   * @param upper likewise
   * @param sound whether anything may rest on it
   */
  record Value(double value, @Nullable Double lower, @Nullable Double upper, boolean sound) {
    boolean overlaps(Value other) {
      return reaches(other) && other.reaches(this);
    }

    private boolean reaches(Value other) {
      return upper == null || other.lower == null || upper >= other.lower;
    }
  }

  /**
   * Sizes in a row at which the same are the best.
   *
   * @param best at least one; several do not differ
   */
  record Stretch<W>(double from, double to, Set<W> best) {}

  private final boolean lowest;
  private final Set<W> ways = new LinkedHashSet<>();
  private final SortedMap<Double, Map<W, Value>> bySize = new TreeMap<>();

  /**
   * Without any value yet.
   *
   * @param lowest whether the lowest value is the best, as of times; or the highest, as of rates
   */
  Curves(boolean lowest) {
    this.lowest = lowest;
  }

  void add(W way, double size, Value value) {
    ways.add(way);
    bySize.computeIfAbsent(size, _ -> new LinkedHashMap<>()).put(way, value);
  }

  /** In the order in which they were added. */
  Set<W> ways() {
    return ways;
  }

  /** In ascending order. */
  Collection<Double> sizes() {
    return bySize.keySet();
  }

  @Nullable Value value(W way, double size) {
    return at(size).get(way);
  }

  /** Whether a value at this size is not sound. */
  boolean doubted(double size) {
    return !at(size).values().stream().allMatch(Value::sound);
  }

  private Map<W, Value> at(double size) {
    return Objects.requireNonNull(bySize.get(size));
  }

  /**
   * The best at a size, and all that do not differ from it, in the order of {@link #ways}; none
   * where there is nothing to compare, or one of the values is not sound.
   */
  Set<W> best(double size) {
    Map<W, Value> values = at(size);
    if (values.size() < 2 || doubted(size)) {
      return Set.of();
    }
    Value first = null;
    for (Value value : values.values()) {
      if (first == null || (lowest ? value.value < first.value : value.value > first.value)) {
        first = value;
      }
    }
    var best = new LinkedHashSet<W>();
    for (W way : ways) {
      Value value = values.get(way);
      if (value != null && value.overlaps(Objects.requireNonNull(first))) {
        best.add(way);
      }
    }
    return best;
  }

  /**
   * All sizes at which there is a best, in ascending order, those in a row with the same best
   * together.
   */
  List<Stretch<W>> stretches() {
    var stretches = new ArrayList<Stretch<W>>();
    for (double size : bySize.keySet()) {
      Set<W> best = best(size);
      if (!stretches.isEmpty() && stretches.getLast().best.equals(best)) {
        Stretch<W> before = stretches.removeLast();
        stretches.add(new Stretch<>(before.from, size, best));
      } else {
        stretches.add(new Stretch<>(size, size, best));
      }
    }
    stretches.removeIf(stretch -> stretch.best.isEmpty());
    return stretches;
  }
}
