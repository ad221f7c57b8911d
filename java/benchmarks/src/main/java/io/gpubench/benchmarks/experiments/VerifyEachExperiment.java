// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.experiments.Toy.Cheat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/** Engines that are right as long as they think that somebody looks. */
final class VerifyEachExperiment implements Experiment {
  private static final int SHARE = 10;
  private static final int INPUTS = 64;

  @Override
  public String id() {
    return "verify-each";
  }

  @Override
  public String question() {
    return "Who is caught by looking at the first answers, at every tenth, and at each?";
  }

  @Override
  public List<Row> run(Size size) {
    int samples = size.of(100, 2_000);
    var random = new SplittableRandom(1);
    return List.of(
        new Row(
            "works in warm-up only; the first 20 answers are checked",
            caught(Cheat.WORKS_IN_WARM_UP_ONLY, samples, i -> i < 20)),
        new Row(
            "works in warm-up only; each answer is checked",
            caught(Cheat.WORKS_IN_WARM_UP_ONLY, samples, _ -> true)),
        new Row(
            "works every tenth time; every tenth answer is checked",
            caught(Cheat.EVERY_TENTH_ONLY, samples, i -> i % SHARE == 0)),
        new Row(
            "works every tenth time; a tenth of the answers, drawn by lot, is checked",
            caught(Cheat.EVERY_TENTH_ONLY, samples, _ -> random.nextInt(SHARE) == 0)),
        new Row(
            "works every tenth time; each answer is checked",
            caught(Cheat.EVERY_TENTH_ONLY, samples, _ -> true)));
  }

  private static String caught(Cheat cheat, int samples, IntPredicate checked) {
    long[][] inputs = new long[INPUTS][];
    long[] right = new long[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      inputs[i] = Toy.input(i);
      right[i] = Toy.answer(inputs[i]);
    }
    var engine = new Toy(cheat);
    for (int i = 0; i < samples; i++) {
      engine.output = Toy.POISON;
      engine.work(inputs[i % INPUTS]);
      if (checked.test(i) && engine.output != right[i % INPUTS]) {
        return "caught at sample " + i;
      }
    }
    return "believed for all %,d samples".formatted(samples);
  }
}
