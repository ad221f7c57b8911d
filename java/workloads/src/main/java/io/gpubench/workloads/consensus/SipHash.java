// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

/**
 * SipHash-2-4 with a 128-bit key and a 64-bit tag: Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF" (INDOCRYPT 2012). The plain reference; engines bring their own. Stateless.
 */
public final class SipHash {
  private SipHash() {}

  /**
   * The tag of any number of bytes.
   *
   * @param key0 the key's first 8 bytes, little-endian
   * @param key1 the key's last 8 bytes, little-endian
   */
  public static long tag(long key0, long key1, byte[] bytes) {
    long[] words = new long[bytes.length / Long.BYTES + 1];
    for (int i = 0; i < bytes.length; i++) {
      words[i / Long.BYTES] |= (bytes[i] & 0xFFL) << (8 * (i % Long.BYTES));
    }
    words[words.length - 1] |= (long) bytes.length << 56;
    return compress(key0, key1, words);
  }

  /** The tag of 24 bytes, given as three little-endian words. */
  public static long tag(long key0, long key1, long word0, long word1, long word2) {
    return compress(key0, key1, word0, word1, word2, 24L << 56);
  }

  private static long compress(long key0, long key1, long... words) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    int rounds = 2 * words.length + 4;
    for (int round = 0; round < rounds; round++) {
      int word = round / 2;
      boolean absorbing = word < words.length;
      if (absorbing && round % 2 == 0) {
        v3 ^= words[word];
      }
      if (round == 2 * words.length) {
        v2 ^= 0xff;
      }
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
      if (absorbing && round % 2 == 1) {
        v0 ^= words[word];
      }
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}
