// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

/**
 * Takes samples of one prepared run on request: in this process or in another. Used by one thread.
 */
public interface Sampler {
  /**
   * Says what the next batches are for: {@link Phase#WARM_UP} or {@link Phase#MEASURE}. Whoever has
   * them taken elsewhere passes it on.
   */
  default void next(Phase phase) {}

  /**
   * Takes samples one after the other, until so many are kept or so much time has passed since the
   * call, whichever is first; at least one sample, or one group of samples whose times do not
   * count, and never more than {@link SampleBatch#CAPACITY}. Each is verified; a wrong answer ends
   * the batch.
   *
   * @param first number of the first sample, counted from 0 since the run was prepared
   * @param samples the most to keep, at least 1
   * @param nanos how long to go on, in nanoseconds, at least 0
   * @param discard how many to execute and verify, but not to keep, before the others
   * @return what was sampled, valid until the next call
   * @throws io.gpubench.measure.BenchException when the engine or its process fails; the samples of
   *     this batch are lost
   */
  SampleBatch take(long first, long samples, long nanos, int discard);
}
