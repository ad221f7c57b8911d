// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusRound;
import io.gpubench.workloads.consensus.ConsensusRoundBuilder;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Rounds for tests of kernels: each is made message by message, so that it has just the fault that
 * its name says.
 */
final class ConstructedRounds {
  static final int ROUND = 7;
  static final int PHASE = 2;

  private ConstructedRounds() {}

  /** Name, whether there are tags, and what sends the messages to a round of 200 validators. */
  static Stream<Arguments> faults() {
    return Stream.of(
            fault("no messages", (e, b) -> {}),
            fault("one vote", (e, b) -> b.vote(3, 100)),
            fault(
                "unknown validator V",
                (e, b) -> all(e, v -> b.message(v, 200, ROUND, 100, PHASE, 0, 0))),
            fault(
                "unknown validator 2^32 - 1",
                (e, b) -> all(e, v -> b.message(v, -1, ROUND, 100, PHASE, 0, 0))),
            fault(
                "unknown validator 2^31", (e, b) -> b.message(0, 1 << 31, ROUND, 100, PHASE, 0, 0)),
            fault("wrong round", (e, b) -> all(e, v -> b.message(v, v, -1 - v, 100, PHASE, 0, 0))),
            fault(
                "wrong phase",
                (e, b) -> all(e, v -> b.message(v, v, ROUND, 100, PHASE | 1 << 31, 0, 0))),
            fault(
                "zero field",
                (e, b) -> all(e, v -> b.message(v, v, ROUND, 100, PHASE, 1 << 31, 0))),
            fault("unknown proposal", (e, b) -> all(e, v -> b.vote(v, 99 - v))),
            fault(
                "wrong tag",
                (e, b) -> all(e, v -> b.message(v, v, ROUND, 100, PHASE, 0, 1L << v % 64))),
            fault(
                "wrong signer",
                (e, b) -> all(e, v -> b.message((v + 1) % 200, v, ROUND, 100, PHASE, 0, 0))),
            fault(
                "several failures at once",
                (e, b) ->
                    b.message(1, -1, 0, 9, 9, 9, 9)
                        .message(1, 1, 0, 9, 9, 9, 9)
                        .message(1, 1, ROUND, 9, 9, 9, 9)
                        .message(1, 1, ROUND, 9, PHASE, 9, 9)
                        .message(1, 1, ROUND, 9, PHASE, 0, 9)),
            fault(
                "duplicates",
                (e, b) -> {
                  all(e, v -> b.vote(v, 101));
                  all(e, v -> b.vote(v, 101));
                }),
            fault(
                "equivocators",
                (e, b) -> {
                  all(e, v -> b.vote(v, 100));
                  all(e, v -> b.vote(v, 102));
                  all(e, v -> b.vote(v, 102));
                }),
            fault(
                "some equivocate late",
                (e, b) -> {
                  all(e, v -> b.vote(v, 100));
                  b.vote(0, 103).vote(199, 101).vote(64, 100);
                }),
            fault("one validator sends all", (e, b) -> all(e, v -> b.vote(17, 100))),
            fault("one equivocator sends all", (e, b) -> all(e, v -> b.vote(17, 100 + v % 4))),
            fault("last proposal decided", (e, b) -> all(e, v -> b.vote(v, 103))),
            fault("split vote", (e, b) -> all(e, v -> b.vote(v, 100 + v % 4))))
        .flatMap(
            a -> Stream.of(true, false).map(tags -> Arguments.of(a.get()[0], tags, a.get()[1])));
  }

  static ConsensusEpoch epoch(int validators, boolean tags) {
    return ConsensusEpoch.of(new ConsensusParameters(validators, 0, 1, 1, tags, 42));
  }

  static ConsensusRoundBuilder newRound(ConsensusEpoch epoch, long... digests) {
    return new ConsensusRoundBuilder(epoch, ROUND, PHASE, digests, 16);
  }

  static ConsensusRound everybodyVotes(ConsensusEpoch epoch, long digest) {
    ConsensusRoundBuilder builder = newRound(epoch, 100, 101, 102, 103);
    all(epoch, v -> builder.vote(v, digest));
    return builder.build();
  }

  static void all(ConsensusEpoch epoch, IntConsumer validator) {
    IntStream.range(0, epoch.validators()).forEach(validator);
  }

  private static Arguments fault(
      String name, BiConsumer<ConsensusEpoch, ConsensusRoundBuilder> messages) {
    return Arguments.of(name, messages);
  }
}
