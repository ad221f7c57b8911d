// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ResultFormatException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.DoubleHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");

  @ParameterizedTest
  @EnumSource
  void quantilesAreWithinThreeDigits(SampleShape shape) {
    long[] samples = shape.samples(11, 2_000);
    Histogram histogram = Distribution.of(samples, samples.length);
    assertEquals(samples.length, histogram.getTotalCount());
    Arrays.sort(samples);
    for (int percent : new int[] {10, 50, 95, 99, 100}) {
      double exact = samples[samples.length * percent / 100 - 1];
      double kept = (double) histogram.getValueAtPercentile(percent);
      assertEquals(exact, kept, 1e-3 * exact, shape::name);
    }
  }

  @Test
  void saturatesAtBothEnds() {
    long[] samples = {Long.MIN_VALUE, -1, 0, 1, 5, Statistics.MAX_NANOS, Long.MAX_VALUE};
    Histogram histogram = Distribution.of(samples, samples.length);
    assertEquals(samples.length, histogram.getTotalCount());
    assertEquals(4, histogram.getCountAtValue(1));
    assertEquals(2, histogram.getCountAtValue(Statistics.MAX_NANOS));
  }

  @Test
  void countsTheFirstOnly() {
    assertEquals(2, Distribution.of(new long[] {3, 4, 5}, 2).getTotalCount());
    assertEquals(0, Distribution.of(new long[0], 0).getTotalCount());
    assertThrows(IndexOutOfBoundsException.class, () -> Distribution.of(new long[3], 4));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 999, 1_000, 61_001, 86_400_123})
  void readsWhatItWrote(long millis) throws IOException {
    Instant end = START.plusMillis(millis);
    Histogram written = Distribution.of(SampleShape.LOGNORMAL.samples(millis, 5_000), 5_000);
    Histogram read = first(log(written, START, end));
    assertEquals(written, read);
    assertTrue(Math.abs(START.toEpochMilli() - read.getStartTimeStamp()) <= 1);
    assertTrue(Math.abs(end.toEpochMilli() - read.getEndTimeStamp()) <= 1);
  }

  @Test
  void emptyHistogramTravelsToo() throws IOException {
    Histogram empty = Distribution.of(new long[0], 0);
    assertEquals(0, first(log(empty, START, START)).getTotalCount());
  }

  @Test
  void bytesDependOnTheArgumentsAlone() throws IOException {
    long[] samples = SampleShape.NORMAL.samples(5, 1_000);
    byte[] first = log(Distribution.of(samples, 1_000), START, START.plusSeconds(3));
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.of("ar", "EG"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
      assertArrayEquals(first, log(Distribution.of(samples, 1_000), START, START.plusSeconds(3)));
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
    assertTrue(
        new String(first, StandardCharsets.US_ASCII)
            .startsWith(
                """
                #[Histogram log format version 1.3]
                "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
                Tag=process-1,1767323045.678,3.000,0.\
                """));
  }

  @Test
  void leavesTheStreamOpen() throws IOException {
    var closed = new AtomicBoolean();
    var out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    Distribution.writeLog(Distribution.of(new long[] {1}, 1), "process-1", START, START, out);
    assertFalse(closed.get());
  }

  @Test
  void anErrorOfTheStreamIsNotSwallowed() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("disk full");
          }
        };
    Histogram histogram = Distribution.of(new long[] {1}, 1);
    assertThrows(
        IOException.class, () -> Distribution.writeLog(histogram, "process-1", START, START, full));
  }

  @Test
  void refusesTimeRunningBackwards() {
    Histogram histogram = Distribution.of(new long[] {1}, 1);
    assertThrows(
        IllegalArgumentException.class,
        () -> log(histogram, START, START.minus(Duration.ofMillis(1))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#[Histogram log format version 1.3]\n",
        "rubbish\n",
        "1.0,2.0,3.0,rubbish\n",
        "1.0,2.0,3.0,AAAAAAAAAAAA\n",
        "1.0,2.0\n",
        "\u0000\u0001"
      })
  void findsNothingInWhatIsNoLog(String text) {
    try (var log = new Distribution.Log(text.getBytes(StandardCharsets.US_ASCII))) {
      assertNull(log.next());
    } catch (ResultFormatException _) {
      // or so: what is no log may look like one without intervals
    }
  }

  @Test
  void refusesATruncatedLog() throws IOException {
    byte[] whole = log(Distribution.of(SampleShape.NORMAL.samples(1, 500), 500), START, START);
    byte[] part = Arrays.copyOf(whole, whole.length - 40);
    assertThrows(ResultFormatException.class, () -> first(part));
  }

  private static byte[] log(Histogram histogram, Instant start, Instant end) throws IOException {
    var out = new ByteArrayOutputStream();
    Distribution.writeLog(histogram, "process-1", start, end, out);
    return out.toByteArray();
  }

  private static Histogram first(byte[] log) {
    try (var intervals = new Distribution.Log(log)) {
      return Objects.requireNonNull(intervals.next());
    }
  }

  @Test
  void isWrittenThroughABufferAtOnce() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new BufferedOutputStream(bytes, 1 << 20);
    Distribution.writeLog(Distribution.of(new long[] {1}, 1), "process-1", START, START, out);
    assertTrue(bytes.size() > 100, "in the buffer are still all but " + bytes.size());
  }

  @Test
  void afterTheLastIntervalComesNone() throws IOException {
    byte[] one = log(Distribution.of(new long[] {7}, 1), START, START);
    try (var log = new Distribution.Log(one)) {
      assertNotNull(log.next());
      assertNull(log.next());
    }
    try (var log = new Distribution.Log(new byte[0])) {
      assertNull(log.next());
    }
  }

  @Test
  void aLogOfFractionsIsRefused() {
    var bytes = new ByteArrayOutputStream();
    var writer = new HistogramLogWriter(bytes);
    var fractions = new DoubleHistogram(3);
    fractions.recordValue(0.5);
    writer.outputIntervalHistogram(0, 1, fractions, 1);
    writer.close();
    try (var log = new Distribution.Log(bytes.toByteArray())) {
      var error = assertThrows(ResultFormatException.class, log::next);
      assertEquals("the HdrHistogram log holds values that are no integers", error.getMessage());
    }
  }
}
