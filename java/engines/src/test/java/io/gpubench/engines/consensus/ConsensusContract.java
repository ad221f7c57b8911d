// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import static io.gpubench.engines.consensus.ConstructedRounds.all;
import static io.gpubench.engines.consensus.ConstructedRounds.epoch;
import static io.gpubench.engines.consensus.ConstructedRounds.everybodyVotes;
import static io.gpubench.engines.consensus.ConstructedRounds.newRound;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.engines.consensus.ConsensusKernel.Capacity;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.consensus.ConsensusCount;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusGenerator;
import io.gpubench.workloads.consensus.ConsensusOracle;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRound;
import io.gpubench.workloads.consensus.ConsensusRoundBuilder;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every engine must get right about consensus. A subclass brings its engine and its kernel.
 */
public abstract class ConsensusContract {
  private static final ConsensusWorkload WORKLOAD = new ConsensusWorkload();

  /** A cache so small that few rounds rotate. */
  private static final MachineFacts FACTS = new MachineFacts(4, 1L << 33, 16 << 10);

  protected abstract Engine engine();

  /** A kernel that uses exactly so many threads. */
  protected abstract ConsensusKernel kernel(ConsensusEpoch epoch, Capacity capacity, int threads);

  /** Whether {@link #kernel} makes kernels of samples of many rounds, too. */
  protected boolean streamed() {
    return false;
  }

  /** Why this engine cannot be tested on this machine; empty when it can. */
  protected Optional<String> skipReason() {
    return Optional.empty();
  }

  @BeforeEach
  void skipWhereTheEngineIsMissing() {
    assumeTrue(skipReason().isEmpty(), () -> skipReason().orElseThrow());
  }

  static Stream<Arguments> settings() {
    return IntStream.of(4, 5, 31, 32, 33, 1000, 10_000, 65_537)
        .boxed()
        .flatMap(v -> Stream.of("siphash", "none").map(tags -> Arguments.of(v, tags)));
  }

  /** Whether every access of every thread is looked at, which takes a hundred times as long. */
  private static boolean checked() {
    return "1".equals(System.getenv("GPUBENCH_SIM_CHECK"));
  }

  /**
   * Of how many generated rounds of so many validators one is taken: of large ones on the checked
   * device a part, unless {@code gpubench.checked.whole} asks for all of them.
   */
  private static int sparseness(int validators) {
    return !checked() || Boolean.getBoolean("gpubench.checked.whole") || validators < 10_000
        ? 1
        : validators < 50_000 ? 3 : 6;
  }

  /** The whole number that {@code GPUBENCH_SIM_SEED} is, so that each seed takes another part. */
  private static int seed() {
    String seed = System.getenv("GPUBENCH_SIM_SEED");
    return seed == null ? 0 : seed.hashCode() & 0xFFFF;
  }

  @ParameterizedTest
  @MethodSource("settings")
  void agreesWithTheOracleOnGeneratedRounds(int validators, String tags) {
    int number = seed() + tags.length(); // both kinds of tags get different ones
    for (double agreement : new double[] {1, 0.7}) {
      for (int proposals : new int[] {1, 4, 16}) {
        if (number++ % sparseness(validators) != 0) {
          continue;
        }
        var parameters =
            ConsensusParameters.of(
                values()
                    .with("validators", (long) validators)
                    .with("tags", tags)
                    .with("agreement", agreement)
                    .with("proposals", (long) proposals));
        var epoch = ConsensusEpoch.of(parameters);
        var generator = new ConsensusGenerator(parameters, epoch);
        check(epoch, generator.round(0), generator.round(1));
      }
    }
  }

