// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.workers.ForeignEngine;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Workload;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What every command needs. Workloads and engines are made on first use, since {@code --help} needs
 * none.
 *
 * @param home holds {@code configs} and, in a checkout, the sources
 * @param makeEngines all engines, the one that {@code auto} tries first at the front
 * @param environment variables of this process
 */
record App(
    Path home,
    Supplier<List<Workload>> makeWorkloads,
    Supplier<List<Engine>> makeEngines,
    Map<String, String> environment,
    Terminal terminal,
    PrintWriter out,
    PrintWriter err) {

  Map<String, Workload> workloads() {
    return makeWorkloads.get().stream()
        .collect(Collectors.toMap(Workload::id, w -> w, (a, _) -> a, java.util.LinkedHashMap::new));
  }

  /** Our own engines. */
  List<Engine> engines() {
    return makeEngines.get();
  }

  /** The names of all engines: our own, then those of {@code configs/engines}. */
  List<String> engineNames() {
    var names = new ArrayList<>(engines().stream().map(Engine::id).toList());
    names.addAll(foreignEngineNames());
    return names;
  }

  /** The names of the engines of {@code configs/engines}, in alphabetical order. */
  List<String> foreignEngineNames() {
    return new ConfigReader(configs()).engineNames();
  }

  /**
   * Our own engines, then those of {@code configs/engines} that are named; the files of others may
   * have mistakes.
   */
  List<Engine> engines(Collection<String> named) {
    var all = new ArrayList<Engine>(engines());
    List<String> taken = new ArrayList<>(all.stream().map(Engine::id).toList());
    taken.add(EngineSelector.AUTO);
    var configs = new ConfigReader(configs());
    configs.engineNames().stream()
        .filter(named::contains)
        .map(name -> new ForeignEngine(configs.engine(name, taken)))
        .forEach(all::add);
    return all;
  }

  Path configs() {
    return home.resolve("configs");
  }
}
