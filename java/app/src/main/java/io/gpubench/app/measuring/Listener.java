// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.duet.DuetListener;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.suite.SuiteListener;
import io.gpubench.measure.suite.Turn;
import java.util.List;
import java.util.function.Consumer;

/**
 * Is told how a measurement gets on, by the thread that measures and never inside a timed window.
 * An exception that a method throws ends the measurement.
 */
public interface Listener {
  /** Wants to know nothing. */
  Listener NONE = _ -> {};

  /**
   * A line for a person: which engine measures and why, how much there is to do, what is waited
   * for.
   */
  void say(String line);

  /**
   * A suite is measured.
   *
   * @param turns in their order
   * @param measuring does it, and is to be called once with who is told of each turn
   */
  default void suite(List<Turn> turns, Consumer<SuiteListener> measuring) {
    measuring.accept(Quiet.SUITE);
  }

  /**
   * Duets are measured.
   *
   * @param measuring does it, and is to be called once with who is told of each duet
   */
  default void duets(List<DuetPlan> plans, Consumer<DuetListener> measuring) {
    measuring.accept(Quiet.DUETS);
  }

  /** A run ended, or its store failed; its files are still open. */
  default void kept(StoredRun run) {}

  /** Is told of runs that are measured because the one that goes on needs them: ceilings. */
  default Listener nested() {
    return this;
  }
}
