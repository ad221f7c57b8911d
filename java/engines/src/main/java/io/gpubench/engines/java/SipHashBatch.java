// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

/**
 * SipHash-2-4 of 24 bytes for many messages at once: a structure of arrays, and one short loop per
 * SipRound over all messages, which the JIT compiler turns into vector instructions of whatever
 * width the processor has. (One loop with all twelve rounds exceeds its unrolling limit and stays
 * scalar, four times slower with AVX-512.) Used by one thread.
 */
final class SipHashBatch {
  /** Messages of a batch: its arrays stay within a first-level cache. */
  static final int CAPACITY = 256;

  private static final long LENGTH = 24L << 56;

  /** The inputs: three words of the message and two of the key. */
  final long[] word0 = new long[CAPACITY];

  final long[] word1 = new long[CAPACITY];
  final long[] word2 = new long[CAPACITY];
  final long[] key0 = new long[CAPACITY];
  final long[] key1 = new long[CAPACITY];

  /** The output. */
  final long[] tag = new long[CAPACITY];

  private final long[] v0 = new long[CAPACITY];
  private final long[] v1 = new long[CAPACITY];
  private final long[] v2 = new long[CAPACITY];
  private final long[] v3 = new long[CAPACITY];

  /** Computes the tags of the first {@code count} messages, 0 .. {@link #CAPACITY}. */
  void hash(int count) {
    start(count, key0, key1, v0, v1, v2, v3);
    absorb(count, word0, v0, v1, v2, v3);
    absorb(count, word1, v0, v1, v2, v3);
    absorb(count, word2, v0, v1, v2, v3);
    round(count, LENGTH, 0, 0, v0, v1, v2, v3);
    round(count, 0, LENGTH, 0xff, v0, v1, v2, v3);
    round(count, 0, 0, 0, v0, v1, v2, v3);
    round(count, 0, 0, 0, v0, v1, v2, v3);
    round(count, 0, 0, 0, v0, v1, v2, v3);
    round(count, 0, 0, 0, v0, v1, v2, v3);
    finish(count, v0, v1, v2, v3, tag);
  }

  private static void start(
      int count, long[] key0, long[] key1, long[] s0, long[] s1, long[] s2, long[] s3) {
    for (int i = 0; i < count; i++) {
      s0[i] = key0[i] ^ 0x736f6d6570736575L;
      s1[i] = key1[i] ^ 0x646f72616e646f6dL;
      s2[i] = key0[i] ^ 0x6c7967656e657261L;
      s3[i] = key1[i] ^ 0x7465646279746573L;
    }
  }

  /** Two rounds around a word of the message. */
  private static void absorb(int count, long[] word, long[] s0, long[] s1, long[] s2, long[] s3) {
    for (int i = 0; i < count; i++) {
      s3[i] ^= word[i];
    }
    round(count, 0, 0, 0, s0, s1, s2, s3);
    round(count, 0, 0, 0, s0, s1, s2, s3);
    for (int i = 0; i < count; i++) {
      s0[i] ^= word[i];
    }
  }

  /** One round, with constants XORed into v3 before it and into v0 and v2 after it. */
  private static void round(
      int count, long in3, long out0, long out2, long[] s0, long[] s1, long[] s2, long[] s3) {
    for (int i = 0; i < count; i++) {
      long a = s0[i] + s1[i];
      long b = Long.rotateLeft(s1[i], 13) ^ a;
      long d = s3[i] ^ in3;
      long c = s2[i] + d;
      d = Long.rotateLeft(d, 16) ^ c;
      a = Long.rotateLeft(a, 32) + d;
      c += b;
      s0[i] = a ^ out0;
      s1[i] = Long.rotateLeft(b, 17) ^ c;
      s2[i] = Long.rotateLeft(c, 32) ^ out2;
      s3[i] = Long.rotateLeft(d, 21) ^ a;
    }
  }

  private static void finish(int count, long[] s0, long[] s1, long[] s2, long[] s3, long[] tag) {
    for (int i = 0; i < count; i++) {
      tag[i] = s0[i] ^ s1[i] ^ s2[i] ^ s3[i];
    }
  }
}
