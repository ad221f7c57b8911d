// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the shared run notices when kernels do not do as they should. */
class SynthesisRunTest {
  private static final MachineFacts FACTS = new MachineFacts(1, 1L << 30, 8 << 10);
  private static final long NODES = 3_001;

  private static ParameterValues values(Synthesis form) {
    return new ParameterValues(
        form == Synthesis.REWRITE
            ? Map.of("nodes", NODES, "literals", 0.75, "seed", 3L)
            : Map.of("nodes", NODES, "patterns", 20L, "output", "list", "seed", 3L));
  }

  /** Something is done to the arrays of an answer, and what is said of it. */
  static Stream<Arguments> faults() {
    String hex4 = "[0-9a-f]{8}";
    String hex8 = "[0-9a-f]{16}";
    return Stream.of(
        fault(
            Synthesis.MATCH,
            "one bit of a sum",
            parts -> flip(parts.getFirst(), 8 * 25 + 7, 7),
            "the sum of pattern 12 is " + hex8 + ", expected " + hex8),
        fault(
            Synthesis.MATCH,
            "one match too few",
            parts -> add(parts.getFirst(), 2L * matching(parts), -1),
            "the count of pattern \\d+ is " + hex8 + ", expected " + hex8),
        fault(
            Synthesis.MATCH,
            "two patterns in turn",
            parts -> swapLongs(parts.getFirst(), 2L * matching(parts), 2L * missing(parts)),
            "the count of pattern \\d+ is .*"),
        fault(
            Synthesis.MATCH,
            "the list begins elsewhere",
            parts -> add(parts.get(1), 20, 1),
            "the first entry of pattern 20 is " + hex8 + ", expected " + hex8),
        fault(
            Synthesis.MATCH,
            "two entries in turn",
            parts -> swapInts(parts.get(2), 3, 4),
            "the node of entry 3, of pattern \\d+, is " + hex4 + ", expected " + hex4),
        fault(
            Synthesis.MATCH,
            "an entry is missing",
            parts -> shift(parts),
            "the node of entry 5, of pattern \\d+, is " + hex4 + ", expected " + hex4),
        fault(
            Synthesis.EXPAND,
            "the last byte of all",
            parts -> flip(parts.get(1), text(parts) - 1, 0),
            "byte \\d+ of expansion \\d+, of pattern \\d+, is [0-9a-f]{2}, expected [0-9a-f]{2}"),
        fault(
            Synthesis.EXPAND,
            "two digits in turn",
            parts -> swapDigits(parts.get(1)),
            "byte \\d+ of expansion \\d+, of pattern \\d+, is [0-9a-f]{2}, expected [0-9a-f]{2}"),
        fault(
            Synthesis.EXPAND,
            "an offset that the next one makes good",
            parts -> {
              add(parts.getFirst(), 4, 1);
              add(parts.getFirst(), 5, -1);
            },
            "the offset of expansion 4, of pattern \\d+, is " + hex8 + ", expected " + hex8),
        fault(
            Synthesis.EXPAND,
            "the end of all",
            parts -> add(parts.getFirst(), matches(parts), 8),
            "the offset of expansion \\d+ is " + hex8 + ", expected " + hex8),
        fault(
            Synthesis.REWRITE,
            "one bit of a value",
            parts -> flip(parts.get(4), 402, 6),
            "value of node 100 is " + hex4 + ", expected " + hex4),
        fault(
            Synthesis.REWRITE,
            "two symbols in turn",
            parts -> swapInts(parts.get(2), 17, unlike(parts.get(2), 17)),
            "symbol of node 17 is " + hex4 + ", expected " + hex4),
        fault(
            Synthesis.REWRITE,
            "a child of somebody else",
            parts -> swapInts(parts.get(3), 0, unlike(parts.get(3), 0)),
            "firstChild of node 0 is " + hex4 + ", expected " + hex4),
        fault(
            Synthesis.REWRITE,
            "a kind",
            parts -> parts.getFirst().set(JAVA_BYTE, 7, (byte) 11),
            "kind of node 7 is 0b, expected 0\\d"),
        fault(
            Synthesis.REWRITE,
            "the number of nodes",
            parts -> {
              long last = parts.get(5).byteSize() / 4 - 1;
              parts.get(5).setAtIndex(JAVA_INT, last, parts.get(5).getAtIndex(JAVA_INT, last) + 1);
            },
            "the first node of tree \\d+ is " + hex4 + ", expected " + hex4));
  }

  interface Fault {
    void on(List<MemorySegment> parts);
  }

  private static Arguments fault(Synthesis form, String name, Fault fault, String message) {
    return Arguments.of(form, name, fault, message);
  }

  private static void flip(MemorySegment in, long at, int bit) {
    in.set(JAVA_BYTE, at, (byte) (in.get(JAVA_BYTE, at) ^ 1 << bit));
  }

  private static void add(MemorySegment in, long word, long more) {
    in.setAtIndex(JAVA_LONG, word, in.getAtIndex(JAVA_LONG, word) + more);
  }

  private static void swapLongs(MemorySegment in, long a, long b) {
    long first = in.getAtIndex(JAVA_LONG, a);
    in.setAtIndex(JAVA_LONG, a, in.getAtIndex(JAVA_LONG, b));
    in.setAtIndex(JAVA_LONG, b, first);
  }

