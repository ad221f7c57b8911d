// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.arrays;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.words.SampleKeys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The inputs of an array workload: sample s has those of slot s mod {@value #SLOTS}, which follow
 * from the seed. They are made anew before each sample, so that nothing that it did to them
 * matters. Immutable; for one thread, which the common pool helps.
 */
public final class ArrayRotation {
  /** How many inputs rotate: odd, so that no place in a batch always has the same one. */
  public static final int SLOTS = 9;

  private static final int CHUNK = 1 << 16;
  private static final long ALIGNMENT = 64;

  private final ArrayWorkload workload;
  private final ParameterValues values;
  private final List<ArraySpec> specs;

  public ArrayRotation(ArrayWorkload workload, ParameterValues values) {
    this.workload = workload;
    this.values = values;
    this.specs = List.copyOf(workload.arrays(values));
  }

  /** The arrays, in the workload's order. */
  public List<ArraySpec> specs() {
    return specs;
  }

  /** The slot of a sample. */
  public static int slot(long sample) {
    return (int) (sample % SLOTS);
  }

  /** The keys of a slot, one for each array in the workload's order, written ones included. */
  public long[] keys(int slot) {
    var key = new SampleKeys(values.whole("seed"));
    long[] keys = new long[specs.size()];
    for (int array = 0; array < keys.length; array++) {
      keys[array] = key.of(slot, array);
    }
    return keys;
  }

  /**
   * The sums over the right answer to a sample, by the oracle.
   *
   * @throws EngineException when the oracle answers NaN, which never is an answer
   */
  public ArrayChecksum answer(long sample) {
    try (var arena = Arena.ofShared()) {
      ArraySet arrays = solved(sample, arena);
      for (ArraySpec spec : specs) {
        long at = spec.answered() ? spec.firstNaN(arrays.of(spec.name())) : -1;
        if (at >= 0) {
          throw new EngineException(
              "the oracle of %s with %s leaves NaN in %s[%d]"
                  .formatted(workload.id(), values, spec.name(), at));
        }
      }
      return checksum(arrays);
    }
  }

  /**
   * The right answer to a sample, by the oracle.
   *
   * @param arena that others may use too, since others help to fill what it allocates
   */
  public ArraySet solved(long sample, Arena arena) {
    var arrays = new ArraySet(specs, spec -> arena.allocate(spec.bytes(), ALIGNMENT));
    long[] keys = keys(slot(sample));
    for (int i = 0; i < keys.length; i++) {
      ArraySpec spec = specs.get(i);
      if (spec.given()) {
        fill(spec, arrays.of(spec.name()), keys[i]);
      }
    }
    workload.solve(values, arrays);
    return arrays;
  }

  private static void fill(ArraySpec spec, MemorySegment array, long key) {
    LongStream.range(0, Math.ceilDiv(spec.elements(), CHUNK))
        .parallel()
        .forEach(chunk -> {
          long from = chunk * CHUNK;
          spec.fill(array, key, from, (int) Math.min(CHUNK, spec.elements() - from));
        });
  }

  /** The sums over all that is answered. */
  public ArrayChecksum checksum(ArraySet arrays) {
    var all = new ArrayChecksum(0, 0);
    long words = 0;
    for (ArraySpec spec : specs) {
      if (spec.answered()) {
        MemorySegment array = arrays.of(spec.name());
        all = all.plus(ArrayChecksum.of(spec.words(), words, i -> array.getAtIndex(JAVA_INT, i)));
        words += spec.words();
      }
    }
    return all;
  }

  /**
   * Where an answer is wrong, in one line.
   *
   * @param found the arrays as an engine left them
   */
  public String mismatch(long sample, ArraySet found) {
    try (var arena = Arena.ofShared()) {
      ArraySet right = solved(sample, arena);
      for (ArraySpec spec : specs) {
        MemorySegment answer = found.of(spec.name());
        MemorySegment expected = right.of(spec.name());
        long at = spec.answered() ? expected.mismatch(answer) : -1;
        if (at >= 0) {
          long element = at / spec.type().bytes();
          return "input %d: %s[%d] is %s, expected %s"
              .formatted(
                  slot(sample),
                  spec.name(),
                  element,
                  spec.text(answer, element),
                  spec.text(expected, element));
        }
      }
      return "input %d: expected a wrong answer, but it is right now".formatted(slot(sample));
    }
  }

  /** How the inputs rotate and who checks the answers, for the record. */
  public Map<String, Object> verification() {
    var map = new LinkedHashMap<String, Object>();
    map.put("inputsInRotation", (long) SLOTS);
    map.put("madeForEachSample", true);
    map.put("oracle", workload.getClass().getSimpleName());
    map.put("shareChecked", 1.0);
    return map;
  }
}
