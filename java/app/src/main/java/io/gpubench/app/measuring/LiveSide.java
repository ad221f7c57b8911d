// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.compare.RecordedCase;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.Overrides;
import io.gpubench.measure.plan.Place;
import io.gpubench.measure.plan.Reference;
import io.gpubench.measure.plan.RunConfig;
import io.gpubench.measure.plan.Setting;
import io.gpubench.measure.plan.SuiteConfig;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.Workload;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A side that can be measured now, next to sides that were measured before: it is measured as they
 * were, by fresh processes of a run of its own.
 *
 * @param text such as {@code engine=host,consensus.tags=none}
 * @param profile of {@code configs/profiles}, or a YAML file
 * @param samples exactly so many in each process; null for as many as the profile's precision needs
 * @param processes of each configuration; null in-process, where there is one
 * @param settings of all live sides
 * @param seed of all inputs; null for that of the recorded sides
 * @param workplace processes and processors
 * @param coolDown awaited before each process
 * @param orderSeed seed of the random order in which processes measure; null for a new one
 * @param ceilings to which the records are related
 */
public record LiveSide(
    String text,
    String profile,
    @Nullable Long samples,
    @Nullable Integer processes,
    List<Setting> settings,
    @Nullable Long seed,
    Workplace workplace,
    CoolDown coolDown,
    @Nullable Long orderSeed,
    CeilingUse ceilings) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z][\\w.-]*\\s*=.*", Pattern.DOTALL);

  /** What a run of one version as it is cannot do. */
  private static final Set<String> DUETS_ONLY = Set.of("version", "slowdown");

  /**
   * Checks the form.
   *
   * @throws ConfigException when the text is no side, or one that only duets can have
   */
  public LiveSide {
    settings = List.copyOf(settings);
    DuetSide.parse(text);
    for (String item : text.split(",", -1)) {
      String key = item.substring(0, item.indexOf('=')).strip();
      if (DUETS_ONLY.contains(key)) {
        throw new ConfigException(
            text + ": " + key + " needs duets, and the other side was recorded; name a live one");
      }
    }
  }

  /** Whether the text of a side is one of settings rather than a path. */
  public static boolean isLive(String side) {
    return FORM.matcher(side).matches();
  }

  /** The parameters that it sets, such as {@code consensus.tags}. */
  public Set<String> chosen() {
    return DuetSide.parse(text).settings().stream()
        .map(setting -> setting.workload() + "." + setting.parameter())
        .collect(Collectors.toSet());
  }

  /**
   * Measures what recorded sides measured into a new directory of the store.
   *
   * @param like what they measured, of workloads of which gpubench knows one at least
   * @throws ConfigException when it cannot do that
   * @throws io.gpubench.measure.EngineException when the engine does not pass its self-check
   */
  public StoredRun measure(Journey journey, List<RecordedCase> like) {
    DuetSide side = DuetSide.parse(text);
    var overrides =
        new Overrides(
            side.engine().equals(EngineSelector.AUTO) ? null : side.engine(),
            side.path(),
            side.clock(),
            side.cache(),
            samples,
            null,
            null,
            processes,
            seed,
            settings);
    var request =
        new SuiteRequest(
            List.of(),
            null,
            side.device(),
            side.threads(),
            profile,
            overrides,
            workplace.recorded(workplace.recorded() && side.recorded()),
            coolDown,
            orderSeed,
            ceilings);
    return request.measure(
        journey, new SuiteConfig("compare", "", runs(side, like, journey.installation())));
  }

  private List<RunConfig> runs(DuetSide side, List<RecordedCase> like, Installation installation) {
    Map<String, Workload> known = installation.workloads();
    var runs = new LinkedHashSet<Wanted>();
    for (RecordedCase one : like) {
      Workload workload = known.get(one.workload());
      if (workload != null) {
        runs.add(wanted(side, one, workload));
      }
    }
    var used = runs.stream().map(Wanted::workload).collect(Collectors.toSet());
    for (Setting setting : side.settings()) {
      if (!used.contains(setting.workload())) {
        throw side.place()
            .error(
                "%s.%s: the recorded sides did not measure that workload"
                    .formatted(setting.workload(), setting.parameter()));
      }
    }
    return runs.stream().map(wanted -> wanted.run(side)).toList();
  }

  /** Null for the engine's own choice. */
  private record Wanted(
      String workload,
      @Nullable String path,
      @Nullable String clock,
      @Nullable String cache,
      Map<String, String> parameters) {
    RunConfig run(DuetSide side) {
      var settings = new ArrayList<Setting>();
      parameters.forEach(
          (name, value) -> settings.add(new Setting(workload, name, value, side.place())));
      return new RunConfig(
          new Reference(workload, side.place()),
          null,
          reference(path, side.place()),
          reference(clock, side.place()),
          reference(cache, side.place()),
          settings);
    }

    private static @Nullable Reference reference(@Nullable String name, Place place) {
      return name == null ? null : new Reference(name, place);
    }
  }

  /**
   * The same work, and by the same engine in the same way, where the side does not say otherwise.
   */
  private static Wanted wanted(DuetSide side, RecordedCase one, Workload workload) {
    String engine = one.settings().get("engine");
    boolean sameEngine = engine != null && EngineSelector.names(side.engine(), engine);
    Set<String> own =
        workload.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
    var parameters = new java.util.TreeMap<String, String>();
    one.parameters()
        .forEach((name, value) -> {
          if (sameEngine || own.contains(name)) {
            parameters.put(name, value);
          }
        });
    side.settings().stream()
        .filter(setting -> Objects.equals(setting.workload(), one.workload()))
        .forEach(setting -> parameters.put(setting.parameter(), setting.text()));
    return new Wanted(
        one.workload(),
        sameEngine ? one.settings().get("path") : null,
        sameEngine ? one.settings().get("clock") : null,
        one.settings().get("cache"),
        parameters);
  }
}
