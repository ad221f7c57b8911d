// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.profiling;

import io.gpubench.app.onlookers.Onlookers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.run.Phase;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.launch.Launch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Nsight Compute: what a kernel does inside, by its counters. It launches each kernel many times
 * over, and puts memory back in between, so that the answer stays right.
 */
final class Ncu implements Profiler {
  /** Samples of these launch no kernel: copies, events, a kernel that is there all the time. */
  private static final Set<String> WITHOUT_KERNELS =
      Set.of(
          Ceiling.H2D.id(),
          Ceiling.D2H.id(),
          Ceiling.BIDIR.id(),
          Launch.COPY.id(),
          Launch.EVENT.id(),
          Launch.MAILBOX.id());

  /** The path of samples that a kernel computes which is there all the time. */
  private static final String MAILBOX = "mailbox";

  /** Every launch of the sample. */
  private static final int ALL = 0;

  @Override
  public String program() {
    return "ncu";
  }

  @Override
  public String suffix() {
    return ".ncu-rep";
  }

  @Override
  public String remedy() {
    return "install Nsight Compute, which comes with the CUDA toolkit, and put ncu on the PATH";
  }

  /**
   * {@inheritDoc} By default ncu holds the clocks low and empties the caches before each launch;
   * here both are as they were when the record was measured.
   */
  @Override
  public List<String> words(ChosenRecord chosen, String kernel, Path report) {
    String workload = chosen.planned().workload();
    if (WITHOUT_KERNELS.contains(workload)) {
      throw withoutKernels("'" + workload + "'");
    }
    if (chosen.planned().mode().path().equals(MAILBOX)) {
      throw withoutKernels("'%s' by the path '%s'".formatted(workload, MAILBOX));
    }
    boolean cold = chosen.planned().mode().cache() == Mode.Cache.COLD;
    var words =
        new ArrayList<>(
            List.of(
                program(),
                "--set",
                "full",
                "--clock-control",
                "none",
                "--cache-control",
                cold ? "all" : "none",
                "--target-processes",
                "application-only",
                "--nvtx",
                "--nvtx-include",
                // a range that was pushed, as the slash says
                Onlookers.DOMAIN + "@" + Phase.SAMPLE.word() + "/"));
    if (!kernel.isEmpty()) {
      words.addAll(List.of("--kernel-name", kernel));
    }
    int launches = launches(chosen, kernel);
    if (launches != ALL) {
      words.addAll(List.of("--launch-count", String.valueOf(launches)));
    }
    words.addAll(List.of("--export", report.toString()));
    return words;
  }

  private static ConfigException withoutKernels(String what) {
    return new ConfigException(
        "ncu sees kernels, and a sample of %s launches none; take --with nsys".formatted(what));
  }

  /** How many launches are profiled; {@link #ALL} where the range of the sample bounds them. */
  private static int launches(ChosenRecord chosen, String kernel) {
    if (!kernel.isEmpty()) {
      return 1;
    }
    return chosen.planned().mode().clock() == Clock.BATCH ? chosen.launchesOfPiece() : ALL;
  }

  @Override
  public List<String> notes(ChosenRecord chosen, String kernel) {
    var notes = new ArrayList<String>();
    if (!kernel.isEmpty()) {
      notes.add("the first launch of " + kernel + " in the sample is profiled, and no other one");
    } else if (chosen.planned().mode().clock() == Clock.BATCH) {
      int launches = launches(chosen, kernel);
      notes.add(
          "a sample of this record has many equal pieces; %s profiled"
              .formatted(
                  launches == 1
                      ? "its first launch is"
                      : "its first " + launches + " launches are"));
    }
    notes.add("clocks and caches are left as they were measured; ncu alone would change both");
    notes.add(
        "should ncu say ERR_NVGPUCTRPERM, this user may not read the GPU's counters: run it as root, or load the"
            + " driver with NVreg_RestrictProfilingToAdminUsers=0");
    return notes;
  }
}
