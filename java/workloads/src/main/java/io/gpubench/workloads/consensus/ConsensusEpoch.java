// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import io.gpubench.workloads.random.Philox;

/**
 * What stays resident over many rounds: the validators' weights and keys. Immutable by convention:
 * the arrays are handed out without a copy, for engines to read; nobody writes them.
 */
public final class ConsensusEpoch {
  /** The largest weight of a validator; the smallest is 1. */
  public static final int MAX_WEIGHT = 1 << 20;

  private final int[] weights;
  private final long[] keys;
  private final long totalWeight;

  /**
   * An epoch of V validators. The arrays now belong to it.
   *
   * @param weights V weights, each 1 .. {@link #MAX_WEIGHT}
   * @param keys 2 V words: words 2v and 2v + 1 are the low and high half of the key of validator v;
   *     empty when messages carry no authenticator
   * @throws IllegalArgumentException when a weight or the number of keys is out of range
   */
  public ConsensusEpoch(int[] weights, long[] keys) {
    if (keys.length != 0 && keys.length != 2 * weights.length) {
      throw new IllegalArgumentException(
          keys.length + " key words for " + weights.length + " validators");
    }
    long sum = 0;
    for (int v = 0; v < weights.length; v++) {
      if (weights[v] < 1 || weights[v] > MAX_WEIGHT) {
        throw new IllegalArgumentException(
            "validator %d has the weight %d, which is not 1 .. %d"
                .formatted(v, Integer.toUnsignedLong(weights[v]), MAX_WEIGHT));
      }
      sum += weights[v];
    }
    this.weights = weights;
    this.keys = keys;
    this.totalWeight = sum;
  }

  /** The epoch of a parameter setting: uniform weights and, if authenticated, uniform keys. */
  public static ConsensusEpoch of(ConsensusParameters parameters) {
    int validators = parameters.validators();
    int[] weights = new int[validators];
    long[] keys = new long[parameters.authenticated() ? 2 * validators : 0];
    long[] random = new long[2];
    for (int v = 0; v < validators; v++) {
      Philox.block(parameters.seed(), RandomStream.WEIGHT.ofEpoch(), v, random);
      weights[v] = 1 + (int) Philox.below(MAX_WEIGHT, random[0]);
      if (keys.length != 0) {
        Philox.block(parameters.seed(), RandomStream.KEY.ofEpoch(), v, random);
        keys[2 * v] = random[0];
        keys[2 * v + 1] = random[1];
      }
    }
    return new ConsensusEpoch(weights, keys);
  }

  /** V. */
  public int validators() {
    return weights.length;
  }

  /** Weight of validator v at index v. */
  public int[] weights() {
    return weights;
  }

  /** Key halves of validator v at 2v and 2v + 1; empty when not {@link #authenticated}. */
  public long[] keys() {
    return keys;
  }

  /** W: the sum of all weights, at most 2^40. */
  public long totalWeight() {
    return totalWeight;
  }

  /** Whether the tags of messages are checked. */
  public boolean authenticated() {
    return keys.length != 0;
  }

  /** Words of a bitmap with one bit for each validator: ceil(V / 64). */
  public int bitmapWords() {
    return ConsensusResult.bitmapWords(weights.length);
  }
}
