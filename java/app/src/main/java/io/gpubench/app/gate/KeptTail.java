// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.app.measuring.Installation;
import io.gpubench.app.measuring.SuiteRequest;
import io.gpubench.measure.calibrate.Calibrations;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.run.Cancellation;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the kept calibration of this machine says of p95. Asks for it once, and not before it has
 * to; used by one thread.
 */
public final class KeptTail implements TailBar {
  private final Optional<Path> state;
  private final SuiteRequest request;
  private final Installation installation;
  private final Cancellation cancellation;
  private @Nullable Calibrations kept;
  private SuiteRequest.@Nullable Prepared prepared;

  /**
   * Reads nothing yet.
   *
   * @param state folder of all that gpubench keeps for a user; empty where there is none
   * @param request by which the hardware is found
   */
  public KeptTail(
      Optional<Path> state,
      SuiteRequest request,
      Installation installation,
      Cancellation cancellation) {
    this.state = state;
    this.request = request;
    this.installation = installation;
    this.cancellation = cancellation;
  }

  @Override
  public @Nullable String whyNot(String workload, String engine, double tolerance) {
    if (state.isEmpty()) {
      return "there is no folder with the calibration of this machine; set HOME, or name it with --state";
    }
    if (kept == null || prepared == null) {
      prepared = request.plan(installation, cancellation);
      kept = Calibrations.kept(state.get(), Likeness.identity(prepared));
    }
    for (PlannedRun run : prepared.plan().runs()) {
      if (run.workload().id().equals(workload) && run.engine().equals(engine)) {
        String why = kept.whyNotP95(wanted(run), tolerance);
        if (why != null) {
          return why;
        }
      }
    }
    return null;
  }

  private static Calibrations.Wanted wanted(PlannedRun run) {
    return new Calibrations.Wanted(
        run.workload().id(),
        run.engine(),
        run.path(),
        run.mode().clock().word(),
        run.mode().cache().word(),
        run.values().asMap(),
        run.stoppingRule().minSamples(),
        run.stoppingRule().minNanos());
  }
}
