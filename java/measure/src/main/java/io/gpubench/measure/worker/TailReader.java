// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.Printable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a stream to its end, on a thread of its own, and keeps the last of it. Does not close the
 * stream.
 */
final class TailReader implements Runnable {
  static final int BYTES = 8192;
  static final int LINES = 40;

  private final InputStream in;

  // Guarded by this. A ring: the byte at position p of the stream is at p % BYTES.
  private final byte[] ring = new byte[BYTES];
  private long total;

  TailReader(InputStream in) {
    this.in = in;
  }

  @Override
  public void run() {
    byte[] chunk = new byte[1 << 16];
    try {
      for (int count; (count = in.read(chunk)) >= 0; ) {
        append(chunk, count);
      }
    } catch (IOException e) {
      // closed with the process
    }
  }

  private synchronized void append(byte[] chunk, int count) {
    for (int at = Math.max(0, count - BYTES); at < count; at++) {
      ring[(int) ((total + at) % BYTES)] = chunk[at];
    }
    total += count;
  }

  private synchronized byte[] bytes() {
    byte[] bytes = new byte[(int) Math.min(total, BYTES)];
    for (int at = 0; at < bytes.length; at++) {
      bytes[at] = ring[(int) ((total - bytes.length + at) % BYTES)];
    }
    return bytes;
  }

  /** The last lines, made printable. */
  String tail() {
    byte[] bytes = bytes();
    int start = 0;
    if (bytes.length == BYTES) {
      // The first character may be half.
      while (start < 3 && (bytes[start] & 0xC0) == 0x80) {
        start++;
      }
    }
    String text = Printable.text(bytes, start, bytes.length).stripTrailing();
    int from = text.length();
    for (int line = 0; line < LINES && from >= 0; line++) {
      from = text.lastIndexOf('\n', from - 1);
    }
    return text.substring(from + 1);
  }
}
