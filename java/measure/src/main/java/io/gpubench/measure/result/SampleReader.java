// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.stats.Statistics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads sample files as gpubench writes them, and nothing else: the header, then {@code
 * sample,start_ns,duration_ns}, or also {@code baseline_ns}, in decimal digits, samples counted
 * from 0, starts at least 0, durations at least 1, both at most {@link Statistics#MAX_NANOS}, and
 * no more lines than {@link StoppingRule#SAMPLES_LIMIT}. Used once, by one thread.
 */
public final class SampleReader {
  private static final byte[] HEADER = SampleFile.HEADER.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PAIRED_HEADER =
      SampleFile.PAIRED_HEADER.getBytes(StandardCharsets.US_ASCII);
  // Where the headers part.
  private static final int COMMA = HEADER.length - 1;
  private static final int BLOCK = 1 << 16;
  // More than the longest line of four such numbers.
  private static final int LINE = 96;

  private final String name;
  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private long[] starts = new long[1024];
  private long[] durations = new long[1024];
  private long[] baselines = new long[1024];
  private boolean paired;
  private int count;
  private int at;
  private int end;
  private boolean ended;

  private SampleReader(String name, InputStream in) {
    this.name = name;
    this.in = in;
  }

  /**
   * Reads a file.
   *
   * @throws ResultFormatException when it cannot be read, or a line is not as described above; a
   *     last line without line feed is no error, but {@link RawSamples#cutOff}
   */
  public static RawSamples read(Path file) {
    try (var in = Files.newInputStream(file)) {
      return read(file.toString(), in);
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  /**
   * Reads a stream to its end, or to the first error, and does not close it.
   *
   * @param name of the file, for messages
   * @throws ResultFormatException as for a file
   */
  public static RawSamples read(String name, InputStream in) {
    try {
      return new SampleReader(name, in).read();
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private RawSamples read() throws IOException {
    fill();
    paired = end > COMMA && block[COMMA] == ',';
    byte[] header = paired ? PAIRED_HEADER : HEADER;
    for (int i = 0; i < header.length; i++) {
      if (i == end) {
        return samples(true);
      }
      if (block[i] != header[i]) {
        throw new ResultFormatException(name + ":1: expected " + SampleFile.HEADER.stripTrailing());
      }
    }
    at = header.length;
    while (wholeLine()) {
      if (count == durations.length) {
        grow();
      }
      number(count, count, ',');
      starts[count] = number(0, Statistics.MAX_NANOS, ',');
      durations[count] = number(1, Statistics.MAX_NANOS, paired ? ',' : '\n');
      if (paired) {
        baselines[count] = number(1, Statistics.MAX_NANOS, '\n');
      }
      count++;
    }
    return samples(at < end);
  }

  private RawSamples samples(boolean cutOff) {
    return new RawSamples(
        Arrays.copyOf(starts, count),
        Arrays.copyOf(durations, count),
        paired ? Arrays.copyOf(baselines, count) : null,
        cutOff);
  }

  private void grow() {
    if (count == StoppingRule.SAMPLES_LIMIT) {
      throw new ResultFormatException(
          "%s:%d: more than %,d samples".formatted(name, count + 2, StoppingRule.SAMPLES_LIMIT));
    }
    int larger = (int) Math.min(StoppingRule.SAMPLES_LIMIT, 2L * count);
    starts = Arrays.copyOf(starts, larger);
    durations = Arrays.copyOf(durations, larger);
    baselines = Arrays.copyOf(baselines, larger);
  }

  /** Whether the block has the next line, to its line feed, or something that is no line. */
  private boolean wholeLine() throws IOException {
    if (end - at < LINE && !ended) {
      fill();
    }
    if (end - at >= LINE) {
      return true;
    }
    for (int i = at; i < end; i++) {
      if (block[i] == '\n') {
        return true;
      }
    }
    return false;
  }

  /** Moves what is left to the front and reads until the block is full or the stream ends. */
  private void fill() throws IOException {
    System.arraycopy(block, at, block, 0, end - at);
    end -= at;
    at = 0;
    while (end < BLOCK && !ended) {
      int more = in.read(block, end, BLOCK - end);
      ended = more < 0;
      end += Math.max(0, more);
    }
  }

  /**
   * The next number and the separator after it; the block has a line feed, or a whole line's room.
   */
  private long number(long least, long most, char separator) {
    int first = at;
    long value = 0;
    int digit;
    while ((digit = block[at] - '0') >= 0 && digit <= 9) {
      if (value == 0 && at > first) {
        throw foreign(); // a leading zero
      }
      value = 10 * value + digit;
      if (value > most) {
        throw foreign();
      }
      at++;
    }
    if (at == first || block[at++] != separator || value < least) {
      throw foreign();
    }
    return value;
  }

  private ResultFormatException foreign() {
    return new ResultFormatException(
        "%s:%d: expected sample %d, its start and its duration in ns"
            .formatted(name, count + 2, count));
  }

  private static ResultFormatException unreadable(String name, IOException error) {
    return new ResultFormatException(name + ": cannot be read: " + StoreErrors.text(error), error);
  }
}
