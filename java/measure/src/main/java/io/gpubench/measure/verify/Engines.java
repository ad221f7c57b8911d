// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The engines of a run by id; in a duet, two may share one. */
final class Engines {
  private Engines() {}

  /** What the engine of a record was chosen as; of the sides of duets, each its own. */
  static List<RunDocument.EngineChoice> of(RunDocument run, ResultRecord record) {
    List<DuetComparison> duets = run.duets();
    if (duets != null && run.engines().size() > 1) {
      boolean ofA = duets.stream().anyMatch(duet -> duet.a().record().equals(record.id()));
      boolean ofB = duets.stream().anyMatch(duet -> duet.b().record().equals(record.id()));
      if (ofA || ofB) {
        return List.of(ofA ? run.engines().getFirst() : run.engines().getLast());
      }
    }
    return run.engines().stream().filter(choice -> choice.id().equals(record.engine())).toList();
  }

  /** The bounds that hold for each of them; the highest where they differ. */
  static Map<String, Double> bounds(List<RunDocument.EngineChoice> engines) {
    var all = new HashMap<String, Double>();
    for (RunDocument.EngineChoice engine : engines) {
      Map<String, Double> bounds = engine.bounds() == null ? Map.of() : engine.bounds();
      bounds.forEach((ceiling, bound) -> all.merge(ceiling, bound, Math::max));
    }
    for (RunDocument.EngineChoice engine : engines) {
      Map<String, Double> bounds = engine.bounds() == null ? Map.of() : engine.bounds();
      all.keySet().retainAll(bounds.keySet());
    }
    return all;
  }

  /** Whether any of them is not one of our own. */
  static boolean foreign(List<RunDocument.EngineChoice> engines) {
    return engines.stream().anyMatch(choice -> choice.command() != null);
  }
}
