// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** A kernel that returns NaN for everything. */
final class NanExperiment implements Experiment {
  private static final double TOLERANCE = 1e-6;

  @Override
  public String id() {
    return "nan";
  }

  @Override
  public String question() {
    return "Does NaN pass?";
  }

  @Override
  public List<Row> run(Size size) {
    int values = size.of(100, 100_000);
    return List.of(
        new Row(
            "wrong if abs(found - right) > 1e-6",
            passed(values, (found, right) -> Math.abs(found - right) > TOLERANCE ? 0 : 1)),
        new Row(
            "wrong if the greatest difference, by comparing, is > 1e-6",
            passed(values, (found, right) -> greatest(found, right) > TOLERANCE ? 0 : 1)),
        new Row(
            "wrong unless abs(found - right) <= 1e-6",
            passed(values, (found, right) -> Math.abs(found - right) <= TOLERANCE ? 1 : 0)),
        new Row(
            "wrong unless all bits are equal",
            passed(
                values,
                (found, right) ->
                    Double.doubleToRawLongBits(found) == Double.doubleToRawLongBits(right)
                        ? 1
                        : 0)));
  }

  private static double greatest(double found, double right) {
    double difference = Math.abs(found - right);
    return difference > 0 ? difference : 0;
  }

  private static String passed(int values, DoubleBinaryOperator passes) {
    int good = 0;
    for (int i = 0; i < values; i++) {
      good += (int) passes.applyAsDouble(Double.NaN, i);
    }
    return "%,d of %,d NaN pass".formatted(good, values);
  }
}
