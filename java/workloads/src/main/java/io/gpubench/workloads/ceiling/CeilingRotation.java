// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.ceiling;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.words.SampleKeys;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The inputs in rotation of a ceiling on the processors: slot k has the keys of sample k, and
 * sample s uses slot s mod slots. Buffers are so many that together they exceed twice the
 * last-level cache, within {@value #MAX_SLOTS} slots and about {@value #MAX_BYTES} bytes, and at
 * least {@value #MIN_SLOTS} slots. Where a sample is not about memory there are {@value #SLOTS}
 * slots. Immutable.
 */
public final class CeilingRotation {
  static final int MIN_SLOTS = 2;
  static final int MAX_SLOTS = 1 << 12;
  static final int SLOTS = 8;
  static final long MAX_BYTES = 1L << 30;

  /** Where the size of the caches is unknown. */
  private static final long USUAL_BYTES = 1L << 28;

  private final Ceiling ceiling;
  private final ParameterValues values;
  private final long lastLevelCacheBytes;
  private final int slots;

  public CeilingRotation(Ceiling ceiling, ParameterValues values, MachineFacts facts) {
    this.ceiling = ceiling;
    this.values = values;
    this.lastLevelCacheBytes = facts.lastLevelCacheBytes();
    this.slots =
        ceiling.ofMemory()
            ? Math.clamp(
                bytesWanted(facts) / ceiling.inputBytes(values) / ceiling.inputs() + 1,
                MIN_SLOTS,
                MAX_SLOTS)
            : SLOTS;
  }

  private static long bytesWanted(MachineFacts facts) {
    long cache = facts.lastLevelCacheBytes();
    return cache <= 0 ? USUAL_BYTES : Math.min(MAX_BYTES, 2 * Math.min(cache, MAX_BYTES));
  }

  /**
   * An upper bound of the bytes of all inputs in rotation, which does not fall when the buffers
   * grow: slots - 1 times a slot's bytes is at most what is wanted, or there are two.
   */
  static double mostBytes(Ceiling ceiling, ParameterValues values, MachineFacts facts) {
    double slot = (double) ceiling.inputs() * ceiling.inputBytes(values);
    return ceiling.ofMemory() ? bytesWanted(facts) + MIN_SLOTS * slot : SLOTS * slot;
  }

  /** How many inputs rotate, {@value #MIN_SLOTS} .. {@value #MAX_SLOTS}. */
  public int slots() {
    return slots;
  }

  /** The keys of a slot, one for each of the ceiling's streams. */
  public long[] keys(int slot) {
    return keys(ceiling, values, slot);
  }

  static long[] keys(Ceiling ceiling, ParameterValues values, long sample) {
    var key = new SampleKeys(values.whole("seed"));
    long[] keys = new long[ceiling.streams()];
    for (int stream = 0; stream < keys.length; stream++) {
      keys[stream] = key.of(sample, stream);
    }
    return keys;
  }

  /** Bytes of all inputs in rotation. */
  public long bytes() {
    return (long) slots * ceiling.inputs() * ceiling.inputBytes(values);
  }

  /** Whether no cache holds all inputs in rotation, so that they come from memory. */
  public boolean exceedsCache() {
    return lastLevelCacheBytes > 0 && bytes() > lastLevelCacheBytes;
  }

  /** Whether no cache holds even half of them, so that next to nothing comes from a cache. */
  public boolean exceedsCacheTwice() {
    return lastLevelCacheBytes > 0 && bytes() / 2 > lastLevelCacheBytes;
  }

  /** How the inputs rotate and who checks the answers, for the record. */
  public Map<String, Object> verification() {
    var map = new LinkedHashMap<String, Object>();
    map.put("inputsInRotation", (long) slots);
    map.put("bytesInRotation", bytes());
    map.put("exceedsLastLevelCache", exceedsCache());
    map.put("oracle", CeilingOracle.class.getSimpleName());
    map.put("shareChecked", 1.0);
    return map;
  }
}
