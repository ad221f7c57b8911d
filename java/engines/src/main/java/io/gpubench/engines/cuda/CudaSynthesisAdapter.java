// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is done with a forest of syntax trees, on a device, from its own memory to its own memory.
 * The clock of the device comes first: the claim is about the work and not about launches.
 */
record CudaSynthesisAdapter(Synthesis form) implements CudaAdapter {
  /** The family of kernels. */
  static final String FAMILY = "synthesis";

  /** Those that there are, by the workload's id. */
  static Map<String, CudaAdapter> all() {
    return Arrays.stream(Synthesis.values())
        .collect(Collectors.toMap(Synthesis::id, CudaSynthesisAdapter::new));
  }

  @Override
  public List<String> paths() {
    return CudaEngine.PATHS;
  }

  @Override
  public List<Clock> clocks(String path) {
    return List.of(Clock.DEVICE, Clock.HOST, Clock.BATCH);
  }

  @Override
  public List<Mode.Cache> caches(String path) {
    return List.of(Mode.Cache.HOT, Mode.Cache.COLD);
  }

  @Override
  public List<Parameter> tuning(String path) {
    return switch (form) {
      case MATCH -> SynthesisMatchTuning.PARAMETERS;
      case EXPAND -> SynthesisExpandTuning.PARAMETERS;
      case REWRITE -> SynthesisRewriteTuning.PARAMETERS;
    };
  }

  @Override
  public void check(Mode mode, ParameterValues values) {
    switch (form) {
      case MATCH ->
          SynthesisMatchTuning.check(values, SynthesisParameters.of(form, values).listed());
      case EXPAND -> SynthesisExpandTuning.check(values);
      case REWRITE -> SynthesisRewriteTuning.check(values);
    }
  }

  @Override
  public PreparedRun prepare(
      CudaSession session,
      Workload workload,
      Mode mode,
      ParameterValues values,
      MachineFacts facts) {
    var kernels = new CudaKernels(session.context(), session.family(FAMILY));
    return session.timed(piece(kernels, values), mode);
  }

  /** The work itself, with no clock around it. */
  DevicePiece piece(CudaKernels kernels, ParameterValues values) {
    SynthesisParameters parameters = SynthesisParameters.of(form, values);
    return switch (form) {
      case MATCH -> new SynthesisMatchPiece(kernels, parameters, SynthesisMatchTuning.of(values));
      case EXPAND ->
          new SynthesisExpandPiece(kernels, parameters, SynthesisExpandTuning.of(values));
      case REWRITE ->
          new SynthesisRewritePiece(kernels, parameters, SynthesisRewriteTuning.of(values));
    };
  }
}
