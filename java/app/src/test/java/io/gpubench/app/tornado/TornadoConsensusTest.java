// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.workers.Workers;
import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.Measurer.Prepared;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusGenerator;
import io.gpubench.workloads.consensus.ConsensusOracle;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Consensus by TornadoVM's OpenCL backend, in one real worker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TornadoConsensusTest {
  private static final ConsensusWorkload WORKLOAD = new ConsensusWorkload();

  /** A cache so small that few rounds rotate, of which each sample is another. */
  private static final MachineFacts FACTS = new MachineFacts(2, 1L << 33, 16 << 10);

  private static final int SAMPLES = 10;

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

  /** In turn by each form of the kernels, with and without tags, proposals, faults, agreement. */
  static Stream<Arguments> settings() {
    var forms =
        List.of(Map.of("variant", "group"), Map.of("variant", "grid"), Map.of("api", "loop"));
    List<Long> validators = List.of(4L, 5L, 63L, 64L, 65L, 100L, 1_000L, 1_023L);
    return IntStream.range(0, validators.size())
        .mapToObj(i ->
            Arguments.of(
                Map.of(
                    "validators",
                    validators.get(i),
                    "tags",
                    i % 2 == 0 ? "siphash" : "none",
                    "proposals",
                    i % 4 < 2 ? 1L : 16L,
                    "byzantine",
                    i == 3 ? 0.0 : i == 4 ? 0.1 : 0.33,
                    "agreement",
                    i < 5 ? 1.0 : 0.8),
                forms.get(i % forms.size())));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void eachFormAnswersAsTheOracle(Map<String, Object> parameters, Map<String, Object> tuning) {
    answers(Clock.HOST, values(parameters, tuning));
  }

  @Test
  void itAnswersByTheDevicesClockToo() {
    answers(Clock.DEVICE, values(Map.of(), Map.of("block", 128L, "groups", 3L)));
  }

  private Prepared prepare(Clock clock, ParameterValues values) {
    return measurer.prepare(WORKLOAD, new Mode("launch", clock, Mode.Cache.HOT), values, FACTS);
  }

  private void answers(Clock clock, ParameterValues values) {
    Prepared prepared = prepare(clock, values);
    assertEquals(clock, prepared.clock());
    assertTrue(prepared.stages().get("kernel") > 0);
    SampleBatch batch = measurer.take(0, SAMPLES, Duration.ofSeconds(20).toNanos(), 0);
    assertNull(batch.mismatch());
    assertEquals(SAMPLES, batch.count());
    assertArrayEquals(new long[] {digest(values, 0), digest(values, 1)}, measurer.digests(0, 1));
  }

  private static long digest(ParameterValues values, long sample) {
    var parameters = ConsensusParameters.of(values);
    var epoch = ConsensusEpoch.of(parameters);
    return AnswerDigest.of(
        ConsensusOracle.decide(epoch, new ConsensusGenerator(parameters, epoch).round(sample)));
  }

  private static ParameterValues values(
      Map<String, Object> parameters, Map<String, Object> tuning) {
    ParameterValues values = WORKLOAD.defaults();
    for (Map.Entry<String, Object> entry : parameters.entrySet()) {
      values = values.with(entry.getKey(), entry.getValue());
    }
    for (Map.Entry<String, Object> entry : tuning.entrySet()) {
      values = values.withTuning(entry.getKey(), entry.getValue());
    }
    return values;
  }

  /** A small round is one launch, a large one three, unless it is said otherwise. */
  @Test
  void theRecordTellsHowItIsLaunched() {
    ParameterValues small = values(Map.of(), Map.of("block", 64L));
    assertEquals("1 64 1 352", told(small, "launches", "block", "groups", "bytesToHost"));
    ParameterValues large = values(Map.of("validators", 4_000L), Map.of("groups", 5L));
    assertEquals("3 5 1104", told(large, "launches", "groups", "bytesToHost"));
  }

  private String told(ParameterValues values, String... names) {
    Map<String, Object> configuration = prepare(Clock.HOST, values).configuration();
    return Stream.of(names)
        .map(name -> String.valueOf(configuration.get(name)))
        .collect(Collectors.joining(" "));
  }
}
