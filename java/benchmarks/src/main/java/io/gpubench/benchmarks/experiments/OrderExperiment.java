// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Two equal programs on a machine that grows warm, simulated: 10 % slower from begin to end. */
final class OrderExperiment implements Experiment {
  private static final int EACH = 8;
  private static final double DRIFT = 0.10;
  private static final double NOISE = 0.005;

  @Override
  public String id() {
    return "order";
  }

  @Override
  public String question() {
    return "How much slower is B than A, where they are the same and the machine grows warm?";
  }

  @Override
  public List<Row> run(Size size) {
    int trials = size.of(20, 2_000);
    var order = new ArrayList<Boolean>();
    for (int i = 0; i < 2 * EACH; i++) {
      order.add(i >= EACH);
    }
    var random = new Random(1);
    double[] one = new double[trials];
    double[] alternating = new double[trials];
    double[] blocks = new double[trials];
    double[] mirrored = new double[trials];
    for (int i = 0; i < trials; i++) {
      one[i] = difference(order, random);
      alternating[i] = difference(repeated(List.of(false, true)), random);
      blocks[i] = difference(blocks(random), random);
      mirrored[i] = difference(repeated(List.of(false, true, true, false)), random);
    }
    return List.of(
        new Row("AAAAAAAA BBBBBBBB", shown(one)),
        new Row("AB AB AB AB AB AB AB AB", shown(alternating)),
        new Row("blocks of one A and one B, order by lot", shown(blocks)),
        new Row("ABBA ABBA ABBA ABBA", shown(mirrored)));
  }

  private static List<Boolean> repeated(List<Boolean> pattern) {
    var order = new ArrayList<Boolean>();
    while (order.size() < 2 * EACH) {
      order.addAll(pattern);
    }
    return order;
  }

  private static List<Boolean> blocks(Random random) {
    var order = new ArrayList<Boolean>();
    for (int i = 0; i < EACH; i++) {
      var block = new ArrayList<>(List.of(false, true));
      Collections.shuffle(block, random);
      order.addAll(block);
    }
    return order;
  }

  private static double difference(List<Boolean> order, RandomGenerator random) {
    double a = 0;
    double b = 0;
    for (int i = 0; i < order.size(); i++) {
      double time = 1 + DRIFT * i / (order.size() - 1) + NOISE * random.nextGaussian();
      a += order.get(i) ? 0 : time;
      b += order.get(i) ? time : 0;
    }
    return b / a - 1;
  }

  private static String shown(double[] differences) {
    double mean = 0;
    double square = 0;
    for (double difference : differences) {
      mean += difference / differences.length;
      square += difference * difference / differences.length;
    }
    double deviation = Math.sqrt(Math.max(0, square - mean * mean));
    return String.format(
        java.util.Locale.ROOT, "%+.2f %%, scattered by %.2f %%", 100 * mean, 100 * deviation);
  }
}
