// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Observer;

/** Is told how a suite gets on. Called by the measuring thread, never inside a timed window. */
public interface SuiteListener {
  /**
   * A planned run begins, with its preparation.
   *
   * @param index counted from 0
   * @return looks on while it is sampled
   */
  Observer started(PlannedRun run, int index, int total);

  /** The run ended and its record is in the store. */
  void ended(ResultRecord result);
}
