// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A fresh process that builds a hash table, looks up keys in it for a while and prints how long
 * each of some thousands of look-ups took.
 */
final class ChildProcess {
  private static final int KEYS = 1 << 15;
  private static final int LOOKED_UP = 1_000;

  private ChildProcess() {}

  /** Prints the durations of {@code args[0]} samples, one a line, in nanoseconds. */
  public static void main(String[] args) {
    int samples = Integer.parseInt(args[0]);
    var table = new java.util.HashMap<Object, Integer>();
    Object[] keys = new Object[KEYS];
    for (int i = 0; i < KEYS; i++) {
      keys[i] = new Object(); // its hash is drawn anew in each process
      table.put(keys[i], i);
    }
    long[] nanos = new long[samples];
    long sum = 0;
    for (int sample = 0; sample < samples; sample++) {
      long begin = System.nanoTime();
      for (int i = 0; i < LOOKED_UP; i++) {
        sum += table.get(keys[(int) (Toy.mix(sample * (long) LOOKED_UP + i) & KEYS - 1)]);
      }
      nanos[sample] = System.nanoTime() - begin;
    }
    var text = new StringBuilder();
    for (long each : nanos) {
      text.append(each).append('\n');
    }
    System.out.print(sum == 0 ? "" : text);
  }

  /** The durations that a fresh process prints. */
  static long[] durations(int samples) {
    try {
      Process process =
          new ProcessBuilder(
                  JavaProcess.command(
                      ChildProcess.class.getName(), List.of(String.valueOf(samples))))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the process ended with " + process.exitValue());
      }
      return Stream.of(text.split("\n")).mapToLong(Long::parseLong).toArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
