// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One workload with one parameter setting, ready to be sampled. The loop calls {@link #stage},
 * {@link #execute} and {@link #verify} in this order for each sample, from one thread; only {@code
 * execute} is timed. None of the three allocates, logs or looks anything up. A {@link Queued} run
 * is called otherwise, and a {@link Paired} one in addition.
 */
public interface PreparedRun extends AutoCloseable {
  /** {@link #inputs} where each sample has an input of its own. */
  long EACH_ITS_OWN = Long.MAX_VALUE;

  /** Which clock times it; any but {@link Clock#HOST} takes a {@link Queued} run. */
  default Clock clock() {
    return Clock.HOST;
  }

  /** What that clock can resolve, where it is not the host's; null for the host's. */
  default @Nullable Resolution resolution() {
    return null;
  }

  /**
   * Makes the input of a sample current and poisons the output, so that an answer that was not
   * computed for this sample cannot pass.
   *
   * @param sample counted from 0 since the run was prepared, warm-up included
   */
  void stage(long sample);

  /**
   * Does the work, from "the input is readable by the engine" to "the answer is readable by the
   * caller".
   */
  void execute();

  /** Whether the whole output of the sample is right. */
  boolean verify(long sample);

  /**
   * What is wrong with the output of the sample, in one line; called after {@link #verify} said
   * false.
   */
  String mismatch(long sample);

  /**
   * No sample follows at once: whatever keeps the device busy between samples, such as a kernel
   * that waits for the next one, ends. Somebody else may measure now. The next {@link #stage}
   * brings it back. Not timed; called after samples that failed, too.
   */
  default void rest() {}

  /** The {@link AnswerDigest} of the output of the last {@link #execute}. May allocate. */
  long digest();

  /** What one sample does, all its {@link #pieces}, on average over the inputs in rotation. */
  Work work();

  /** How many equal pieces of work a sample has: 1 unless the clock is that of a batch. */
  default int pieces() {
    return 1;
  }

  /**
   * What one sample takes at least of what the machine can do at all: from the id of a ceiling,
   * such as {@code ceiling.read}, to an amount in that ceiling's unit of work (bytes, operations,
   * launches). Empty where nothing is known.
   */
  default Map<String, Double> demands() {
    return Map.of();
  }

  /**
   * How much else one sample does, all its {@link #pieces}, on average over the inputs in rotation:
   * from a word in the plural, such as {@code comparisons}, to how many of it, finite and at least
   * 0. For what is neither the unit of work nor follows from it; {@link Amounts} has the limits.
   * The same in every process that measures the same run, and in the order in which it is shown.
   */
  default Map<String, Double> amounts() {
    return Map.of();
  }

  /**
   * What this process went through once while it prepared the run, or could only measure apart from
   * its samples: from a word, such as {@code firstExecution}, to a duration in nanoseconds, at
   * least 0. All of it lies within the time that preparing took, parts of it within each other;
   * {@link Stages} has the limits. In the order in which it is shown; other processes may have
   * others. Asked for once, when the run is prepared.
   */
  default Map<String, Long> stages() {
    return Map.of();
  }

  /**
   * How many inputs rotate: sample s has that of sample s mod so many, at least 2; {@link
   * #EACH_ITS_OWN} where none comes twice. The answers to these are asked for at any time.
   */
  long inputs();

  /** How the inputs rotate and how the answers are checked, for the record. */
  Map<String, Object> verification();

  /**
   * What was chosen for this run, for the record: effective threads, instruction set, launch shape.
   */
  Map<String, Object> configuration();

  @Override
  void close();

  /** Where a duration comes from. Never mixed. */
  enum Clock {
    /** {@link System#nanoTime()} around submit and completion. */
    HOST,
    /** Two events on the device around one piece of work. */
    DEVICE,
    /** Two readings around many pieces of work; a sample is all of them. */
    BATCH;

    /** As it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What a word means.
     *
     * @throws io.gpubench.measure.ConfigException when there is none of that name
     */
    public static Clock of(String word) {
      return Mode.of("clock", word, Arrays.asList(values()), Clock::word);
    }
  }

  /**
   * What a clock can resolve.
   *
   * @param resolutionNanos the smallest step that two successive readings were seen to differ by,
   *     in nanoseconds
   * @param overheadNanos median difference of two successive readings: what an empty timed window
   *     shows, in nanoseconds
   */
  record Resolution(long resolutionNanos, long overheadNanos) {}

  /**
   * A run whose engine times the samples: by the device's clock, or many pieces at once. Samples
   * are queued a group at a time and read when the whole group is done, so that nothing waits
   * between them. The loop calls {@link #queue} for each sample of a group, {@link #await} once,
   * and then, for each in the same order, {@link #startNanos}, {@link #durationNanos} and {@link
   * #verify}. None of these allocates unless it fails. {@link #stage} and {@link #execute} serve
   * single samples that are not timed, before {@link #digest}.
   */
  interface Queued extends PreparedRun {
    /** The most samples of the next group, at least 1; asked before each group. */
    int groupSize();

    /**
     * Queues a sample: its input and its poisoned output, the timed work, the check of the answer.
     * Does not wait for any of it.
     */
    void queue(long sample);

    /**
     * Lets the group run, and returns when it is done.
     *
     * @return why its times do not count, the same few words each time; null when they do
     * @throws io.gpubench.measure.EngineException when the engine fails, or when it will never
     *     succeed in timing
     */
    @Nullable String await();

    /**
     * When a sample of the group began, in nanoseconds since the group's first one began, by the
     * engine's clock.
     *
     * @param index of the sample in the group, from 0
     */
    long startNanos(int index);

    /**
     * How long a sample took, all its {@link #pieces} together, in nanoseconds, at least 0.
     *
     * @param index of the sample in the group, from 0
     */
    long durationNanos(int index);

    /**
     * How long the engine was at work on the group, inputs and checks included: from when it was
     * let go to its very end, in nanoseconds by the engine's clock.
     */
    long spanNanos();
  }

  /**
   * A run with something that it is compared with, which is timed next to each sample, in the same
   * process: work and baseline, then baseline and work, and so on. By the host's clock.
   */
  interface Paired extends PreparedRun {
    /** Does the work of the baseline, as {@link #execute} does that of the sample. */
    void executeBaseline();

    /** Whether the whole output of the baseline is right. */
    boolean verifyBaseline(long sample);
  }

  /**
   * The work of one sample.
   *
   * @param units how many of {@link Workload#unitOfWork()}
   * @param bytes bytes that any implementation has to read or write
   * @param operations 64-bit integer operations that any implementation has to execute
   */
  record Work(double units, double bytes, double operations) {}
}
