// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Session;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.launch.LaunchWorkload;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every engine on the processors must get right about launches. */
@Timeout(60)
public abstract class LaunchContract {
  private static final MachineFacts FACTS = new MachineFacts(4, 1L << 33, 16 << 10);

  protected abstract Engine engine();

  /** Why this engine cannot be tested on this machine; empty when it can. */
  protected Optional<String> skipReason() {
    return Optional.empty();
  }

  @BeforeEach
  void skipWhereTheEngineIsMissing() {
    assumeTrue(skipReason().isEmpty(), () -> skipReason().orElseThrow());
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        Arguments.of(Launch.EMPTY, Map.of("work", "none")),
        Arguments.of(Launch.EMPTY, Map.of("work", "touch")),
        Arguments.of(Launch.MAILBOX, Map.of()),
        Arguments.of(Launch.COPY, Map.of("bytes", 8L, "direction", "h2d")),
        Arguments.of(Launch.COPY, Map.of("bytes", 8L, "direction", "d2h")),
        Arguments.of(Launch.COPY, Map.of("bytes", 72L)),
        Arguments.of(Launch.COPY, Map.of("bytes", 65_544L)),
        Arguments.of(Launch.COPY, Map.of("bytes", 1L << 21)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("settings")
  void oneAtATime(Launch launch, Map<String, Object> changed) {
    ParameterValues values = values(launch, changed);
    for (int threads = 1; threads <= 3; threads++) {
      for (Mode.Cache cache : Mode.Cache.values()) {
        try (var session = engine().open(new Engine.Options(threads));
            var run = prepare(session, launch, Clock.HOST, cache, values)) {
          assertEquals(Clock.HOST, run.clock());
          assertEquals(1, run.pieces());
          assertEquals(launch.work(values), run.work());
          for (long sample = 0; sample < 5; sample++) {
            run.stage(sample);
            assertEquals(!answers(launch, values), run.verify(sample), "untouched output");
            run.execute();
            check(run, launch, values, sample);
          }
        }
      }
    }
  }

  private static void check(PreparedRun run, Launch launch, ParameterValues values, long sample) {
    assertTrue(run.verify(sample), () -> run.mismatch(sample));
    assertEquals(!answers(launch, values), run.verify(sample + 1), "stale output");
    assertTrue(run.mismatch(sample + 1).contains("expected"), run.mismatch(sample + 1));
    if (sample < 2) {
      assertEquals(new LaunchWorkload(launch).answerDigest(values, sample), run.digest());
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("settings")
  void manyAtATime(Launch launch, Map<String, Object> changed) {
    ParameterValues values = values(launch, changed);
    for (int threads = 1; threads <= 2; threads++) {
      try (var session = engine().open(new Engine.Options(threads));
          var run = prepare(session, launch, Clock.BATCH, Mode.Cache.HOT, values)) {
        var queued = assertInstanceOf(PreparedRun.Queued.class, run);
        assertEquals(Clock.BATCH, run.clock());
        assertEquals(run.pieces() * launch.work(values).units(), run.work().units());
        assertEquals(
            launch == Launch.COPY
                ? Math.clamp((1L << 20) / values.whole("bytes"), 1, 1_000)
                : 1_000,
            run.pieces());
        assertEquals(1, queued.groupSize());
        for (long sample = 0; sample < 3; sample++) {
          queued.queue(sample);
          assertEquals(!answers(launch, values), run.verify(sample), "untouched output");
          assertNull(queued.await());
          check(run, launch, values, sample);
          assertEquals(0, queued.startNanos(0));
          assertTrue(queued.durationNanos(0) > 0);
          assertEquals(queued.durationNanos(0), queued.spanNanos());
        }
        run.stage(0);
        run.execute();
        check(run, launch, values, 0);
      }
    }
  }

  /** Threads that fell asleep between two samples. */
  @Test
  void aPauseDoesNotMatter() throws InterruptedException {
    for (Launch launch : List.of(Launch.EMPTY, Launch.MAILBOX)) {
      try (var session = engine().open(new Engine.Options(2));
          var run =
              prepare(session, launch, Clock.HOST, Mode.Cache.HOT, values(launch, Map.of()))) {
        for (long sample = 0; sample < 10; sample++) {
          run.stage(sample);
          Thread.sleep(3);
          run.execute();
          long current = sample;
          assertTrue(run.verify(sample), () -> run.mismatch(current));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("settings")
  void aSampleAllocatesNothing(Launch launch, Map<String, Object> changed) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    ParameterValues values = values(launch, changed);
    try (var session = engine().open(new Engine.Options(2));
        var run = prepare(session, launch, Clock.HOST, Mode.Cache.HOT, values)) {
      int samples = changed.containsValue(1L << 21) ? 50 : 500;
      long bound = samples * 8L;
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 20 && least >= bound; attempt++) {
        long before = threads.getTotalThreadAllocatedBytes();
        long own = threads.getCurrentThreadAllocatedBytes();
        for (long sample = 0; sample < samples; sample++) {
          run.stage(sample);
          run.execute();
          if (!run.verify(sample)) {
            throw new AssertionError(run.mismatch(sample));
          }
        }
        own = threads.getCurrentThreadAllocatedBytes() - own;
        least = Math.min(least, Math.max(own, threads.getTotalThreadAllocatedBytes() - before));
      }
      assertTrue(least < bound, least + " bytes in " + samples + " samples");
    }
  }

  @Test
  void whatOnlyADeviceHasIsRefused() {
    for (Launch launch : List.of(Launch.EVENT, Launch.GRAPH)) {
      assertTrue(engine().paths(launch.id()).isEmpty());
      try (var session = engine().open(new Engine.Options(1))) {
        assertThrows(
            EngineException.class,
            () ->
                session.prepare(
                    new LaunchWorkload(launch), Mode.of("call"), values(launch, Map.of()), FACTS));
      }
    }
  }

  private PreparedRun prepare(
      Session session, Launch launch, Clock clock, Mode.Cache cache, ParameterValues values) {
    String path = engine().paths(launch.id()).getFirst();
    assertEquals(List.of(Clock.BATCH, Clock.HOST), engine().clocks(launch.id(), path));
    assertTrue(engine().caches(launch.id(), path).contains(cache));
    return session.prepare(new LaunchWorkload(launch), new Mode(path, clock, cache), values, FACTS);
  }

  private static boolean answers(Launch launch, ParameterValues values) {
    return launch.answer(values, 0).length > 0;
  }

  private static ParameterValues values(Launch launch, Map<String, Object> changed) {
    var values = new LinkedHashMap<>(new LaunchWorkload(launch).defaults().asMap());
    values.putAll(changed);
    return new ParameterValues(values);
  }
}
