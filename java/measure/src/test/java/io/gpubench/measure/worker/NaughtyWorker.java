// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gpubench.measure.spi.AnswerDigest;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The process of a worker for {@link WordsWorkload} that does one thing wrong, at one step. Speaks
 * the protocol by hand. Its number, and those of processes that it starts, are in a file.
 */
final class NaughtyWorker {
  private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);

  private final Path pids;
  private final String where;
  private final String what;
  private long[] words = {};

  private NaughtyWorker(Path pids, String where, String what) {
    this.pids = pids;
    this.where = where;
    this.what = what;
  }

  /**
   * Serves until stdin ends or the misdeed ends it.
   *
   * @param args the file for numbers of processes; the step at which it misbehaves; what it does
   *     there: a reply in place of the right one, or a deed of {@link #deed}
   */
  public static void main(String[] args) throws Exception {
    var worker = new NaughtyWorker(Path.of(args[0]), args[1], args[2]);
    worker.note(ProcessHandle.current().pid());
    worker.serve(new BufferedReader(new InputStreamReader(System.in, UTF_8)));
    Files.writeString(released(worker.pids), "");
  }

  /** The file that a worker makes which was let go. */
  static Path released(Path pids) {
    return pids.resolveSibling("released");
  }

  private void note(long pid) throws IOException {
    Files.writeString(pids, pid + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void serve(BufferedReader requests) throws Exception {
    String line;
    while ((line = requests.readLine()) != null) {
      String type = text(line, "type");
      if (!type.equals(where)) {
        say(right(type, line));
      } else if (what.startsWith("!")) {
        deed(type, line);
      } else {
        say(what);
      }
      if (type.equals("bye") && !where.equals("bye")) {
        return;
      }
    }
  }

  static void say(String line) throws IOException {
    OUT.write((line + "\n").getBytes(UTF_8));
  }

  /** What needs more than another reply. */
  private void deed(String type, String line) throws Exception {
    String right = right(type, line);
    String[] deed = what.substring(1).split(" ");
    switch (deed[0]) {
      case "exit" -> Runtime.getRuntime().halt(Integer.parseInt(deed[1]));
      case "signal" -> {
        sh("kill -" + deed[1] + " " + ProcessHandle.current().pid());
        sleep();
      }
      case "silence" -> sleep();
      case "deaf" -> {
        sh("trap '' TERM HUP INT; echo $$ >> '" + pids + "'; while :; do sleep 1; done");
        sleep();
      }
      case "half" -> {
        OUT.write(right.substring(0, right.length() / 2).getBytes(UTF_8));
        Runtime.getRuntime().halt(0);
      }
      case "twice" -> say(right + "\nby the way");
      case "stay" -> {
        say(right);
        sleep();
      }
      case "huge" -> {
        OUT.write(right.replaceFirst("}$", ",\"more\":\"").getBytes(UTF_8));
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 'x');
        for (int i = Integer.parseInt(deed[1]); i > 0; i--) {
          OUT.write(block);
        }
        say("\"}");
      }
      case "endless" -> {
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 'x');
        while (true) {
          OUT.write(block);
        }
      }
      case "flood" -> {
        while (true) {
          say("la la la");
        }
      }
      case "complain" -> {
        for (int i = 0; i < 200_000; i++) {
          System.err.println("complaint " + i);
        }
        System.err.println("the last complaint");
        Runtime.getRuntime().halt(5);
      }
      case "chatter" -> {
        for (int i = 0; i < 200_000; i++) {
          System.err.println("all is well " + i);
        }
        say(right);
      }
      case "child" -> {
        sh("echo $$ >> '" + pids + "'; exec sleep 600");
        awaitSecondNumber();
        sleep();
      }
      case "daemon" -> {
        sh("setsid sh -c 'echo $$ >> \"" + pids + "\"; exec sleep 600' < /dev/null &");
        awaitSecondNumber();
        say(right);
      }
      case "fast" -> say(right.replaceFirst("\"durationNanos\":\\[[^]]*]", repeated(right, "1")));
      case "zero" -> say(right.replaceFirst("\"durationNanos\":\\[[^]]*]", repeated(right, "0")));
      default -> throw new IllegalArgumentException(what);
    }
  }

  /** As many durations as there are, all the same. */
  private static String repeated(String reply, String duration) {
    return "\"durationNanos\":[" + list(reply, "durationNanos").replaceAll("\\d+", duration) + "]";
  }

  private static void sh(String script) throws IOException {
    var _ = new ProcessBuilder("sh", "-c", script).inheritIO().start();
  }

  private void awaitSecondNumber() throws Exception {
    while (Files.readAllLines(pids).size() < 2) {
      Thread.sleep(5);
    }
  }

  private static void sleep() throws InterruptedException {
    Thread.sleep(Long.MAX_VALUE);
  }

  /** The reply of a good worker. */
  private String right(String type, String line) throws IOException {
    String more =
        switch (type) {
          case "hello" ->
              ",\"protocol\":1,\"engine\":\"naughty\",\"version\":\"1\",\"device\":null,\"workloads\":{\"words\":[\"call\"]}";
          case "prepare" -> {
            words = new long[WordsWorkload.SLOTS];
            ByteBuffer.wrap(Files.readAllBytes(Path.of(text(line, "inputs"))))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(words);
            yield ",\"clock\":\"host\"";
          }
          case "verify" ->
              digests(Arrays.stream(list(line, "samples").split(",")).mapToLong(Long::parseLong));
          case "measure" -> measured(line);
          default -> "";
        };
    return "{\"type\":\"" + type + "\"" + more + "}";
  }

  private String measured(String line) {
    long begin = System.nanoTime();
    long from = number(line, "first") + number(line, "discard");
    var starts = LongStream.builder();
    var durations = LongStream.builder();
    int count = 0;
    do {
      long start = System.nanoTime();
      while (System.nanoTime() < start + 20_000) {
        Thread.onSpinWait();
      }
      starts.add(start);
      durations.add(System.nanoTime() - start);
      count++;
    } while (count < number(line, "samples") && System.nanoTime() - begin < number(line, "nanos"));
    return ",\"startNanos\":["
        + joined(starts.build())
        + "],\"durationNanos\":["
        + joined(durations.build())
        + "]"
        + digests(LongStream.range(from, from + count));
  }

  private String digests(LongStream samples) {
    return samples
        .map(sample -> AnswerDigest.of(new long[] {words[(int) (sample % words.length)]}))
        .mapToObj(digest -> "\"" + AnswerDigest.text(digest) + "\"")
        .collect(Collectors.joining(",", ",\"digests\":[", "]"));
  }

  static String joined(LongStream numbers) {
    return numbers.mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  static String text(String line, String field) {
    return found(line, "\"" + field + "\":\"([^\"]*)\"");
  }

  static long number(String line, String field) {
    return Long.parseLong(found(line, "\"" + field + "\":(\\d+)"));
  }

  static String list(String line, String field) {
    return found(line, "\"" + field + "\":\\[([^]]*)]");
  }

  private static String found(String line, String regex) {
    Matcher matcher = Pattern.compile(regex).matcher(line);
    if (!matcher.find()) {
      throw new IllegalArgumentException(line);
    }
    return matcher.group(1);
  }
}