  @ParameterizedTest(name = "{0}, tags {1}")
  @MethodSource("io.gpubench.engines.consensus.ConstructedRounds#faults")
  void agreesWithTheOracleOnConstructedRounds(
      String name, boolean tags, BiConsumer<ConsensusEpoch, ConsensusRoundBuilder> messages) {
    ConsensusEpoch epoch = epoch(200, tags);
    ConsensusRoundBuilder builder = newRound(epoch, 100, 101, 102, 103);
    messages.accept(epoch, builder);
    ConsensusRound full = everybodyVotes(epoch, 100);
    check(epoch, full, builder.build(), full);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16})
  void anyNumberOfProposals(int proposals) {
    ConsensusEpoch epoch = epoch(130, true);
    long[] digests = LongStream.range(0, proposals).map(k -> k - 1).toArray();
    ConsensusRoundBuilder builder = newRound(epoch, digests);
    all(epoch, v -> builder.vote(v, v % 20 == 3 ? v % 17 - 1 : -1));
    check(epoch, builder.build());
  }

  @Test
  void aDigestOfTwoProposalsCountsForTheFirst() {
    ConsensusEpoch epoch = epoch(70, true);
    ConsensusRoundBuilder builder = newRound(epoch, 5, 8, 8, 5);
    all(epoch, v -> builder.vote(v, 8));
    ConsensusRound round = builder.vote(3, 5).vote(4, 8).build();
    check(epoch, round);
    assertEquals(
        ConsensusResult.decided(1), ConsensusOracle.decide(epoch, round)[ConsensusResult.DECISION]);
  }

  @Test
  void exactlyTwoThirdsDoNotDecide() {
    int[] weights = new int[99];
    Arrays.fill(weights, ConsensusEpoch.MAX_WEIGHT);
    var epoch = new ConsensusEpoch(weights, new long[0]);
    ConsensusRoundBuilder exact = newRound(epoch, 1);
    ConsensusRoundBuilder more = newRound(epoch, 1);
    for (int v = 0; v < 66; v++) {
      exact.vote(v, 1);
      more.vote(v, 1);
    }
    ConsensusRound tie = exact.build();
    ConsensusRound decided = more.vote(98, 1).build();
    assertEquals(0, ConsensusOracle.decide(epoch, tie)[ConsensusResult.DECISION]);
    assertEquals(1, ConsensusOracle.decide(epoch, decided)[ConsensusResult.DECISION]);
    check(epoch, decided, tie, decided);
  }

  @Test
  void theSmallestMajorityDecides() {
    int max = ConsensusEpoch.MAX_WEIGHT;
    var epoch = new ConsensusEpoch(new int[] {max, max, 1, max}, new long[0]);
    ConsensusRound decided = newRound(epoch, 1).vote(0, 1).vote(1, 1).vote(2, 1).build();
    ConsensusRound undecided = newRound(epoch, 1).vote(0, 1).vote(1, 1).build();
    assertEquals(1, ConsensusOracle.decide(epoch, decided)[ConsensusResult.DECISION]);
    assertEquals(0, ConsensusOracle.decide(epoch, undecided)[ConsensusResult.DECISION]);
    check(epoch, decided, undecided);
  }

  @Test
  void sumsOfWeightsHaveMoreThan32Bits() {
    // so many that two blocks of four warps of a GPU add up 2^32 in each warp
    int[] weights = new int[1 << 15];
    Arrays.fill(weights, ConsensusEpoch.MAX_WEIGHT);
    var epoch = new ConsensusEpoch(weights, new long[0]);
    ConsensusRoundBuilder builder = newRound(epoch, 1);
    all(epoch, v -> builder.vote(v, 1));
    check(epoch, builder.build());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 32, 63})
  void digestsMayDifferInOneBit(int bit) {
    ConsensusEpoch epoch = epoch(70, true);
    long digest = 0x0123456789ABCDEFL;
    long other = digest ^ 1L << bit;
    ConsensusRoundBuilder known = newRound(epoch, digest, other);
    ConsensusRoundBuilder unknown = newRound(epoch, digest);
    all(epoch, v -> known.vote(v, other));
    all(epoch, v -> unknown.vote(v, v % 9 == 0 ? other : digest));
    check(epoch, known.build(), unknown.build());
  }

  private static boolean matches(ConsensusKernel kernel, long[] expected) {
    return ConsensusRun.matches(kernel.output(), MemorySegment.ofArray(expected));
  }

  @Test
  void everyWordOfTheOutputIsCompared() {
    ConsensusEpoch epoch = epoch(130, true);
    ConsensusRound round = everybodyVotes(epoch, 100);
    ConsensusRound other = everybodyVotes(epoch, 101);
    try (var kernel = kernel(epoch, new Capacity(2, 130, 4, 130), 1)) {
      kernel.load(0, round);
      kernel.load(1, other);
      kernel.seal();
      kernel.stage(0);
      kernel.run(0);
      long[] expected = ConsensusOracle.decide(epoch, round);
      assertTrue(matches(kernel, expected));
      assertFalse(matches(kernel, ConsensusOracle.decide(epoch, other)), "stale");
      for (int word = 0; word < expected.length; word++) {
        for (int bit : new int[] {0, 31, 32, 63}) {
          expected[word] ^= 1L << bit;
          assertFalse(matches(kernel, expected), "word " + word + " bit " + bit);
          assertNotEquals(
              "no difference",
              ConsensusResult.mismatch(130, expected, ConsensusRun.answer(kernel.output())));
          expected[word] ^= 1L << bit;
        }
      }
      kernel.poison(0x8123456789ABCDEFL);
      assertFalse(matches(kernel, expected), "poisoned");
      for (long word : ConsensusRun.answer(kernel.output())) {
        assertEquals(0x8123456789ABCDEFL, word);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aRunVerifiesEachSample(int validators, String tags) {
    ParameterValues values = values().with("validators", (long) validators).with("tags", tags);
    try (var session = engine().open(new Engine.Options(3));
        var run = prepare(session, values)) {
      int rounds = Math.toIntExact((Long) run.verification().get("roundsInRotation"));
      long samples = Math.min(rounds + 2, 50);
      for (long sample = 0; sample < samples; sample++) {
        run.stage(sample);
        assertFalse(run.verify(sample), "untouched output");
        assertFalse(run.mismatch(sample).contains("\n"));
        run.execute();
        long current = sample;
        assertTrue(run.verify(sample), () -> run.mismatch(current));
        assertFalse(run.verify(sample + 1), "stale output");
        assertTrue(run.mismatch(sample + 1).contains("expected"), run.mismatch(sample + 1));
      }
      run.stage(samples);
      assertFalse(run.verify(samples - 1), "output of the previous sample is poisoned");
      assertFalse(run.verify(samples));
      assertTrue(run.work().units() > 0.9 * validators);
      assertTrue(run.work().bytes() > 32 * run.work().units());
      assertTrue(run.work().operations() > 0);
      assertFalse(run.configuration().isEmpty());
      assertEquals("ConsensusOracle", run.verification().get("oracle"));
    }
  }

  static Stream<Arguments> streams() {
    return Stream.of(
        Arguments.of(4, 2, "siphash"),
        Arguments.of(33, 7, "none"),
        Arguments.of(1_000, 2, "none"),
        Arguments.of(1_000, 5, "siphash"),
        Arguments.of(5_000, 3, "siphash"),
        Arguments.of(70, 150, "siphash"),
        Arguments.of(10_000, 8, "siphash"));
  }

  @ParameterizedTest
  @MethodSource("streams")
  void manyRoundsAreOneSample(int validators, int rounds, String tags) {
    assumeTrue(streamed(), "its streams are tested elsewhere");
    var parameters =
        ConsensusParameters.of(
            values()
                .with("validators", (long) validators)
                .with("tags", tags)
                .with("agreement", 0.8)
                .with("proposals", 16L));
    var epoch = ConsensusEpoch.of(parameters);
    var generator = new ConsensusGenerator(parameters, epoch);
    int parts = 3;
    var capacity = new Capacity(parts * rounds, rounds, parameters.maxMessages(), 16, validators);
    int words = ConsensusResult.words(validators);
    for (int threads = 1; threads <= 3; threads++) {
      try (var kernel = kernel(epoch, capacity, threads)) {
        long[][] expected = new long[parts][rounds * words];
        for (int slot = 0; slot < parts * rounds; slot++) {
          // one round without messages, one without proposals
          ConsensusRound round =
              switch (slot) {
                case 1 -> newRound(epoch, 5).build();
                case 2 -> newRound(epoch).vote(0, 1).build();
                default -> generator.round(slot);
              };
          kernel.load(slot, round);
          System.arraycopy(
              ConsensusOracle.decide(epoch, round),
              0,
              expected[slot % parts],
              slot / parts * words,
              words);
        }
        kernel.seal();
        for (int sample = 0; sample < 2 * parts; sample++) {
          kernel.stage(sample % parts);
          kernel.poison(-1);
          kernel.run(sample % parts);
          assertArrayEquals(expected[sample % parts], ConsensusRun.answer(kernel.output()));
        }
      }
    }
  }

  @Test
  void aRunOfManyRoundsVerifiesEachSample() {
    assumeTrue(streamed(), "its streams are tested elsewhere");
    ParameterValues values =
        values().with("validators", 300L).withTuning(ConsensusWorkload.ROUNDS, 6L);
    try (var session = engine().open(new Engine.Options(3));
        var run = session.prepare(WORKLOAD, Mode.of(ConsensusForms.STREAMED), values, FACTS)) {
      for (long sample = 0; sample < 20; sample++) {
        run.stage(sample);
        assertFalse(run.verify(sample), "untouched output");
        run.execute();
        long current = sample;
        assertTrue(run.verify(sample), () -> run.mismatch(current));
        assertFalse(run.verify(sample + 1), "stale output");
      }
      assertEquals(6L, run.configuration().get("rounds"));
      assertTrue(run.work().units() > 0.9 * 6 * 300, "the work of all rounds");
      assertTrue(run.demands().values().stream().allMatch(demand -> demand > 6 * 300));
    }
  }

  /** A fork pays by what there is to do, however many rounds that is. */
  @ParameterizedTest
  @CsvSource({"64, 4, 1", "64, 1000, 3", "100000, 2, 3"})
  void asManyThreadsWorkAsThereAreMessagesFor(int validators, int rounds, long threads) {
    assumeTrue(streamed(), "its streams are tested elsewhere");
    var parameters = ConsensusParameters.of(values().with("validators", (long) validators));
    var capacity = new Capacity(2 * rounds, rounds, parameters.maxMessages(), 4, validators);
    try (var kernel = kernel(ConsensusEpoch.of(parameters), capacity, 3)) {
      assertEquals(threads, kernel.configuration().get("threads"));
    }
  }

  /** As the work does, of which they are a part. */
  @Test
  void demandsAreThoseOfAllRoundsOfASample() {
    assumeTrue(streamed(), "its streams are tested elsewhere");
    try (var session = engine().open(new Engine.Options(1))) {
      for (long rounds : new long[] {2, 6}) {
        ParameterValues values =
            values().with("validators", 300L).withTuning(ConsensusWorkload.ROUNDS, rounds);
        try (var run = session.prepare(WORKLOAD, Mode.of(ConsensusForms.STREAMED), values, FACTS)) {
          double read = ConsensusRound.MESSAGE_BYTES * run.work().units();
          assertEquals(Set.of(Ceiling.HOSTREAD.id(), Ceiling.INT32.id()), run.demands().keySet());
          assertEquals(read, run.demands().get(Ceiling.HOSTREAD.id()), read / 1e9);
          double operations = run.work().operations();
          assertEquals(operations / 2, run.demands().get(Ceiling.INT32.id()), operations / 1e9);
        }
      }
    }
  }

  @Test
  void aSampleAllocatesNothing() {
    assumeFalse(checked(), "slow, and of kernels it says nothing");
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    ParameterValues values = values().with("validators", 2_100L); // two threads, where there are
    try (var session = engine().open(new Engine.Options(2));
        var run = prepare(session, values)) {
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
  @ValueSource(longs = {4, 1_000, 100_000})
  void theFootprintIsAnUpperBound(long validators) {
    var facts = new MachineFacts(2, 1L << 33, 1 << 20);
    ParameterValues values = values().with("validators", validators).with("proposals", 16L);
    try (var session = engine().open(new Engine.Options(2))) {
      long before = usedHeap();
      try (var run = session.prepare(WORKLOAD, Mode.of(path()), values, facts)) {
        long taken = usedHeap() - before;
        long bound = WORKLOAD.footprintBytes(values, facts);
        assertTrue(taken <= bound, taken + " bytes taken, bound " + bound);
        assertTrue(run.work().units() > 0);
      }
    }
  }

  @Test
  void theSelfCheckPassesAndUnknownPathsAreRefused() {
    Engine.SelfCheck check = engine().selfCheck();
    assertTrue(check.passed(), check.detail());
    assertTrue(engine().paths("no such workload").isEmpty());
    try (var session = engine().open(new Engine.Options(1))) {
      assertThrows(
          EngineException.class,
          () -> session.prepare(WORKLOAD, Mode.of("no such path"), values(), FACTS));
      assertFalse(session.description().isEmpty());
      assertTrue(session.physicalOperationsPerSecond() > 1e9);
    }
  }

  /** Runs rounds one after the other in one kernel, with 1 to 3 threads, twice. */
  private void check(ConsensusEpoch epoch, ConsensusRound... rounds) {
    int most = Arrays.stream(rounds).mapToInt(ConsensusRound::messageCount).max().orElseThrow();
    var expected = new ArrayList<long[]>();
    for (ConsensusRound round : rounds) {
      expected.add(ConsensusOracle.decide(epoch, round));
    }
    var capacity = new Capacity(rounds.length, most, ConsensusRound.MAX_PROPOSALS, most);
    for (int threads = 1; threads <= 3; threads++) {
      try (var kernel = kernel(epoch, capacity, threads)) {
        for (int slot = 0; slot < rounds.length; slot++) {
          kernel.load(slot, rounds[slot]);
        }
        kernel.seal();
        for (int pass = 0; pass < 2; pass++) {
          for (int slot = 0; slot < rounds.length; slot++) {
            kernel.stage(slot);
            kernel.poison(-1);
            kernel.run(slot);
            String mismatch =
                ConsensusResult.mismatch(
                    epoch.validators(), expected.get(slot), ConsensusRun.answer(kernel.output()));
            assertTrue(matches(kernel, expected.get(slot)), mismatch);
            assertArrayEquals(expected.get(slot), ConsensusRun.answer(kernel.output()));
          }
        }
      }
    }
    assertCountsAddUp(rounds, expected);
  }

  private static void assertCountsAddUp(ConsensusRound[] rounds, List<long[]> expected) {
    for (int i = 0; i < rounds.length; i++) {
      long sum = 0;
      for (ConsensusCount count : ConsensusCount.values()) {
        sum += expected.get(i)[count.word()];
      }
      assertEquals(rounds[i].messageCount(), sum);
    }
  }

  private PreparedRun prepare(Session session, ParameterValues values) {
    return session.prepare(WORKLOAD, Mode.of(path()), values, FACTS);
  }

  /** How the engine runs the workload here. */
  protected String path() {
    return engine().paths(ConsensusWorkload.ID).getFirst();
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static ParameterValues values() {
    return WORKLOAD.defaults();
  }
}
