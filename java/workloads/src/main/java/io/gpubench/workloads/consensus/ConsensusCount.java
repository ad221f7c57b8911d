// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import java.util.Locale;

/**
 * What became of a message. The order is that of the counts in a {@link ConsensusResult}; from
 * {@link #UNKNOWN_VALIDATOR} to {@link #WRONG_TAG} it is also the order of the checks.
 */
public enum ConsensusCount {
  ACCEPTED,
  UNKNOWN_VALIDATOR,
  WRONG_ROUND,
  WRONG_PHASE,
  NON_ZERO_FIELD,
  UNKNOWN_PROPOSAL,
  WRONG_TAG,
  EQUIVOCATION,
  DUPLICATE;

  /** Index of this count's word in a result. */
  public int word() {
    return ConsensusResult.COUNTS + ordinal();
  }

  /** The count's name in words: {@code wrong tag}. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
