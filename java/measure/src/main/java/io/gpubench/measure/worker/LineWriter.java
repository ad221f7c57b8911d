// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Writes lines on a thread of its own, so that a reader who does not read blocks nobody else. Owns
 * the stream and closes it.
 */
final class LineWriter implements Runnable {
  /** No line is empty, since each has its line feed. */
  private static final byte[] END = {};

  private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(16);
  private final OutputStream out;

  LineWriter(OutputStream out) {
    this.out = out;
  }

  /** Drops the line when those before it are not read. */
  void write(byte[] line) {
    byte[] ended = new byte[line.length + 1];
    System.arraycopy(line, 0, ended, 0, line.length);
    ended[line.length] = '\n';
    waiting.offer(ended);
  }

  /** Closes the stream behind the lines that wait. */
  void close() {
    waiting.offer(END);
  }

  @Override
  public void run() {
    try (out) {
      byte[] line = waiting.take();
      while (line.length > 0) {
        out.write(line);
        out.flush();
        line = waiting.take();
      }
    } catch (IOException e) {
      // The worker has closed its stdin; what it says, or that it has ended, is found on its
      // stdout.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
