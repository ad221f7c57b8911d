// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.duet.DuetListener;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.suite.SuiteListener;
import io.gpubench.measure.suite.Turn;

/** Listeners for whom how it gets on is of no interest. */
final class Quiet {
  static final SuiteListener SUITE =
      new SuiteListener() {
        @Override
        public Observer started(Turn turn, int index, int total) {
          return Observer.NONE;
        }

        @Override
        public void ended(Turn turn, ResultRecord record) {}

        @Override
        public void leftOut(Turn turn) {}
      };

  static final DuetListener DUETS =
      new DuetListener() {
        @Override
        public Observer started(DuetPlan plan, int number, int index) {
          return Observer.NONE;
        }

        @Override
        public void ended(DuetPlan plan, DuetComparison.Played duet) {}

        @Override
        public void leftOut(DuetPlan plan, int duets) {}
      };

  private Quiet() {}
}
