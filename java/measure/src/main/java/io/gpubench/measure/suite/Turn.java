// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.plan.PlannedRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One repetition of one planned run.
 *
 * @param repetition counted from 1
 */
public record Turn(PlannedRun run, int repetition) {

  /** All repetitions in the order of the plan: each run once, then each once more, and so on. */
  public static List<Turn> inOrder(List<PlannedRun> plan) {
    var turns = new ArrayList<Turn>();
    int most = plan.stream().mapToInt(PlannedRun::repetitions).max().orElse(0);
    for (int repetition = 1; repetition <= most; repetition++) {
      for (PlannedRun run : plan) {
        if (repetition <= run.repetitions()) {
          turns.add(new Turn(run, repetition));
        }
      }
    }
    return turns;
  }

  /**
   * All repetitions in random order within blocks: each block has every run once. So what drifts on
   * the machine while a suite goes on, such as its temperature, hits all runs alike, and no run
   * always comes after the same other.
   *
   * @param seed the same seed gives the same order
   */
  public static List<Turn> shuffled(List<PlannedRun> plan, long seed) {
    var turns = inOrder(plan);
    var random = new Random(seed);
    int from = 0;
    while (from < turns.size()) {
      int to = from;
      while (to < turns.size() && turns.get(to).repetition == turns.get(from).repetition) {
        to++;
      }
      Collections.shuffle(turns.subList(from, to), random);
      from = to;
    }
    return turns;
  }
}
