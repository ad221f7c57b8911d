// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.plan.Place;
import io.gpubench.measure.plan.Reference;
import io.gpubench.measure.plan.RunConfig;
import io.gpubench.measure.plan.Setting;
import io.gpubench.measure.plan.SuiteConfig;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.spi.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A side of a comparison as the command line names it: {@code engine=host,consensus.tags=none}. An
 * error of it begins with that text.
 *
 * @param engine an engine's id or {@code auto}
 * @param version of gpubench whose workers measure, as {@link io.gpubench.app.versions.Versions}
 *     takes it; null for this one
 * @param slowdown of each sample, on purpose; null for none
 * @param settings values of parameters, each of a workload
 */
record DuetSide(
    String text,
    String engine,
    @Nullable String path,
    @Nullable String clock,
    @Nullable String cache,
    @Nullable String device,
    @Nullable Integer threads,
    boolean recorded,
    @Nullable String version,
    @Nullable Slowdown slowdown,
    List<Setting> settings) {
  private static final List<String> KEYS =
      List.of(
          "engine",
          "path",
          "clock",
          "cache",
          "device",
          "threads",
          "telemetry",
          "version",
          Slowdown.KEY);
  private static final String ON = "on";
  private static final String OFF = "off";
  private static final String FORM =
      "settings such as engine=host,path=call,consensus.tags=none, separated by commas";

  /**
   * Parses the text of a side; names are not looked up.
   *
   * @throws ConfigException when it has no such form
   */
  static DuetSide parse(String text) {
    var place = new Place.OnCommandLine(text);
    var choices = new LinkedHashMap<String, String>();
    var settings = new ArrayList<Setting>();
    for (String item : text.split(",", -1)) {
      int equals = item.indexOf('=');
      if (equals < 0 || item.substring(equals + 1).isBlank()) {
        throw place.error(
            "%s in '%s'; expected %s"
                .formatted(equals < 0 ? "missing '='" : "no value", item.strip(), FORM));
      }
      String key = item.substring(0, equals).strip();
      String value = item.substring(equals + 1).strip();
      int dot = key.lastIndexOf('.');
      if (dot <= 0 && !KEYS.contains(key)) {
        var known = new ArrayList<>(KEYS);
        known.add("WORKLOAD.PARAMETER");
        throw place.error(Names.unknown("setting", key, known));
      }
      if (choices.put(key, value) != null) {
        throw place.error("'" + key + "' is set a second time");
      }
      if (dot > 0) {
        settings.add(new Setting(key.substring(0, dot), key.substring(dot + 1), value, place));
      }
    }
    return new DuetSide(
        text,
        choices.getOrDefault("engine", EngineSelector.AUTO),
        choices.get("path"),
        choices.get("clock"),
        choices.get("cache"),
        choices.get("device"),
        threads(choices.get("threads"), place),
        recorded(choices.getOrDefault("telemetry", ON), place),
        choices.get("version"),
        slowdown(choices.get(Slowdown.KEY), place),
        settings);
  }

  private static @Nullable Integer threads(@Nullable String text, Place place) {
    try {
      return text == null ? null : Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw place.error("threads: '" + text + "' is not an integer", e);
    }
  }

  private static @Nullable Slowdown slowdown(@Nullable String text, Place place) {
    try {
      return text == null ? null : new Slowdown(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw place.error("slowdown: '" + text + "' is no number; expected a factor such as 1.10", e);
    } catch (ConfigException e) {
      throw place.error(String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean recorded(String text, Place place) {
    if (!text.equals(ON) && !text.equals(OFF)) {
      throw place.error("telemetry: expected on or off, found '" + text + "'");
    }
    return text.equals(ON);
  }

  /** Where it was written. */
  Place place() {
    return new Place.OnCommandLine(text);
  }

  /** Whether an engine that was selected for the other side serves this one too. */
  boolean sameEngine(DuetSide other) {
    return engine.equals(other.engine)
        && Objects.equals(device, other.device)
        && Objects.equals(threads, other.threads)
        && sameVersion(other);
  }

  /** Whether both are the same version of gpubench. */
  boolean sameVersion(DuetSide other) {
    return Objects.equals(version, other.version);
  }

  /**
   * The engine that is named, and usable with the device; null where several may be meant.
   *
   * @param names of all engines that there are
   * @param engines at least the one that is named
   * @throws ConfigException when they do not fit
   */
  @Nullable Engine named(List<String> names, List<Engine> engines) {
    List<String> known = EngineSelector.names(names);
    if (!known.contains(engine)) {
      throw place().error(Names.unknown("engine", engine, known));
    }
    List<Engine> found = EngineSelector.candidates(engine, engines);
    if (device != null
        && !engine.equals(EngineSelector.AUTO)
        && found.stream().allMatch(one -> one.on(device).isEmpty())) {
      throw place().error("the engine '" + engine + "' uses no device");
    }
    return found.size() == 1 ? found.getFirst() : null;
  }

  /** Where its engine runs; the caller closes it. */
  Measurers measurers(Workplace workplace, Installation installation, Cancellation cancellation) {
    return workplace
        .recorded(workplace.recorded() && recorded)
        .measurers(
            installation.home(),
            device,
            workplace.engineOptions(text + ": threads", threads),
            slowdown,
            cancellation);
  }

  /**
   * Selects its engine, which is checked then.
   *
   * @throws io.gpubench.measure.EngineException when it does not pass its self-check
   */
  Selection select(List<Engine> engines, Measurers measurers) {
    if (device == null) {
      return EngineSelector.select(engine, engines, measurers);
    }
    List<Engine> placed = engines.stream().map(made -> made.on(device).orElse(made)).toList();
    return EngineSelector.selectOn(device, engine, placed, measurers);
  }

  /**
   * What it measures.
   *
   * @param selected id of its engine
   * @param workloads ids of the workloads
   * @param clocks by the workload, what times it where this side names no clock; null for its
   *     engine's choice
   * @throws ConfigException when it sets a parameter of a workload that is not measured
   */
  SuiteConfig suite(String selected, List<String> workloads, Map<String, @Nullable String> clocks) {
    for (Setting setting : settings) {
      if (!workloads.contains(setting.workload())) {
        throw place()
            .error(Names.unknown("workload", String.valueOf(setting.workload()), workloads));
      }
    }
    return new SuiteConfig(
        "duet",
        "",
        workloads.stream()
            .map(workload ->
                new RunConfig(
                    new Reference(workload, new Place.OnCommandLine("")),
                    new Reference(selected, place()),
                    reference(path),
                    reference(clock == null ? clocks.get(workload) : clock),
                    reference(cache),
                    settings.stream()
                        .filter(setting -> workload.equals(setting.workload()))
                        .toList()))
            .toList());
  }

  private @Nullable Reference reference(@Nullable String name) {
    return name == null ? null : new Reference(name, place());
  }

  /** Whether it sets that parameter itself. */
  boolean sets(String workload, String parameter) {
    return settings.stream()
        .anyMatch(setting ->
            workload.equals(setting.workload()) && setting.parameter().equals(parameter));
  }

  /** Its own parameters by the name of the option that sets them too. */
  Map<String, String> alsoSetBy(List<Setting> common, @Nullable Long seed) {
    var twice = new LinkedHashMap<String, String>();
    for (Setting own : settings) {
      String name = own.workload() + "." + own.parameter();
      boolean set =
          common.stream()
              .anyMatch(other ->
                  other.parameter().equals(own.parameter())
                      && (other.workload() == null || other.workload().equals(own.workload())));
      if (set) {
        twice.put(name, "--set");
      } else if (seed != null && own.parameter().equals("seed")) {
        twice.put(name, "--seed");
      }
    }
    return twice;
  }
}
