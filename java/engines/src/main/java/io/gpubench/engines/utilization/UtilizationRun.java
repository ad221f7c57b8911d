// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.utilization;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.processors.Buffers;
import io.gpubench.engines.processors.Wakeable;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.arrays.ArrayChecksum;
import io.gpubench.workloads.arrays.ArraySpec;
import io.gpubench.workloads.arrays.ElementType;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.utilization.UtilizationOracle;
import io.gpubench.workloads.utilization.UtilizationParameters;
import io.gpubench.workloads.utilization.UtilizationReference;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A stretch of sustained work on an engine on the processors. Before each sample its words are made
 * anew from the keys of slot s mod slots, and the other array and a few words behind both are
 * overwritten with one that depends on the sample. Afterwards two sums over all words are compared
 * with the reference's, {@value UtilizationOracle#SHOWN} words with the oracle's, and the words
 * behind with what they were overwritten with. All this is done here and not by the engine.
 *
 * <p>Owns its kernels and closes them. Used by the thread that measures.
 */
public final class UtilizationRun implements Wakeable {
  /** Bytes behind each array that nothing may touch. */
  private static final long GUARD_BYTES = 64;

  private final UtilizationParameters setting;
  private final UtilizationKernels kernels;
  private final Buffers buffers;
  private final long cacheBytes;
  private final ArraySpec spec;
  private final MemorySegment words;
  private final MemorySegment others;
  private final MemorySegment[] guards;
  private final long[][] keys = new long[UtilizationWorkload.SLOTS][];
  private final ArrayChecksum[] sums = new ArrayChecksum[UtilizationWorkload.SLOTS];
  private final long[][] shown = new long[UtilizationWorkload.SLOTS][UtilizationOracle.SHOWN];
  private final long[][] answers = new long[UtilizationWorkload.SLOTS][];
  private int slot;
  private long poison;

  private UtilizationRun(
      UtilizationParameters setting,
      MachineFacts facts,
      UtilizationKernels kernels,
      Buffers buffers) {
    this.setting = setting;
    this.kernels = kernels;
    this.buffers = buffers;
    cacheBytes = facts.lastLevelCacheBytes();
    spec = ArraySpec.input("words", ElementType.INT32, setting.words());
    long bytes = setting.arrayBytes();
    long whole = Math.ceilDiv(bytes, Long.BYTES) * Long.BYTES;
    MemorySegment first = kernels.allocate(whole + GUARD_BYTES);
    MemorySegment second = kernels.allocate(whole + GUARD_BYTES);
    words = first.asSlice(0, bytes);
    others = second.asSlice(0, bytes);
    guards =
        new MemorySegment[] {first.asSlice(whole, GUARD_BYTES), second.asSlice(whole, GUARD_BYTES)};
    for (int k = 0; k < keys.length; k++) {
      keys[k] = setting.keys(k);
      sums[k] = UtilizationReference.of(setting, keys[k]).checksum();
      answers[k] = UtilizationOracle.answer(setting, keys[k]);
      for (int j = 0; j < UtilizationOracle.SHOWN; j++) {
        shown[k][j] = UtilizationOracle.wordShown(setting, keys[k], j);
      }
    }
  }

  /**
   * Opens kernels and computes what is expected. The caller closes the run.
   *
   * @param threads so many may fill and check the arrays
   * @throws io.gpubench.measure.EngineException when the kernels cannot be opened, or there is not
   *     so much memory
   */
  public static UtilizationRun prepare(
      ParameterValues values, MachineFacts facts, int threads, Supplier<UtilizationKernels> open) {
    var setting = UtilizationParameters.of(values);
    UtilizationKernels kernels = open.get();
    var buffers = new Buffers(threads);
    try {
      return new UtilizationRun(setting, facts, kernels, buffers);
    } catch (RuntimeException | Error failure) {
      try (kernels;
          buffers) {
        throw failure;
      }
    }
  }

  @Override
  public void stage(long sample) {
    slot = slot(sample);
    poison = Words.mix64(~sample);
    buffers.fill(spec, words, keys[slot][0]);
    buffers.fillInts(others, (int) poison);
    for (int i = 0; i < guards.length; i++) {
      for (long at = 0; at < GUARD_BYTES; at += Long.BYTES) {
        guards[i].set(JAVA_LONG, at, poison);
      }
    }
    kernels.wake();
  }

  @Override
  public void wake() {
    kernels.wake();
  }

  @Override
  public void execute() {
    kernels.run(words, others, setting.passes(), setting.steps(), keys[slot][1]);
  }

  @Override
  public boolean verify(long sample) {
    int at = slot(sample);
    return sumsAgree(at) && wrongWord(at) < 0 && guardsHold();
  }

  /** Where the last pass leaves its words. */
  private MemorySegment ends() {
    return setting.passes() % 2 == 0 ? words : others;
  }

  private boolean sumsAgree(int at) {
    buffers.checksum(ends(), 0);
    return buffers.s0() == sums[at].sum() && buffers.s1() == sums[at].mixed();
  }

  /** The first of the words shown that the oracle does not agree with; -1 when there is none. */
  private int wrongWord(int at) {
    for (int j = 0; j < UtilizationOracle.SHOWN; j++) {
      if (found(at, j) != answers[at][j]) {
        return j;
      }
    }
    return -1;
  }

  private long found(int at, int j) {
    return Integer.toUnsignedLong(ends().getAtIndex(JAVA_INT, shown[at][j]));
  }

  private boolean guardsHold() {
    for (int i = 0; i < guards.length; i++) {
      for (long at = 0; at < GUARD_BYTES; at += Long.BYTES) {
        if (guards[i].get(JAVA_LONG, at) != poison) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public String mismatch(long sample) {
    int at = slot(sample);
    int wrong = wrongWord(at);
    if (wrong >= 0) {
      return "input %d: word %d is %08x, expected %08x"
          .formatted(at, shown[at][wrong], found(at, wrong), answers[at][wrong]);
    }
    if (!sumsAgree(at)) {
      return "input %d: the sums over all words are %016x and %016x, expected %016x and %016x"
          .formatted(at, buffers.s0(), buffers.s1(), sums[at].sum(), sums[at].mixed());
    }
    return guardsHold()
        ? "input %d: expected a wrong answer, but it is right now".formatted(at)
        : "input %d: bytes behind an array have changed, expected none".formatted(at);
  }

  @Override
  public long digest() {
    long[] all = new long[UtilizationOracle.SHOWN];
    for (int j = 0; j < all.length; j++) {
      all[j] = found(slot, j);
    }
    return AnswerDigest.of(all);
  }

  @Override
  public Work work() {
    return setting.work();
  }

  @Override
  public Map<String, Double> demands() {
    return setting.demands(Ceiling.HOSTCOPY, cacheBytes);
  }

  @Override
  public long inputs() {
    return UtilizationWorkload.SLOTS;
  }

  @Override
  public Map<String, Object> verification() {
    return UtilizationWorkload.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration();
  }

  @Override
  public void close() {
    try (buffers) {
      kernels.close();
    }
  }

  private static int slot(long sample) {
    return (int) (sample % UtilizationWorkload.SLOTS);
  }
}
