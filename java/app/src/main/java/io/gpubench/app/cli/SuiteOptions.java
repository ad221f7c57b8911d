// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.CeilingUse;
import io.gpubench.app.measuring.EngineSelector;
import io.gpubench.app.measuring.SuiteRequest;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Overrides;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What to measure and how thoroughly: the options that {@code run} and {@code plan} share. */
final class SuiteOptions {
  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      description = "Workloads to measure with their default parameters; without any, a suite.")
  private List<String> workloads = new ArrayList<>();

  @Option(
      names = "--suite",
      paramLabel = "NAME|FILE",
      description = "A suite of configs/suites, or a YAML file (default: default).")
  private @Nullable String suite;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = EngineSelector.AUTO,
      description =
          "auto, cuda, host, java, tornado or one of configs/engines; auto takes the best of our own that passes its"
              + " self-check, but none of tornado; tornado the first of tornado:cuda, tornado:ptx and"
              + " tornado:opencl that does.")
  private String engine = EngineSelector.AUTO;

  @Option(
      names = "--device",
      paramLabel = "INDEX|UUID|sim",
      description =
          "The device of the engine cuda, see 'gpubench list devices', or of one of tornado, see 'gpubench doctor';"
              + " sim is a simulated one, whose times say nothing about a GPU.")
  private @Nullable String device;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "How the work reaches the engine; see 'gpubench list engines'.")
  private @Nullable String path;

  @Option(
      names = "--clock",
      paramLabel = "CLOCK",
      completionCandidates = Clocks.class,
      description = "What times a sample: host, device or batch; by default the path's preferred.")
  private @Nullable String clock;

  @Option(
      names = "--cache",
      paramLabel = "CACHE",
      completionCandidates = Caches.class,
      description =
          "What the caches hold before a sample: hot for what is there, cold for nothing of use.")
  private @Nullable String cache;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "Take exactly so many samples in each process, if its share of the time allows.")
  private @Nullable Long samples;

  @Option(names = "--warmup", paramLabel = "N", description = "Fewest samples to warm up with.")
  private @Nullable Long warmup;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "Measure for so long in each process, such as 10s or 1m30s.")
  private @Nullable String duration;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Most threads that work on one sample (default: all processors).")
  private @Nullable Integer threads;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description =
          "So many fresh processes measure each run, instead of the profile's number; intervals over processes"
              + " need 6.")
  private @Nullable Integer repetitions;

  @Mixin private MeasuringOptions common = new MeasuringOptions();

  /**
   * What they ask for.
   *
   * @throws ConfigException when options contradict each other or this machine
   */
  SuiteRequest request(App app, CoolDown coolDown, @Nullable Long orderSeed, CeilingUse ceilings) {
    Duration time =
        duration == null ? null : MeasuringOptions.option("--duration", duration, Durations::parse);
    var overrides =
        new Overrides(
            engine.equals(EngineSelector.AUTO) ? null : engine,
            path,
            clock,
            cache,
            samples,
            warmup,
            time,
            repetitions,
            common.seed(),
            common.settings());
    return new SuiteRequest(
        workloads,
        suite,
        device,
        threads,
        common.profile(),
        overrides,
        common.workplace(app),
        coolDown,
        orderSeed,
        ceilings);
  }

  /** For completion. */
  private static final class Clocks extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Clocks() {
      super(Stream.of(PreparedRun.Clock.values()).map(PreparedRun.Clock::word).toList());
    }
  }

  /** For completion. */
  private static final class Caches extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Caches() {
      super(Stream.of(Mode.Cache.values()).map(Mode.Cache::word).toList());
    }
  }
}
