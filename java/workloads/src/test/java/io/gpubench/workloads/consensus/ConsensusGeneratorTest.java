// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConsensusGeneratorTest {
  private static final ConsensusParameters LARGE =
      new ConsensusParameters(40_000, 0.33, 1, 4, true, 1);

  @Test
  void theSameSeedAndSampleGiveTheSameRound() {
    ConsensusRound first = round(LARGE, 5);
    ConsensusRound second = round(LARGE, 5);
    assertEquals(6, first.round());
    assertEquals(2, first.phase());
    assertArrayEquals(first.digests(), second.digests());
    assertArrayEquals(first.words(), second.words());
    assertFalse(Arrays.equals(first.words(), round(LARGE, 6).words()));
    var otherSeed = new ConsensusParameters(40_000, 0.33, 1, 4, true, 2);
    assertFalse(Arrays.equals(first.words(), round(otherSeed, 5).words()));
  }

  @Test
  void digestsAreDistinctAndFresh() {
    var parameters = new ConsensusParameters(4, 0, 1, 16, false, 1);
    Set<Long> seen = new HashSet<>();
    for (long sample = 0; sample < 100; sample++) {
      ConsensusRound round = round(parameters, sample);
      assertEquals(16, round.proposalCount());
      for (long digest : round.digests()) {
        assertTrue(seen.add(digest));
      }
    }
  }

  @Test
  void weightsCoverTheirRange() {
    ConsensusEpoch epoch = ConsensusEpoch.of(LARGE);
    double mean = epoch.totalWeight() / 40_000.0;
    assertEquals((1 + (1 << 20)) / 2.0, mean, 6 * 302_697 / 200.0); // 6 sigma
    assertEquals(80_000, epoch.keys().length);
    assertEquals(80_000, Arrays.stream(epoch.keys()).distinct().count());
  }

  /** 13,200 faulty validators, each kind 1,650 times on average; 6 sigma are 228. */
  @Test
  void faultsAreEquallyLikely() {
    long[] result = decide(LARGE, 0);
    assertEquals(1650, count(result, ConsensusCount.WRONG_TAG), 228);
    assertEquals(1650, count(result, ConsensusCount.WRONG_ROUND), 228);
    assertEquals(1650, count(result, ConsensusCount.WRONG_PHASE), 228);
    assertEquals(1650, count(result, ConsensusCount.UNKNOWN_VALIDATOR), 228);
    assertEquals(2 * 1650, count(result, ConsensusCount.DUPLICATE), 2 * 228);
    assertEquals(2 * 1650, count(result, ConsensusCount.EQUIVOCATION), 2 * 228);
    assertEquals(0, count(result, ConsensusCount.NON_ZERO_FIELD));
    assertEquals(0, count(result, ConsensusCount.UNKNOWN_PROPOSAL));
    // honest, duplicating and voting for another proposal
    assertEquals(26_800 + 2 * 1650, count(result, ConsensusCount.ACCEPTED), 2 * 228);
    ConsensusRound round = round(LARGE, 0);
    assertEquals(LARGE.expectedMessages(), round.messageCount(), 700);
    assertTrue(round.messageCount() <= LARGE.maxMessages());
  }

  @Test
  void withoutTagsAWrongTagIsAcceptedAndWithOneProposalOthersAreUnknown() {
    long[] untagged = decide(new ConsensusParameters(40_000, 0.33, 1, 4, false, 1), 0);
    assertEquals(0, count(untagged, ConsensusCount.WRONG_TAG));
    assertEquals(26_800 + 3 * 1650, count(untagged, ConsensusCount.ACCEPTED), 3 * 228);
    long[] single = decide(new ConsensusParameters(40_000, 0.33, 1, 1, true, 1), 0);
    assertEquals(0, count(single, ConsensusCount.EQUIVOCATION));
    assertEquals(2 * 1650, count(single, ConsensusCount.UNKNOWN_PROPOSAL), 2 * 228);
  }

  @Test
  void honestValidatorsAgreeAsOftenAsAsked() {
    ConsensusRound round = round(new ConsensusParameters(40_000, 0, 0.75, 3, false, 1), 0);
    double[] votes = new double[3];
    for (int m = 0; m < round.messageCount(); m++) {
      for (int k = 0; k < 3; k++) {
        votes[k] += round.words()[4 * m + 1] == round.digests()[k] ? 1 : 0;
      }
    }
    assertEquals(30_000, votes[0], 6 * 87);
    assertEquals(5_000, votes[1], 6 * 67);
    assertEquals(40_000, votes[0] + votes[1] + votes[2]);
    long[] never = decide(new ConsensusParameters(1000, 0, 0, 1, true, 1), 0);
    assertEquals(1000, count(never, ConsensusCount.UNKNOWN_PROPOSAL));
    assertEquals(0, never[ConsensusResult.DECISION]);
  }

  @Test
  void messagesAreShuffledAndFaultyOnesChangeFromRoundToRound() {
    var parameters = new ConsensusParameters(1000, 0, 1, 1, false, 1);
    ConsensusRound round = round(parameters, 0);
    int inPlace = 0;
    var validators = new HashSet<Integer>();
    for (int m = 0; m < 1000; m++) {
      int v = (int) round.words()[4 * m];
      validators.add(v);
      inPlace += v == m ? 1 : 0;
    }
    assertEquals(1000, validators.size());
    assertTrue(inPlace < 12, inPlace + " in place"); // 1 on average
    var faulty = new ConsensusParameters(1000, 0.33, 1, 4, false, 1);
    int words = ConsensusResult.bitmapWords(1000);
    assertNotEquals(
        Arrays.hashCode(Arrays.copyOfRange(decide(faulty, 0), 12, 12 + words)),
        Arrays.hashCode(Arrays.copyOfRange(decide(faulty, 1), 12, 12 + words)));
  }

  @Test
  void theNumberOfFaultyValidatorsIsExact() {
    assertEquals(29, new ConsensusParameters(100, 0.29, 1, 1, true, 1).faulty());
    assertEquals(330, new ConsensusParameters(1000, 0.33, 1, 1, true, 1).faulty());
    assertEquals(1, new ConsensusParameters(4, 0.33, 1, 1, true, 1).faulty());
    assertEquals(0, new ConsensusParameters(4, 0, 1, 1, true, 1).faulty());
  }

  private static ConsensusRound round(ConsensusParameters parameters, long sample) {
    return new ConsensusGenerator(parameters, ConsensusEpoch.of(parameters)).round(sample);
  }

  private static long[] decide(ConsensusParameters parameters, long sample) {
    return ConsensusOracle.decide(ConsensusEpoch.of(parameters), round(parameters, sample));
  }

  private static double count(long[] result, ConsensusCount count) {
    return result[count.word()];
  }
}
