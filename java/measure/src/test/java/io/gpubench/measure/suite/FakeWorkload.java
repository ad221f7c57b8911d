// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One without parameters, which does nothing. */
public record FakeWorkload() implements Workload {
  @Override
  public long answerDigest(ParameterValues values, long sample) {
    return 0;
  }

  @Override
  public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file) {
    throw new AssertionError("nobody asked for a file");
  }

  @Override
  public String id() {
    return "fake";
  }

  @Override
  public String summary() {
    return "nothing";
  }

  @Override
  public String unitOfWork() {
    return "things";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  /** There are no more comparisons than pairs. */
  @Override
  public @Nullable String contradiction(
      ParameterValues values, PreparedRun.Work work, Map<String, Double> amounts) {
    double pairs = amounts.getOrDefault("pairs", Double.POSITIVE_INFINITY);
    double comparisons = amounts.getOrDefault("comparisons", 0.0);
    return comparisons <= pairs ? null : "%s comparisons of %s pairs".formatted(comparisons, pairs);
  }

  @Override
  public String sizeParameter() {
    return "size";
  }

  @Override
  public long footprintBytes(ParameterValues values, MachineFacts facts) {
    return 1;
  }
}
