// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.ceiling;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.engines.processors.Buffers;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.ceiling.CeilingOracle;
import io.gpubench.workloads.ceiling.CeilingWorkload;
import io.gpubench.workloads.words.Checksum;
import io.gpubench.workloads.words.Words;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every engine on the processors must get right about ceilings. A subclass brings its engine
 * and its kernels.
 */
public abstract class CeilingContract {
  /** A cache so small that few inputs rotate. */
  private static final MachineFacts FACTS = new MachineFacts(4, 1L << 33, 4 << 10);

  protected abstract Engine engine();

  /** Kernels that use exactly so many threads. */
  protected abstract CeilingKernels kernels(int threads);

  /** Why this engine cannot be tested on this machine; empty when it can. */
  protected Optional<String> skipReason() {
    return Optional.empty();
  }

  @BeforeEach
  void skipWhereTheEngineIsMissing() {
    assumeTrue(skipReason().isEmpty(), () -> skipReason().orElseThrow());
  }

  /** Around vectors, unrolled loops, cache lines, parts of threads and whatever is a chunk. */
  static LongStream sizes() {
    return LongStream.of(
        1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129, 1_000, 1_023, 1_025, 4_095,
        4_097, 8_191, 65_537, 140_001);
  }

  static Stream<Arguments> settings() {
    Stream<Arguments> buffers =
        Stream.of(Ceiling.HOSTREAD, Ceiling.HOSTCOPY, Ceiling.TRIAD)
            .flatMap(ceiling ->
                sizes().mapToObj(words -> Arguments.of(ceiling, Map.of("bytes", 8 * words))));
    Stream<Arguments> passes =
        sizes()
            .boxed()
            .flatMap(words ->
                LongStream.of(1, 2, 3, 8, 13)
                    .mapToObj(
                        n -> Arguments.of(Ceiling.L2, Map.of("bytes", 8 * words, "passes", n))));
    Stream<Arguments> chains =
        Stream.of(Ceiling.FP32, Ceiling.INT32)
            .flatMap(ceiling ->
                Stream.concat(
                    sizes().mapToObj(n -> Arguments.of(ceiling, steps(n, 37))),
                    LongStream.of(1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 1_001)
                        .mapToObj(n -> Arguments.of(ceiling, steps(333, n)))));
    Stream<Arguments> cells =
        LongStream.of(1, 2, 8, 64, 1_024, 65_536)
            .boxed()
            .flatMap(n ->
                LongStream.of(1, 3, 7)
                    .mapToObj(times ->
                        Arguments.of(Ceiling.ATOMIC, Map.of("cells", n, "operations", times * n))));
    return Stream.of(buffers, passes, chains, cells).flatMap(all -> all);
  }

