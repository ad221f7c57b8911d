// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.utilization;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the shared run notices when kernels do not do as they should. */
class UtilizationRunTest {
  private static final MachineFacts FACTS = new MachineFacts(1, 1L << 30, 8 << 10);
  private static final int FACTOR = 0x915F77F5;

  /** How a kernel cheats or errs. */
  enum Fault {
    NOTHING_DONE,
    HALF_THE_PASSES,
    HALF_THE_STEPS,
    PASSES_MERGED,
    SUMS_IGNORED,
    LAST_WORD_MISSING,
    LAST_PASS_WITHOUT_LAST_WORD,
    WORDS_IN_TURN,
    ONE_BIT,
    TWO_THAT_CANCEL_OUT,
    OTHER_ARRAY,
    BEYOND_THE_END,
    BEYOND_THE_OTHER_END
  }

  /** Plain and right, but for one fault at a certain call. */
  private static class Kernels implements UtilizationKernels {
    final Arena arena = Arena.ofShared();
    final List<MemorySegment> allocated = new ArrayList<>();
    private final Fault fault;
    private final int at;
    private int calls;
    boolean closed;

    Kernels(Fault fault, int at) {
      this.fault = fault;
      this.at = at;
    }

    @Override
    public MemorySegment allocate(long bytes) {
      allocated.add(arena.allocate(bytes, 64));
      return allocated.getLast();
    }

    @Override
    public void wake() {}

    @Override
    public void run(MemorySegment words, MemorySegment others, int passes, int steps, long key) {
      if (calls++ != at) {
        plain(words, others, passes, steps, key, true);
        return;
      }
      MemorySegment ends = passes % 2 == 0 ? words : others;
      long last = words.byteSize() / 4 - 1;
      switch (fault) {
        case NOTHING_DONE -> {}
        case HALF_THE_PASSES -> {
          plain(words, others, passes / 2, steps, key, true);
          ends.copyFrom(passes / 2 % 2 == 0 ? words : others);
        }
        case HALF_THE_STEPS -> plain(words, others, passes, steps / 2, key, true);
        case PASSES_MERGED -> {
          plain(words, others, 1, passes * steps, key, true);
          words.copyFrom(others);
        }
        case SUMS_IGNORED -> plain(words, others, passes, steps, key, false);
        case LAST_WORD_MISSING ->
            plain(
                words.asSlice(0, 4 * last), others.asSlice(0, 4 * last), passes, steps, key, true);
        case LAST_PASS_WITHOUT_LAST_WORD -> {
          plain(words, others, passes - 1, steps, key, true);
          int kept = ends.getAtIndex(JAVA_INT, last);
          plain(words, others, 1, steps, key, true);
          ends.setAtIndex(JAVA_INT, last, kept);
        }
        default -> {
          plain(words, others, passes, steps, key, true);
          spoil(ends, last);
        }
      }
    }

    private void spoil(MemorySegment ends, long last) {
      int first = ends.getAtIndex(JAVA_INT, 0);
      int end = ends.getAtIndex(JAVA_INT, last);
      switch (fault) {
        case WORDS_IN_TURN -> {
          ends.setAtIndex(JAVA_INT, 0, end);
          ends.setAtIndex(JAVA_INT, last, first);
        }
        case ONE_BIT -> ends.setAtIndex(JAVA_INT, last, end ^ Integer.MIN_VALUE);
        case TWO_THAT_CANCEL_OUT -> {
          ends.setAtIndex(JAVA_INT, 0, first + 1);
          ends.setAtIndex(JAVA_INT, last, end - 1);
        }
        case OTHER_ARRAY -> ends.fill((byte) 0);
        case BEYOND_THE_END -> allocated.getFirst().set(JAVA_BYTE, ends.byteSize(), (byte) 77);
        case BEYOND_THE_OTHER_END -> allocated.get(1).set(JAVA_BYTE, ends.byteSize(), (byte) 77);
        default -> throw new IllegalStateException(fault.name());
      }
    }

    private static void plain(
        MemorySegment words,
        MemorySegment others,
        int passes,
        int steps,
        long key,
        boolean withSums) {
      int sum = 0;
      for (int pass = 0; pass < passes; pass++) {
        int addend = ((int) Words.word(key, pass) + (withSums ? sum : 0)) | 1;
        sum = 0;
        for (long i = 0; i < words.byteSize() / 4; i++) {
          int x = (pass % 2 == 0 ? words : others).getAtIndex(JAVA_INT, i);
          for (int step = 0; step < steps; step++) {
            x = x * FACTOR + addend;
          }
          (pass % 2 == 0 ? others : words).setAtIndex(JAVA_INT, i, x);
          sum += x;
        }
      }
    }

    @Override
    public Map<String, Object> configuration() {
      return Map.of("threads", 1L);
    }

    @Override
    public void close() {
      closed = true;
      arena.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void theSampleOfAFaultIsWrong(Fault fault) {
    var values = UtilizationContract.values(102, 4, 6);
    try (var run = UtilizationRun.prepare(values, FACTS, 1, () -> new Kernels(fault, 5))) {
      for (long sample = 0; sample < 5; sample++) {
        sample(run, sample);
        assertTrue(run.verify(sample), run.mismatch(sample));
      }
      sample(run, 5);
      assertFalse(run.verify(5));
      String why = run.mismatch(5);
      assertTrue(why.startsWith("input 5: ") && why.contains("expected"), why);
      boolean beyond = fault == Fault.BEYOND_THE_END || fault == Fault.BEYOND_THE_OTHER_END;
      assertEquals(beyond, why.contains("behind an array"), why);
    }
  }

  /** So that an answer that was kept cannot pass. */
  @Test
  void everyInputHasAnotherAnswer() {
    var values = UtilizationContract.values(77, 3, 2);
    try (var run =
        UtilizationRun.prepare(values, FACTS, 1, () -> new Kernels(Fault.NOTHING_DONE, -1))) {
      for (int sample = 0; sample < 8; sample++) {
        sample(run, sample);
        for (int other = 0; other < 8; other++) {
          assertEquals(other == sample, run.verify(other), sample + " for " + other);
        }
        assertTrue(run.verify(sample + 8), "the same input");
      }
    }
  }

  private static void sample(UtilizationRun run, long sample) {
    run.stage(sample);
    run.execute();
  }

  @Test
  void kernelsAreClosedWhenPreparingFails() {
    var failure = new IllegalStateException("no memory");
    var kernels =
        new Kernels(Fault.NOTHING_DONE, -1) {
          @Override
          public MemorySegment allocate(long bytes) {
            if (allocated.size() == 1) {
              throw failure;
            }
            return super.allocate(bytes);
          }
        };
    var values = UtilizationContract.values(77, 3, 2);
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class,
            () -> UtilizationRun.prepare(values, FACTS, 2, () -> kernels)));
    assertTrue(kernels.closed);
  }
}
