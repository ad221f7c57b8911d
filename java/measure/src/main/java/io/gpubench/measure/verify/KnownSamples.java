// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers the samples of every process that was verified, as a few prints of 64 bits, to notice
 * when they come again, even where some were changed. Used by one thread. Its size is bounded:
 * beyond {@value #MOST} prints it learns no more.
 */
final class KnownSamples {
  /** Fewer samples, or fewer different ones, may well be the same twice. */
  private static final int FEWEST = 20;

  private static final int FEWEST_DIFFERENT = 10;
  private static final int MOST_BLOCKS = 8;
  private static final int MOST = 1 << 19;

  private final Map<Long, Place> known = new HashMap<>();

  /**
   * Where samples were seen.
   *
   * @param run id of the run
   * @param file in its directory
   */
  record Place(String run, String file) {}

  /**
   * A print of each of up to eight parts of equal length, in the order of time; none where samples
   * are so few, or so much alike, that they might be the same by chance.
   */
  static long[] prints(long[] durations) {
    int blocks = Math.min(durations.length / FEWEST, MOST_BLOCKS);
    long[] prints = new long[blocks];
    int count = 0;
    for (int i = 0; i < blocks; i++) {
      int from = (int) ((long) durations.length * i / blocks);
      int to = (int) ((long) durations.length * (i + 1) / blocks);
      if (Arrays.stream(durations, from, to).distinct().limit(FEWEST_DIFFERENT).count()
          == FEWEST_DIFFERENT) {
        prints[count++] = print(durations, from, to);
      }
    }
    return Arrays.copyOf(prints, count);
  }

  /**
   * Remembers the prints of a process.
   *
   * @return where at least half of them were seen before
   */
  Optional<Place> remember(long[] prints, Place place) {
    var seen = new HashMap<Place, Integer>();
    for (long print : prints) {
      Place before = known.size() < MOST ? known.putIfAbsent(print, place) : known.get(print);
      if (before != null && !before.equals(place)) {
        seen.merge(before, 1, Integer::sum);
      }
    }
    return seen.entrySet().stream()
        .filter(entry -> 2 * entry.getValue() >= prints.length)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** FNV-1a over whole words, mixed so that neighbouring values end far apart. */
  private static long print(long[] values, int from, int to) {
    long hash = 0xcbf29ce484222325L;
    for (int i = from; i < to; i++) {
      hash = (hash ^ values[i]) * 0x100000001b3L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
