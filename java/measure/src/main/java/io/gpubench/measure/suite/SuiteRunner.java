// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.StoreException;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Observer;
import java.util.List;

/**
 * Gives each turn of a suite to a measurer, one after the other, and keeps what becomes of it,
 * whatever that is. A run of which a process failed, gave a wrong answer or was skipped is not
 * repeated; the suite goes on. Owns nothing but the measurers it opens: its caller closes the
 * writer. Used by one thread.
 */
public final class SuiteRunner {
  private final Workbench bench;
  private final SuiteListener listener;

  public SuiteRunner(Workbench bench, SuiteListener listener) {
    this.bench = bench;
    this.listener = listener;
  }

  /**
   * Takes all turns, or as many as come before the cancellation is requested, and finishes the run
   * directory.
   *
   * @return the finished document
   * @throws StoreException when the store fails; what was measured is in {@link
   *     RunWriter#document()}
   */
  public RunDocument run(List<Turn> turns) {
    return bench.run(() -> {
      int taken = 0;
      for (; taken < turns.size() && !bench.cancelled(); taken++) {
        Turn turn = turns.get(taken);
        if (bench.draft(turn.run()).hopeless()) {
          listener.leftOut(turn);
        } else {
          Observer progress = listener.started(turn, taken, turns.size());
          listener.ended(turn, take(turn, progress));
        }
      }
      return taken == turns.size();
    });
  }

  private ResultRecord take(Turn turn, Observer progress) {
    Repetition repetition = bench.repetition(turn);
    try (repetition) {
      if (repetition.start()) {
        repetition.measure(progress);
      }
    }
    return repetition.record();
  }
}
