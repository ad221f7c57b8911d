// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.arrays;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.engines.arrays.RangeKernel.Ranges;
import io.gpubench.engines.java.JavaEngine;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Mode.Cache;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Session;
import io.gpubench.workloads.arrays.ArraySet;
import io.gpubench.workloads.arrays.ArraySpec;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayRunTest {
  private static final MachineFacts FACTS = new MachineFacts(3, 1L << 33, 1 << 20);
  private static final Mixture MIXTURE = new Mixture();

  private static ArrayRun run(ParameterValues values, int threads, RangeKernel kernel) {
    return new ArrayRun(MIXTURE, values, FACTS, threads, kernel);
  }

  private static Ranges honest(ParameterValues values, ArraySet arrays) {
    return (from, end) -> Mixture.work(arrays, from, end);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 63, 64, 65, 127, 128, 129, 1_000, 4_097, 150_001})
  void agreesWithTheOracleForAnyNumberOfThreads(long n) {
    ParameterValues values = Mixture.values(n);
    for (int threads = 1; threads <= 3; threads++) {
      try (var run = run(values, threads, ArrayRunTest::honest)) {
        for (long sample : new long[] {0, 1, 7, 8, 1_000_003}) {
          run.stage(sample);
          assertFalse(run.verify(sample), "untouched");
          assertFalse(run.mismatch(sample).contains("\n"));
          run.execute();
          assertTrue(run.verify(sample), () -> run.mismatch(sample));
          assertFalse(run.verify(sample + 1), "stale");
          if (sample < 2) {
            assertEquals(MIXTURE.answerDigest(values, sample), run.digest());
          }
        }
      }
    }
  }

  @Test
  void rangesCoverAllItemsOnceAndBeginAtMultiplesOf64() {
    var ranges = new ConcurrentSkipListMap<Long, Long>();
    RangeKernel kernel =
        (_, arrays) ->
            (from, end) -> {
              Mixture.work(arrays, from, end);
              ranges.put(from, end);
            };
    try (var run = run(Mixture.values(1_001), 3, kernel)) {
      run.stage(0);
      run.execute();
    }
    long next = 0;
    for (Map.Entry<Long, Long> range : ranges.entrySet()) {
      assertEquals(next, range.getKey());
      assertEquals(0, range.getKey() % 64);
      next = range.getValue();
    }
    assertEquals(1_001, next);
    assertEquals(3, ranges.size());
  }

  /** What is wrong with the work of a kernel that then does something else too. */
  private static String mismatch(Sabotage sabotage) {
    RangeKernel kernel =
        (_, arrays) ->
            (from, end) -> {
              Mixture.work(arrays, from, end);
              sabotage.on(arrays);
            };
    try (var run = run(Mixture.values(1_000), 1, kernel)) {
      run.stage(3);
      run.execute();
      assertFalse(run.verify(3));
      return run.mismatch(3);
    }
  }

  private interface Sabotage {
    void on(ArraySet arrays);
  }

  @Test
  void aSingleWrongBitIsFoundAndNamed() {
    String message =
        mismatch(arrays -> {
          MemorySegment e = arrays.of("e");
          e.setAtIndex(JAVA_INT, 1_999, e.getAtIndex(JAVA_INT, 1_999) ^ 1);
        });
    assertTrue(message.matches("input 3: e\\[1999] is -?\\d+, expected -?\\d+"), message);
  }

  /** Sums over each array by itself would be the same. */
  @Test
  void whatBelongsToAnotherPlaceOrAnotherArrayIsFound() {
    String message =
        mismatch(arrays -> {
          MemorySegment t = arrays.of("t");
          long first = t.getAtIndex(JAVA_LONG, 0);
          t.setAtIndex(JAVA_LONG, 0, t.getAtIndex(JAVA_LONG, 1));
          t.setAtIndex(JAVA_LONG, 1, first);
        });
    assertTrue(message.startsWith("input 3: t[0] is "), message);
    message =
        mismatch(arrays -> {
          int word = arrays.of("d").getAtIndex(JAVA_INT, 5);
          arrays.of("d").setAtIndex(JAVA_INT, 5, arrays.of("e").getAtIndex(JAVA_INT, 5));
          arrays.of("e").setAtIndex(JAVA_INT, 5, word);
        });
    assertTrue(message.startsWith("input 3: d[2] is "), message);
  }

  @Test
  @SuppressWarnings("restricted") // it writes where it must not
  void writingBehindAnArrayIsFound() {
    assertEquals(
        "input 3: bytes behind an array have changed, expected none",
        mismatch(arrays -> {
          long end = arrays.of("e").byteSize();
          MemorySegment.ofAddress(arrays.of("e").address())
              .reinterpret(end + 4)
              .set(JAVA_INT, end, 1);
        }));
    RangeKernel oneTooMany =
        (_, arrays) ->
            (from, end) -> {
              Mixture.work(arrays, from, end);
              MemorySegment c = arrays.of("c");
              MemorySegment.ofAddress(c.address())
                  .reinterpret(c.byteSize() + 4)
                  .setAtIndex(JAVA_INT, 1_001, 1);
            };
    try (var run = run(Mixture.values(1_001), 1, oneTooMany)) {
      run.stage(0);
      run.execute();
      assertFalse(run.verify(0), "the element behind an odd number of 32-bit ones");
    }
  }

  /** Errors that cancel out in plain sums, with their places as factors too. */
  @Test
  void errorsThatCancelOutInSumsAreFound() {
    String message =
        mismatch(arrays -> {
          MemorySegment e = arrays.of("e");
          int[] errors = {1, -2, 1};
          for (int i = 0; i < errors.length; i++) {
            e.setAtIndex(JAVA_INT, 10 + i, e.getAtIndex(JAVA_INT, 10 + i) + errors[i]);
          }
        });
    assertTrue(message.startsWith("input 3: e[10] is "), message);
  }

  @Test
  void whatAKernelDoesToItsInputDoesNotMatter() {
    RangeKernel kernel =
        (_, arrays) ->
            (from, end) -> {
              Mixture.work(arrays, from, end);
              arrays.of("a").fill((byte) 0);
            };
    try (var run = run(Mixture.values(100), 1, kernel)) {
      for (long sample = 0; sample < 3; sample++) {
        run.stage(sample);
        run.execute();
        assertTrue(run.verify(sample));
      }
    }
  }

  @Test
  void whatAKernelThrowsIsTold() {
    RangeKernel kernel =
        (_, _) ->
            (_, _) -> {
              throw new java.io.IOException("no ink");
            };
    for (int threads = 1; threads <= 3; threads++) {
      try (var run = run(Mixture.values(1_000), threads, kernel)) {
        run.stage(0);
        for (int again = 0; again < 2; again++) {
          assertEquals(
              "mixture: java.io.IOException: no ink",
              assertThrows(EngineException.class, run::execute).getMessage());
        }
      }
    }
  }

  @Test
  void memoryOwesNothingOfWhatACacheCanHold() {
    try (var small = run(Mixture.values(1_000), 1, ArrayRunTest::honest);
        var large = run(Mixture.values(100_000), 1, ArrayRunTest::honest)) {
      assertEquals(Map.of("ceiling.fp32", 7.0), small.demands());
      assertEquals(Map.of("ceiling.fp32", 7.0, "ceiling.triad", 4e6 - (1 << 20)), large.demands());
    }
  }

  @Test
  void anEngineRunsItByItsPathWithHotAndWithColdCaches() {
    Engine engine =
        new JavaEngine(List.of(new ProcessorArrays("java", "mixture", ArrayRunTest::honest)));
    assertEquals(List.of("call"), engine.paths("mixture"));
    assertEquals(List.of(Clock.HOST), engine.clocks("mixture", "call"));
    assertEquals(List.of(Cache.HOT, Cache.COLD), engine.caches("mixture", "call"));
    assertEquals(List.of(), new JavaEngine().paths("mixture"));
    try (Session session = engine.open(new Engine.Options(2))) {
      for (Cache cache : Cache.values()) {
        var mode = new Mode("call", Clock.HOST, cache);
        try (PreparedRun run = session.prepare(MIXTURE, mode, Mixture.values(999), FACTS)) {
          run.stage(0);
          run.execute();
          assertTrue(run.verify(0), () -> run.mismatch(0));
        }
      }
    }
  }

  /** Another engine's adapters are not this one's. */
  @Test
  void anAdapterIsForItsEngineOnly() {
    var adapter = new ProcessorArrays("host", "mixture", ArrayRunTest::honest);
    assertEquals(List.of(), new JavaEngine(List.of(adapter)).paths("mixture"));
  }

  @Test
  void theFootprintCoversWhatIsAllocated() {
    ParameterValues values = Mixture.values(1 << 20);
    long arrays = MIXTURE.arrays(values).stream().mapToLong(ArraySpec::bytes).sum();
    assertTrue(MIXTURE.footprintBytes(values, FACTS) >= 2 * arrays);
  }
}
