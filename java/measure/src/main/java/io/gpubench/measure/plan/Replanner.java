// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * From what a run directory says was planned to the same run, to be measured again. Pure: no engine
 * is opened and no file is read.
 *
 * @param catalog what there is now; of its engines, those that the runs name
 * @param facts of this machine
 */
public record Replanner(Catalog catalog, MachineFacts facts) {
  private static final String DIFFERENT = "this version of gpubench plans it differently: ";

  /**
   * Plans a run once more.
   *
   * @param effort how thoroughly it is to be measured
   * @param place where it is written
   * @return with the id that it has here, which is another where {@code planned} was changed by
   *     hand
   * @throws ConfigException when it cannot be planned any more, because something has another name
   *     or range now, or it does not fit into the memory of this machine
   */
  public PlannedRun plan(RunDocument.Planned planned, RunDocument.Effort effort, Place place) {
    Workload workload;
    Engine engine;
    ParameterValues values;
    Mode mode;
    try {
      workload = Names.find("workload", planned.workload(), catalog.workloads());
      engine = Names.find("engine", planned.engine(), catalog.engines());
      mode = planned.mode();
      check("path", mode.path(), engine.paths(workload.id()), workload, engine);
      check(
          "clock",
          mode.clock().word(),
          engine.clocks(workload.id(), mode.path()).stream().map(PreparedRun.Clock::word).toList(),
          workload,
          engine);
      check(
          "cache",
          mode.cache().word(),
          engine.caches(workload.id(), mode.path()).stream().map(Mode.Cache::word).toList(),
          workload,
          engine);
      values = values(workload, engine.tuning(workload.id(), mode.path()), planned.parameters());
      workload.check(values);
      engine.check(workload.id(), mode, values);
      if (effort.repetitions() < 1 || effort.repetitions() > Profile.MOST_REPETITIONS) {
        throw new ConfigException(
            String.format(
                Locale.ROOT,
                "%d processes; expected 1 .. %d",
                effort.repetitions(),
                Profile.MOST_REPETITIONS));
      }
      if (effort.budgetNanos() < 0) {
        throw new ConfigException("a budget of " + effort.budgetNanos() + " ns");
      }
    } catch (ConfigException e) {
      throw place.error(DIFFERENT + e.getMessage(), e);
    }
    return new PlannedRun(
        PlannedRun.id(workload, planned.engine(), mode, values),
        workload,
        planned.engine(),
        mode,
        values,
        effort.stoppingRule(),
        MemoryFit.check(workload, engine, mode, values, facts, place),
        effort.repetitions(),
        Duration.ofNanos(effort.budgetNanos()));
  }

  /**
   * The error that what is stored cannot be planned so here.
   *
   * @param why what is different
   */
  public static ConfigException differs(Place place, String why) {
    return place.error(DIFFERENT + why);
  }

  private static void check(
      String kind, String word, List<String> known, Workload workload, Engine engine) {
    if (!known.contains(word)) {
      throw new ConfigException(
          Names.unknown(kind, word, known) + " (%s on %s)".formatted(workload.id(), engine.id()));
    }
  }

  /** In the order of the workload's parameters, then of the engine's, each of its kind. */
  private static ParameterValues values(
      Workload workload, List<Parameter> tuning, Map<String, Object> stored) {
    List<String> known =
        Stream.concat(workload.parameters().stream(), tuning.stream())
            .map(Parameter::name)
            .toList();
    for (String name : stored.keySet()) {
      if (!known.contains(name)) {
        throw new ConfigException(Names.unknown("parameter", name, known));
      }
    }
    var values = new LinkedHashMap<String, Object>();
    for (Parameter parameter : workload.parameters()) {
      Object value = stored.get(parameter.name());
      if (value == null) {
        throw new ConfigException(
            "%s has a parameter '%s', which is not there"
                .formatted(workload.id(), parameter.name()));
      }
      values.put(parameter.name(), parsed(parameter, value));
    }
    for (Parameter parameter : tuning) {
      Object value = stored.get(parameter.name());
      if (value != null) {
        values.put(parameter.name(), parsed(parameter, value));
      }
    }
    return new ParameterValues(values);
  }

  private static Object parsed(Parameter parameter, Object stored) {
    try {
      return parameter.parse(text(stored));
    } catch (ConfigException e) {
      throw new ConfigException(parameter.name() + ": " + e.getMessage(), e);
    }
  }

  /** JSON knows one kind of number: 1000.0 and 1000 are the same. */
  private static String text(Object stored) {
    if (!(stored instanceof Number)) {
      return stored.toString();
    }
    try {
      return new BigDecimal(stored.toString()).stripTrailingZeros().toPlainString();
    } catch (NumberFormatException _) {
      return stored.toString(); // larger than any number that JSON should have
    }
  }
}
