// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Workload;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What can be planned: the workloads and the engines there are. No engine needs to be open.
 *
 * @param workloads by id
 * @param engines by id, the preferred one first; then those that can be asked for by another name,
 *     by that name
 */
public record Catalog(Map<String, Workload> workloads, Map<String, Engine> engines) {
  public Catalog {
    workloads = Collections.unmodifiableMap(new LinkedHashMap<>(workloads));
    engines = Collections.unmodifiableMap(new LinkedHashMap<>(engines));
  }

  /**
   * A catalog in the order of the collections.
   *
   * @throws IllegalStateException when two share an id
   */
  public static Catalog of(Collection<Workload> workloads, Collection<Engine> engines) {
    return new Catalog(byId(workloads, Workload::id), byId(engines, Engine::id));
  }

  /** The same, where an engine of it can be asked for by another name too. */
  public Catalog naming(String name, Engine engine) {
    var more = new LinkedHashMap<>(engines);
    more.putIfAbsent(name, engine);
    return new Catalog(workloads, more);
  }

  /** The engines that can run a workload, the preferred one first. */
  List<String> enginesFor(Workload workload) {
    return engines.values().stream()
        .filter(engine -> !engine.paths(workload.id()).isEmpty())
        .map(Engine::id)
        .distinct()
        .toList();
  }

  private static <T> Map<String, T> byId(Collection<T> all, Function<T, String> id) {
    var map = new LinkedHashMap<String, T>();
    for (T each : all) {
      if (map.put(id.apply(each), each) != null) {
        throw new IllegalStateException("two share the id " + id.apply(each));
      }
    }
    return map;
  }
}
