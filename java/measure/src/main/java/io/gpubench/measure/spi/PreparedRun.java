// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import java.util.Map;

/**
 * One workload with one parameter setting, ready to be sampled. The loop calls {@link #stage},
 * {@link #execute} and {@link #verify} in this order for each sample, from one thread; only {@code
 * execute} is timed. None of the three allocates, logs or looks anything up.
 */
public interface PreparedRun extends AutoCloseable {
  /** Which clock {@link #execute} is read with. */
  default Clock clock() {
    return Clock.HOST;
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

  /** The {@link AnswerDigest} of the output of the last {@link #execute}. May allocate. */
  long digest();

  /** What one sample does, on average over the inputs in rotation. */
  Work work();

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
    /** Two events around many pieces of work, divided by their number. */
    BATCH
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
