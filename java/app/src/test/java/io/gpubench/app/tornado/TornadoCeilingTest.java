// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.ceiling.CeilingWorkload;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ceilings of memory by TornadoVM's OpenCL backend, in one real worker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TornadoCeilingTest {
  private static final MachineFacts FACTS = new MachineFacts(2, 4L << 30, 1 << 20);
  private static final int SAMPLES = 5;

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

  /** One element, some, whole tiles and groups, one element more or less, and many. */
  static Stream<Arguments> settings() {
    return Stream.of(
        Arguments.of(1L, Map.of()),
        Arguments.of(1L, Map.of("api", "loop")),
        Arguments.of(13L, Map.of("api", "loop", "tile", 1L)),
        Arguments.of(4_095L, Map.of()),
        Arguments.of(4_097L, Map.of("api", "loop")),
        Arguments.of(1_000L, Map.of("block", 64L, "tile", 256L)),
        Arguments.of(1_025L, Map.of("block", 128L, "tile", 100L)),
        Arguments.of(300_001L, Map.of()));
  }

  @ParameterizedTest(name = "{0} elements {1}")
  @MethodSource("settings")
  void bothAnswerAsTheOracleByEitherClock(long elements, Map<String, Object> tuning) {
    answers(Ceiling.COPY, Clock.HOST, elements, tuning);
    answers(Ceiling.TRIAD, Clock.DEVICE, elements, tuning);
  }

  private void answers(Ceiling ceiling, Clock clock, long elements, Map<String, Object> tuning) {
    var workload = new CeilingWorkload(ceiling);
    ParameterValues values = values(elements, tuning);
    Prepared prepared = prepare(measurer, ceiling, clock, values);
    assertEquals(clock, prepared.clock());
    assertTrue(prepared.stages().get("firstExecution") > prepared.stages().get("tornadoCompile"));
    assertTrue(prepared.stages().get("kernel") > 0);
    SampleBatch batch = measurer.take(0, SAMPLES, Duration.ofSeconds(20).toNanos(), 0);
    assertNull(batch.mismatch());
    assertNull(batch.implausible());
    assertEquals(SAMPLES, batch.count());
    long[] expected = {
      workload.answerDigest(values, 0), workload.answerDigest(values, 1),
    };
    assertArrayEquals(expected, measurer.digests(0, 1));
  }

  private static Prepared prepare(
      Measurer by, Ceiling ceiling, Clock clock, ParameterValues values) {
    return by.prepare(
        new CeilingWorkload(ceiling), new Mode("launch", clock, Mode.Cache.HOT), values, FACTS);
  }

  private static ParameterValues values(long elements, Map<String, Object> tuning) {
    var values = new ParameterValues(Map.of("bytes", Long.BYTES * elements, "seed", 3L));
    for (Map.Entry<String, Object> entry : tuning.entrySet()) {
      values = values.withTuning(entry.getKey(), entry.getValue());
    }
    return values;
  }

  @Test
  void theRecordTellsHowItIsLaunched() {
    Prepared prepared =
        prepare(measurer, Ceiling.COPY, Clock.HOST, values(10_000, Map.of("tile", 100L)));
    assertEquals("kernel", prepared.configuration().get("api"));
    assertEquals("100", String.valueOf(prepared.configuration().get("tile")));
    assertEquals("100", String.valueOf(prepared.configuration().get("threads")));
    assertEquals(160_000, prepared.work().bytes());
  }

  /** More elements than an array of TornadoVM has: said before anything is allocated. */
  @Test
  void whatIsTooLargeIsOneLine() {
    try (Measurer another = workers.open(TornadoSdks.assume(TornadoBackend.OPENCL), 2)) {
      var refused =
          assertThrows(
              BenchException.class,
              () -> prepare(another, Ceiling.TRIAD, Clock.HOST, values(1L << 31, Map.of())));
      assertTrue(refused.getMessage().contains("less than 2^31 elements"), refused.getMessage());
      assertFalse(refused.getMessage().contains("\n"));
    }
  }
}
