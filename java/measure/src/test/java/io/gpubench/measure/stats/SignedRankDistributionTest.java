// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedRankDistributionTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 12})
  void countsEveryChoiceOfRanks(int count) {
    int most = count * (count + 1) / 2;
    int[] choices = new int[most + 1];
    for (int chosen = 0; chosen < 1 << count; chosen++) {
      int sum = 0;
      for (int rank = 1; rank <= count; rank++) {
        sum += (chosen >> (rank - 1) & 1) * rank;
      }
      choices[sum]++;
    }
    SignedRankDistribution distribution = SignedRankDistribution.of(count);
    double atMost = 0;
    for (int sum = 0; sum <= most; sum++) {
      atMost += choices[sum];
      assertEquals(atMost / (1 << count), distribution.cumulativeProbability(sum));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 60, 61, 1_000})
  void isCertainAtTheEnds(int count) {
    SignedRankDistribution distribution = SignedRankDistribution.of(count);
    assertEquals(0, distribution.cumulativeProbability(-1));
    assertTrue(distribution.cumulativeProbability(0) > 0);
    assertEquals(1, distribution.cumulativeProbability(count * (count + 1L) / 2));
    assertEquals(1, distribution.cumulativeProbability(Long.MAX_VALUE));
  }

  /** As printed by the reference: 95 %, 90 %, and one-sided .05 / 3. */
  @ParameterizedTest
  @CsvSource({
    "8, .025, 4",
    "8, .05, 6",
    "10, .025, 9",
    "10, .05, 11",
    "12, .025, 14",
    "12, .05, 18",
    "15, .025, 26",
    "15, .05, 31",
    "16, .025, 30",
    "16, .05, 36",
    "20, .025, 53",
    "20, .05, 61",
    "8, .016666666666666666, 3",
    "12, .016666666666666666, 12",
    "16, .016666666666666666, 27",
    "5, .025, 0",
    "6, .025, 1",
    "5, .05, 1",
    "4, .05, 0",
    "1, .49, 0",
    "5, .03125, 1"
  })
  void ranksOfTheReference(int count, double tail, int rank) {
    assertEquals(rank, SignedRankDistribution.of(count).boundRank(tail));
  }

  /** Exact ranks by counting in integers of any size. */
  @ParameterizedTest
  @CsvSource({
    "61, .005, 590", "61, .025, 673", "61, .05, 716",
    "100, .005, 1780", "100, .025, 1956", "100, .05, 2046",
    "200, .005, 7945", "200, .025, 8445", "200, .05, 8702"
  })
  void normalDistributionIsNearTheExactOne(int count, double tail, int exact) {
    assertEquals(exact, SignedRankDistribution.of(count).boundRank(tail), count / 20.0);
  }

  @Test
  void refusesNoValuesAndTailsThatOverlap() {
    assertThrows(IllegalArgumentException.class, () -> SignedRankDistribution.of(0));
    SignedRankDistribution distribution = SignedRankDistribution.of(8);
    assertThrows(IllegalArgumentException.class, () -> distribution.boundRank(0));
    assertThrows(IllegalArgumentException.class, () -> distribution.boundRank(0.5));
    assertThrows(IllegalArgumentException.class, () -> distribution.boundRank(Double.NaN));
  }

  @Test
  void isExactUpToItsLastCount() {
    assertEquals(Math.scalb(1.0, -60), SignedRankDistribution.of(60).cumulativeProbability(0));
  }

  /** Beyond, it is the normal distribution with the moments of the sum of independent ranks. */
  @ParameterizedTest
  @ValueSource(ints = {61, 100, 1_000})
  void theNormalDistributionHasTheMomentsOfTheRanks(int count) {
    double mean = 0;
    double variance = 0;
    for (int rank = 1; rank <= count; rank++) {
      mean += rank / 2.0;
      variance += rank * (double) rank / 4;
    }
    NormalDistribution normal = NormalDistribution.of(mean, Math.sqrt(variance));
    SignedRankDistribution distribution = SignedRankDistribution.of(count);
    long most = count * (count + 1L) / 2;
    for (long sum = 0; sum < most; sum += 1 + most / 97) {
      assertEquals(
          normal.cumulativeProbability(sum + 0.5), distribution.cumulativeProbability(sum), 1e-12);
      assertEquals(
          1,
          distribution.cumulativeProbability(sum)
              + distribution.cumulativeProbability(most - 1 - sum),
          1e-12);
    }
  }
}
