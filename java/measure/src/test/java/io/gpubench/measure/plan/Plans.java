// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.CATALOG;
import static io.gpubench.measure.plan.Fakes.FACTS;
import static io.gpubench.measure.plan.Fakes.PROFILE;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans for tests, of the workloads and engines of {@link Fakes}. */
final class Plans {
  static final SuiteConfig CONSENSUS = SuiteConfig.ofWorkloads(List.of("consensus"));

  private Plans() {}

  static Plan plan(SuiteConfig suite, Overrides overrides) {
    return Planner.plan(suite, CATALOG, PROFILE, FACTS, overrides);
  }

  static Overrides set(String... options) {
    return new Overrides(
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Arrays.stream(options).map(Setting::parse).toList());
  }

  /** A run of a suite file in which each part has a line of its own. */
  static RunConfig inFile(
      String workload, @Nullable String engine, @Nullable String path, String... settings) {
    return new RunConfig(
        new Reference(workload, place(3, "workload")),
        engine == null ? null : new Reference(engine, place(4, "engine")),
        path == null ? null : new Reference(path, place(5, "path")),
        null,
        null,
        Arrays.stream(settings)
            .map(Setting::parse)
            .map(s ->
                new Setting(workload, s.parameter(), s.text(), place(6, "set." + s.parameter())))
            .toList());
  }

  static Place place(int line, String key) {
    return new Place.InFile(Path.of("x.yaml"), line, "runs[0]." + key);
  }

  static SuiteConfig suite(RunConfig... runs) {
    return new SuiteConfig("x", "", List.of(runs));
  }
}
