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
import java.util.List;
import java.util.Objects;

/** Chooses the engine: the one asked for, or the first of our own that passes its self-check. */
public final class EngineSelector {
  /** Instead of an engine's name: the first of our own that passes its self-check. */
  public static final String AUTO = "auto";

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
   * Selects among engines in the order of preference.
   *
   * @throws ConfigException when no engine has the name
   * @throws EngineException when the engine asked for, or every engine, fails its self-check
   */
  static Selection select(String requested, List<Engine> engines, Measurers measurers) {
    boolean auto = requested.equals(AUTO);
    if (auto && engines.stream().allMatch(ForeignEngine.class::isInstance)) {
      throw new EngineException("no engine at all is built into this gpubench; rebuild it");
    }
    var names = new ArrayList<>(engines.stream().map(Engine::id).toList());
    names.add(AUTO);
    if (!names.contains(requested)) {
      throw new ConfigException(Names.unknown("engine", requested, names));
    }
    var passedOver = new ArrayList<String>();
    var remedies = new ArrayList<String>();
    for (Engine engine : engines) {
      if (auto ? !(engine instanceof ForeignEngine) : engine.id().equals(requested)) {
        Measurers.Check check = measurers.check(engine);
        SelfCheck answer = check.selfCheck();
        if (answer.passed()) {
          String before =
              passedOver.isEmpty()
                  ? ""
                  : "; passed over "
                      + String.join("; ", passedOver)
                      + "; 'gpubench doctor' tells what helps";
          String how = auto ? "best that passes its self-check" : "asked for";
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
        remedies.add(
            engine.id()
                + ": "
                + answer.detail()
                + (answer.remedy() == null ? "" : "; " + answer.remedy()));
      }
    }
    throw new EngineException("no engine: " + String.join("; ", remedies));
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
    boolean known = engines.stream().anyMatch(engine -> engine.id().equals(requested));
    if (known && able.stream().noneMatch(engine -> engine.id().equals(requested))) {
      throw new ConfigException(
          "the engine '%s' uses no device; leave out --device %s, or --engine %s"
              .formatted(requested, device, requested));
    }
    return select(requested, able, measurers);
  }
}
