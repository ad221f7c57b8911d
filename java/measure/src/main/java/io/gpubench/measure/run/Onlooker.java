// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.spi.Mode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Is told which phases a process goes through, on the thread that does. */
public interface Onlooker {
  /** Looks away. */
  Onlooker NONE = (_, _) -> Mark.NONE;

  /**
   * A phase begins, within those that this thread has begun and not ended. Takes well under a
   * millisecond and does not throw.
   *
   * @return is told how it ends
   */
  Mark begin(Phase phase, Subject subject);

  /**
   * What a phase is about.
   *
   * @param engine its id
   * @param workload its id; empty while nothing is prepared
   * @param mode how it is executed and timed; null while nothing is prepared
   * @param parameters all of them, with their values; empty while nothing is prepared
   */
  record Subject(
      String engine, String workload, @Nullable Mode mode, Map<String, Object> parameters) {
    /** An engine on which nothing is prepared. */
    public static Subject of(String engine) {
      return new Subject(engine, "", null, Map.of());
    }
  }

  /** A phase that goes on. Used by the thread that began it, which closes it. */
  interface Mark extends AutoCloseable {
    /** Of no interest to anybody. */
    Mark NONE = () -> {};

    /**
     * Ends a batch: what comes until {@link #close} is no part of its time.
     *
     * @param first number of its first sample
     * @param leftOut how many at its beginning were not kept, since they follow a pause
     * @param batch what was kept, and what the engine discarded
     */
    default void took(long first, int leftOut, SampleBatch batch) {}

    /** The whole batch was not kept, for a reason of a few words. After {@link #took}. */
    default void discarded(String why) {}

    /** Ends the phase. */
    @Override
    void close();
  }
}
