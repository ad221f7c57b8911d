// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import io.gpubench.measure.ResultFormatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Objects;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a run's durations as an HdrHistogram, and the HdrHistogram log format for it. The
 * format is that of <a href="https://github.com/HdrHistogram/HdrHistogram">HdrHistogram</a>,
 * version 1.3, read by its tools.
 */
public final class Distribution {
  /** Decimal digits to which a value is kept: three, so within 0.1 %. */
  public static final int SIGNIFICANT_DIGITS = 3;

  private Distribution() {}

  /**
   * The histogram of the first {@code count} durations. All histograms have the same range and can
   * be added.
   *
   * @param nanos durations in nanoseconds; one below 1 counts as 1, one above {@link
   *     Statistics#MAX_NANOS} as that
   * @param count from 0
   * @throws IndexOutOfBoundsException when {@code count} is negative or more than there are
   */
  public static Histogram of(long[] nanos, int count) {
    Objects.checkFromIndexSize(0, count, nanos.length);
    var histogram = new Histogram(1, Statistics.MAX_NANOS, SIGNIFICANT_DIGITS);
    for (int i = 0; i < count; i++) {
      histogram.recordValue(Math.clamp(nanos[i], 1, Statistics.MAX_NANOS));
    }
    return histogram;
  }

  /**
   * Writes a log of one interval; logs may follow each other in a file. The bytes depend on the
   * arguments alone. Flushes and does not close the stream.
   *
   * @param tag of the interval, by which readers tell several apart; no comma, space or line feed
   * @param start when the interval began, kept to the millisecond
   * @param end when it ended, kept to the millisecond, not before {@code start}
   * @throws IllegalArgumentException when {@code end} is before {@code start}
   * @throws IOException when the stream cannot be written
   */
  public static void writeLog(
      Histogram histogram, String tag, Instant start, Instant end, OutputStream out)
      throws IOException {
    histogram.setTag(tag);
    if (end.isBefore(start)) {
      throw new IllegalArgumentException("the interval ends at " + end + ", begins at " + start);
    }
    // A buffer in between, as the writer prints to a PrintStream, which swallows errors.
    var bytes = new ByteArrayOutputStream();
    var writer = new HistogramLogWriter(bytes);
    writer.outputLogFormatVersion();
    writer.outputLegend();
    writer.outputIntervalHistogram(start.toEpochMilli() / 1e3, end.toEpochMilli() / 1e3, histogram);
    writer.close();
    bytes.writeTo(out);
    out.flush();
  }

  /**
   * Goes through the intervals of a log. Start and end are a histogram's time stamps, in
   * milliseconds since the epoch; the reader rounds down, so either may be a millisecond early.
   * Used by one thread, which closes it.
   */
  public static final class Log implements AutoCloseable {
    private final HistogramLogReader reader;

    public Log(byte[] text) {
      reader = new HistogramLogReader(new ByteArrayInputStream(text));
    }

    /**
     * The next interval; null after the last one.
     *
     * @throws ResultFormatException when it cannot be read
     */
    public @Nullable Histogram next() {
      EncodableHistogram interval;
      try {
        interval = reader.nextIntervalHistogram();
      } catch (RuntimeException e) { // whatever the reader's parts happen to throw
        throw new ResultFormatException("not an HdrHistogram log: " + e.getMessage(), e);
      }
      if (interval == null || interval instanceof Histogram) {
        return (Histogram) interval;
      }
      throw new ResultFormatException("the HdrHistogram log holds values that are no integers");
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