  private static Map<String, Long> steps(long chains, long steps) {
    return Map.of("chains", chains, "steps", steps);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("settings")
  void agreesWithTheOracle(Ceiling ceiling, Map<String, Long> sizes) {
    ParameterValues values = values(ceiling, sizes);
    var workload = new CeilingWorkload(ceiling);
    workload.check(values);
    for (int threads = 1; threads <= 3; threads++) {
      int count = threads;
      try (var run = CeilingRun.prepare(ceiling, values, FACTS, 2, () -> kernels(count))) {
        for (long sample = 0; sample < 4; sample++) {
          run.stage(sample);
          assertFalse(run.verify(sample), "untouched output");
          assertFalse(run.mismatch(sample).contains("\n"));
          run.execute();
          long current = sample;
          assertTrue(run.verify(sample), () -> run.mismatch(current));
          if (sample < 2 && threads == 3) {
            assertEquals(workload.answerDigest(values, sample), run.digest());
          }
        }
      }
    }
  }

  /** The longest chains that there are, and more cells than threads could share by chance. */
  @Test
  void theLargestNumbers() {
    for (Ceiling ceiling : List.of(Ceiling.FP32, Ceiling.INT32)) {
      long[] keys = {3, 4};
      ParameterValues values = values(ceiling, steps(2, 1 << 24));
      Checksum right = CeilingOracle.output(ceiling, values, keys);
      try (var kernels = kernels(2);
          var buffers = new Buffers(1)) {
        MemorySegment output = kernels.allocate(8);
        if (ceiling == Ceiling.FP32) {
          kernels.fp32(output, keys[0], 1 << 24);
        } else {
          kernels.int32(output, keys[0], CeilingOracle.addend(keys), 1 << 24);
        }
        buffers.sumInts(output);
        assertEquals(right, new Checksum(buffers.s0(), buffers.s1()));
      }
    }
  }

  /** Where a size in bytes has more than 31 bits. */
  @Test
  @Tag("sweep")
  void buffersBeyondTwoGibibytes() {
    long words = (1L << 28) + 9;
    try (var kernels = kernels(2);
        var buffers = new Buffers(2)) {
      MemorySegment input = kernels.allocate(Long.BYTES * words);
      buffers.fillWithWords(input, 5);
      Checksum right = Checksum.of(words, i -> Words.word(5, i));
      MemorySegment answer = kernels.allocate(8);
      kernels.read(input, answer);
      assertEquals(right.s0(), answer.get(JAVA_LONG, 0));
      MemorySegment output = kernels.allocate(Long.BYTES * words);
      kernels.copy(input, output);
      buffers.sum(output);
      assertEquals(right, new Checksum(buffers.s0(), buffers.s1()));
    }
  }

  @Test
  void memoryIsZeroedAndAligned() {
    try (var kernels = kernels(2)) {
      for (long bytes : new long[] {1, 8, 72, 1 << 20}) {
        MemorySegment memory = kernels.allocate(bytes);
        assertEquals(bytes, memory.byteSize());
        assertEquals(0, memory.address() % 64);
        assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[(int) bytes])));
      }
    }
  }

  static Stream<Ceiling> ceilings() {
    return CeilingRun.ON_PROCESSORS.stream().sorted();
  }

  /** From the engine as the tool uses it, by each kind of cache. */
  @ParameterizedTest
  @MethodSource("ceilings")
  void aRunVerifiesEachSample(Ceiling ceiling) {
    var workload = new CeilingWorkload(ceiling);
    ParameterValues values = small(ceiling);
    String path = engine().paths(workload.id()).getFirst();
    assertEquals(List.of(PreparedRun.Clock.HOST), engine().clocks(workload.id(), path));
    assertEquals(List.of(Mode.Cache.HOT, Mode.Cache.COLD), engine().caches(workload.id(), path));
    for (Mode.Cache cache : Mode.Cache.values()) {
      var mode = new Mode(path, PreparedRun.Clock.HOST, cache);
      try (var session = engine().open(new Engine.Options(2));
          var run = session.prepare(workload, mode, values, FACTS)) {
        for (long sample = 0; sample < 10; sample++) {
          run.stage(sample);
          assertFalse(run.verify(sample), "untouched output");
          run.execute();
          long current = sample;
          assertTrue(run.verify(sample), () -> run.mismatch(current));
          assertFalse(run.verify(sample + 1), "stale output");
          assertTrue(run.mismatch(sample + 1).contains("expected"), run.mismatch(sample + 1));
          if (sample < 2) {
            assertEquals(workload.answerDigest(values, sample), run.digest());
          }
        }
        assertEquals(ceiling.work(values), run.work());
        assertEquals(Map.of(workload.id(), run.work().units()), run.demands());
        assertEquals("CeilingOracle", run.verification().get("oracle"));
        assertTrue((Long) run.configuration().get("threads") >= 1);
        assertEquals(cache == Mode.Cache.COLD, run.configuration().containsKey("bytesSwept"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ceilings")
  void aSampleAllocatesNothing(Ceiling ceiling) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (var run = CeilingRun.prepare(ceiling, small(ceiling), FACTS, 2, () -> kernels(2))) {
      // half of the smallest object per sample; threads of the test's own allocate a little, too
      long bound = 500 * 8;
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 20 && least >= bound; attempt++) {
        long before = threads.getTotalThreadAllocatedBytes();
        long own = threads.getCurrentThreadAllocatedBytes();
        for (long sample = 0; sample < 500; sample++) {
          run.stage(sample);
          run.execute();
          if (!run.verify(sample)) {
            throw new AssertionError(run.mismatch(sample));
          }
        }
        own = threads.getCurrentThreadAllocatedBytes() - own;
        least = Math.min(least, Math.max(own, threads.getTotalThreadAllocatedBytes() - before));
      }
      assertTrue(least < bound, least + " bytes in 500 samples");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ceiling.read", "ceiling.copy", "ceiling.h2d", "ceiling.bidir"})
  void thatOfADeviceIsRefused(String id) {
    Ceiling ceiling = Ceiling.of(id).orElseThrow();
    assertTrue(engine().paths(id).isEmpty());
    try (var session = engine().open(new Engine.Options(1))) {
      assertThrows(
          EngineException.class,
          () ->
              session.prepare(
                  new CeilingWorkload(ceiling), Mode.of("call"), small(ceiling), FACTS));
    }
  }

  @Test
  void memoryThatThereIsNotIsRefused() {
    try (var kernels = kernels(1)) {
      assertThrows(EngineException.class, () -> kernels.allocate(1L << 50));
    }
  }

  /** So small that a run takes no time, and yet more than the caches of {@link #FACTS} twice. */
  private static ParameterValues small(Ceiling ceiling) {
    return switch (ceiling) {
      case L2 -> values(ceiling, Map.of("bytes", 1_000L, "passes", 3L));
      case FP32, INT32 -> values(ceiling, steps(77, 9));
      case ATOMIC -> values(ceiling, Map.of("cells", 64L, "operations", 192L));
      default -> values(ceiling, Map.of("bytes", 1_000L));
    };
  }

  private static ParameterValues values(Ceiling ceiling, Map<String, Long> changed) {
    var values = new LinkedHashMap<>(new CeilingWorkload(ceiling).defaults().asMap());
    values.putAll(changed);
    return new ParameterValues(values);
  }
}
