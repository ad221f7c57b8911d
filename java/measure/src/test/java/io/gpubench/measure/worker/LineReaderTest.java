// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LineReaderTest {
  private static final long LONG = Duration.ofSeconds(30).toNanos();

  /** Gives as few or as many bytes at a time as a seed wants. */
  private static InputStream inPieces(byte[] bytes, long seed) {
    var random = new SplittableRandom(seed);
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] buffer, int offset, int length) {
        int most = random.nextInt(3) == 0 ? 1 : length;
        return super.read(buffer, offset, Math.min(length, most));
      }
    };
  }

  private static List<Received> all(LineReader reader) throws InterruptedException {
    Thread.ofVirtual().start(reader);
    var all = new ArrayList<Received>();
    for (Received next; (next = reader.take(LONG)) != null; ) {
      all.add(next);
      if (next instanceof Received.Overlong) {
        return all;
      }
    }
    assertTrue(reader.isDone());
    return all;
  }

  private static String text(Received received) {
    return received instanceof Received.Line(byte[] bytes)
        ? new String(bytes, StandardCharsets.US_ASCII)
        : "overlong";
  }

  /** However the stream is cut, the lines are those of the text. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void theLinesAreThoseOfTheText(long seed) throws InterruptedException {
    var random = new SplittableRandom(seed);
    int limit = random.nextInt(1, 300_000);
    var lines = new ArrayList<String>();
    for (int i = random.nextInt(40); i > 0; i--) {
      int length = random.nextInt(5) == 0 ? limit : random.nextInt(Math.min(limit, 2_000) + 1);
      lines.add(String.valueOf((char) ('a' + i % 26)).repeat(length));
    }
    String rest = random.nextBoolean() ? "" : "the rest";
    rest = rest.length() > limit ? "" : rest;
    String text = String.join("", lines.stream().map(line -> line + "\n").toList()) + rest;
    var reader = new LineReader(inPieces(text.getBytes(StandardCharsets.US_ASCII), seed), limit);
    assertEquals(lines, all(reader).stream().map(LineReaderTest::text).toList());
    assertEquals(rest, reader.unfinished());
    assertNull(reader.take(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 65_535, 65_536, 65_537, 200_000})
  void aLineBeyondTheLimitIsTheLast(int limit) throws InterruptedException {
    for (String end : List.of("\nnever read\n", "")) {
      String text = "a\n" + "b".repeat(limit + 1) + end;
      var reader = new LineReader(inPieces(text.getBytes(StandardCharsets.US_ASCII), limit), limit);
      List<Received> all = all(reader);
      assertEquals(List.of("a", "overlong"), all.stream().map(LineReaderTest::text).toList());
      Received again = reader.take(LONG);
      assertEquals(all.getLast(), again, "it stays the last");
    }
  }

  @Test
  void whoIsAbandonedOrClosedHoldsNobodyUp() throws InterruptedException {
    var endless =
        new InputStream() {
          @Override
          public int read() {
            return '\n';
          }
        };
    var reader = new LineReader(endless, 10);
    Thread thread = Thread.ofVirtual().start(reader);
    assertEquals("", text(reader.take(LONG)));
    reader.close();
    assertNull(reader.take(1_000_000));
    thread.interrupt();
    var silent = new LineReader(InputStream.nullInputStream(), 10);
    assertNull(silent.take(1_000_000), "nobody reads yet");
    silent.abandon();
    assertTrue(silent.isDone());
    assertNull(silent.take(LONG));
  }
}
