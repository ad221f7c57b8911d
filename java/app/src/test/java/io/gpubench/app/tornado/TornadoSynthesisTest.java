// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.workers.Workers;
import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.measure.BenchException;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.Measurer.Prepared;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.synthesis.Filter;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.SynthesisWorkload;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Matching and expanding by TornadoVM's OpenCL backend, in one real worker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TornadoSynthesisTest {
  private static final MachineFacts FACTS = new MachineFacts(2, 4L << 30, 1 << 20);

  /** All inputs of the rotation, and one of them again. */
  private static final int SAMPLES = SynthesisRotation.SLOTS + 1;

  private Workers workers;
  private Measurer measurer;

  @BeforeAll
  void open() {
    var engine = TornadoSdks.assume(TornadoBackend.OPENCL);
    workers = TornadoSdks.workers(null);
    measurer = workers.open(engine, 1);
  }

  @AfterAll
  void close() {
    try (Workers _ = workers;
        Measurer _ = measurer) {}
  }

  /** A node, a tree, whole groups of 64 and one more or less; one pattern, and words of them. */
  static Stream<Arguments> settings() {
    return Stream.of(
        Arguments.of(1L, 1L, Map.of("api", "kernel", "variant", "index")),
        Arguments.of(1L, 1L, Map.of("api", "loop", "variant", "brute")),
        Arguments.of(7L, 32L, Map.of("api", "kernel", "variant", "brute")),
        Arguments.of(1_000L, 33L, Map.of("api", "loop", "variant", "index")),
        Arguments.of(4_095L, 1_000L, Map.of("api", "kernel", "variant", "index", "block", 64L)),
        Arguments.of(4_097L, 1_000L, Map.of("api", "kernel", "variant", "brute", "block", 64L)),
        Arguments.of(4_096L, 1_000L, Map.of("api", "loop", "variant", "brute")),
        Arguments.of(100_001L, 1_000L, Map.of("api", "loop", "variant", "index")));
  }

  @ParameterizedTest(name = "{0} nodes, {1} patterns, {2}")
  @MethodSource("settings")
  void matchesAreThoseOfTheOracle(long nodes, long patterns, Map<String, Object> tuning) {
    ParameterValues values = values(Synthesis.MATCH, nodes, patterns, tuning);
    Prepared prepared = answers(Synthesis.MATCH, Clock.DEVICE, values);
    assertEquals(tuning.get("api"), prepared.configuration().get("api"));
    assertEquals(tuning.get("variant"), prepared.configuration().get("variant"));
    Filter filter = tuning.get("variant").equals("index") ? Filter.KIND_SYMBOL : Filter.NONE;
    assertEquals(amounts(values, filter), prepared.amounts());
  }

  /** What the oracle says that each filter leaves to compare. */
  private static Map<String, Double> amounts(ParameterValues values, Filter filter) {
    var rotation =
        new SynthesisRotation(Synthesis.MATCH, SynthesisParameters.of(Synthesis.MATCH, values));
    for (int slot = 0; slot < SynthesisRotation.SLOTS; slot++) {
      try (var arena = Arena.ofShared()) {
        rotation.solve(slot, rotation.allocate(arena), arena);
      }
    }
    return rotation.amounts(filter);
  }

  /** No match at all, texts that share words, whole and broken tiles. */
  static Stream<Arguments> expansions() {
    return Stream.of(
        Arguments.of(1L, 1L, Map.of("api", "kernel", "variant", "words")),
        Arguments.of(1L, 1L, Map.of("api", "loop", "variant", "bytes")),
        Arguments.of(300L, 1_000L, Map.of("api", "loop", "variant", "words")),
        Arguments.of(300L, 1_000L, Map.of("api", "kernel", "variant", "bytes")),
        Arguments.of(20_001L, 32L, Map.of("api", "kernel", "variant", "bytes", "block", 32L)),
        Arguments.of(20_001L, 1_000L, Map.of("api", "kernel", "variant", "words")),
        Arguments.of(20_001L, 1_000L, Map.of("api", "kernel", "variant", "words", "block", 64L)),
        Arguments.of(20_001L, 1_000L, Map.of("api", "loop", "variant", "words")),
        Arguments.of(20_001L, 1_000L, Map.of("api", "loop", "variant", "bytes")));
  }

  @ParameterizedTest(name = "{0} nodes, {1} patterns, {2}")
  @MethodSource("expansions")
  void expansionsAreThoseOfTheOracle(long nodes, long patterns, Map<String, Object> tuning) {
    ParameterValues values = values(Synthesis.EXPAND, nodes, patterns, tuning);
    Prepared prepared = answers(Synthesis.EXPAND, Clock.HOST, values);
    assertEquals(tuning.get("variant"), prepared.configuration().get("variant"));
  }

  private Prepared answers(Synthesis form, Clock clock, ParameterValues values) {
    Workload workload = workload(form);
    Prepared prepared =
        measurer.prepare(workload, new Mode("launch", clock, Mode.Cache.HOT), values, FACTS);
    SampleBatch batch = measurer.take(0, SAMPLES, Duration.ofMinutes(1).toNanos(), 0);
    assertNull(batch.mismatch());
    assertNull(batch.implausible());
    assertEquals(SAMPLES, batch.count());
    assertEquals(workload.answerDigest(values, 1), measurer.digests(1, 1)[0]);
    return prepared;
  }

  private static Workload workload(Synthesis form) {
    return SynthesisWorkload.all().stream()
        .filter(workload -> workload.id().equals(form.id()))
        .findFirst()
        .orElseThrow();
  }

  private static ParameterValues values(
      Synthesis form, long nodes, long patterns, Map<String, Object> tuning) {
    var map =
        new LinkedHashMap<String, Object>(Map.of("nodes", nodes, "patterns", patterns, "seed", 5L));
    if (form == Synthesis.MATCH) {
      map.put("output", "counts");
    }
    map.putAll(tuning);
    return new ParameterValues(map);
  }

  /** More nodes than an array of TornadoVM counts: said before anything is allocated. */
  @Test
  void whatIsTooLargeIsOneLine() {
    ParameterValues values = values(Synthesis.MATCH, 1L << 30, 1, Map.of());
    try (Measurer other = workers.open(TornadoSdks.assume(TornadoBackend.OPENCL), 2)) {
      var refused =
          assertThrows(
              BenchException.class,
              () ->
                  other.prepare(
                      workload(Synthesis.MATCH),
                      new Mode("launch", Clock.HOST, Mode.Cache.HOT),
                      values,
                      FACTS));
      assertTrue(
          refused.getMessage().contains("at most 536,870,911 nodes fit"), refused.getMessage());
      assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
    }
  }
}
