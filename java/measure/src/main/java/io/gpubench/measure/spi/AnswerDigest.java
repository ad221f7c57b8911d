// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import java.util.HexFormat;

/**
 * A short name for an output, by which engines in different processes and languages compare their
 * answers: FNV-1a with 64 bits (Fowler, Noll and Vo) over the output's bytes. It tells accidents
 * apart, not forgeries.
 */
public final class AnswerDigest {
  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;
  private static final HexFormat HEX = HexFormat.of();

  private AnswerDigest() {}

  /** The digest of 64-bit words, each with its lowest byte first. */
  public static long of(long[] words) {
    long hash = OFFSET_BASIS;
    for (long word : words) {
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        hash = (hash ^ (word >>> shift & 0xff)) * PRIME;
      }
    }
    return hash;
  }

  /** As it is written: 16 lower-case hexadecimal digits. */
  public static String text(long digest) {
    return HEX.toHexDigits(digest);
  }
}
