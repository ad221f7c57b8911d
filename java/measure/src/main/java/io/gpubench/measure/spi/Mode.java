// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import io.gpubench.measure.Names;
import io.gpubench.measure.spi.PreparedRun.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How a workload is executed and timed.
 *
 * @param path how the work reaches what does it, one of {@link Engine#paths}
 * @param clock what times it, one of {@link Engine#clocks}
 * @param cache what the caches hold when it begins, one of {@link Engine#caches}
 */
public record Mode(String path, Clock clock, Cache cache) {
  /** What the caches hold when a sample begins. */
  public enum Cache {
    /** What the samples before it have left there. */
    HOT,
    /** Nothing of use: twice the last-level cache was swept just before. */
    COLD;

    /** As it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What a word means.
     *
     * @throws io.gpubench.measure.ConfigException when there is none of that name
     */
    public static Cache of(String word) {
      return Mode.of("cache", word, Arrays.asList(values()), Cache::word);
    }
  }

  /** By the host's clock, with the caches as they are: what every path can. */
  public static Mode of(String path) {
    return new Mode(path, Clock.HOST, Cache.HOT);
  }

  /** Whether this is {@link #of} its path. */
  public boolean usual() {
    return equals(of(path));
  }

  /** Without the path where it is {@link #usual}: {@code launch}, {@code launch device cold}. */
  @Override
  public String toString() {
    return path
        + (clock == Clock.HOST ? "" : " " + clock.word())
        + (cache == Cache.HOT ? "" : " " + cache.word());
  }

  static <T> T of(
      String kind, String word, List<T> all, java.util.function.Function<T, String> words) {
    return all.stream()
        .filter(one -> words.apply(one).equals(word))
        .findFirst()
        .orElseThrow(() ->
            new io.gpubench.measure.ConfigException(
                Names.unknown(kind, word, all.stream().map(words).toList())));
  }
}
