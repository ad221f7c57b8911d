// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.plugins.Contents;
import io.gpubench.app.workers.ForeignEngine;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.verify.RunSchema;
import io.gpubench.measure.verify.Verifier;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What there is to measure with. Workloads and engines are made on first use, since much can be
 * said without any.
 *
 * @param home holds {@code configs} and, in a checkout, the sources
 * @param contents workloads and engines of our own
 * @param environment variables of this process
 */
public record Installation(Path home, Contents contents, Map<String, String> environment) {

  /** All workloads, by id, in the order in which they are listed. */
  public Map<String, Workload> workloads() {
    return contents.workloads().stream()
        .collect(Collectors.toMap(Workload::id, w -> w, (a, _) -> a, LinkedHashMap::new));
  }

  /** Our own engines. */
  public List<Engine> engines() {
    return contents.engines();
  }

  /** The names of all engines: our own, then those of {@code configs/engines}. */
  public List<String> engineNames() {
    var names = new ArrayList<>(engines().stream().map(Engine::id).toList());
    names.addAll(foreignEngineNames());
    return names;
  }

  /** The names of the engines of {@code configs/engines}, in alphabetical order. */
  public List<String> foreignEngineNames() {
    return new ConfigReader(configs()).engineNames();
  }

  /**
   * Our own engines, then those of {@code configs/engines} that are named; the files of others may
   * have mistakes.
   */
  public List<Engine> engines(Collection<String> named) {
    var all = new ArrayList<Engine>(engines());
    List<String> taken = EngineSelector.names(all.stream().map(Engine::id).toList());
    var configs = new ConfigReader(configs());
    configs.engineNames().stream()
        .filter(named::contains)
        .map(name -> new ForeignEngine(configs.engine(name, taken)))
        .forEach(all::add);
    return all;
  }

  /** The folder of the configurations. */
  public Path configs() {
    return home.resolve("configs");
  }

  /**
   * A verifier with all that this gpubench knows.
   *
   * @param signers fingerprints of keys one of which has to have signed; empty for any
   */
  public Verifier verifier(Set<String> signers) {
    return new Verifier(
        RunSchema.read(configs().resolve("schemas").resolve("run.schema.json")),
        engines().stream().collect(Collectors.toMap(Engine::id, Function.identity())),
        workloads(),
        signers,
        Clock.systemUTC());
  }
}
