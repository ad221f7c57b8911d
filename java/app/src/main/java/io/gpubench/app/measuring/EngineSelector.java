// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.workers.ForeignEngine;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Names;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.Telemetry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Chooses the engine: the one asked for, the first of a family, or the first of our own that passes
 * its self-check. A family are the engines whose ids begin alike: {@code tornado} is {@code
 * tornado:cuda}, {@code tornado:opencl} and so on. Nobody takes one of a family unasked.
 */
public final class EngineSelector {
  /**
   * Instead of an engine's name: the first of our own outside of families that passes its
   * self-check.
   */
  public static final String AUTO = "auto";

  private static final char OF_FAMILY = ':';

  private EngineSelector() {}

  /**
   * An engine that passed its self-check.
   *
   * @param why one line for a person: what it is, and what was passed over
   * @param facts what was found when it was open
   * @param telemetry what its device's sensors said then
   * @param measurers where it was opened, and is going to be
   */
  public record Selection(
      Engine engine,
      String requested,
      String why,
      Measurer.Facts facts,
      Telemetry telemetry,
      Measurers measurers) {
    /**
     * A measurer on it, for one repetition; the caller closes it.
     *
     * @param repetition counted from 1
     */
    Measurer open(int repetition) {
      return measurers.open(engine, repetition);
    }

    /** The same where it is opened by others, which are of the same kind. */
    Selection in(Measurers others) {
      return new Selection(engine, requested, why, facts, telemetry, others);
    }
  }

  /**
   * All that can be asked for.
   *
   * @param ids of engines
   * @return these, their families, then {@link #AUTO}
   */
  static List<String> names(Collection<String> ids) {
    var names = new LinkedHashSet<>(ids);
    ids.stream()
        .filter(id -> id.indexOf(OF_FAMILY) > 0)
        .forEach(id -> names.add(id.substring(0, id.indexOf(OF_FAMILY))));
    names.add(AUTO);
    return List.copyOf(names);
  }

  /** Those of some names that are families of some engines. */
  static List<String> families(Collection<String> names, List<Engine> engines) {
    return names.stream()
        .filter(name -> engines.stream().anyMatch(one -> one.id().startsWith(name + OF_FAMILY)))
        .toList();
  }

  /** Whether an engine is what is asked for, or may turn out to be. */
  static boolean fits(String requested, Engine engine) {
    return requested.equals(AUTO)
        ? !(engine instanceof ForeignEngine) && engine.id().indexOf(OF_FAMILY) < 0
        : names(requested, engine.id());
  }

  /** Whether a name is that of an engine, or of its family. */
  static boolean names(String requested, String id) {
    return id.equals(requested) || id.startsWith(requested + OF_FAMILY);
  }

  /** The engines of which one is going to be selected, in the order of preference. */
  static List<Engine> candidates(String requested, List<Engine> engines) {
    return engines.stream().filter(engine -> fits(requested, engine)).toList();
  }

  /**
   * Selects among engines in the order of preference.
   *
   * @throws ConfigException when no engine has the name
   * @throws EngineException when the engine asked for, or every engine, fails its self-check
   */
  static Selection select(String requested, List<Engine> engines, Measurers measurers) {
    List<Engine> candidates = candidates(requested, engines);
    if (candidates.isEmpty()) {
      if (requested.equals(AUTO)) {
        throw new EngineException("no engine at all is built into this gpubench; rebuild it");
      }
      throw new ConfigException(
          Names.unknown("engine", requested, names(engines.stream().map(Engine::id).toList())));
    }
    var passedOver = new ArrayList<String>();
    var problems = new LinkedHashMap<String, List<String>>();
    for (Engine engine : candidates) {
      Measurers.Check check = measurers.check(engine);
      SelfCheck answer = check.selfCheck();
      if (answer.passed()) {
        String before =
            passedOver.isEmpty()
                ? ""
                : "; passed over "
                    + String.join("; ", passedOver)
                    + "; 'gpubench doctor' tells what helps";
        String how =
            requested.equals(engine.id())
                ? "asked for"
                : (requested.equals(AUTO) ? "best" : "first of " + requested)
                    + " that passes its self-check";
        return new Selection(
            engine,
            requested,
            answer.detail() + " (" + how + before + ")",
            Objects.requireNonNull(check.facts()),
            check.telemetry(),
            measurers);
      }
      // where another engine serves, the heart of the matter is enough
      passedOver.add(engine.id() + ": " + answer.detail().split(";", 2)[0]);
      String remedy = answer.remedy() == null ? "" : "; " + answer.remedy();
      problems.computeIfAbsent(answer.detail() + remedy, _ -> new ArrayList<>()).add(engine.id());
    }
    throw new EngineException(
        "no engine: "
            + problems.entrySet().stream()
                .map(one -> String.join(", ", one.getValue()) + ": " + one.getKey())
                .collect(Collectors.joining("; ")));
  }

  /**
   * Selects among the engines that use devices.
   *
   * @param device the one that they were put on
   * @throws ConfigException when no engine has the name, or it uses no devices
   * @throws EngineException when there is no such device, or it does not work
   */
  static Selection selectOn(
      String device, String requested, List<Engine> engines, Measurers measurers) {
    List<Engine> able = engines.stream().filter(engine -> engine.on(device).isPresent()).toList();
    boolean named = !requested.equals(AUTO) && !candidates(requested, engines).isEmpty();
    if (named && candidates(requested, able).isEmpty()) {
      throw new ConfigException(
          "the engine '%s' uses no device; leave out --device %s, or --engine %s"
              .formatted(requested, device, requested));
    }
    return select(requested, able, measurers);
  }
}
