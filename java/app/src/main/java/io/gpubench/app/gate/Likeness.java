// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.measuring.SuiteRequest;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Environment;
import io.gpubench.measure.result.RunDocument;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a baseline is of this machine and of what is to be measured. Pure but for the machine.
 */
final class Likeness {
  private Likeness() {}

  /** That of the first device; without any, of the processors. */
  static HardwareIdentity identity(SuiteRequest.Prepared prepared) {
    List<Selection> all = List.copyOf(prepared.engines().values());
    Selection chosen =
        all.stream().filter(one -> one.facts().device() != null).findFirst().orElse(all.getFirst());
    return identity(
        chosen.facts().synthetic(),
        chosen.facts().device(),
        chosen.facts().description(),
        Environment.capture());
  }

  private static HardwareIdentity identity(RunDocument run) {
    RunDocument.EngineChoice chosen =
        run.engines().stream()
            .filter(one -> one.device() != null)
            .findFirst()
            .orElse(run.engines().getFirst());
    return identity(chosen.synthetic(), chosen.device(), chosen.description(), run.environment());
  }

  private static HardwareIdentity identity(
      boolean synthetic,
      @Nullable String device,
      Map<String, Object> description,
      Map<String, Object> environment) {
    String hardware = HardwareIdentity.hardware(synthetic, device, description);
    return HardwareIdentity.of(hardware == null ? "device" : hardware, environment, description);
  }

  /**
   * That a baseline is of this machine, as it is now, and of what is to be measured.
   *
   * @param remedy what to do about it
   * @throws ConfigException with all differences
   */
  static void demand(
      Path baseline,
      RunDocument old,
      SuiteRequest.Prepared prepared,
      HardwareIdentity now,
      String remedy) {
    if (old.engines().isEmpty() || old.duets() != null) {
      throw new ConfigException(
          "--baseline %s: it compares two sides; expected a run of 'gpubench run' or of --update"
              .formatted(baseline));
    }
    var differences = new ArrayList<String>();
    HardwareIdentity then = identity(old);
    differ(differences, "hardware", then.hardware(), now.hardware());
    var keys = new LinkedHashSet<>(then.parts().keySet());
    keys.addAll(now.parts().keySet());
    keys.forEach(key ->
        differ(
            differences,
            key,
            then.parts().getOrDefault(key, "unknown"),
            now.parts().getOrDefault(key, "unknown")));
    differences.addAll(differences(old.planned(), prepared.plan().runs()));
    if (!differences.isEmpty()) {
      throw new ConfigException(
          "--baseline %s is of something else: %s; %s"
              .formatted(baseline, String.join("; ", differences), remedy));
    }
  }

  private static void differ(List<String> all, String what, String then, String now) {
    if (!then.equals(now)) {
      all.add("%s %s, now %s".formatted(what, then, now));
    }
  }

  /** Of what was planned then and now; none where it is the same. */
  static List<String> differences(List<RunDocument.Planned> then, List<PlannedRun> now) {
    var differences = new LinkedHashSet<String>();
    var left = new ArrayList<>(now);
    var missing = new ArrayList<RunDocument.Planned>();
    for (RunDocument.Planned old : then) {
      if (!left.removeIf(run -> run.id().equals(old.id()))) {
        missing.add(old);
      }
    }
    for (RunDocument.Planned old : missing) {
      Optional<PlannedRun> near =
          left.stream().filter(run -> run.workload().id().equals(old.workload())).findFirst();
      if (near.isEmpty()) {
        differences.add("%s was measured, and is not now".formatted(old.workload()));
        continue;
      }
      left.remove(near.get());
      describe(old)
          .forEach((what, before) -> {
            String today = describe(near.get()).getOrDefault(what, "unknown");
            if (!before.equals(today)) {
              differences.add("%s.%s %s, now %s".formatted(old.workload(), what, before, today));
            }
          });
    }
    left.forEach(run -> differences.add("%s was not measured".formatted(run.workload().id())));
    return List.copyOf(differences);
  }

  private static Map<String, String> describe(RunDocument.Planned old) {
    var all = new LinkedHashMap<String, String>();
    old.parameters().forEach((name, value) -> all.put(name, String.valueOf(value)));
    all.put("engine", old.engine());
    all.put("mode", old.mode().toString());
    return all;
  }

  private static Map<String, String> describe(PlannedRun run) {
    var all = new LinkedHashMap<String, String>();
    run.values().asMap().forEach((name, value) -> all.put(name, String.valueOf(value)));
    all.put("engine", run.engine());
    all.put("mode", run.mode().toString());
    return all;
  }
}
