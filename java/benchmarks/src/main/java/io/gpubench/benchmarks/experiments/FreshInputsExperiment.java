// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.benchmarks.experiments.Toy.Cheat;
import java.util.List;

/** An engine that remembers the answer to the input that it saw last. */
final class FreshInputsExperiment implements Experiment {
  @Override
  public String id() {
    return "fresh-inputs";
  }

  @Override
  public String question() {
    return "How fast is an engine that remembers its answer?";
  }

  @Override
  public List<Row> run(Size size) {
    int samples = size.of(20, 2_000);
    return List.of(
        new Row("honest, the same input", time(Cheat.HONEST, samples, 1)),
        new Row("remembers, the same input", time(Cheat.REMEMBERS, samples, 1)),
        new Row("remembers, inputs in rotation", time(Cheat.REMEMBERS, samples, 8)));
  }

  private static String time(Cheat cheat, int samples, int rotation) {
    long[][] inputs = new long[rotation][];
    long[] right = new long[rotation];
    for (int i = 0; i < rotation; i++) {
      inputs[i] = Toy.input(i);
      right[i] = Toy.answer(inputs[i]);
    }
    var engine = new Toy(cheat);
    long[] nanos = new long[samples];
    int good = 0;
    for (int i = 0; i < samples; i++) {
      engine.output = Toy.POISON;
      long begin = System.nanoTime();
      engine.work(inputs[i % rotation]);
      nanos[i] = System.nanoTime() - begin;
      good += engine.output == right[i % rotation] ? 1 : 0;
    }
    return "median %s, %,d of %,d answers right".formatted(Shown.time(nanos), good, samples);
  }
}
