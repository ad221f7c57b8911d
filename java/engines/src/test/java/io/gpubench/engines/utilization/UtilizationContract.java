// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.utilization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.utilization.UtilizationParameters;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine on the processors must get right about sustained work. A subclass brings its
 * engine and its kernels.
 */
public abstract class UtilizationContract {
  private static final MachineFacts FACTS = new MachineFacts(4, 1L << 33, 4 << 10);
  private static final UtilizationWorkload WORKLOAD = new UtilizationWorkload();

  protected abstract Engine engine();

  /** Kernels that use exactly so many threads. */
  protected abstract UtilizationKernels kernels(int threads);

  /** Why this engine cannot be tested on this machine; empty when it can. */
  protected Optional<String> skipReason() {
    return Optional.empty();
  }

  @BeforeEach
  void skipWhereTheEngineIsMissing() {
    assumeTrue(skipReason().isEmpty(), () -> skipReason().orElseThrow());
  }

  /** Around vectors, groups of them, cache lines, blocks, parts of threads and streamed stores. */
  static Stream<Arguments> settings() {
    Stream<Arguments> sizes =
        LongStream.of(
                1, 2, 3, 7, 8, 9, 15, 17, 31, 33, 63, 65, 95, 97, 129, 255, 257, 1_000, 1_023,
                1_025, 4_095, 4_097, 8_193, 65_537, 140_001)
            .mapToObj(words -> Arguments.of(words, 3, 5));
    Stream<Arguments> steps =
        LongStream.of(1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 1_001, 8_192)
            .mapToObj(n -> Arguments.of(333L, 2, (int) n));
    Stream<Arguments> passes =
        LongStream.of(1, 2, 5, 64, 511, 512).mapToObj(n -> Arguments.of(333L, (int) n, 2));
    Stream<Arguments> streamed = Stream.of(Arguments.of((2L << 20) + 5, 3, 1));
    return Stream.of(sizes, steps, passes, streamed).flatMap(all -> all);
  }

  @ParameterizedTest(name = "{0} words, {1} passes of {2} steps")
  @MethodSource("settings")
  void agreesWithTheOracle(long words, int passes, int steps) {
    ParameterValues values = values(words, passes, steps);
    for (int threads = 1; threads <= 3; threads++) {
      int count = threads;
      try (var run = UtilizationRun.prepare(values, FACTS, 2, () -> kernels(count))) {
        for (long sample = 0; sample < 3; sample++) {
          run.stage(sample);
          assertFalse(run.verify(sample), "untouched output");
          assertFalse(run.mismatch(sample).contains("\n"));
          run.execute();
          long current = sample;
          assertTrue(run.verify(sample), () -> run.mismatch(current));
          if (threads == 3) {
            assertEquals(WORKLOAD.answerDigest(values, sample), run.digest());
          }
        }
      }
    }
  }

  /** From the engine as the tool uses it. */
  @Test
  void aRunVerifiesEachSample() {
    ParameterValues values = values(10_001, 4, 6);
    String path = engine().paths(UtilizationWorkload.ID).getFirst();
    assertEquals(List.of(PreparedRun.Clock.HOST), engine().clocks(UtilizationWorkload.ID, path));
    assertEquals(List.of(Mode.Cache.HOT), engine().caches(UtilizationWorkload.ID, path));
    try (var session = engine().open(new Engine.Options(2));
        var run = session.prepare(WORKLOAD, Mode.of(path), values, FACTS)) {
      for (long sample = 0; sample < 20; sample++) {
        run.stage(sample);
        assertFalse(run.verify(sample), "untouched output");
        run.execute();
        long current = sample;
        assertTrue(run.verify(sample), () -> run.mismatch(current));
        assertFalse(run.verify(sample + 1), "stale output");
        assertTrue(run.mismatch(sample + 1).contains("expected"), run.mismatch(sample + 1));
      }
      var setting = UtilizationParameters.of(values);
      assertEquals(setting.work(), run.work());
      assertEquals(
          Map.of(
              "ceiling.int32",
              10_001.0 * 4 * 6,
              "ceiling.hostcopy",
              4.0 * (8 * 10_001 - FACTS.lastLevelCacheBytes())),
          run.demands());
      assertEquals("UtilizationOracle", run.verification().get("oracle"));
      assertEquals(8, run.inputs());
      assertTrue((Long) run.configuration().get("threads") >= 1);
    }
  }

  @Test
  void aSampleAllocatesNothing() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (var run = UtilizationRun.prepare(values(500, 4, 3), FACTS, 2, () -> kernels(2))) {
      // half of the smallest object per sample; threads of the test's own allocate a little, too
      long bound = 500 * 8;
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 20 && least >= bound; attempt++) {
        long before = threads.getTotalThreadAllocatedBytes();
        for (long sample = 0; sample < 500; sample++) {
          run.stage(sample);
          run.execute();
          if (!run.verify(sample)) {
            throw new AssertionError(run.mismatch(sample));
          }
        }
        least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
      }
      assertTrue(least < bound, least + " bytes in 500 samples");
    }
  }

  @Test
  void memoryIsZeroedAndAligned() {
    try (var kernels = kernels(2)) {
      for (long bytes : new long[] {8, 72, 1 << 20}) {
        MemorySegment memory = kernels.allocate(bytes);
        assertEquals(bytes, memory.byteSize());
        assertEquals(0, memory.address() % 64);
        assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[(int) bytes])));
      }
      assertThrows(EngineException.class, () -> kernels.allocate(1L << 50));
    }
  }

  /** Where a size in bytes has more than 31 bits. */
  @Test
  @Tag("sweep")
  void arraysBeyondTwoGibibytes() {
    ParameterValues values = values((1L << 29) + 77, 2, 1);
    try (var run = UtilizationRun.prepare(values, FACTS, 2, () -> kernels(2))) {
      run.stage(1);
      run.execute();
      assertTrue(run.verify(1), () -> run.mismatch(1));
    }
  }

  static ParameterValues values(long words, int passes, int steps) {
    var values = new LinkedHashMap<String, Object>(WORKLOAD.defaults().asMap());
    values.put("bytes", 8 * words);
    values.put("passes", (long) passes);
    values.put("intensity", steps / 8.0);
    return new ParameterValues(values);
  }
}
