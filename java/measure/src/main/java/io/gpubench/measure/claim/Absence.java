// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Why no evidence is of a case. */
final class Absence {
  private Absence() {}

  /** One line: what comes nearest, and in what it differs. */
  static String of(ClaimCase of, List<Evidence> evidence) {
    if (evidence.isEmpty()) {
      return "nothing was measured";
    }
    if (of.baseline() != null) {
      return "no run compares these two sides by duets";
    }
    ClaimCase.Side own = of.own();
    return evidence.stream()
        .filter(one -> one.run().duets() == null)
        .flatMap(one -> one.run().records().stream())
        .filter(measured -> measured.workload().equals(own.workload()))
        .map(measured -> differences(own, measured))
        .min(Comparator.comparingInt(List::size))
        .map(nearest ->
            "no run has measured it; the nearest differs in " + String.join(", ", nearest))
        .orElse("no run has measured " + own.workload());
  }

  private static List<String> differences(ClaimCase.Side own, ResultRecord measured) {
    var differences = new ArrayList<String>();
    Mode mode = ClaimCase.mode(measured);
    Map<String, Object> wanted = words(own.engine(), own.mode(), own.values().asMap());
    Map<String, Object> found = words(measured.engine(), mode, measured.parameters());
    wanted.forEach((name, value) -> {
      Object other = found.get(name);
      if (!Objects.equals(String.valueOf(value), String.valueOf(other))) {
        differences.add("%s (%s, not %s)".formatted(name, other, value));
      }
    });
    found.forEach((name, value) -> {
      if (!wanted.containsKey(name)) {
        differences.add("%s (%s, not the engine's own choice)".formatted(name, value));
      }
    });
    return differences;
  }

  private static Map<String, Object> words(String engine, Mode mode, Map<String, Object> values) {
    var words = new LinkedHashMap<String, Object>();
    words.put("engine", engine);
    words.put("path", mode.path());
    PreparedRun.Clock clock = mode.clock();
    words.put("clock", clock.word());
    words.put("cache", mode.cache().word());
    words.putAll(values);
    return words;
  }
}
