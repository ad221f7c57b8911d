// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The reply to {@code measure} as our own workers give it, written and read without a detour: of
 * all messages it alone is long and comes often. A line that looks different in any way is left to
 * the JSON reader, which gives the same. Stateless.
 */
final class MeasureLine {
  private static final byte[] STARTS = ascii("{\"type\":\"measure\",\"startNanos\":[");
  private static final byte[] DURATIONS = ascii("],\"durationNanos\":[");
  private static final byte[] VERIFIED = ascii("],\"verified\":");
  private static final byte[] END = ascii("}");
  private static final int LONGEST_NUMBER = 20;
  private static final int PLAIN_DIGITS = 18;

  private MeasureLine() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The line without its line feed; null when the reply has more than starts and durations. */
  static byte @Nullable [] bytes(Reply.Measure reply) {
    Integer verified = reply.verified();
    boolean more =
        reply.digests() != null
            || reply.mismatch() != null
            || reply.implausible() != null
            || reply.baselineNanos() != null
            || reply.discards() != null;
    if (more || verified == null) {
      return null;
    }
    int numbers = reply.startNanos().length + reply.durationNanos().length + 1;
    var line = new Line(new byte[100 + numbers * (LONGEST_NUMBER + 1)]);
    line.put(STARTS);
    line.put(reply.startNanos());
    line.put(DURATIONS);
    line.put(reply.durationNanos());
    line.put(VERIFIED);
    line.put(new long[] {verified});
    line.put(END);
    return Arrays.copyOf(line.bytes, line.at);
  }

  /** The reply in a line; null when it is not exactly what {@link #bytes} writes. */
  static Reply.@Nullable Measure read(byte[] bytes) {
    var line = new Line(bytes);
    long[] starts = line.skip(STARTS) ? line.numbers() : null;
    long[] durations = starts != null && line.skip(DURATIONS) ? line.numbers() : null;
    long[] verified = durations != null && line.skip(VERIFIED) ? line.numbers() : null;
    return starts != null
            && durations != null
            && verified != null
            && verified.length == 1
            && verified[0] <= Integer.MAX_VALUE
            && line.skip(END)
            && line.at == bytes.length
        ? new Reply.Measure(starts, durations, null, (int) verified[0], null)
        : null;
  }

  /** A line being written or read. */
  private static final class Line {
    private final byte[] bytes;
    private int at;

    Line(byte[] bytes) {
      this.bytes = bytes;
    }

    void put(byte[] text) {
      System.arraycopy(text, 0, bytes, at, text.length);
      at += text.length;
    }

    void put(long[] numbers) {
      for (int i = 0; i < numbers.length; i++) {
        if (i > 0) {
          bytes[at++] = ',';
        }
        put(numbers[i]);
      }
    }

    private void put(long number) {
      if (number < 0) {
        put(ascii(Long.toString(number)));
        return;
      }
      int digits = 1;
      for (long rest = number / 10; rest > 0; rest /= 10) {
        digits++;
      }
      long rest = number;
      for (int i = at + digits - 1; i >= at; i--) {
        bytes[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
      at += digits;
    }

    boolean skip(byte[] text) {
      boolean there =
          at + text.length <= bytes.length
              && Arrays.equals(bytes, at, at + text.length, text, 0, text.length);
      at += there ? text.length : 0;
      return there;
    }

    /**
     * The numbers from here on, none where a bracket follows at once; null unless each is plain:
     * without a sign or a leading zero, of at most {@value #PLAIN_DIGITS} digits.
     */
    long @Nullable [] numbers() {
      long[] numbers = new long[64];
      int count = 0;
      boolean more = at < bytes.length && bytes[at] != ']';
      while (more) {
        int from = at;
        long number = 0;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
          number = 10 * number + bytes[at++] - '0';
        }
        int digits = at - from;
        if (digits == 0 || digits > PLAIN_DIGITS || (bytes[from] == '0' && digits > 1)) {
          return null;
        }
        if (count == numbers.length) {
          numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = number;
        more = at < bytes.length && bytes[at] == ',';
        at += more ? 1 : 0;
      }
      return Arrays.copyOf(numbers, count);
    }
  }
}
