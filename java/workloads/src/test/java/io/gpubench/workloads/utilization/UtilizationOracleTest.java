// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.utilization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.gpubench.workloads.arrays.ArrayChecksum;
import io.gpubench.workloads.words.Words;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UtilizationOracleTest {
  private static final long[] KEYS = {0x123456789ABCDEFL, 42};

  /** Written out for two words, two passes and two steps. */
  @Test
  void theDefinition() {
    int a = 0x915F77F5;
    int x = (int) (Words.word(KEYS[0], 0) >>> 32);
    int y = (int) (Words.word(KEYS[0], 1) >>> 32);
    int b = (int) Words.word(KEYS[1], 0) | 1;
    x = a * (a * x + b) + b;
    y = a * (a * y + b) + b;
    b = ((int) Words.word(KEYS[1], 1) + x + y) | 1;
    x = a * (a * x + b) + b;
    y = a * (a * y + b) + b;
    assertArrayEquals(
        new int[] {x, y}, UtilizationOracle.solve(new UtilizationParameters(2, 2, 2, 1), KEYS));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 7, 3",
    "2, 1, 5",
    "65, 2, 1",
    "1000, 3, 32",
    "4097, 5, 2",
    "70001, 2, 3",
    "33, 64, 8",
    "5, 512, 1",
    "3, 2, 8192"
  })
  void stepsAndAlgebraAgree(long words, int passes, int steps) {
    var setting = new UtilizationParameters(words, passes, steps, 1);
    int[] all = UtilizationOracle.solve(setting, KEYS);
    var reference = UtilizationReference.of(setting, KEYS);
    for (int i = 0; i < all.length; i++) {
      assertEquals(all[i], reference.last(i), "word " + i);
    }
    assertEquals(ArrayChecksum.of(words, 0, i -> all[(int) i]), reference.checksum());
    assertArrayEquals(
        UtilizationOracle.answer(setting, KEYS),
        UtilizationOracle.answer(setting, KEYS, reference));
  }

  /** A pass less or more, a step less or more, another word: all of it shows everywhere. */
  @Test
  void everyAmountOfWorkHasItsOwnAnswer() {
    var right = new UtilizationParameters(1001, 6, 9, 1);
    long[] answer = UtilizationOracle.answer(right, KEYS);
    for (UtilizationParameters other :
        new UtilizationParameters[] {
          new UtilizationParameters(1001, 5, 9, 1),
          new UtilizationParameters(1001, 3, 18, 1),
          new UtilizationParameters(1001, 6, 8, 1),
          new UtilizationParameters(1001, 7, 9, 1)
        }) {
      long[] wrong = UtilizationOracle.answer(other, KEYS);
      for (int k = 0; k < UtilizationOracle.SHOWN; k++) {
        assertNotEquals(answer[k], wrong[k], other + ", word shown " + k);
      }
    }
  }

  /** Beyond what is done step by step for all words. */
  @Test
  void aLargeSampleHasTheAnswerOfItsParts() {
    var setting = new UtilizationParameters(600_000, 3, 4, 1);
    int[] all = UtilizationOracle.solve(setting, KEYS);
    long[] answer = UtilizationOracle.answer(setting, KEYS);
    for (int k = 0; k < answer.length; k++) {
      long word = UtilizationOracle.wordShown(setting, KEYS, k);
      assertEquals(Integer.toUnsignedLong(all[(int) word]), answer[k]);
    }
  }
}
