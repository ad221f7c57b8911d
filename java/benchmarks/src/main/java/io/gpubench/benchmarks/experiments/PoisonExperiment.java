// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.experiments.Toy.Cheat;
import java.util.List;

/** An engine that writes its output once and never again. */
final class PoisonExperiment implements Experiment {
  @Override
  public String id() {
    return "poison";
  }

  @Override
  public String question() {
    return "Does an answer pass that nobody wrote?";
  }

  @Override
  public List<Row> run(Size size) {
    int samples = size.of(20, 1_000);
    return List.of(
        new Row("the output is left as it is, the input is the same", passed(samples, false)),
        new Row("the output is overwritten before each sample", passed(samples, true)));
  }

  private static String passed(int samples, boolean poisons) {
    var engine = new Toy(Cheat.LEAVES_THE_OUTPUT);
    long[] input = Toy.input(0);
    long right = Toy.answer(input);
    int good = 0;
    for (int i = 0; i < samples; i++) {
      if (poisons) {
        engine.output = Toy.POISON;
      }
      engine.work(input);
      good += engine.output == right ? 1 : 0;
    }
    return "%,d of %,d answers pass; 1 was written".formatted(good, samples);
  }
}
