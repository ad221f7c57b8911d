// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.CeilingUse;
import io.gpubench.app.measuring.ClaimRequest;
import io.gpubench.app.measuring.EngineSelector;
import io.gpubench.app.measuring.Workplace;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.claim.Claim;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.plan.ByteSizes;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Profile;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * On what and how thoroughly claims are measured. What a claim says itself, its workload and the
 * values of parameters, no option changes: it would be another claim.
 */
final class ClaimOptions {
  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = EngineSelector.AUTO,
      description =
          "Judge on this engine only; auto takes those that the claims name, or else the best of our own that"
              + " passes its self-check.")
  private String engine = EngineSelector.AUTO;

  @Option(
      names = "--device",
      paramLabel = "INDEX|UUID|sim",
      description =
          "The device of the engine cuda, see 'gpubench list devices'; with sim, a simulated one, all is measured"
              + " as a rehearsal and nothing is tested.")
  private @Nullable String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Most threads that work on one sample (default: all processors).")
  private @Nullable Integer threads;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      defaultValue = "claims",
      description =
          "How thoroughly: claims, quick, standard, full, comprehensive or a YAML file; its budget is for all that"
              + " the claims need together (default: ${DEFAULT-VALUE}).")
  private String profile = "claims";

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description =
          "So many fresh processes measure each run, or so many duets, instead of what claims and profile say;"
              + " a bound at confidence 0.95 needs 5.")
  private @Nullable Integer repetitions;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of all inputs; the same seed gives the same inputs.")
  private @Nullable Long seed;

  @Option(
      names = "--memory-limit",
      paramLabel = "SIZE",
      description = "Leave out what needs more memory, such as 512MiB.")
  private @Nullable String memoryLimit;

  @Option(
      names = "--in-process",
      description =
          "Measure everything once, in this process, without workers: for debugging, since one process has no bound.")
  private boolean inProcess;

  @Option(
      names = "--cpus",
      paramLabel = "LIST",
      description = "Bind the workers to these processors, such as 0-3,6.")
  private @Nullable String cpus;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description =
          "Kill a worker that says nothing for so long while it prepares, verifies or measures (default: 10m,"
              + " 1m and 1m).")
  private @Nullable String timeout;

  /**
   * What they ask for.
   *
   * @throws ConfigException when options contradict each other or this machine
   */
  ClaimRequest request(
      App app,
      List<Claim> claims,
      CoolDown coolDown,
      @Nullable Long orderSeed,
      CeilingUse ceilings) {
    if (repetitions != null && (repetitions < 1 || repetitions > Profile.MOST_REPETITIONS)) {
      throw new ConfigException(
          "--repetitions %d is out of range; expected 1 .. %d"
              .formatted(repetitions, Profile.MOST_REPETITIONS));
    }
    return new ClaimRequest(
        claims,
        engine.equals(EngineSelector.AUTO) ? null : engine,
        device,
        threads,
        profile,
        repetitions,
        seed,
        Workplace.asked(
            app.installation(),
            inProcess,
            cpus == null ? null : MeasuringOptions.option("--cpus", cpus, CpuSet::parse),
            timeout == null
                ? null
                : MeasuringOptions.option("--timeout", timeout, Durations::positive),
            null,
            memoryLimit == null
                ? null
                : MeasuringOptions.option("--memory-limit", memoryLimit, ByteSizes::parse),
            true),
        coolDown,
        orderSeed,
        ceilings);
  }
}
