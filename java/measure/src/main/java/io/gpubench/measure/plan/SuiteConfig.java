// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import java.util.List;

/**
 * What to measure, as asked for: names are not yet looked up and values not yet expanded.
 *
 * @param name of its file, without the extension; the workloads' names where there is no file
 * @param description one line for a person; may be empty
 */
public record SuiteConfig(String name, String description, List<RunConfig> runs) {
  public SuiteConfig {
    runs = List.copyOf(runs);
  }

  /** The suite of workloads named on the command line, each with its defaults. */
  public static SuiteConfig ofWorkloads(List<String> workloads) {
    var place = new Place.OnCommandLine("");
    return new SuiteConfig(
        String.join("+", workloads),
        "",
        workloads.stream()
            .map(name ->
                new RunConfig(new Reference(name, place), null, null, null, null, List.of()))
            .toList());
  }

  /** From a document that agrees with the suite schema. */
  static SuiteConfig of(String name, Yaml.Mapping document) {
    return new SuiteConfig(
        name,
        document.textOr("description", ""),
        document.sequence("runs").items().stream()
            .map(run -> RunConfig.of((Yaml.Mapping) run))
            .toList());
  }
}
