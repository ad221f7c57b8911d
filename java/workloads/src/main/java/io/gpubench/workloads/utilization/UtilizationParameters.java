// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.utilization;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Work;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.words.SampleKeys;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A setting of the workload, by type, and what follows from it. Immutable.
 *
 * @param words of 32 bits of each of the two arrays, at least 1
 * @param passes over them, 1 .. {@value #MOST_PASSES}
 * @param steps multiply-adds of a word in a pass, 1 .. {@value #MOST_STEPS}
 * @param seed of all inputs, at least 0
 */
public record UtilizationParameters(long words, int passes, int steps, long seed) {
  /** So many launches fit into the queue of a device at once. */
  public static final int MOST_PASSES = 512;

  /** More would not change the balance any more. */
  public static final int MOST_STEPS = 8192;

  /** A word is read from one array and written to the other. */
  static final int BYTES_OF_WORD = 2 * Integer.BYTES;

  /**
   * The setting that the values of {@link UtilizationWorkload} denote.
   *
   * @throws ConfigException in one line, when there is none
   */
  public static UtilizationParameters of(ParameterValues values) {
    long bytes = values.whole("bytes");
    if (bytes % BYTES_OF_WORD != 0) {
      throw new ConfigException("bytes=%d is not a multiple of %d".formatted(bytes, BYTES_OF_WORD));
    }
    double intensity = values.decimal("intensity");
    double steps = BYTES_OF_WORD * intensity;
    if (steps != Math.rint(steps)) {
      throw new ConfigException(
          "intensity=%s is not a multiple of 0.125 operations per byte, which is one for each word"
              .formatted(intensity));
    }
    return new UtilizationParameters(
        bytes / BYTES_OF_WORD,
        Math.toIntExact(values.whole("passes")),
        (int) steps,
        values.whole("seed"));
  }

  /** Bytes of one of the two arrays. */
  public long arrayBytes() {
    return words * Integer.BYTES;
  }

  /** Multiply-adds of a sample: words x passes x steps. */
  public double operations() {
    return (double) words * passes * steps;
  }

  /** Bytes that a sample reads and writes: 8 x words x passes. */
  public double bytesMoved() {
    return (double) BYTES_OF_WORD * words * passes;
  }

  /** What one sample does. A multiply-add is one operation. */
  public Work work() {
    return new Work(operations(), bytesMoved(), operations());
  }

  /**
   * What a sample takes at least: all its operations of {@link Ceiling#INT32}, and of the copying
   * of memory what no cache can save. A cache can hold so many bytes from one pass to the next.
   *
   * @param copy the ceiling of copying in the memory that the arrays are in
   * @param cacheBytes of the largest cache before that memory; 0 where it is not known, and with it
   *     what memory has to do
   */
  public Map<String, Double> demands(Ceiling copy, long cacheBytes) {
    var demands = new LinkedHashMap<String, Double>();
    demands.put(Ceiling.INT32.id(), operations());
    double moved = bytesMoved() - (double) cacheBytes * passes;
    if (cacheBytes > 0 && moved > 0) {
      demands.put(copy.id(), moved);
    }
    return demands;
  }

  /** The keys of a sample: of the words that it begins with, and of what its passes add. */
  public long[] keys(long sample) {
    var keys = new SampleKeys(seed);
    return new long[] {keys.of(sample, 0), keys.of(sample, 1)};
  }
}
