// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.measure.plan.Machine;
import java.util.ArrayList;
import java.util.List;

/** The sum of 256 KiB: of the same ones, of others each time, and with the caches swept before. */
final class CachesExperiment implements Experiment {
  private static final int WORDS = 1 << 15;
  private static final long UNKNOWN_CACHE_BYTES = 32 << 20;

  @Override
  public String id() {
    return "caches";
  }

  @Override
  public String question() {
    return "How fast is memory read, 256 KiB at a time?";
  }

  @Override
  public List<Row> run(Size size) {
    long told = Machine.facts(null).lastLevelCacheBytes();
    long cacheBytes = size.of(1 << 20, (int) (told > 0 ? told : UNKNOWN_CACHE_BYTES));
    int rotation = (int) (2 * cacheBytes / (Long.BYTES * WORDS)) + 1;
    long[][] buffers = new long[rotation][WORDS];
    for (int i = 0; i < rotation; i++) {
      java.util.Arrays.fill(buffers[i], i + 1);
    }
    long[] sweep = new long[(int) (2 * cacheBytes / Long.BYTES)];
    int samples = size.of(20, 2_000);
    var rows = new ArrayList<Row>();
    time(buffers, sweep, samples, rotation, false);
    rows.add(row("the same input over and over", time(buffers, sweep, samples, 1, false)));
    rows.add(
        row(
            "inputs in rotation, twice the last-level cache",
            time(buffers, sweep, samples, rotation, false)));
    rows.add(
        row(
            "the same input, twice the last-level cache swept before each sample (cold)",
            time(buffers, sweep, Math.min(samples, size.of(5, 100)), 1, true)));
    return rows;
  }

  private static Row row(String way, long[] nanos) {
    double median = Shown.median(nanos);
    return new Row(
        way,
        "median %s: %s GB/s".formatted(Shown.time(median), Shown.number(8.0 * WORDS / median)));
  }

  private static long[] time(
      long[][] buffers, long[] sweep, int samples, int rotation, boolean cold) {
    long[] nanos = new long[samples];
    for (int sample = 0; sample < samples; sample++) {
      long[] input = buffers[sample % rotation];
      if (cold) {
        for (int i = 0; i < sweep.length; i += 8) {
          sweep[i]++;
        }
      }
      long begin = System.nanoTime();
      long found = sum(input);
      nanos[sample] = System.nanoTime() - begin;
      if (found != input[0] * WORDS) {
        throw new IllegalStateException("wrong sum");
      }
    }
    return nanos;
  }

  private static long sum(long[] words) {
    long sum = 0;
    for (long word : words) {
      sum += word;
    }
    return sum;
  }
}
