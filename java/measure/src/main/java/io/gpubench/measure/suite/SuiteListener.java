// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Observer;

/** Is told how a suite gets on. Called by the measuring thread, never inside a timed window. */
public interface SuiteListener {
  /**
   * A repetition of a planned run begins, with its process.
   *
   * @param index of the turn, counted from 0
   * @return looks on while it is sampled
   */
  Observer started(Turn turn, int index, int total);

  /** The repetition ended; the record as it now stands is in the store. */
  void ended(Turn turn, ResultRecord record);

  /** The repetition is left out, since another one of its run failed. */
  void leftOut(Turn turn);
}
