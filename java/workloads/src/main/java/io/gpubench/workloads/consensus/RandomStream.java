// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

/**
 * What a random block is for. The stream of {@code Philox} is {@code sample << 4 | number}; the
 * numbers are part of the workload's definition and never change.
 */
enum RandomStream {
  /** Index v: word 0 is the weight of validator v. */
  WEIGHT(0),
  /** Index v: words 0 and 1 are the key of validator v. */
  KEY(1),
  /** Index k: word 0 is the digest of proposal k. */
  DIGEST(2),
  /** Index v: word 0 chooses the faulty validators, word 1 the kind of fault or the honest vote. */
  VALIDATOR(3),
  /**
   * Index v: word 0 chooses another proposal or an unknown digest, word 1 fills the wrong field.
   */
  VOTE(4),
  /** Index i: word 0 chooses the message that changes places with message i. */
  SHUFFLE(5);

  private final int number;

  RandomStream(int number) {
    this.number = number;
  }

  long ofEpoch() {
    return number;
  }

  /** Sample is below 2^60. */
  long of(long sample) {
    return sample << 4 | number;
  }
}
