// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.app.check.Description.Kernel;
import io.gpubench.app.check.Guess.Meaning;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the integers of a launch say of its sizes: how long a buffer is of which nobody said
 * anything. First all integers are added, then they are settled, then lengths are asked for.
 */
final class Sizes {
  private static final long MOST_ELEMENTS = 1 << 24;

  private final Kernel kernel;
  private final Guess guess;
  private final Map<String, Long> integers = new LinkedHashMap<>();
  private final List<Long> counts = new ArrayList<>();
  private final List<String> vague = new ArrayList<>();
  private long elements;
  private long smallestCount = Long.MAX_VALUE;

  Sizes(Kernel kernel, Guess guess) {
    this.kernel = kernel;
    this.guess = guess;
  }

  /** The value of an integer parameter. */
  void add(int index, long value) {
    integers.put(kernel.parameterName(index), value);
    Meaning meaning = guess.of(index);
    if ((meaning == Meaning.COUNT || meaning == Meaning.BINS) && value >= 0) {
      smallestCount = Math.min(smallestCount, value);
    }
    if (meaning == Meaning.COUNT && value >= 0) {
      counts.add(value);
    }
  }

  /** Those that count elements, in the order of the parameters. */
  List<Long> counts() {
    return Collections.unmodifiableList(counts);
  }

  /** All that a length may name. */
  Map<String, Long> integers() {
    return Collections.unmodifiableMap(integers);
  }

  /** The buffers for which {@link #length} was only a guess. */
  List<String> vague() {
    return Collections.unmodifiableList(vague);
  }

  /** Their product; the largest number where it is larger. */
  static long product(long one, long other) {
    return Math.multiplyHigh(one, other) == 0 && one * other >= 0 ? one * other : Long.MAX_VALUE;
  }

  /** The largest random element: whole numbers may be indices, so they stay below every count. */
  double highest(ElementType type) {
    return Math.min(type.largest(), (double) (Math.max(1, smallestCount) - 1));
  }

  /**
   * No more integers come; what follows from all of them is known from here on. Lengths may name
   * the launch's blocks and threads as well.
   */
  void settle(Triple grid, Triple block) {
    integers.putIfAbsent(
        "threads", Math.min(grid.count(), 1L << 31) * Math.min(block.count(), 1 << 20));
    integers.putIfAbsent("blocks", grid.count());
    if (counts.isEmpty()) {
      elements = integers.getOrDefault("threads", 1L);
      smallestCount = Math.min(smallestCount, elements);
    } else {
      elements = 1;
      counts.forEach(count -> elements = Math.min(product(elements, count), 1L << 40));
      for (int i = counts.size(); i < kernel.dimensions(); i++) {
        elements = Math.min(product(elements, counts.getFirst()), 1L << 40);
      }
      widen();
    }
    elements = Math.clamp(elements, 1, MOST_ELEMENTS);
  }

  /** Where rows have a distance, they are as long as it says. */
  private void widen() {
    for (int i = 0; i < kernel.parameters().size(); i++) {
      Long pitch = integers.get(kernel.parameterName(i));
      if (pitch == null || guess.of(i) != Meaning.PITCH || kernel.dimensions() == 1) {
        continue;
      }
      elements = Math.max(elements, Math.min(product(pitch, rows()), 1L << 40));
    }
  }

  /** The product of all counts but that of a row's elements. */
  private long rows() {
    long rows = 1;
    boolean columns = false;
    for (int i = 0; i < kernel.parameters().size(); i++) {
      Long value = integers.get(kernel.parameterName(i));
      if (value == null || guess.of(i) != Meaning.COUNT) {
        continue;
      }
      if (!columns && guess.columns(i) && counts.size() > 1) {
        columns = true;
      } else {
        rows = Math.min(product(rows, Math.max(0, value)), 1L << 40);
      }
    }
    return rows;
  }

  /**
   * How many elements a buffer has of which nobody said anything.
   *
   * @param whole whether it is of whole numbers
   */
  long length(String buffer, boolean whole) {
    Long only = null;
    long beginnings = counts.isEmpty() ? elements : counts.getFirst();
    for (int i = 0; i < kernel.parameters().size(); i++) {
      Long value = integers.get(kernel.parameterName(i));
      if (value == null || value < 1 || value > MOST_ELEMENTS) {
        continue;
      }
      Meaning meaning = guess.of(i);
      if ((meaning == Meaning.COUNT || meaning == Meaning.BINS) && guess.paired(buffer, i)) {
        only = value;
      }
      beginnings = guess.rows(i) ? value : beginnings;
    }
    if (whole && kernel.dimensions() == 1 && guess.rowBeginnings(buffer)) {
      return beginnings + 1;
    }
    if (only != null) {
      return only;
    }
    Long product = ofMatrix(buffer);
    if (product != null) {
      return Math.clamp(product, 1, MOST_ELEMENTS);
    }
    if ((counts.size() > kernel.dimensions() && !plain()) || elements > counted()) {
      vague.add(buffer);
    }
    return elements;
  }

  /** What is counted, without what is between rows. */
  private long counted() {
    long all = 1;
    for (long count : counts) {
      all = Math.min(product(all, count), 1L << 40);
    }
    return counts.size() < Math.max(2, kernel.dimensions()) ? Long.MAX_VALUE : all;
  }

  /** Whether the counts are those of one array: width and height, or nx, ny and nz. */
  private boolean plain() {
    var names = new ArrayList<String>();
    for (int i = 0; i < kernel.parameters().size(); i++) {
      if (kernel.parameters().get(i).integer() && guess.of(i) == Meaning.COUNT) {
        names.add(kernel.parameterName(i).toLowerCase(Locale.ROOT));
      }
    }
    boolean space =
        names.stream().allMatch(name -> name.matches("n?[xyz]|[whd]|width|height|depth"));
    boolean rows = names.stream().anyMatch(name -> name.matches("n?(um)?_?rows?|m|n"));
    boolean columns = names.stream().anyMatch(name -> name.matches("n?(um)?_?(cols?|columns)|n|k"));
    return space || (names.size() == 2 && rows && columns);
  }

  /** Of the matrices a, b and c of which the product is made: m*k, k*n and m*n. */
  private @Nullable Long ofMatrix(String buffer) {
    var sizes = new LinkedHashMap<String, Long>();
    boolean pitch = false;
    for (int i = 0; i < kernel.parameters().size(); i++) {
      Long value = integers.get(kernel.parameterName(i));
      if (value != null && guess.of(i) == Meaning.COUNT) {
        sizes.put(kernel.parameterName(i).toLowerCase(Locale.ROOT), value);
      }
      pitch |= value != null && guess.of(i) == Meaning.PITCH;
    }
    if (pitch || !sizes.keySet().equals(Set.of("m", "n", "k"))) {
      return null;
    }
    String name =
        buffer.toLowerCase(Locale.ROOT).replaceFirst("^([dp]_|d(?=[abc]$))|_?mat(rix)?$", "");
    String of =
        switch (name) {
          case "a" -> "mk";
          case "b" -> "kn";
          case "c", "d", "out" -> "mn";
          default -> "";
        };
    return of.isEmpty()
        ? null
        : Long.valueOf(
            product(
                sizes.getOrDefault(of.substring(0, 1), 1L),
                sizes.getOrDefault(of.substring(1), 1L)));
  }
}
