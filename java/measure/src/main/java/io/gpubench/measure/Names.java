// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

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
    var distance = LevenshteinDistance.getDefaultInstance();
    String asked = name.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(candidate -> {
          int longest = Math.max(candidate.length(), asked.length());
          return distance.apply(asked, candidate.toLowerCase(Locale.ROOT))
              <= Math.max(1, longest / 3);
        })
        .min(
            Comparator.comparingInt(
                candidate -> distance.apply(asked, candidate.toLowerCase(Locale.ROOT))));
  }
}
