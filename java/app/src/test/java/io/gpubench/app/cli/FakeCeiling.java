// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import java.nio.file.Path;
import java.util.List;

/** A ceiling that any engine can measure, of things. */
record FakeCeiling(String id) implements Workload {
  @Override
  public String summary() {
    return "moves things";
  }

  @Override
  public String unitOfWork() {
    return "things";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(new Parameter.Whole("size", "how many", 1, 1_000, List.of(1L)));
  }

  @Override
  public String sizeParameter() {
    return "size";
  }

  @Override
  public long footprintBytes(ParameterValues values, MachineFacts facts) {
    return values.whole("size");
  }

  @Override
  public long answerDigest(ParameterValues values, long sample) {
    return sample;
  }

  @Override
  public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file) {
    throw new IllegalStateException("no foreign engine measures it");
  }
}
