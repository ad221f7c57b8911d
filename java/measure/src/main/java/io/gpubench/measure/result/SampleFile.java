// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.Samples;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The raw samples of one record as CSV: {@code sample,start_ns,duration_ns}, one line each, in the
 * order of time; where each has a baseline, {@code baseline_ns} besides. As an observer it appends
 * what is new whenever {@value #FLUSH_MILLIS} ms have passed, so that a process that is killed
 * loses no more than that. It formats into one buffer and makes no garbage. Used by the measuring
 * thread, which closes it.
 */
final class SampleFile implements Observer, Closeable {
  static final String HEADER = "sample,start_ns,duration_ns\n";
  static final String PAIRED_HEADER = "sample,start_ns,duration_ns,baseline_ns\n";
  private static final int FLUSH_MILLIS = 400;
  private static final int LINE_BYTES = 4 * 20 + 4;

  private final Path file;
  private final FileChannel channel;
  private final boolean paired;
  private final Cancellation cancellation;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
  private final byte[] digits = new byte[20];
  private int written;
  private long flushedAtNanos;
  private @Nullable IOException failure;

  private SampleFile(Path file, FileChannel channel, boolean paired, Cancellation cancellation) {
    this.file = file;
    this.channel = channel;
    this.paired = paired;
    this.cancellation = cancellation;
  }

  /**
   * Creates the file and writes its header.
   *
   * @param paired whether samples will have baselines
   * @param cancellation asked to end the run when the file cannot be written
   */
  static SampleFile create(Path file, boolean paired, Cancellation cancellation)
      throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var samples = new SampleFile(file, channel, paired, cancellation);
    samples.buffer.put((paired ? PAIRED_HEADER : HEADER).getBytes(StandardCharsets.US_ASCII));
    try {
      samples.drain();
    } catch (IOException e) {
      try (channel) {
        Files.deleteIfExists(file);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    return samples;
  }

  @Override
  public void checkpoint(Phase phase, Samples samples, long elapsedNanos) {
    if (phase == Phase.MEASURE
        && failure == null
        && elapsedNanos - flushedAtNanos >= FLUSH_MILLIS * 1_000_000L) {
      flushedAtNanos = elapsedNanos;
      try {
        append(samples);
      } catch (IOException e) {
        failure = e;
        cancellation.request();
      }
    }
  }

  /**
   * Writes what is still missing and forces the file to the disk.
   *
   * @throws IOException when this or an earlier write failed
   */
  void finish(Samples samples) throws IOException {
    if (failure != null) {
      throw failure;
    }
    append(samples);
    channel.force(false);
  }

  private void append(Samples samples) throws IOException {
    int count = samples.count();
    for (; written < count; written++) {
      if (buffer.remaining() < LINE_BYTES) {
        drain();
      }
      put(written, ',');
      put(samples.startNanos(written), ',');
      put(samples.durationNanos(written), paired ? ',' : '\n');
      if (paired) {
        put(samples.baselineNanos(written), '\n');
      }
    }
    drain();
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /** Appends a number that is not negative, and a separator. */
  private void put(long value, char separator) {
    int at = digits.length;
    long rest = value;
    do {
      digits[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    buffer.put(digits, at, digits.length - at).put((byte) separator);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
