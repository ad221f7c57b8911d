// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import static io.gpubench.engines.consensus.ConstructedRounds.all;
import static io.gpubench.engines.consensus.ConstructedRounds.epoch;
import static io.gpubench.engines.consensus.ConstructedRounds.everybodyVotes;
import static io.gpubench.engines.consensus.ConstructedRounds.newRound;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.engines.consensus.ConsensusKernel.Capacity;
import io.gpubench.workloads.consensus.ConsensusCount;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusGenerator;
import io.gpubench.workloads.consensus.ConsensusOracle;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRound;
import io.gpubench.workloads.consensus.ConsensusRoundBuilder;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kernel whose samples are many rounds must get right, in each of its forms. */
public abstract class ManyRoundsContract {
  /** How many forms a kernel has. */
  protected abstract int forms();

  /**
   * A kernel in one of its forms.
   *
   * @param form 0 .. forms - 1
   */
  protected abstract ConsensusKernel kernel(ConsensusEpoch epoch, Capacity capacity, int form);

  /** Why this kernel cannot be tested on this machine; empty when it can. */
  protected Optional<String> skipReason() {
    return Optional.empty();
  }

  @BeforeEach
  void skipWhereTheKernelIsMissing() {
    assumeTrue(skipReason().isEmpty(), () -> skipReason().orElseThrow());
  }

