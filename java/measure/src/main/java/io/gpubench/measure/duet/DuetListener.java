// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.run.Observer;

/** Is told how duets get on. Called by the measuring thread, never inside a timed window. */
public interface DuetListener {
  /**
   * A duet begins, with its processes.
   *
   * @param number of the duet in its comparison, counted from 1
   * @param index of the duet in all comparisons, counted from 0
   * @return looks on while either side is sampled
   */
  Observer started(DuetPlan plan, int number, int index);

  /** The duet ended; what its processes measured is in the store. */
  void ended(DuetPlan plan, DuetComparison.Played duet);

  /**
   * The other duets of a comparison are left out, since they would be in vain.
   *
   * @param duets how many
   */
  void leftOut(DuetPlan plan, int duets);
}
