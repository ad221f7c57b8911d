// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import java.util.Arrays;
import java.util.Locale;

/**
 * What became of a message. The order is that of the counts in a {@link ConsensusResult}; from
 * {@link #UNKNOWN_VALIDATOR} to {@link #WRONG_TAG} it is also the order of the checks.
 */
public enum ConsensusCount {
  ACCEPTED(0),
  UNKNOWN_VALIDATOR(1),
  WRONG_ROUND(2),
  WRONG_PHASE(3),
  NON_ZERO_FIELD(4),
  UNKNOWN_PROPOSAL(5),
  WRONG_TAG(6),
  EQUIVOCATION(7),
  DUPLICATE(8);

  private final int index;

  ConsensusCount(int index) {
    this.index = index;
  }

  /** Index among the counts, 0 .. 8. */
  public int index() {
    return index;
  }

  /** Index of this count's word in a result, 3 .. 11. */
  public int word() {
    return ConsensusResult.COUNTS + index;
  }

  /**
   * The count at a word of a result.
   *
   * @param word 3 .. 11
   */
  static ConsensusCount ofWord(int word) {
    return Arrays.stream(values()).filter(count -> count.word() == word).findFirst().orElseThrow();
  }

  /** The count's name in words: {@code wrong tag}. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
