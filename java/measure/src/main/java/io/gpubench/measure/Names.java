// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Looks names up and answers a misspelt one with the nearest that exists. */
public final class Names {
  private Names() {}

  /**
   * The value under a name.
   *
   * @param kind what the name names, for the message: "workload", "engine", "profile"
   * @throws ConfigException when there is none: names the nearest, or all of them where none is
   *     near
   */
  public static <T> T find(String kind, String name, Map<String, T> known) {
    T found = known.get(name);
    if (found == null) {
      throw new ConfigException(unknown(kind, name, known.keySet()));
    }
    return found;
  }

  /** One line: the name is not known, and what it may have meant. */
  public static String unknown(String kind, String name, Collection<String> known) {
    String hint =
        nearest(name, known)
            .map(near -> "did you mean '" + near + "'?")
            .orElseGet(
                () -> known.isEmpty() ? "there is none" : "known: " + String.join(", ", known));
    return "unknown " + kind + " '" + name + "'; " + hint;
  }

  /**
   * The known name at the smallest edit distance, if that is at most a third of the longer name,
   * and at least 1.
   */
  public static Optional<String> nearest(String name, Collection<String> known) {
    String asked = name.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(candidate -> {
          int longest = Math.max(candidate.length(), asked.length());
          return distance(asked, candidate.toLowerCase(Locale.ROOT)) <= Math.max(1, longest / 3);
        })
        .min(
            Comparator.comparingInt(
                candidate -> distance(asked, candidate.toLowerCase(Locale.ROOT))));
  }

  /** How many characters must be inserted, removed or replaced at least (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = IntStream.rangeClosed(0, to.length()).toArray();
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(diagonal, row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
