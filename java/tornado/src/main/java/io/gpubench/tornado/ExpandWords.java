// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/** What a word of the text is, as {@link ExpandKernels} make it. Called in kernels. */
final class ExpandWords {
  /** Of a word. */
  static final int BYTES = 8;

  private ExpandWords() {}

  /** A word of the text, whose first byte is in a match of a pattern, and what follows it. */
  static long word(
      int w,
      int pattern,
      int patterns,
      long left,
      int match,
      int phase,
      int forest,
      int start,
      int list,
      IntArray symbols,
      IntArray children,
      LongArray starts,
      IntArray nodes,
      IntArray tables,
      LongArray images,
      LongArray begins,
      LongArray text) {
    int of = pattern;
    int at = list + (int) starts.get(start + of) + match;
    int offset = phase;
    long size = left;
    long word = 0;
    int filled = 0;
    while (filled < BYTES && of < patterns) {
      if (size > 0) {
        int take = size < BYTES - filled ? (int) size : BYTES - filled;
        int entry = TemplateTables.WORDS * of;
        long piece =
            piece(entry, at, offset, take, forest, symbols, children, nodes, tables, images);
        word |= piece << (filled << 3);
        filled += take;
      }
      of++;
      if (filled < BYTES && of < patterns) {
        size = begins.get(of + 1) - begins.get(of);
        at = list + (int) starts.get(start + of);
        offset = 0;
      }
    }
    if (filled < BYTES) {
      word |= text.get(w) & (-1L << (filled << 3));
    }
    return word;
  }

  /** Up to eight bytes of the text of a pattern; zeros behind them. */
  private static long piece(
      int entry,
      int match,
      int phase,
      int limit,
      int forest,
      IntArray symbols,
      IntArray children,
      IntArray nodes,
      IntArray tables,
      LongArray images) {
    int image = tables.get(entry + TemplateTables.IMAGE) + (phase >> 3);
    int shift = (phase & 7) << 3;
    long word = images.get(image);
    if (shift != 0) {
      long low = (word >> shift) & ((1L << (64 - shift)) - 1);
      word = low | (images.get(image + 1) << (64 - shift));
    }
    int length = tables.get(entry + TemplateTables.LENGTH);
    int last = tables.get(entry + TemplateTables.WORDS + TemplateTables.HOLES);
    for (int hole = tables.get(entry + TemplateTables.HOLES); hole < last; hole += 2) {
      int place = tables.get(hole) - phase;
      int of = match;
      if (place <= -BYTES) {
        place += length;
        of++;
      }
      while (place < limit) {
        int path = tables.get(hole + 1);
        long digits = digits(forest, nodes.get(of), path, symbols, children);
        if (place >= 0) {
          word |= digits << (place << 3);
        } else {
          word |= (digits >> (-place << 3)) & ((1L << (64 + (place << 3))) - 1);
        }
        place += length;
        of++;
      }
    }
    if (limit < BYTES) {
      word &= (1L << (limit << 3)) - 1;
    }
    return word;
  }

  /** The symbol of a node below the match, as digits. */
  private static long digits(int forest, int match, int path, IntArray symbols, IntArray children) {
    int node = match;
    int level = path & 3;
    if (level > 0) {
      node = children.get(forest + node) + ((path >> 4) & 15);
    }
    if (level > 1) {
      node = children.get(forest + node) + ((path >> 8) & 15);
    }
    return hexadecimal(symbols.get(forest + node));
  }

  /** Eight lower-case hexadecimal digits, the first one in the lowest byte. */
  static long hexadecimal(int symbol) {
    long x = ((symbol >> 24) & 0xFFL) | ((symbol >> 8) & 0xFF00L);
    x |= ((symbol & 0xFF00L) << 24) | ((symbol & 0xFFL) << 40);
    x = (x | (x << 8)) & 0x00FF00FF00FF00FFL;
    x = ((x >> 4) & 0x000F000F000F000FL) | ((x & 0x000F000F000F000FL) << 8);
    long letters = ((x + 0x0606060606060606L) >> 4) & 0x0101010101010101L;
    return x + 0x3030303030303030L + letters * 39;
  }
}
