// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.measure.Printable;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Throttling;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is to be known of measured records before anybody relies on them. Pure. */
final class Remarks {
  private Remarks() {}

  /** Why nothing rests on a record, in one line; empty where something does. */
  static Optional<String> doubt(ResultRecord record) {
    if (record.underSampled()) {
      String why = record.underSampledWhy();
      return Optional.of(
          "under-sampled: " + (why == null ? "too few samples or processes" : Printable.line(why)));
    }
    List<String> slow =
        record.throttledBy().stream().filter(Throttling.SLOWDOWNS::contains).toList();
    return slow.isEmpty()
        ? Optional.empty()
        : Optional.of("the device was throttled: " + Printable.line(String.join(", ", slow)));
  }

  /** Of a whole run, a line each. */
  static Set<String> of(RunDocument run) {
    var remarks = new LinkedHashSet<String>();
    for (RunDocument.EngineChoice engine : run.engines()) {
      if (engine.synthetic()) {
        remarks.add(
            "SYNTHETIC: the times of %s are not those of the hardware it stands for"
                .formatted(engine.id()));
      }
    }
    var doubts = new ArrayList<String>();
    for (ResultRecord record : run.records()) {
      doubt(record).ifPresent(doubt -> doubts.add(record.workload() + ": " + doubt));
    }
    remarks.addAll(doubts);
    run.conditions().notes().forEach(note -> remarks.add(Printable.line(note)));
    run.conditions().overridden().forEach(reason -> remarks.add("ANYWAY: " + reason));
    return remarks;
  }
}
