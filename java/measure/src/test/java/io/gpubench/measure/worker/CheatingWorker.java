// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gpubench.measure.spi.AnswerDigest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The process of a worker for {@link WordsWorkload} that works for 200 us a sample, or cheats. */
final class CheatingWorker {
  private static final long WORK_NANOS = 200_000;
  private static final long POISON = 0xDEADBEEFDEADBEEFL;

  /** Whoever is measured 50 times after 10 ms of warming up has then seen so many samples. */
  private static final long WARM = 30;

  /** The known ways. */
  enum Cheat {
    /** None: it does what it should. */
    HONEST,
    /** Says again what it found for the sample before. */
    REPLAYS,
    /** Lets another thread do the work, and does not wait for it. */
    RETURNS_EARLY,
    /** Does the work when the clock has been read, for the digest. */
    ANSWERS_LATE,
    /** Makes all inputs the same, which it then need not look at. */
    CHANGES_THE_INPUTS,
    /** Writes nothing, and shows what lay there. */
    LEAVES_THE_OUTPUT,
    /** Finds NaN. */
    SAYS_NAN,
    /** Does every second sample. */
    DOES_HALF,
    /** Reports every second sample. */
    REPORTS_HALF,
    /** Reports few samples, the best. */
    STOPS_EARLY,
    /** Works while it is looked at closely, at the first two samples and while it warms up. */
    WORKS_IN_WARM_UP_ONLY,
    /** Works when it thinks that it is checked, in the first and every tenth sample. */
    GUESSES_WHAT_IS_CHECKED,
    /** Has the answers ready that it expects to be asked for next. */
    WORKS_AHEAD,
    /** Its clock goes at half the speed. */
    HALF_SPEED_CLOCK,
    /** Its clock stands still. */
    STOPPED_CLOCK,
    /** Its clock goes at half the speed once it has warmed up. */
    CLOCK_SLOWS_DOWN,
    /** Reports times of its own making: 1 ns each. */
    MAKES_UP_TIMES,
    /** Of our own kind, it says that every answer was right, and computes those asked for first. */
    VOUCHES_FOR_ITSELF,
    /** Reports half of each duration, and leaves the rest between the samples. */
    SHORTENS_DURATIONS
  }

  private final Cheat cheat;
  private long[] words = {};
  private long output;
  private long before;
  private boolean trusted;

  private CheatingWorker(Cheat cheat) {
    this.cheat = cheat;
  }

