// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.plan.EngineConfig;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.EngineEvidence;
import io.gpubench.measure.spi.EngineEvidence.Contradiction;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.worker.Step;
import io.gpubench.measure.worker.WorkerCommand;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An engine of {@code configs/engines}, in whatever language; it runs in workers only. Immutable.
 */
public final class ForeignEngine implements Engine {
  /** What no other engine than gpubench's own is asked for. */
  private static final Set<String> OWN_ONLY =
      Stream.concat(
              Stream.of(Launch.FFM.id(), UtilizationWorkload.ID, MigrationWorkload.ID),
              Arrays.stream(Synthesis.values()).map(Synthesis::id))
          .collect(Collectors.toUnmodifiableSet());

  private final EngineConfig config;

  public ForeignEngine(EngineConfig config) {
    this.config = config;
  }

  @Override
  public String id() {
    return config.name();
  }

  @Override
  public String summary() {
    return config.description().isEmpty()
        ? String.join(" ", config.command())
        : config.description();
  }

  /**
   * Whatever its file says, no path for what is about the virtual machine that measures, for what
   * algebra could answer without the work, or for what has no file of inputs.
   */
  @Override
  public List<String> paths(String workloadId) {
    if (OWN_ONLY.contains(workloadId)) {
      return List.of();
    }
    return config.workloads().getOrDefault(workloadId, List.of());
  }

  /** The device is passed on to its worker, which may not know any. */
  @Override
  public Optional<Engine> on(String device) {
    return Optional.of(this);
  }

  /** Nothing is known of its devices. */
  @Override
  public List<Contradiction> contradictions(EngineEvidence evidence) {
    return List.of();
  }

  @Override
  public Session open(Options options) {
    throw new EngineException(
        EngineException.Kind.UNAVAILABLE,
        "the engine '" + id() + "' is a program of its own",
        "leave out --in-process",
        null);
  }

  /** Of its file, which has its command, folder, environment and patience. */
  public String fileSha256() {
    return config.sha256();
  }

  /** As it stands in its file. */
  List<String> commandLine() {
    return config.command();
  }

  WorkerCommand command(@Nullable Path guard, @Nullable String cpus) {
    return new WorkerCommand(config.command(), config.environment(), config.folder(), guard, cpus);
  }

  Map<Step, Duration> patience() {
    var patience = new EnumMap<Step, Duration>(Step.class);
    for (Step step : Step.values()) {
      Duration configured = config.timeouts().get(step.word());
      if (configured != null) {
        patience.put(step, configured);
      }
    }
    return patience;
  }
}
