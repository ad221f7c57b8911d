// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.workloads.synthesis.TemplateSet;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * Templates as kernels read them. Three words for each pattern and three more: where its image
 * begins in the images, the length of an expansion, and where its holes begin; behind them the
 * holes, place and path of each as a {@link TemplateSet} has them. An image is words of eight
 * bytes, and goes on from its beginning behind its end, so that eight bytes can be taken from any
 * place of it.
 *
 * @param words of 32 bits
 * @param images of 64 bits
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, and copied there
record TemplateTables(int[] words, long[] images) {
  static final int IMAGE = 0;
  static final int LENGTH = 1;
  static final int HOLES = 2;
  static final int WORDS = 3;

  /** The tables of these templates. */
  static TemplateTables of(TemplateSet templates) {
    int[] lengths = templates.lengths();
    int[] starts = templates.imageStarts();
    int[] holeStarts = templates.holeStarts();
    int[] holes = templates.holes();
    byte[] bytes = templates.images();
    int count = lengths.length;
    int holesAt = WORDS * (count + 1);
    int[] words = Arrays.copyOf(new int[0], holesAt + holes.length);
    System.arraycopy(holes, 0, words, holesAt, holes.length);
    var images = new ArrayList<Long>();
    for (int p = 0; p <= count; p++) {
      words[WORDS * p + IMAGE] = images.size();
      words[WORDS * p + HOLES] = holesAt + 2 * holeStarts[p];
      if (p < count) {
        words[WORDS * p + LENGTH] = lengths[p];
        for (int at = 0; at < lengths[p] + Long.BYTES; at += Long.BYTES) {
          images.add(word(bytes, starts[p], lengths[p], at));
        }
      }
    }
    return new TemplateTables(words, images.stream().mapToLong(Long::longValue).toArray());
  }

  /** Eight bytes of an image without an end. */
  private static long word(byte[] bytes, int start, int length, int at) {
    long word = 0;
    for (int i = Long.BYTES - 1; i >= 0 && length > 0; i--) {
      word = word << Byte.SIZE | Byte.toUnsignedInt(bytes[start + (at + i) % length]);
    }
    return word;
  }
}
