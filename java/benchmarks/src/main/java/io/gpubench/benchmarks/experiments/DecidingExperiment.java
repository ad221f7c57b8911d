// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.measure.compare.Course;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.compare.Verdict;
import io.gpubench.measure.stats.SignedRankTest;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Two programs by ways to decide, simulated: duets whose ratios scatter by 4 %. */
final class DecidingExperiment implements Experiment {
  private static final double SPREAD = 0.04;
  private static final double TOLERANCE = TrialRule.USUAL_TOLERANCE;
  private static final double SLOWER = 0.10;

  /** With fewer duets no test can have p at most 0.05. */
  private static final int FIRST_LOOK = 6;

  @Override
  public String id() {
    return "deciding";
  }

  @Override
  public String question() {
    return "How often is B called slower or faster than A, to 5 %?";
  }

  @Override
  public List<Row> run(Size size) {
    int trials = size.of(50, 10_000);
    var random = new SplittableRandom(1);
    int single = 0;
    int peeked = 0;
    int decided = 0;
    int found = 0;
    for (int trial = 0; trial < trials; trial++) {
      single += Math.abs(random.nextGaussian() * SPREAD) > Math.log1p(TOLERANCE) ? 1 : 0;
      peeked += peeks(random) ? 1 : 0;
      decided += changed(0, random) ? 1 : 0;
      found += changed(Math.log1p(SLOWER), random) ? 1 : 0;
    }
    return List.of(
        new Row("the same program twice: by one duet", share(single, trials)),
        new Row(
            "the same program twice: whenever p is at most 0.05 after 6, 7, … 26 duets",
            share(peeked, trials)),
        new Row("the same program twice: in two stages", share(decided, trials)),
        new Row("B is 10 % slower: in two stages", share(found, trials)));
  }

  private static String share(int hits, int trials) {
    return Shown.percent((double) hits / trials);
  }

  /** Whether somebody who looks after each duet, and stops when pleased, finds a difference. */
  private static boolean peeks(SplittableRandom random) {
    double[] all = new double[TrialRule.DEFAULT.most()];
    Arrays.setAll(all, _ -> SPREAD * random.nextGaussian());
    for (int duets = FIRST_LOOK; duets <= all.length; duets++) {
      if (SignedRankTest.of(Arrays.copyOf(all, duets)).twoSided() <= TrialRule.DEFAULT.alpha()) {
        return true;
      }
    }
    return false;
  }

  private static boolean changed(double centre, SplittableRandom random) {
    return Course.of(() -> centre + SPREAD * random.nextGaussian(), TOLERANCE, TrialRule.DEFAULT)
            .verdict()
        instanceof Verdict.Changed;
  }
}
