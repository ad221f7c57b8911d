// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import io.gpubench.measure.ResultFormatException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The polls of one process as CSV: {@code time_ns,took_ns} and the ids of the sensors, then a
 * {@link PollLine} each. Times count from the begin of the first sample that was kept, as those of
 * the sample file do; from the first poll where none was.
 */
public final class TelemetryFile {
  private static final String TIMES = "time_ns,took_ns";

  /** A day at the densest pace. */
  private static final int MOST_POLLS = 20_000_000;

  private static final int LONGEST_LINE = 1 << 14;

  private TelemetryFile() {}

  /**
   * Writes a file that must not be there yet, and forces it to the disk.
   *
   * @throws IOException when that fails; what was begun is gone then, if it can be
   */
  public static void write(Path file, List<Column> columns, Polls polls) throws IOException {
    try (var channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Writer out = Channels.newWriter(channel, StandardCharsets.US_ASCII)) {
      out.write(TIMES);
      for (Column column : columns) {
        out.write("," + column.sensor().id());
      }
      out.write('\n');
      for (int poll = 0; poll < polls.count(); poll++) {
        out.write(PollLine.text(polls, poll));
        out.write('\n');
      }
      out.flush();
      channel.force(false);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /**
   * Reads a stream to its end and does not close it.
   *
   * @param name of the file, for messages
   * @param sensors ids of the sensors that it has to have, in this order
   * @throws ResultFormatException when it has others, or a line is not as described above
   */
  public static Polls read(String name, InputStream in, List<String> sensors) {
    var polls = new Polls(sensors.size());
    String expected = String.join(",", TIMES, String.join(",", sensors));
    int number = 1;
    try {
      var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      if (!expected.equals(line(lines))) {
        throw new IllegalArgumentException("expected " + expected);
      }
      while (true) {
        number++;
        String line = line(lines);
        if (line == null) {
          return polls;
        }
        if (polls.count() == MOST_POLLS) {
          throw new IllegalArgumentException("more than %,d polls".formatted(MOST_POLLS));
        }
        PollLine.read(line, polls);
      }
    } catch (IllegalArgumentException e) {
      throw new ResultFormatException("%s:%d: %s".formatted(name, number, e.getMessage()), e);
    } catch (IOException e) {
      throw new ResultFormatException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** A line without its line feed; null at the end. */
  private static @Nullable String line(BufferedReader lines) throws IOException {
    var line = new StringBuilder();
    int c;
    while ((c = lines.read()) >= 0 && c != '\n') {
      if (line.length() == LONGEST_LINE) {
        throw new IllegalArgumentException("the line has no end");
      }
      line.append((char) c);
    }
    if (c < 0 && !line.isEmpty()) {
      throw new IllegalArgumentException("the last line has no end");
    }
    return c < 0 ? null : line.toString();
  }
}