  private static void swapInts(MemorySegment in, long a, long b) {
    int first = in.getAtIndex(JAVA_INT, a);
    in.setAtIndex(JAVA_INT, a, in.getAtIndex(JAVA_INT, b));
    in.setAtIndex(JAVA_INT, b, first);
  }

  /** The next word that is another one. */
  private static long unlike(MemorySegment in, long word) {
    long other = word + 1;
    while (in.getAtIndex(JAVA_INT, other) == in.getAtIndex(JAVA_INT, word)) {
      other++;
    }
    return other;
  }

  /** A pattern that matches somewhere. */
  private static int matching(List<MemorySegment> parts) {
    int pattern = 0;
    while (parts.getFirst().getAtIndex(JAVA_LONG, 2L * pattern) == 0) {
      pattern++;
    }
    return pattern;
  }

  /** One that matches another number of times. */
  private static int missing(List<MemorySegment> parts) {
    MemorySegment counts = parts.getFirst();
    int first = matching(parts);
    int pattern = first;
    while (counts.getAtIndex(JAVA_LONG, 2L * pattern) == counts.getAtIndex(JAVA_LONG, 2L * first)) {
      pattern++;
    }
    return pattern;
  }

  /** Entry 5 is left out; those behind come one earlier. */
  private static void shift(List<MemorySegment> parts) {
    MemorySegment nodes = parts.get(2);
    long matches = parts.get(1).getAtIndex(JAVA_LONG, 20);
    MemorySegment.copy(nodes, 24, nodes, 20, 4 * (matches - 6));
  }

  private static long matches(List<MemorySegment> parts) {
    MemorySegment offsets = parts.getFirst();
    long entry = 0;
    long last = offsets.byteSize() / 8 - 1;
    while (entry < last
        && offsets.getAtIndex(JAVA_LONG, entry + 1) >= offsets.getAtIndex(JAVA_LONG, entry)
        && offsets.getAtIndex(JAVA_LONG, entry + 1) <= parts.get(1).byteSize()) {
      entry++;
    }
    return entry;
  }

  private static long text(List<MemorySegment> parts) {
    return parts.getFirst().getAtIndex(JAVA_LONG, matches(parts));
  }

  /** The first two bytes side by side that differ. */
  private static void swapDigits(MemorySegment text) {
    long at = 0;
    while (text.get(JAVA_BYTE, at) == text.get(JAVA_BYTE, at + 1)) {
      at++;
    }
    byte first = text.get(JAVA_BYTE, at);
    text.set(JAVA_BYTE, at, text.get(JAVA_BYTE, at + 1));
    text.set(JAVA_BYTE, at + 1, first);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("faults")
  void theSampleOfAFaultIsWrong(Synthesis form, String name, Fault fault, String message) {
    int at = 5;
    try (var kernels = new OracleKernels(form, values(form));
        var run = run(form, kernels)) {
      for (long sample = 0; sample < at; sample++) {
        sample(run, sample);
        assertTrue(run.verify(sample), run.mismatch(sample));
      }
      sample(run, at);
      assertTrue(run.verify(at), run.mismatch(at));
      fault.on(kernels.stored);
      assertFalse(run.verify(at));
      String why = run.mismatch(at);
      assertTrue(why.matches("input 1: " + message), why);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesBehindAreFound(Synthesis form) {
    try (var kernels = new OracleKernels(form, values(form));
        var run = run(form, kernels)) {
      sample(run, 2);
      assertTrue(run.verify(2), run.mismatch(2));
      for (MemorySegment memory : kernels.outputs()) {
        long last = memory.byteSize() - 1;
        for (long at : new long[] {last, last - SynthesisOutput.GUARD_BYTES + 1}) {
          flip(memory, at, 3);
          assertFalse(run.verify(2));
          assertEquals(
              "input 2: bytes behind the answer have changed, expected none", run.mismatch(2));
          flip(memory, at, 3);
          assertTrue(run.verify(2));
        }
      }
    }
  }

  /** So that an answer that was kept cannot pass. */
  @ParameterizedTest
  @EnumSource
  void everyInputHasAnotherAnswer(Synthesis form) {
    try (var kernels = new OracleKernels(form, values(form));
        var run = run(form, kernels)) {
      for (int sample = 0; sample < SynthesisRotation.SLOTS; sample++) {
        sample(run, sample);
        for (int other = 0; other < SynthesisRotation.SLOTS; other++) {
          assertEquals(other == sample, run.verify(other), sample + " for " + other);
        }
        assertTrue(run.verify(sample + SynthesisRotation.SLOTS), "the same input");
        run.stage(sample);
        assertFalse(run.verify(sample), "poisoned");
      }
    }
  }

  @Test
  void kernelsAreClosedWhenPreparingFails() {
    for (int after : new int[] {0, 3, 7, 30}) {
      var failure = new EngineException("no memory");
      var kernels =
          new OracleKernels(Synthesis.EXPAND, values(Synthesis.EXPAND)) {
            @Override
            public MemorySegment allocate(long bytes) {
              if (allocated.size() == after) {
                throw failure;
              }
              return super.allocate(bytes);
            }
          };
      assertSame(
          failure, assertThrows(EngineException.class, () -> run(Synthesis.EXPAND, kernels)));
      assertTrue(kernels.closed);
    }
  }

  private static SynthesisRun run(Synthesis form, OracleKernels kernels) {
    return SynthesisRun.prepare(form, values(form), FACTS, 1, () -> kernels);
  }

  private static void sample(SynthesisRun run, long sample) {
    run.stage(sample);
    run.execute();
  }
}