  static Stream<Arguments> settings() {
    return Stream.of(4, 5, 63, 64, 65, 1000, 4097, 10_000)
        .flatMap(v -> Stream.of(true, false).map(tags -> Arguments.of(v, tags)));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void agreesWithTheOracleOnGeneratedRounds(int validators, boolean tags) {
    check(
        ConsensusEpoch.of(parameters(validators, 1, 4, tags)),
        List.of(
            generated(parameters(validators, 1, 4, tags)),
            generated(parameters(validators, 0.7, 1, tags)),
            generated(parameters(validators, 0.5, 16, tags))));
  }

  /** More than the fast ways of a device hold. */
  @Test
  void manyValidatorsDoToo() {
    var parameters = parameters(65_537, 0.9, 2, false);
    check(ConsensusEpoch.of(parameters), List.of(generated(parameters)));
  }

  private static ConsensusParameters parameters(
      int validators, double agreement, int proposals, boolean tags) {
    return new ConsensusParameters(validators, 0.33, agreement, proposals, tags, 7);
  }

  private static ConsensusRound generated(ConsensusParameters parameters) {
    return new ConsensusGenerator(parameters, ConsensusEpoch.of(parameters)).round(11);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @SuppressWarnings("unchecked")
  void agreesWithTheOracleOnConstructedRounds(boolean tags) {
    ConsensusEpoch epoch = epoch(200, tags);
    var rounds = new ArrayList<ConsensusRound>();
    ConstructedRounds.faults()
        .filter(fault -> fault.get()[1].equals(tags))
        .forEach(fault -> {
          ConsensusRoundBuilder builder = newRound(epoch, 100, 101, 102, 103);
          ((BiConsumer<ConsensusEpoch, ConsensusRoundBuilder>) fault.get()[2])
              .accept(epoch, builder);
          rounds.add(builder.build());
        });
    rounds.add(everybodyVotes(epoch, 101));
    assertTrue(rounds.size() > 10);
    check(epoch, rounds);
  }

  /**
   * Digests of which several share their low bits, halves or all of them, and some that nobody
   * proposed.
   */
  @Test
  void proposalsAreToldApart() {
    ConsensusEpoch epoch = epoch(130, true);
    var rounds = new ArrayList<ConsensusRound>();
    for (int proposals : new int[] {0, 1, 15, 16}) {
      rounds.add(votes(epoch, LongStream.range(0, proposals).map(k -> k - 1).toArray()));
    }
    rounds.add(votes(epoch, 5, 8, 8, 5));
    rounds.add(votes(epoch, 1L << 10, 1L << 11, 3L << 10, 7, 1));
    rounds.add(votes(epoch, 9, 9 | 1L << 32, 9 | 1L << 63, 9 | 1L << 31));
    rounds.add(votes(epoch, 100, 101));
    check(epoch, rounds);
  }

  /** Two thirds for the last proposal, the rest for each of them, and for digests that none has. */
  private static ConsensusRound votes(ConsensusEpoch epoch, long... digests) {
    ConsensusRoundBuilder builder = newRound(epoch, digests);
    long[] strange = {0, 1, 16, 17, 1L << 12, 9 | 1L << 62, -2};
    all(
        epoch,
        v -> {
          long last = digests.length == 0 ? 7 : digests[digests.length - 1];
          long some = digests.length == 0 ? 8 : digests[v % digests.length];
          builder.vote(v, v % 10 < 8 ? last : v % 10 == 8 ? some : strange[v % strange.length]);
        });
    return builder.build();
  }

  @Test
  void exactlyTwoThirdsDoNotDecide() {
    int[] weights = new int[99];
    Arrays.fill(weights, ConsensusEpoch.MAX_WEIGHT);
    var epoch = new ConsensusEpoch(weights, new long[0]);
    long[] digests = LongStream.range(50, 66).toArray();
    ConsensusRoundBuilder exact = newRound(epoch, digests);
    ConsensusRoundBuilder more = newRound(epoch, digests);
    ConsensusRoundBuilder first = newRound(epoch, digests);
    for (int v = 0; v < 66; v++) {
      exact.vote(v, 65);
      more.vote(v, 65);
      first.vote(v, 50);
    }
    List<long[]> expected =
        check(epoch, List.of(exact.build(), more.vote(98, 65).build(), first.build()));
    assertEquals(0, expected.get(2)[ConsensusResult.DECISION]);
    assertEquals(0, expected.get(0)[ConsensusResult.DECISION]);
    assertEquals(ConsensusResult.decided(15), expected.get(1)[ConsensusResult.DECISION]);
  }

  @Test
  void sumsOfWeightsHaveMoreThan32Bits() {
    int[] weights = new int[1 << 15];
    Arrays.fill(weights, ConsensusEpoch.MAX_WEIGHT);
    var epoch = new ConsensusEpoch(weights, new long[0]);
    ConsensusRoundBuilder builder = newRound(epoch, 1, 2);
    all(epoch, v -> builder.vote(v, 2));
    long[] expected = check(epoch, List.of(builder.build())).getFirst();
    assertEquals(1L << 35, expected[ConsensusResult.WEIGHT]);
  }

  /** As many as a count of 16 bits takes. */
  @Test
  void oneValidatorMaySendAllMessages() {
    ConsensusEpoch epoch = epoch(4, false);
    ConsensusRoundBuilder same = newRound(epoch, 3, 4);
    ConsensusRoundBuilder both = newRound(epoch, 3, 4);
    for (int i = 0; i < 0xFFFF; i++) {
      same.vote(2, 3);
      both.vote(2, i == 0xFFFE ? 3 : 4);
    }
    List<long[]> expected = check(epoch, List.of(same.build(), both.build()));
    assertEquals(0xFFFE, expected.get(0)[ConsensusCount.DUPLICATE.word()]);
    assertEquals(0xFFFF, expected.get(1)[ConsensusCount.EQUIVOCATION.word()]);
  }

  @Test
  void aSampleAllocatesNothing() {
    assumeFalse(
        "1".equals(System.getenv("GPUBENCH_SIM_CHECK")), "slow, and of kernels it says nothing");
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    ConsensusEpoch epoch = epoch(20, true);
    ConsensusRound round = everybodyVotes(epoch, 100);
    try (var kernel = loaded(epoch, Collections.nCopies(5, round), 0)) {
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 20 && least >= 400; attempt++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int sample = 0; sample < 100; sample++) {
          kernel.stage(sample % 2);
          kernel.poison(-1 - sample);
          kernel.run(sample % 2);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertTrue(least < 400, least + " bytes in 100 samples");
    }
  }

  /** Part 0 has the rounds as they are, part 1 in the opposite order. */
  private ConsensusKernel loaded(ConsensusEpoch epoch, List<ConsensusRound> rounds, int form) {
    int most = rounds.stream().mapToInt(ConsensusRound::messageCount).max().orElseThrow();
    double mean = rounds.stream().mapToInt(ConsensusRound::messageCount).average().orElseThrow();
    var capacity =
        new Capacity(2 * rounds.size(), rounds.size(), most, ConsensusRound.MAX_PROPOSALS, mean);
    ConsensusKernel kernel = kernel(epoch, capacity, form);
    for (int slot = 0; slot < capacity.slots(); slot++) {
      List<ConsensusRound> part = slot % 2 == 0 ? rounds : rounds.reversed();
      kernel.load(slot, part.get(slot / 2));
    }
    kernel.seal();
    return kernel;
  }

  /** Runs the rounds as one sample, in each form; returns what is right. */
  private List<long[]> check(ConsensusEpoch epoch, List<ConsensusRound> rounds) {
    List<long[]> right = rounds.stream().map(r -> ConsensusOracle.decide(epoch, r)).toList();
    for (int form = 0; form < forms(); form++) {
      try (var kernel = loaded(epoch, rounds, form)) {
        for (int part : new int[] {0, 1, 0}) {
          List<long[]> expected = part == 0 ? right : right.reversed();
          kernel.stage(part);
          kernel.poison(-2);
          long[] untouched = ConsensusRun.answer(kernel.output());
          assertTrue(Arrays.stream(untouched).allMatch(word -> word == -2), "poisoned");
          kernel.run(part);
          long[] found = ConsensusRun.answer(kernel.output());
          int words = ConsensusResult.words(epoch.validators());
          assertEquals(words * rounds.size(), found.length);
          for (int i = 0; i < expected.size(); i++) {
            long[] one = Arrays.copyOfRange(found, i * words, (i + 1) * words);
            assertEquals(
                "no difference",
                ConsensusResult.mismatch(epoch.validators(), expected.get(i), one),
                "form " + form + ", part " + part + ", round " + i);
          }
        }
        assertFalse(kernel.configuration().isEmpty());
      }
    }
    return right;
  }
}
