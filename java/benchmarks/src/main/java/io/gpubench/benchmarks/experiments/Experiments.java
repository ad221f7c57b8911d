// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All experiments, in the order of the page. */
final class Experiments {
  private Experiments() {}

  /**
   * All of them.
   *
   * @param device on which those run that need one; null leaves them out
   */
  static List<Experiment> all(@Nullable String device) {
    return device == null ? HOST : Stream.concat(HOST.stream(), device(device).stream()).toList();
  }

  private static List<Experiment> device(String device) {
    return List.of(new DeviceClocksExperiment(device), new LaunchGapsExperiment(device));
  }

  private static final List<Experiment> HOST =
      List.of(
          new VerifyEachExperiment(),
          new FreshInputsExperiment(),
          new PoisonExperiment(),
          new NanExperiment(),
          new ReturnsEarlyExperiment(),
          new BoundsExperiment(),
          new ClockExperiment(),
          new TimerExperiment(),
          new AllocationExperiment(),
          new CachesExperiment(),
          new WarmUpExperiment(),
          new PauseExperiment(),
          new ProcessesExperiment(),
          new OrderExperiment(),
          new PooledExperiment(),
          new EffectiveSizeExperiment(),
          new StoppingExperiment(),
          new OutliersExperiment(),
          new DiscardsExperiment(),
          new DecidingExperiment());
}
