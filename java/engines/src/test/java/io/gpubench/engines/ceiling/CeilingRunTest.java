// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.ceiling;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.ceiling.CeilingWorkload;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the shared run notices when kernels do not do as they should. */
class CeilingRunTest {
  private static final MachineFacts FACTS = new MachineFacts(1, 1L << 30, 8 << 10);

  /** How a kernel cheats or errs. */
  enum Fault {
    NOTHING_DONE,
    LAST_WORD_MISSING,
    WORDS_IN_TURN,
    ONE_BIT,
    ONE_MORE,
    BEYOND_THE_END,
    INPUT_CHANGED,
    INPUT_REORDERED
  }

  /** Does one of these at a certain call. */
  private static final class Wrong extends PlainKernels {
    private final Fault fault;
    private final int at;
    private int calls;
    private MemorySegment whole = MemorySegment.NULL;

    Wrong(Fault fault, int at) {
      this.fault = fault;
      this.at = at;
    }

    @Override
    public MemorySegment allocate(long bytes) {
      MemorySegment made = super.allocate(bytes);
      whole = whole.byteSize() == 0 ? made : whole; // the output is allocated first
      return made;
    }

    @Override
    public void copy(MemorySegment input, MemorySegment output) {
      if (calls++ != at) {
        super.copy(input, output);
        return;
      }
      long last = output.byteSize() - 8;
      switch (fault) {
        case NOTHING_DONE -> {}
        case LAST_WORD_MISSING -> MemorySegment.copy(input, 0, output, 0, last);
        case WORDS_IN_TURN -> {
          super.copy(input, output);
          output.set(JAVA_LONG, 0, input.get(JAVA_LONG, last));
          output.set(JAVA_LONG, last, input.get(JAVA_LONG, 0));
        }
        case ONE_BIT -> {
          super.copy(input, output);
          output.set(JAVA_LONG, last, output.get(JAVA_LONG, last) ^ Long.MIN_VALUE);
        }
        case ONE_MORE -> {
          super.copy(input, output);
          output.set(JAVA_LONG, 0, output.get(JAVA_LONG, 0) + 1);
        }
        case BEYOND_THE_END -> {
          super.copy(input, output);
          whole.set(JAVA_BYTE, output.byteSize(), (byte) 77);
        }
        case INPUT_CHANGED -> {
          super.copy(input, output);
          input.set(JAVA_LONG, 8, 0);
        }
        case INPUT_REORDERED -> {
          super.copy(input, output);
          long kept = input.get(JAVA_LONG, 0);
          input.set(JAVA_LONG, 0, input.get(JAVA_LONG, 8));
          input.set(JAVA_LONG, 8, kept);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void theSampleOfAFaultIsWrong(Fault fault) {
    ParameterValues values = values(Ceiling.HOSTCOPY, Map.of("bytes", 808L));
    try (var run =
        CeilingRun.prepare(Ceiling.HOSTCOPY, values, FACTS, 1, () -> new Wrong(fault, 5))) {
      for (long sample = 0; sample < 5; sample++) {
        sample(run, sample);
        assertTrue(run.verify(sample));
      }
      sample(run, 5);
      assertFalse(run.verify(5));
      String why = run.mismatch(5);
      assertTrue(why.startsWith("input 5: ") && why.contains("expected"), why);
      assertEquals(
          fault == Fault.INPUT_CHANGED || fault == Fault.INPUT_REORDERED,
          why.contains("buffer 0 of it has changed"),
          why);
      assertEquals(fault == Fault.BEYOND_THE_END, why.contains("behind the output"), why);
    }
  }

  private static void sample(CeilingRun run, long sample) {
    run.stage(sample);
    run.execute();
  }

  /** So that an answer that was kept cannot pass. */
  @ParameterizedTest
  @EnumSource(
      value = Ceiling.class,
      names = {"HOSTREAD", "HOSTCOPY", "COPY", "TRIAD", "L2", "FP32", "INT32", "ATOMIC"})
  void everyInputHasAnotherAnswer(Ceiling ceiling) {
    var workload = new CeilingWorkload(ceiling);
    ParameterValues values = values(ceiling, small(ceiling));
    try (var run = CeilingRun.prepare(ceiling, values, FACTS, 1, PlainKernels::new)) {
      int slots = Math.toIntExact((Long) run.verification().get("inputsInRotation"));
      assertTrue(slots >= 5);
      for (int sample = 0; sample < 5; sample++) {
        sample(run, sample);
        for (int other = 0; other < 5; other++) {
          assertEquals(other == sample, run.verify(other), sample + " for " + other);
        }
        assertTrue(run.verify(sample + slots), "the same input");
        assertEquals(workload.answerDigest(values, sample), run.digest());
      }
    }
  }

  private static Map<String, Long> small(Ceiling ceiling) {
    return switch (ceiling) {
      case L2 -> Map.of("bytes", 1_000L, "passes", 2L);
      case FP32, INT32 -> Map.of("chains", 33L, "steps", 5L);
      case ATOMIC -> Map.of("cells", 16L, "operations", 48L);
      default -> Map.of("bytes", 1_000L);
    };
  }

  /** A cache from which data may come is no memory. */
  @ParameterizedTest
  @CsvSource({"4, true", "4194304, false", "0, false"})
  void demandsOfMemoryOnlyFromMemory(long cacheKibibytes, boolean demands) {
    var facts = new MachineFacts(1, 1L << 30, cacheKibibytes << 10);
    ParameterValues values = values(Ceiling.TRIAD, Map.of("bytes", 8_000L));
    try (var run = CeilingRun.prepare(Ceiling.TRIAD, values, facts, 1, PlainKernels::new)) {
      assertEquals(demands ? Map.of("ceiling.triad", 24_000.0) : Map.of(), run.demands());
    }
  }

  @Test
  void kernelsAreClosedWhenPreparingFails() {
    var failure = new IllegalStateException("no memory");
    var kernels =
        new PlainKernels() {
          private int calls;

          @Override
          public MemorySegment allocate(long bytes) {
            if (calls++ == 2) {
              throw failure;
            }
            return super.allocate(bytes);
          }
        };
    ParameterValues values = values(Ceiling.HOSTREAD, Map.of("bytes", 800L));
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class,
            () -> CeilingRun.prepare(Ceiling.HOSTREAD, values, FACTS, 2, () -> kernels)));
    assertTrue(kernels.closed);
  }

  private static ParameterValues values(Ceiling ceiling, Map<String, Long> changed) {
    var values = new LinkedHashMap<>(new CeilingWorkload(ceiling).defaults().asMap());
    values.putAll(changed);
    return new ParameterValues(values);
  }
}
