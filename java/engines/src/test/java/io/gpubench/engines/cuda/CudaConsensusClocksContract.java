// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.run.SampleLoop;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Session;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Consensus on one device by each path, clock and state of the caches. */
abstract class CudaConsensusClocksContract {
  private static final ConsensusWorkload WORKLOAD = new ConsensusWorkload();
  private static final MachineFacts FACTS = new MachineFacts(2, 8L << 30, 1 << 20);

  private final String device;

  CudaConsensusClocksContract(String device) {
    this.device = device;
  }

  /** Why this device cannot be tested on this machine; empty when it can. */
  Optional<String> skipReason() {
    return Optional.empty();
  }

  @BeforeEach
  void skipWhereTheDeviceIsMissing() {
    assumeTrue(skipReason().isEmpty(), () -> skipReason().orElseThrow());
  }

  private Session open() {
    return new CudaEngine().on(device).orElseThrow().open(new Engine.Options(1));
  }

  private static ParameterValues values(long validators, String tags) {
    var values = new LinkedHashMap<>(WORKLOAD.defaults().asMap());
    return new ParameterValues(values)
        .with("validators", validators)
        .with("tags", tags)
        .with("proposals", 4L)
        .with("agreement", 0.9);
  }

  static Stream<Arguments> modes() {
    var engine = new CudaEngine();
    String id = ConsensusWorkload.ID;
    return Stream.of(CudaEngine.LAUNCH, CudaEngine.GRAPH, CudaLaunchAdapter.MAILBOX)
        .flatMap(path ->
            engine.clocks(id, path).stream()
                .flatMap(clock ->
                    engine.caches(id, path).stream()
                        .filter(cache -> clock != Clock.BATCH || cache == Mode.Cache.HOT)
                        .map(cache -> Arguments.of(new Mode(path, clock, cache)))));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void everySampleIsRightAndItsDigestIsTheOracles(Mode mode) {
    ParameterValues values = values(100, "siphash");
    try (Session session = open();
        var run = session.prepare(WORKLOAD, mode, values, FACTS)) {
      assertEquals(mode.clock(), run.clock());
      assertEquals(mode.clock() == Clock.HOST, run.resolution() == null);
      var batch = new SampleLoop(run).take(0, 20, Long.MAX_VALUE, 2);
      assertNull(batch.mismatch());
      assertNull(batch.implausible());
      assertEquals(20, batch.count());
      assertTrue(batch.verified() >= 22);
      long last = Long.MIN_VALUE;
      for (int i = 0; i < batch.count(); i++) {
        assertTrue(batch.durationNanos(i) > 0);
        assertTrue(batch.startNanos(i) >= last, "one after the other");
        last = batch.startNanos(i);
      }
      for (long sample : new long[] {0, 7, 12_345}) {
        run.stage(sample);
        run.execute();
        assertTrue(run.verify(sample));
        assertEquals(WORKLOAD.answerDigest(values, sample % rounds(run)), run.digest());
      }
    }
  }

  private static long rounds(PreparedRun run) {
    return (Long) run.verification().get("roundsInRotation");
  }

  /** Rounds whose copies share memory. */
  @ParameterizedTest
  @MethodSource("modes")
  void manyValidatorsDoToo(Mode mode) {
    assumeTrue(mode.clock() != Clock.HOST && mode.cache() == Mode.Cache.HOT, "is tested elsewhere");
    try (Session session = open();
        var run = session.prepare(WORKLOAD, mode, values(5000, "none"), FACTS)) {
      assertEquals("onepass", run.configuration().get("variant"));
      var batch = new SampleLoop(run).take(0, 3, Long.MAX_VALUE, 0);
      assertNull(batch.mismatch());
      assertEquals(3, batch.count());
    }
  }

  @Test
  void whatARoundDemandsDependsOnTheClock() {
    ParameterValues values = values(100, "siphash");
    try (Session session = open()) {
      var host = demands(session, "launch", Clock.HOST, Mode.Cache.HOT, values);
      assertEquals(
          Set.of("ceiling.h2d", "ceiling.d2h", "ceiling.int32", "launch.empty"), host.keySet());
      assertTrue(host.get("ceiling.h2d") > 256 + 32 * 80, host.toString());
      assertEquals(8 * (12 + 2 * 2), host.get("ceiling.d2h"));
      assertTrue(
          demands(session, "graph", Clock.HOST, Mode.Cache.HOT, values)
              .containsKey("launch.graph"));
      var resident = demands(session, "mailbox", Clock.HOST, Mode.Cache.HOT, values);
      assertTrue(resident.containsKey("launch.mailbox"), resident.toString());
      assertEquals(host.get("ceiling.h2d") - 256 + 144, resident.get("ceiling.h2d"));
      assertEquals(host.get("ceiling.d2h"), resident.get("ceiling.d2h"));
      var hot = demands(session, "launch", Clock.DEVICE, Mode.Cache.HOT, values);
      assertEquals(Set.of("ceiling.int32"), hot.keySet());
      assertEquals(host.get("ceiling.int32"), hot.get("ceiling.int32"));
      var cold = demands(session, "launch", Clock.DEVICE, Mode.Cache.COLD, values);
      assertEquals(Set.of("ceiling.read", "ceiling.int32"), cold.keySet());
      assertFalse(
          demands(session, "launch", Clock.HOST, Mode.Cache.HOT, values(100, "none"))
              .containsKey("ceiling.int32"));
    }
  }

  private static Map<String, Double> demands(
      Session session, String path, Clock clock, Mode.Cache cache, ParameterValues values) {
    try (var run = session.prepare(WORKLOAD, new Mode(path, clock, cache), values, FACTS)) {
      return run.demands();
    }
  }
}