  /**
   * Serves until it is told to go.
   *
   * @param args the file for numbers of processes; anything; the cheat
   */
  public static void main(String[] args) throws IOException {
    Files.writeString(
        Path.of(args[0]),
        ProcessHandle.current().pid() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    new CheatingWorker(Cheat.valueOf(args[2]))
        .serve(new BufferedReader(new InputStreamReader(System.in, UTF_8)));
  }

  private void serve(BufferedReader requests) throws IOException {
    String line;
    while ((line = requests.readLine()) != null) {
      String type = NaughtyWorker.text(line, "type");
      NaughtyWorker.say("{\"type\":\"" + type + "\"" + reply(type, line) + "}");
      if (type.equals("bye")) {
        return;
      }
    }
  }

  private String reply(String type, String line) throws IOException {
    return switch (type) {
      case "hello" ->
          ",\"protocol\":1,\"engine\":\"cheat\",\"version\":\"1\",\"device\":null,\"workloads\":{\"words\":[\"call\"]}";
      case "prepare" -> prepared(line);
      case "verify" -> {
        List<String> answers =
            Arrays.stream(NaughtyWorker.list(line, "samples").split(","))
                .map(sample -> answer(Long.parseLong(sample)))
                .toList();
        trusted = true;
        yield digests(answers);
      }
      case "measure" -> measured(line);
      default -> "";
    };
  }

  private String prepared(String line) throws IOException {
    words = new long[WordsWorkload.SLOTS];
    if (cheat == Cheat.VOUCHES_FOR_ITSELF) {
      Arrays.setAll(words, WordsWorkload::answer);
      return ",\"clock\":\"host\",\"work\":{\"units\":1,\"bytes\":8,\"operations\":10},\"inputs\":7,\"verification\":{}";
    }
    Path file = Path.of(NaughtyWorker.text(line, "inputs"));
    ByteBuffer.wrap(Files.readAllBytes(file))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .get(words);
    if (cheat == Cheat.CHANGES_THE_INPUTS) {
      Files.setPosixFilePermissions(
          file, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
      Files.write(file, new byte[Long.BYTES * words.length]);
    }
    return ",\"clock\":\"host\"";
  }

  private String answer(long sample) {
    output = POISON;
    if (cheat != Cheat.VOUCHES_FOR_ITSELF || !trusted) {
      compute(sample);
    }
    return digest();
  }

  private String measured(String line) {
    long begin = System.nanoTime();
    long first = NaughtyWorker.number(line, "first") + NaughtyWorker.number(line, "discard");
    long most = NaughtyWorker.number(line, "samples");
    long nanos = NaughtyWorker.number(line, "nanos");
    var starts = LongStream.builder();
    var durations = LongStream.builder();
    var digests = new ArrayList<String>();
    long sample = first;
    do {
      output = POISON;
      long start = clock(sample);
      work(sample);
      long took = clock(sample) - start;
      if (cheat == Cheat.ANSWERS_LATE) {
        compute(sample);
      }
      if (cheat != Cheat.REPORTS_HALF || sample % 2 == 0) {
        starts.add(cheat == Cheat.MAKES_UP_TIMES ? begin + 2 * sample : start);
        durations.add(
            switch (cheat) {
              case MAKES_UP_TIMES -> 1;
              case SHORTENS_DURATIONS -> took / 2;
              default -> took;
            });
        digests.add(digest());
      }
      sample++;
    } while (!(cheat == Cheat.STOPS_EARLY && digests.size() == 3)
        && digests.size() < most
        && System.nanoTime() - begin < nanos);
    return ",\"startNanos\":["
        + NaughtyWorker.joined(starts.build())
        + "],\"durationNanos\":["
        + NaughtyWorker.joined(durations.build())
        + "]"
        + (cheat == Cheat.VOUCHES_FOR_ITSELF
            ? ",\"verified\":" + (digests.size() + NaughtyWorker.number(line, "discard"))
            : digests(digests));
  }

  private long clock(long sample) {
    long now = System.nanoTime();
    return switch (cheat) {
      case HALF_SPEED_CLOCK -> now / 2;
      case STOPPED_CLOCK -> 0;
      case CLOCK_SLOWS_DOWN -> {
        before = before == 0 || sample < WARM ? now : before;
        yield before + (now - before) / 2;
      }
      default -> now;
    };
  }

  /** The timed part. */
  private void work(long sample) {
    switch (cheat) {
      case REPLAYS -> {
        output = before;
        compute(sample);
        long found = output;
        output = before;
        before = found;
      }
      case RETURNS_EARLY, ANSWERS_LATE, LEAVES_THE_OUTPUT -> {}
      case SAYS_NAN -> output = Double.doubleToRawLongBits(Double.NaN);
      case DOES_HALF -> workIf(sample, sample % 2 == 0);
      case WORKS_IN_WARM_UP_ONLY -> workIf(sample, sample < WARM);
      case GUESSES_WHAT_IS_CHECKED -> workIf(sample, sample < 2 || sample % 10 == 0);
      case WORKS_AHEAD -> {
        compute(before);
        before = sample + 2;
      }
      case VOUCHES_FOR_ITSELF -> spin();
      default -> compute(sample);
    }
    if (cheat == Cheat.RETURNS_EARLY) {
      Thread.ofPlatform().daemon().start(() -> compute(sample));
    }
  }

  private void workIf(long sample, boolean reallyDoes) {
    if (reallyDoes) {
      compute(sample);
    } else {
      output = words[0];
    }
  }

  private void compute(long sample) {
    spin();
    output = words[(int) (sample % words.length)];
  }

  private static void spin() {
    long end = System.nanoTime() + WORK_NANOS;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private String digest() {
    return AnswerDigest.text(AnswerDigest.of(new long[] {output}));
  }

  private static String digests(List<String> texts) {
    return texts.stream()
        .map(text -> "\"" + text + "\"")
        .collect(Collectors.joining(",", ",\"digests\":[", "]"));
  }
}
