// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.profiling;

import io.gpubench.app.onlookers.Onlookers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.run.Phase;
import java.nio.file.Path;
import java.util.List;

/** Nsight Systems: what host and device do when, on one line of time. */
final class Nsys implements Profiler {
  @Override
  public String program() {
    return "nsys";
  }

  @Override
  public String suffix() {
    return ".nsys-rep";
  }

  @Override
  public String remedy() {
    return "install Nsight Systems, which comes with the CUDA toolkit, and put nsys on the PATH";
  }

  /**
   * {@inheritDoc} It records within the range only, and lets the program go on after it, which has
   * the answer to check. By default it would end the program there.
   */
  @Override
  public List<String> words(ChosenRecord chosen, String kernel, Path report) {
    if (!kernel.isEmpty()) {
      throw new ConfigException(
          "nsys records all kernels of a sample; leave out --kernel, or take --with ncu");
    }
    return List.of(
        program(),
        "profile",
        "--trace=cuda,nvtx,osrt",
        "--sample=none",
        "--cpuctxsw=none",
        "--cuda-graph-trace=node",
        "--capture-range=nvtx",
        // the other way round than ncu has it
        "--nvtx-capture=" + Phase.SAMPLE.word() + "@" + Onlookers.DOMAIN,
        "--capture-range-end=stop",
        "--kill=none",
        "--output=" + report);
  }

  @Override
  public List<String> notes(ChosenRecord chosen, String kernel) {
    return List.of();
  }
}
