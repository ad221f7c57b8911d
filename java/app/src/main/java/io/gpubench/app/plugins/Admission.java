// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.plugins;

import io.gpubench.app.BuiltIn;
import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.Workload;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether what a plugin brings fits in with what is there.
 *
 * @param workloads by id
 * @param engines by id
 * @param adapters of other plugins
 * @param otherEngines names that engines outside of Java have, and what else names none of them
 */
record Admission(
    Map<String, Workload> workloads,
    Map<String, Engine> engines,
    List<Adapter> adapters,
    Set<String> otherEngines) {
  /** As files, options and tables can have them. */
  private static final String ID = "[a-z][a-z0-9-]*([.][a-z0-9-]+)*";

  /** As a setting on the command line can have them. */
  private static final String PARAMETER = "[a-z][A-Za-z0-9-]*";

  /**
   * Checks all that it brings.
   *
   * @throws Unfit the first reason why it cannot stay
   */
  void demand(Installed.Guest guest) throws Unfit {
    var knownWorkloads = new HashSet<>(workloads.keySet());
    for (Workload workload : guest.workloads()) {
      demandId("workload", workload.id(), knownWorkloads);
      demandParameters(workload);
    }
    var knownEngines = new HashSet<>(engines.keySet());
    knownEngines.addAll(otherEngines);
    for (Engine engine : guest.engines()) {
      demandId("engine", engine.id(), knownEngines);
      for (Workload workload : workloads.values()) {
        demandTuning(engine, workload);
      }
      for (Workload workload : guest.workloads()) {
        demandTuning(engine, workload);
      }
    }
    var pairs = new HashMap<String, Set<String>>();
    adapters.forEach(other -> ofEngine(pairs, other).add(other.workload()));
    for (Adapter adapter : guest.adapters()) {
      demandAdapter(adapter, knownWorkloads, pairs);
    }
  }

  private static Set<String> ofEngine(Map<String, Set<String>> pairs, Adapter adapter) {
    return pairs.computeIfAbsent(adapter.engine(), _ -> new HashSet<>());
  }

  private static void demandId(String kind, String id, Set<String> known) throws Unfit {
    if (!id.matches(ID)) {
      throw new Unfit(
          "the %s '%s' has an id with other characters than a-z, 0-9, '-' and '.'"
              .formatted(kind, id));
    }
    if (!known.add(id)) {
      throw new Unfit("there is another %s '%s'".formatted(kind, id));
    }
  }

  private static void demandParameters(Workload workload) throws Unfit {
    var names = new HashSet<String>();
    boolean sized = false;
    for (Parameter parameter : workload.parameters()) {
      demandName(parameter, workload, names);
      if (parameter.defaults().isEmpty()) {
        throw new Unfit(
            "the parameter '%s.%s' has no default".formatted(workload.id(), parameter.name()));
      }
      sized |=
          parameter instanceof Parameter.Whole && parameter.name().equals(workload.sizeParameter());
    }
    if (!sized) {
      throw new Unfit(
          "the workload '%s' has no whole parameter '%s', which its size is to be"
              .formatted(workload.id(), workload.sizeParameter()));
    }
  }

  private static void demandTuning(Engine engine, Workload workload) throws Unfit {
    for (String path : engine.paths(workload.id())) {
      var names = new HashSet<String>();
      workload.parameters().forEach(parameter -> names.add(parameter.name()));
      for (Parameter parameter : engine.tuning(workload.id(), path)) {
        demandName(parameter, workload, names);
        if (!parameter.defaults().isEmpty()) {
          throw new Unfit(
              "the engine '%s' has a default for '%s', which it tunes '%s' by"
                  .formatted(engine.id(), parameter.name(), workload.id()));
        }
      }
    }
  }

  private static void demandName(Parameter parameter, Workload workload, Set<String> known)
      throws Unfit {
    if (!parameter.name().matches(PARAMETER)) {
      throw new Unfit(
          "the parameter '%s' of '%s' has other characters than letters, digits and '-'"
              .formatted(parameter.name(), workload.id()));
    }
    if (!known.add(parameter.name())) {
      throw new Unfit(
          "the workload '%s' has two parameters '%s'".formatted(workload.id(), parameter.name()));
    }
  }

  private void demandAdapter(
      Adapter adapter, Set<String> knownWorkloads, Map<String, Set<String>> pairs) throws Unfit {
    String pair =
        "the workload '%s' on the engine '%s'".formatted(adapter.workload(), adapter.engine());
    if (!knownWorkloads.contains(adapter.workload())) {
      throw new Unfit("it adapts " + pair + ", and there is no such workload");
    }
    Engine engine =
        BuiltIn.engines(List.of(adapter)).stream()
            .filter(ours -> ours.id().equals(adapter.engine()))
            .findFirst()
            .orElseThrow(() ->
                new Unfit("it adapts " + pair + ", and none of our own engines is called that"));
    boolean known =
        BuiltIn.engines().stream()
            .anyMatch(ours ->
                ours.id().equals(adapter.engine()) && !ours.paths(adapter.workload()).isEmpty());
    if (known || !ofEngine(pairs, adapter).add(adapter.workload())) {
      throw new Unfit("it adapts " + pair + ", which is known already");
    }
    if (engine.paths(adapter.workload()).isEmpty()) {
      throw new Unfit(
          "it adapts %s by a %s, which that engine cannot use"
              .formatted(pair, adapter.getClass().getName()));
    }
  }
}
