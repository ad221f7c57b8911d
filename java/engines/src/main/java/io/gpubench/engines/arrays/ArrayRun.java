// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.arrays;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.gpubench.engines.processors.Buffers;
import io.gpubench.engines.processors.SpinTeam;
import io.gpubench.engines.processors.Wakeable;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.arrays.ArrayChecksum;
import io.gpubench.workloads.arrays.ArrayRotation;
import io.gpubench.workloads.arrays.ArraySet;
import io.gpubench.workloads.arrays.ArraySpec;
import io.gpubench.workloads.arrays.ArrayWorkload;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An array workload on the processors. Before each sample its inputs are made anew, and every word
 * of what is only written, and a few behind each array, are overwritten with one that depends on
 * the sample. Afterwards the sums over the answer are compared with those of the oracle's, and the
 * words behind with what they were overwritten with.
 *
 * <p>Owns its threads and memory. Used by the thread that measures.
 */
final class ArrayRun implements Wakeable {
  /** Ranges begin at multiples of so many items. */
  private static final long GRAIN = 64;

  private static final long ALIGNMENT = 4096;

  /** Bytes behind each array that nothing may touch. */
  private static final long GUARD_BYTES = 64;

  private final ArrayWorkload workload;
  private final ParameterValues values;
  private final ArrayRotation rotation;
  private final Map<String, Double> demands;
  private final long[][] keys = new long[ArrayRotation.SLOTS][];
  private final ArrayChecksum[] answers = new ArrayChecksum[ArrayRotation.SLOTS];
  private final List<MemorySegment> guards = new ArrayList<>();
  private final Arena arena = Arena.ofShared();
  private final ArraySpec[] specs;
  private final MemorySegment[] segments;
  private final ArraySet arrays;
  private final RangeKernel.Ranges ranges;
  private final long items;
  private final SpinTeam team;
  private final Buffers buffers;
  private final SpinTeam.Task task = this::part;
  private long poison;
  private long s0;
  private long s1;

  /**
   * Makes the inputs' keys and what is expected; the creator closes the run.
   *
   * @param threads so many work on a sample
   * @throws EngineException when there is not so much memory
   */
  ArrayRun(
      ArrayWorkload workload,
      ParameterValues values,
      MachineFacts facts,
      int threads,
      RangeKernel kernel) {
    this.workload = workload;
    this.values = values;
    rotation = new ArrayRotation(workload, values);
    specs = rotation.specs().toArray(ArraySpec[]::new);
    team = new SpinTeam(threads);
    buffers = new Buffers(threads);
    try {
      arrays = new ArraySet(rotation.specs(), this::allocate);
      segments = rotation.specs().stream().map(this::segment).toArray(MemorySegment[]::new);
      ranges = kernel.bind(values, arrays);
      items = workload.items(values);
      demands = ArrayDemands.of(workload, values, facts.lastLevelCacheBytes());
      for (int slot = 0; slot < ArrayRotation.SLOTS; slot++) {
        keys[slot] = rotation.keys(slot);
        answers[slot] = rotation.answer(slot);
      }
    } catch (RuntimeException | Error failure) {
      try (arena;
          team;
          buffers) {
        throw failure;
      }
    }
  }

  private MemorySegment allocate(ArraySpec spec) {
    try {
      MemorySegment memory = arena.allocate(spec.bytes() + GUARD_BYTES, ALIGNMENT);
      guards.add(memory.asSlice(spec.bytes()));
      return memory;
    } catch (OutOfMemoryError refused) {
      throw new EngineException(
          "out of memory: %d bytes outside of the heap".formatted(spec.bytes()), refused);
    }
  }

  private MemorySegment segment(ArraySpec spec) {
    return arrays.of(spec.name());
  }

  @Override
  public void stage(long sample) {
    int slot = ArrayRotation.slot(sample);
    poison = Words.mix64(~sample);
    for (int i = 0; i < specs.length; i++) {
      if (specs[i].given()) {
        buffers.fill(specs[i], segments[i], keys[slot][i]);
      } else {
        buffers.fillInts(segments[i], (int) poison);
      }
    }
    for (int i = 0; i < guards.size(); i++) {
      for (long at = 0; at < GUARD_BYTES; at += Long.BYTES) {
        guards.get(i).set(JAVA_LONG_UNALIGNED, at, poison);
      }
    }
    team.wake();
  }

  @Override
  public void wake() {
    team.wake();
  }

  @Override
  public void execute() {
    team.run(task);
  }

  private void part(int member, int members) {
    long share = Math.ceilDiv(Math.ceilDiv(items, members), GRAIN) * GRAIN;
    long from = member * share;
    long end = Math.min(items, from + share);
    if (from < end) {
      try {
        ranges.run(from, end);
      } catch (RuntimeException | Error failure) {
        throw failure;
      } catch (Throwable failure) {
        throw new EngineException("%s: %s".formatted(workload.id(), failure), failure);
      }
    }
  }

  @Override
  public boolean verify(long sample) {
    sum();
    ArrayChecksum right = answers[ArrayRotation.slot(sample)];
    return s0 == right.sum() && s1 == right.mixed() && guardsHold();
  }

  /** Computes the sums over all that is answered, one array behind the other. */
  private void sum() {
    s0 = 0;
    s1 = 0;
    long words = 0;
    for (int i = 0; i < specs.length; i++) {
      if (specs[i].answered()) {
        buffers.checksum(segments[i], words);
        s0 += buffers.s0();
        s1 += buffers.s1();
        words += specs[i].words();
      }
    }
  }

  private boolean guardsHold() {
    for (int i = 0; i < guards.size(); i++) {
      for (long at = 0; at < GUARD_BYTES; at += Long.BYTES) {
        if (guards.get(i).get(JAVA_LONG_UNALIGNED, at) != poison) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public String mismatch(long sample) {
    return guardsHold()
        ? rotation.mismatch(sample, arrays)
        : "input %d: bytes behind an array have changed, expected none"
            .formatted(ArrayRotation.slot(sample));
  }

  @Override
  public long digest() {
    sum();
    return new ArrayChecksum(s0, s1).digest();
  }

  @Override
  public Work work() {
    return workload.work(values);
  }

  @Override
  public Map<String, Double> demands() {
    return demands;
  }

  @Override
  public long inputs() {
    return ArrayRotation.SLOTS;
  }

  @Override
  public Map<String, Object> verification() {
    return rotation.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("threads", (long) team.members());
  }

  @Override
  public void close() {
    try (arena;
        buffers) {
      team.close();
    }
  }
}
