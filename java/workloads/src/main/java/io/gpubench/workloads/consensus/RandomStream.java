// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

/**
 * What a random block is for. The stream of {@code Philox} is {@code sample << 4 | ordinal}; the
 * numbers are part of the workload's definition and never change.
 */
enum RandomStream {
  /** Index v: word 0 is the weight of validator v. */
  WEIGHT,
  /** Index v: words 0 and 1 are the key of validator v. */
  KEY,
  /** Index k: word 0 is the digest of proposal k. */
  DIGEST,
  /** Index v: word 0 chooses the faulty validators, word 1 the kind of fault or the honest vote. */
  VALIDATOR,
  /**
   * Index v: word 0 chooses another proposal or an unknown digest, word 1 fills the wrong field.
   */
  VOTE,
  /** Index i: word 0 chooses the message that changes places with message i. */
  SHUFFLE;

  long ofEpoch() {
    return ordinal();
  }

  /** Sample is below 2^60. */
  long of(long sample) {
    return sample << 4 | ordinal();
  }
}
