// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** What the processes of a record went through once, stage by stage. Pure. */
final class StagesOfRecord {
  private StagesOfRecord() {}

  /**
   * A stage, over the processes that told it; times in nanoseconds.
   *
   * @param name as the engine gives it, such as {@code firstExecution}
   * @param processes how many told it, at least 1
   */
  record Stage(String name, double median, double least, double most, int processes) {
    /** Of as many processes as there are numbers. */
    static Stage of(String name, double[] nanos) {
      double[] sorted = nanos.clone();
      Arrays.sort(sorted);
      int count = sorted.length;
      return new Stage(
          name,
          0.5 * (sorted[(count - 1) / 2] + sorted[count / 2]),
          sorted[0],
          sorted[count - 1],
          count);
    }

    /** As a person reads it: {@code first execution}. */
    String words() {
      return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
  }

  /** In the order in which the first process told them; empty where none did. */
  static List<Stage> of(ResultRecord record) {
    var told = new LinkedHashMap<String, List<Long>>();
    for (ProcessPart part : record.processes()) {
      if (part.stages() != null) {
        part.stages()
            .forEach(
                (name, nanos) -> told.computeIfAbsent(name, _ -> new ArrayList<>()).add(nanos));
      }
    }
    return told.entrySet().stream()
        .map(stage ->
            Stage.of(stage.getKey(), stage.getValue().stream().mapToDouble(l -> l).toArray()))
        .toList();
  }
}
