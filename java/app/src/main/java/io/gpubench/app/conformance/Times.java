// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.conformance;

import io.gpubench.measure.worker.Reply;
import io.gpubench.measure.worker.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The batches of one prepared run, and whether their numbers and times can be. */
final class Times {
  private static final String SECTION = "measure";

  /** What a clock that counts microseconds shows is a multiple of this. */
  private static final long COARSE_NANOS = 1_000;

  /** So few durations may be alike by chance. */
  private static final int FEW = 20;

  private final List<Reply.Measure> batches = new ArrayList<>();
  private final List<Long> elapsedNanos = new ArrayList<>();

  /**
   * Checks what a batch consists of, and keeps it for {@link #plausible}.
   *
   * @param elapsed how long its request took, in nanoseconds
   */
  void add(Request.Measure asked, Reply.Measure reply, long elapsed, Case.Made inputs) {
    int count = reply.startNanos().length;
    List<String> digests = reply.digests() == null ? List.of() : reply.digests();
    if (reply.durationNanos().length != count || digests.size() != count) {
      throw new Flaw(
          "%d starts, %d durations and %d digests"
              .formatted(count, reply.durationNanos().length, digests.size()),
          "one of each for every sample that is kept",
          SECTION);
    }
    if (count < 1 || count > asked.samples()) {
      throw new Flaw(
          count + " samples", "at least 1, and at most the " + asked.samples() + " asked", SECTION);
    }
    batches.add(reply);
    elapsedNanos.add(elapsed);
    long kept = asked.first() + asked.discard();
    for (int i = 0; i < count; i++) {
      String right = inputs.right(kept + i);
      if (!digests.get(i).equals(right)) {
        throw wrong(kept + i, digests.get(i), inputs, asked);
      }
    }
    if (count < asked.samples() && elapsed < asked.nanos()) {
      throw new Flaw(
          "%d samples of %d, though the reply came after %s of %s"
              .formatted(count, asked.samples(), millis(elapsed), millis(asked.nanos())),
          "to go on until so many are kept or so much time has passed, whichever comes first",
          SECTION);
    }
  }

  private static Flaw wrong(long sample, String found, Case.Made inputs, Request.Measure asked) {
    int slots = inputs.right().size();
    int shift = inputs.right().indexOf(found);
    String hint =
        shift < 0
            ? ""
            : "; the digest found is that of slot %d: are samples counted from first, the discarded ones included?"
                .formatted(shift);
    return new Flaw(
        "sample %d has the digest %s%s".formatted(sample, found, hint),
        "%s, of slot %d: first is %d, discard %d, and sample s uses slot s mod %d"
            .formatted(inputs.right(sample), sample % slots, asked.first(), asked.discard(), slots),
        SECTION,
        Flaw.Weight.WRONG_ANSWER);
  }

  /** Whether there is no batch at all. */
  boolean none() {
    return batches.isEmpty();
  }

  /** Whether all times can be; says what they were. */
  String plausible() {
    long end = Long.MIN_VALUE;
    for (int b = 0; b < batches.size(); b++) {
      long[] starts = batches.get(b).startNanos();
      long[] durations = batches.get(b).durationNanos();
      for (int i = 0; i < starts.length; i++) {
        if (durations[i] <= 0) {
          throw new Flaw(
              "a sample took " + durations[i] + " ns",
              "more than 0: the difference of two readings of a clock that resolves a sample",
              SECTION);
        }
        if (starts[i] < end) {
          throw new Flaw(
              "a sample began %,d ns before the one before it had ended".formatted(end - starts[i]),
              "samples one after the other, on one monotonic clock for the life of the process",
              SECTION);
        }
        end = starts[i] + durations[i];
      }
      long span = end - starts[0];
      long elapsed = elapsedNanos.get(b);
      if (span > elapsed + elapsed / 100 + TimeUnit.MILLISECONDS.toNanos(1)) {
        throw new Flaw(
            "%d samples are said to have taken %s, but the reply came after %s"
                .formatted(starts.length, millis(span), millis(elapsed)),
            "times in nanoseconds",
            SECTION);
      }
    }
    return "%,d samples, the median %,d ns".formatted(durations().length, median());
  }

  /** Checks that no sample does more than hardware can. */
  String possible(double operations, double operationsPerSecond) {
    double least = operations / operationsPerSecond * 1e9;
    if (median() < least) {
      throw new Flaw(
          "the median is %,d ns".formatted(median()),
          String.format(
              Locale.ROOT,
              "at least %.0f ns: %.0f operations at %.2g a second, more than the hardware has",
              least,
              operations,
              operationsPerSecond),
          "what gpubench believes");
    }
    return String.format(
        Locale.ROOT, "%.0f operations in %,d ns are possible", operations, median());
  }

  /** What is odd about the clock; null when nothing is. */
  @Nullable String odd() {
    long[] all = durations();
    if (all.length < FEW) {
      return null;
    }
    if (Arrays.stream(all).distinct().count() == 1) {
      return "all %,d durations are %,d ns: is a clock read at all?".formatted(all.length, all[0]);
    }
    return Arrays.stream(all).allMatch(nanos -> nanos % COARSE_NANOS == 0)
        ? "all durations are whole microseconds: is there no finer clock?"
        : null;
  }

  private long[] durations() {
    return batches.stream().flatMapToLong(batch -> Arrays.stream(batch.durationNanos())).toArray();
  }

  private long median() {
    long[] all = durations();
    Arrays.sort(all);
    return all[all.length / 2];
  }

  /** The longest of a batch. */
  static long longest(Reply.Measure reply) {
    return Arrays.stream(reply.durationNanos()).max().orElse(0);
  }

  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }
}
