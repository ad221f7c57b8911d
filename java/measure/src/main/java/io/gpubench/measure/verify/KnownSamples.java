// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers the samples of every process that was verified, as 64 bits each, to notice when they
 * come again. Thread-safe. Its size is bounded: beyond {@value #MOST} processes it learns no more.
 */
final class KnownSamples {
  /** Fewer samples, or fewer different ones, may well be the same twice. */
  private static final int FEWEST = 20;

  private static final int FEWEST_DIFFERENT = 10;
  private static final int MOST = 1 << 20;

  private final Map<Long, Place> known = new ConcurrentHashMap<>();

  /**
   * Where samples were seen.
   *
   * @param run id of the run
   * @param file in its directory
   */
  record Place(String run, String file) {}

  /**
   * Remembers samples.
   *
   * @return where the same durations in the same order were seen before
   */
  Optional<Place> remember(long[] durations, Place place) {
    if (durations.length < FEWEST
        || Arrays.stream(durations).distinct().limit(FEWEST_DIFFERENT).count() < FEWEST_DIFFERENT) {
      return Optional.empty();
    }
    long key = hash(durations);
    return Optional.ofNullable(
        known.size() < MOST ? known.putIfAbsent(key, place) : known.get(key));
  }

  /** FNV-1a over whole words, mixed so that neighbouring values end far apart. */
  private static long hash(long[] values) {
    long hash = 0xcbf29ce484222325L;
    for (long value : values) {
      hash = (hash ^ value) * 0x100000001b3L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
