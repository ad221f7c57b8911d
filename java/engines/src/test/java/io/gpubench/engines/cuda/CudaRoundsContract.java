// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.engines.consensus.ConsensusForms;
import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.engines.consensus.ManyRoundsContract;
import io.gpubench.engines.cuda.CudaRoundsTuning.Variant;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.run.SampleLoop;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRotation;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Consensus of many rounds at once on one device: streamed in each form, and resident. */
abstract class CudaRoundsContract extends ManyRoundsContract {
  private static final ConsensusWorkload WORKLOAD = new ConsensusWorkload();

  /** A cache so small that few rounds rotate. */
  private static final MachineFacts FACTS = new MachineFacts(2, 8L << 30, 16 << 10);

  private static final int ROUNDS = 5;

  private final String device;

  CudaRoundsContract(String device) {
    this.device = device;
  }

  private CudaSession open() {
    return device.equals(CudaEngine.SIMULATOR)
        ? CudaSession.open(CudaDriver.openSimulator(), "0", CudaAdapter.all(List.of()))
        : CudaSession.open(CudaDriver.open(), device, CudaAdapter.all(List.of()));
  }

  @Override
  protected int forms() {
    return 4;
  }

  private static CudaRoundsTuning tuning(int form, ConsensusKernel.Capacity capacity) {
    boolean small = capacity.maxMessages() <= CudaRoundsTuning.MOST_MESSAGES_OF_BLOCK;
    Variant first = small ? Variant.BLOCK : null;
    int twoRounds = (int) (2 * capacity.expectedMessages());
    return switch (form) {
      case 0 -> new CudaRoundsTuning(first, 0, 0, 1, 3, twoRounds);
      case 1 -> new CudaRoundsTuning(first, 32, 1, 2, 1, 1);
      case 2 -> new CudaRoundsTuning(Variant.GRID, 0, 0, 1, 2, twoRounds);
      default -> new CudaRoundsTuning(Variant.GRID, 96, 2, 2, 16, Integer.MAX_VALUE);
    };
  }

  @Override
  protected ConsensusKernel kernel(
      ConsensusEpoch epoch, ConsensusKernel.Capacity capacity, int form) {
    CudaSession session = open();
    try {
      return new CudaConsensusContract.OfSession(
          session,
          new CudaConsensusStream(
              session.context(),
              session.consensus().module(),
              epoch,
              capacity,
              tuning(form, capacity),
              Long.MAX_VALUE));
    } catch (RuntimeException | Error failure) {
      session.close();
      throw failure;
    }
  }

  private static ParameterValues values(long validators, String tags, int rounds) {
    return WORKLOAD
        .defaults()
        .with("validators", validators)
        .with("tags", tags)
        .with("proposals", 4L)
        .with("agreement", 0.9)
        .withTuning("rounds", (long) rounds);
  }

  static Stream<Arguments> modes() {
    var engine = new CudaEngine();
    String id = ConsensusWorkload.ID;
    return Stream.of(ConsensusForms.STREAMED, ConsensusForms.RESIDENT)
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
    for (String variant : List.of("block", "grid")) {
      ParameterValues values = values(65, "siphash", ROUNDS).withTuning("variant", variant);
      try (CudaSession session = open();
          var run = session.prepare(WORKLOAD, mode, values, FACTS)) {
        assertEquals(mode.clock(), run.clock());
        assertEquals(variant, run.configuration().get("variant"));
        assertEquals((long) ROUNDS, run.configuration().get("rounds"));
        var batch = new SampleLoop(run).take(0, 10, Long.MAX_VALUE, 2);
        assertNull(batch.mismatch());
        assertEquals(10, batch.count());
        for (long sample : new long[] {0, 7, 12_345}) {
          run.stage(sample);
          assertFalse(run.verify(sample), "before the work");
          run.execute();
          assertTrue(run.verify(sample));
          assertEquals(WORKLOAD.answerDigest(values, sample % run.inputs()), run.digest());
        }
        assertEquals(run.verification().get("roundsInRotation"), run.inputs());
        assertTrue(run.work().units() > ROUNDS * 60, "of all rounds");
      }
    }
  }

