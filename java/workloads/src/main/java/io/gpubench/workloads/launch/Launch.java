// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.launch;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Work;
import io.gpubench.workloads.words.Checksum;
import io.gpubench.workloads.words.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The smallest pieces of work, and their right answers. A sample has one key k, that of stream 0;
 * piece i of a sample that has several has word(k, i) as its token, and the answer is that of piece
 * 0:
 *
 * <pre>
 * empty    work none: no word; touch: the token, which the device has stored
 * event    no word
 * graph    the token after each node in turn has replaced it by mix64 of it
 * mailbox  mix64(token), made by the other side
 * copy     both sums of the {@link Checksum} of the target; word j of piece i is word(k, i n + j), n = bytes / 8
 * ffm      the count, which begins at the token, after one was added for each call
 * </pre>
 */
public enum Launch {
  /** From submitting a kernel that does (almost) nothing to its end. */
  EMPTY(
      "empty",
      "submits an empty kernel and waits for it",
      "launches",
      new Parameter.Choice(
          "work",
          "what the kernel does: nothing, or store a token that is checked",
          List.of("none", "touch"),
          List.of("none"))),
  /** What an event costs. */
  EVENT("event", "records an event and waits for it", "events"),
  /** A graph of kernels, submitted by one call. */
  GRAPH(
      "graph",
      "submits a graph of kernels, one after the other, and waits for it",
      "launches",
      new Parameter.Whole("nodes", "kernels in the graph", 1, 1_000, List.of(1L, 10L, 100L))),
  /** There and back through memory that both sides see. */
  MAILBOX("mailbox", "sends a token through shared memory and waits for the answer", "trips"),
  /** A small copy. */
  COPY(
      "copy",
      "copies a few bytes and waits until they are there",
      "copies",
      new Parameter.Whole(
          "bytes", "size of a copy in bytes; a multiple of 8", Long.BYTES, 1 << 30, List.of(8L)),
      new Parameter.Choice(
          "direction",
          "to the device or from it; the same on processors",
          List.of("h2d", "d2h"),
          List.of("h2d"))),
  /** What Java adds to a call. */
  FFM(
      "ffm",
      "submits many calls from Java, next to the same loop in C",
      "launches",
      new Parameter.Whole(
          "calls", "calls of a sample, then one synchronisation", 1, 1_000_000, List.of(1_000L)));

  private static final Parameter SEED =
      new Parameter.Whole("seed", "seed of all inputs", 0, Long.MAX_VALUE, List.of(1L));

  private final String id;
  private final String summary;
  private final String unit;

  @SuppressWarnings("ImmutableEnumChecker") // a list of records, made by List.of
  private final List<Parameter> own;

  Launch(String name, String summary, String unit, Parameter... own) {
    this.id = "launch." + name;
    this.summary = summary;
    this.unit = unit;
    this.own = List.of(own);
  }

  /** The id of the workload, {@code launch.…}. */
  public String id() {
    return id;
  }

  /** What a workload launches; empty when it is about something else. */
  public static Optional<Launch> of(String workloadId) {
    return Arrays.stream(values()).filter(launch -> launch.id.equals(workloadId)).findFirst();
  }

  String summary() {
    return summary;
  }

  String unitOfWork() {
    return unit;
  }

  List<Parameter> parameters() {
    var all = new ArrayList<>(own);
    all.add(SEED);
    return List.copyOf(all);
  }

  /** Its only whole number where memory does not grow with any. */
  String sizeParameter() {
    return this == COPY ? "bytes" : "seed";
  }

  void check(ParameterValues values) {
    if (this == COPY && values.whole("bytes") % Long.BYTES != 0) {
      throw new ConfigException("bytes=" + values.whole("bytes") + " is not a multiple of 8");
    }
  }

  /**
   * The work of one piece; of all calls of a sample for {@link #FFM}. A graph is one launch,
   * whatever it has in it.
   */
  public Work work(ParameterValues values) {
    return switch (this) {
      case COPY -> new Work(1, 2.0 * values.whole("bytes"), 0);
      case FFM -> new Work(values.whole("calls"), 0, 0);
      default -> new Work(1, 0, 0);
    };
  }

  /**
   * The words of the right answer, of which the digest is made.
   *
   * @param key of stream 0 of the sample
   */
  public long[] answer(ParameterValues values, long key) {
    long token = Words.word(key, 0);
    return switch (this) {
      case EMPTY -> values.choice("work").equals("touch") ? new long[] {token} : new long[0];
      case EVENT -> new long[0];
      case GRAPH -> {
        long word = token;
        for (long node = 0; node < values.whole("nodes"); node++) {
          word = Words.mix64(word);
        }
        yield new long[] {word};
      }
      case MAILBOX -> new long[] {Words.mix64(token)};
      case COPY -> {
        Checksum copied = Checksum.of(values.whole("bytes") / Long.BYTES, i -> Words.word(key, i));
        yield new long[] {copied.s0(), copied.s1()};
      }
      case FFM -> new long[] {token + values.whole("calls")};
    };
  }
}
