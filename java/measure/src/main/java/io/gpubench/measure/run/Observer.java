// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

/** Looks on while a run is sampled. Called by the measuring thread, never inside a timed window. */
public interface Observer {
  /** Does nothing. */
  Observer NONE = (_, _, _) -> {};

  /**
   * Called between two batches of samples, at least every {@value Measurement#BATCH_MILLIS} ms
   * unless a sample takes longer, and once at the end of measuring. It should return within
   * milliseconds and must not throw: an observer that fails asks the {@link Cancellation} to end
   * the run and reports its failure afterwards.
   *
   * @param samples what has been measured so far; empty while warming up
   * @param elapsedNanos time since the phase began
   */
  void checkpoint(Phase phase, Samples samples, long elapsedNanos);

  /** What the loop is doing. */
  enum Phase {
    WARMUP,
    MEASURE
  }

  /** Calls one observer after the other. */
  static Observer all(Observer... observers) {
    return (phase, samples, elapsedNanos) -> {
      for (Observer observer : observers) {
        observer.checkpoint(phase, samples, elapsedNanos);
      }
    };
  }
}