  static Stream<Arguments> sizes() {
    return Stream.of(4L, 5L, 63L, 64L, 1000L, 5000L)
        .flatMap(v -> Stream.of("siphash", "none").map(tags -> Arguments.of(v, tags)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void residentRoundsOfAnySizeAreRight(long validators, String tags) {
    for (String variant : List.of("block", "grid")) {
      ParameterValues values = values(validators, tags, 2).withTuning("variant", variant);
      try (CudaSession session = open();
          var run = session.prepare(WORKLOAD, Mode.of(ConsensusForms.RESIDENT), values, FACTS)) {
        assertNull(new SampleLoop(run).take(0, 4, Long.MAX_VALUE, 0).mismatch());
      }
    }
  }

  /** One bit of one word of one result, for each round of a sample. */
  @Test
  void aWrongWordOfAnyRoundIsFound() {
    var parameters = ConsensusParameters.of(values(100, "none", ROUNDS));
    var rotation = new ConsensusRotation(parameters, FACTS, ROUNDS);
    int words = ConsensusResult.words(100);
    try (CudaSession session = open();
        var judge = new CudaConsensusJudge(session.timing(), rotation, 2);
        var stream = session.context().newStream();
        var memory = session.context().allocatePinned(judge.results(1).bytes())) {
      long[][] right = new long[rotation.rounds()][];
      rotation.forEach((slot, round, answer) -> {
        right[slot] = answer;
        judge.expect(slot, answer);
      });
      for (long sample = 0; sample < 2L * rotation.parts(); sample++) {
        judge.poison(stream, sample, 1);
        assertFalse(checked(session, judge, sample));
        assertTrue(judge.mismatch(sample, 1).startsWith("round "));
        int slot = judge.part(sample);
        for (int i = 0; i < ROUNDS; i++) {
          MemorySegment.copy(
              MemorySegment.ofArray(right[slot + i * rotation.parts()]),
              0,
              memory.segment(),
              8L * i * words,
              8L * words);
        }
        judge.results(1).upload(memory.segment());
        assertTrue(checked(session, judge, sample));
        for (int i = 0; i < ROUNDS; i++) {
          long at = 8 * ((long) i * words + (i * 5L + sample) % words);
          byte before = memory.segment().get(ValueLayout.JAVA_BYTE, at);
          memory.segment().set(ValueLayout.JAVA_BYTE, at, (byte) (before ^ 1));
          judge.results(1).upload(memory.segment());
          assertFalse(checked(session, judge, sample));
          String name = "round " + (slot + i * rotation.parts()) + ": ";
          assertTrue(judge.mismatch(sample, 1).startsWith(name), judge.mismatch(sample, 1));
          memory.segment().set(ValueLayout.JAVA_BYTE, at, before);
        }
      }
    }
  }

  private static boolean checked(CudaSession session, CudaConsensusJudge judge, long sample) {
    try (var stream = session.context().newStream()) {
      session.context().synchronize();
      judge.check(stream, sample, 1);
      session.context().synchronize();
      return judge.right(sample, 1);
    }
  }

  @Test
  void whatASampleDemands() {
    try (CudaSession session = open()) {
      Map<String, Double> streamed = demands(session, Mode.of(ConsensusForms.STREAMED));
      assertEquals(
          Set.of("ceiling.h2d", "ceiling.d2h", "ceiling.int32", "launch.empty"), streamed.keySet());
      assertTrue(streamed.get("ceiling.h2d") > ROUNDS * (256 + 32 * 80), streamed.toString());
      assertTrue(streamed.get("ceiling.h2d") < ROUNDS * (512 + 32 * 166), streamed.toString());
      assertEquals(ROUNDS * 8 * (12 + 2 * 2), streamed.get("ceiling.d2h"));
      Map<String, Double> resident =
          demands(session, new Mode(ConsensusForms.RESIDENT, Clock.DEVICE, Mode.Cache.COLD));
      assertEquals(Set.of("ceiling.read", "ceiling.int32"), resident.keySet());
      assertEquals(streamed.get("ceiling.int32"), resident.get("ceiling.int32"));
      double cold = resident.get("ceiling.read");
      var hot = demands(session, new Mode(ConsensusForms.RESIDENT, Clock.DEVICE, Mode.Cache.HOT));
      double messages = bytesOfMessages(session);
      assertEquals(messages, hot.get("ceiling.read"), 1e-6, "more than the cache keeps");
      assertEquals(messages + (16 + 4) * 100, cold, 1e-6, "each key and weight once");
    }
  }

  /** Of a sample. */
  private static double bytesOfMessages(CudaSession session) {
    Mode mode = Mode.of(ConsensusForms.RESIDENT);
    try (var run = session.prepare(WORKLOAD, mode, values(100, "siphash", ROUNDS), FACTS)) {
      return 32 * run.work().units();
    }
  }

  private static Map<String, Double> demands(CudaSession session, Mode mode) {
    try (var run = session.prepare(WORKLOAD, mode, values(100, "siphash", ROUNDS), FACTS)) {
      return run.demands();
    }
  }

  @Test
  void whatDoesNotFitIsRefusedInOneLine() {
    var stretched = values(1_048_576, "none", 32_768);
    try (CudaSession session = open()) {
      var room = new CudaConsensusRoom("the device's memory", 3500, 500, 1000, 10);
      room.require(3000);
      assertEquals(
          "consensus with validators=1000 and rounds=10 takes 6,500 bytes of the device's memory, of which 3,500 are free: about rounds=5 fits",
          assertThrows(EngineException.class, () -> room.require(6000)).getMessage());
      assertTrue(
          String.valueOf(
                  assertThrows(EngineException.class, () -> room.require(30_000)).getMessage())
              .endsWith("about validators=114 fits"));
      assertTrue(
          String.valueOf(
                  assertThrows(EngineException.class, () -> room.require(3_000_000)).getMessage())
              .endsWith("nothing fits"));
      for (String path : List.of(ConsensusForms.STREAMED, ConsensusForms.RESIDENT)) {
        var refused =
            assertThrows(
                EngineException.class,
                () -> prepared(session, path, stretched, new MachineFacts(2, 1L << 30, 1 << 20)));
        assertTrue(
            String.valueOf(refused.getMessage())
                .matches("consensus with validators=1048576 and rounds=32768 takes .* fits"),
            refused.getMessage());
      }
    }
  }

  private static void prepared(
      CudaSession session, String path, ParameterValues values, MachineFacts facts) {
    try (PreparedRun run = session.prepare(WORKLOAD, Mode.of(path), values, facts)) {
      assertTrue(run.inputs() > 0);
    }
  }

  @Test
  void aChunkWhoseRoundsHaveNoPlaceInItsTableIsRefused() {
    int messages = 1 << 21;
    int most = (int) (CudaConsensusChunk.LIMIT / CudaConsensusStage.bytes(messages));
    CudaConsensusChunk.addressable(most, messages, "");
    var refused =
        assertThrows(
            EngineException.class,
            () -> CudaConsensusChunk.addressable(most + 1, messages, "fewer rounds fit"));
    assertTrue(String.valueOf(refused.getMessage()).endsWith("at once: fewer rounds fit"));
  }

  @Test
  void theGridIsThatOfEveryLaunch() {
    ParameterValues values = values(20_000, "none", 2).withTuning("variant", "grid");
    Mode mode = Mode.of(ConsensusForms.RESIDENT);
    try (CudaSession session = open();
        var run = session.prepare(WORKLOAD, mode, values.withTuning("grid", 2L), FACTS)) {
      assertEquals(2L, run.configuration().get("grid"));
      assertEquals(2L, run.configuration().get("countingGrid"));
      assertNull(new SampleLoop(run).take(0, 2, Long.MAX_VALUE, 0).mismatch());
    }
  }

  /** The host's cache is larger than the device's. */
  @Test
  void whatIsStreamedExceedsTheCacheOfTheHost() {
    try (CudaSession session = open()) {
      long cache = 4L * session.context().device().l2Bytes();
      var facts = new MachineFacts(2, 8L << 30, cache);
      var mode = Mode.of(ConsensusForms.STREAMED);
      try (var run = session.prepare(WORKLOAD, mode, values(1000, "none", 100), facts)) {
        long bytes = assertInstanceOf(Long.class, run.verification().get("bytesInRotation"));
        assertTrue(bytes > 2 * cache, () -> "only " + bytes);
      }
    }
  }

  @Test
  void whatContradictsItselfIsRefused() {
    var engine = new CudaEngine();
    Mode mode = Mode.of(ConsensusForms.RESIDENT);
    ParameterValues few = values(1000, "none", 2);
    engine.check(ConsensusWorkload.ID, mode, few.withTuning("variant", "block"));
    for (ParameterValues values :
        List.of(
            few.withTuning("block", 33L),
            values(60_000, "none", 2).withTuning("variant", "block"))) {
      assertThrows(ConfigException.class, () -> engine.check(ConsensusWorkload.ID, mode, values));
    }
    assumeTrue(device.equals(CudaEngine.SIMULATOR), "of others it depends on the shared memory");
    // no faults, so few messages, but too many ballots
    ParameterValues wide =
        values(60_000, "none", 2).with("byzantine", 0.0).withTuning("variant", "block");
    engine.check(ConsensusWorkload.ID, mode, wide);
    try (CudaSession session = open()) {
      var refused =
          assertThrows(
              EngineException.class, () -> prepared(session, ConsensusForms.STREAMED, wide, FACTS));
      assertTrue(String.valueOf(refused.getMessage()).endsWith("variant=grid fits"));
    }
  }
}
