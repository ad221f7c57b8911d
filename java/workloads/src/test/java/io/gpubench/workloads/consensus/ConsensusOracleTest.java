// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Cases whose answers were worked out by hand. */
class ConsensusOracleTest {
  private static final long[] DIGESTS = {10, 20};

  /** Four validators of weights 1, 2, 3 and 4; a decision needs 7. */
  private static final ConsensusEpoch EPOCH =
      new ConsensusEpoch(new int[] {1, 2, 3, 4}, new long[] {1, 2, 3, 4, 5, 6, 7, 8});

  @Test
  void nobodyVotes() {
    assertArrayEquals(new long[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, decide(round()));
  }

  @Test
  void aQuorumDecides() {
    assertArrayEquals(
        new long[] {1 | 1L << 32, 20, 7, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0b1100, 0},
        decide(round().vote(3, 20).vote(0, 10).vote(2, 20)));
  }

  @Test
  void twoThirdsAreNotEnough() {
    var epoch = new ConsensusEpoch(new int[] {1, 1, 1}, new long[0]);
    var round = new ConsensusRoundBuilder(epoch, 1, 1, DIGESTS, 0).vote(0, 10).vote(1, 10);
    assertArrayEquals(
        new long[] {0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
        ConsensusOracle.decide(epoch, round.build()));
  }

  /** Equivocation wins over duplicates; all messages of an equivocator count as equivocation. */
  @Test
  void equivocatorsAndDuplicates() {
    assertArrayEquals(
        new long[] {1, 10, 9, 3, 0, 0, 0, 0, 0, 0, 3, 2, 0b1110, 0b0001},
        decide(
            round()
                .vote(0, 10)
                .vote(1, 10)
                .vote(2, 10)
                .vote(0, 10)
                .vote(0, 20)
                .vote(3, 10)
                .vote(3, 10)
                .vote(3, 10)));
  }

  /** Each message fails at its first wrong field, though the later ones are wrong, too. */
  @Test
  void theFirstFailureCounts() {
    assertArrayEquals(
        new long[] {0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0},
        decide(
            round()
                .message(0, 4, 9, 9, 9, 9, 9)
                .message(0, 0, 9, 9, 9, 9, 9)
                .message(0, 0, 1, 9, 9, 9, 9)
                .message(0, 0, 1, 9, 1, 9, 9)
                .message(0, 0, 1, 9, 1, 0, 9)
                .message(0, 0, 1, 10, 1, 0, 9)));
  }

  @Test
  void aMismatchIsToldInOneLine() {
    long[] right = decide(round().vote(3, 20).vote(2, 20));
    assertEquals("no difference", ConsensusResult.mismatch(4, right, right.clone()));
    assertEquals("decision is none, expected proposal 1", mismatch(right, 0, 0));
    assertEquals(
        "decision is malformed (0x8000000000000001), expected proposal 1",
        mismatch(right, 0, 0x8000000000000001L));
    assertEquals(
        "decided digest is 0x0000000000000015, expected 0x0000000000000014",
        mismatch(right, 1, 21));
    assertEquals("decided weight is 8, expected 7", mismatch(right, 2, 8));
    assertEquals("count of accepted is 1, expected 2", mismatch(right, 3, 1));
    assertEquals("count of wrong tag is 42, expected 0", mismatch(right, 9, 42));
    assertEquals("certificate bit of validator 2 is 0, expected 1", mismatch(right, 12, 0b1000));
    assertEquals("equivocator bit of validator 1 is 1, expected 0", mismatch(right, 13, 0b0010));
    assertEquals(
        "the result has 3 words, expected 14",
        ConsensusResult.mismatch(4, right, new long[] {1, 2, 3}));
  }

  @Test
  void inputsOutOfRangeAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new ConsensusEpoch(new int[] {0}, new long[0]));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ConsensusEpoch(new int[] {(1 << 20) + 1}, new long[0]));
    assertThrows(
        IllegalArgumentException.class, () -> new ConsensusEpoch(new int[] {1}, new long[1]));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ConsensusRound(1, 1, 1, 1, new long[16], new long[3]));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ConsensusRound(1, 1, 0, 17, new long[16], new long[0]));
  }

  private static String mismatch(long[] right, int word, long actual) {
    long[] wrong = right.clone();
    wrong[word] = actual;
    return ConsensusResult.mismatch(4, right, wrong);
  }

  private static ConsensusRoundBuilder round() {
    return new ConsensusRoundBuilder(EPOCH, 1, 1, DIGESTS, 0);
  }

  private static long[] decide(ConsensusRoundBuilder round) {
    return ConsensusOracle.decide(EPOCH, round.build());
  }
}
