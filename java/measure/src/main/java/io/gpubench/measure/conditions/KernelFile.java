// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A small file in which the kernel tells numbers, kept open so that reading it again makes no
 * garbage. Whoever opened it closes it; used on one thread.
 */
final class KernelFile implements AutoCloseable {
  /** There is no number. */
  static final long NONE = Long.MIN_VALUE;

  /** Beginning of a file that is read; the numbers that gpubench looks for stand there. */
  private static final int BYTES = 1024;

  private static final long LARGEST_TENTH = Long.MAX_VALUE / 10;

  private final FileChannel channel;
  private final ByteBuffer text = ByteBuffer.allocateDirect(BYTES).limit(0);

  /** Opens it; {@link #load} reads it. */
  KernelFile(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.READ);
  }

  /** Reads the text of now, in place of the one before; false where that fails, or it is empty. */
  boolean load() {
    text.clear();
    try {
      int read = channel.read(text, 0);
      text.flip();
      return read > 0;
    } catch (IOException _) {
      text.limit(0);
      return false;
    }
  }

  /**
   * The whole number that is a word of the first line; {@link #NONE} where there is no such word,
   * or it is no number that a long can be.
   *
   * @param index counted from 0, blanks between
   */
  long word(int index) {
    int at = skipBlanks(0);
    for (int i = 0; i < index; i++) {
      at = skipBlanks(skipWord(at));
    }
    return number(at);
  }

  /**
   * The whole number right after a key that begins a word or a line, blanks in between allowed;
   * {@link #NONE} where there is none.
   *
   * @param key such as {@code total=}
   */
  long after(byte[] key) {
    for (int at = 0; at + key.length <= text.limit(); at++) {
      if ((at == 0 || text.get(at - 1) <= ' ') && matches(at, key)) {
        return number(skipBlanks(at + key.length));
      }
    }
    return NONE;
  }

  private boolean matches(int at, byte[] key) {
    for (int i = 0; i < key.length; i++) {
      if (text.get(at + i) != key[i]) {
        return false;
      }
    }
    return true;
  }

  /** Blanks do not end a line. */
  private int skipBlanks(int from) {
    int at = from;
    while (at < text.limit() && (text.get(at) == ' ' || text.get(at) == '\t')) {
      at++;
    }
    return at;
  }

  private int skipWord(int from) {
    int at = from;
    while (at < text.limit() && text.get(at) > ' ') {
      at++;
    }
    return at;
  }

  private long number(int from) {
    int at = from;
    boolean negative = at < text.limit() && text.get(at) == '-';
    at += negative ? 1 : 0;
    int first = at;
    long value = 0;
    for (; at < text.limit() && text.get(at) > ' '; at++) {
      int digit = text.get(at) - '0';
      if (digit < 0 || digit > 9 || value > LARGEST_TENTH) {
        return NONE;
      }
      value = value * 10 + digit;
      if (value < 0) {
        return NONE;
      }
    }
    return at == first ? NONE : negative ? -value : value;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // it was only read
    }
  }
}
