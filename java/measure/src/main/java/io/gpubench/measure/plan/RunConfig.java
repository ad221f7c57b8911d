// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One workload of a suite, to be measured once for each combination of its parameter values.
 *
 * @param engine who does the work; null for the preferred engine that can
 * @param path how the work reaches the engine; null for the engine's preferred path
 * @param clock what times it; null for the path's preferred clock
 * @param cache what the caches hold before a sample; null for what the path prefers
 * @param settings values of parameters; a parameter without a setting takes its defaults
 */
public record RunConfig(
    Reference workload,
    @Nullable Reference engine,
    @Nullable Reference path,
    @Nullable Reference clock,
    @Nullable Reference cache,
    List<Setting> settings) {
  public RunConfig {
    settings = List.copyOf(settings);
  }

  /** From a part of a document that agrees with the suite schema. */
  static RunConfig of(Yaml.Mapping run) {
    Reference workload = reference(run.scalar("workload"));
    return new RunConfig(
        workload,
        optional(run, "engine"),
        optional(run, "path"),
        optional(run, "clock"),
        optional(run, "cache"),
        settings(workload.name(), run));
  }

  /**
   * What a part of a document sets of a workload; nothing where it has no {@code set}.
   *
   * @param run agrees with a schema whose {@code set} is that of the suite schema
   */
  public static List<Setting> settings(String workload, Yaml.Mapping run) {
    return run.entries().get("set") instanceof Yaml.Mapping mapping
        ? mapping.entries().entrySet().stream()
            .map(entry -> setting(workload, entry.getKey(), entry.getValue()))
            .toList()
        : List.of();
  }

  private static Setting setting(String workload, String parameter, Yaml values) {
    String text =
        switch (values) {
          case Yaml.Scalar scalar -> scalar.text();
          case Yaml.Sequence sequence ->
              String.join(
                  ",", sequence.items().stream().map(item -> ((Yaml.Scalar) item).text()).toList());
          case Yaml.Mapping _ -> throw new IllegalStateException("the schema allows no mapping");
        };
    return new Setting(workload, parameter, text, values.place());
  }

  private static @Nullable Reference optional(Yaml.Mapping run, String key) {
    return run.entries().containsKey(key) ? reference(run.scalar(key)) : null;
  }

  private static Reference reference(Yaml.Scalar scalar) {
    return new Reference(scalar.text(), scalar.place());
  }
}
