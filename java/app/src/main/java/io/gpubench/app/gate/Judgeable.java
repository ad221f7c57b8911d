// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.app.gate.GateCase.Outcome;
import io.gpubench.measure.compare.TrialRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which of the metrics that were asked for are judged. A run judges p95 of everything in it or of
 * nothing.
 *
 * @param tolerances of those that are; may be empty
 * @param barred the others, of each subject, with the reason
 */
record Judgeable(Map<String, Double> tolerances, List<Barred> barred) {
  /** A workload on an engine. */
  record Subject(String workload, String engine) {}

  /**
   * A metric that was asked for and is not judged.
   *
   * @param reason why, in one line
   */
  record Barred(String workload, String engine, String metric, double tolerance, String reason) {
    boolean of(String otherWorkload, String otherEngine) {
      return workload.equals(otherWorkload) && engine.equals(otherEngine);
    }
  }

  /** Asks for p95 of each subject, if it is to be judged at all. */
  static Judgeable of(Map<String, Double> asked, List<Subject> subjects, TailBar tail) {
    Double tolerance = asked.get(TrialRule.P95);
    if (tolerance == null) {
      return new Judgeable(asked, List.of());
    }
    var reasons = new TreeMap<String, String>();
    for (Subject subject : subjects) {
      String reason = tail.whyNot(subject.workload(), subject.engine(), tolerance);
      if (reason != null) {
        reasons.put(subject.toString(), reason);
      }
    }
    if (reasons.isEmpty()) {
      return new Judgeable(asked, List.of());
    }
    var barred = new ArrayList<Barred>();
    for (Subject subject : new LinkedHashSet<>(subjects)) {
      barred.add(
          new Barred(
              subject.workload(),
              subject.engine(),
              TrialRule.P95,
              tolerance,
              reasons.getOrDefault(
                  subject.toString(),
                  "a run judges p95 of all or none: " + reasons.firstEntry().getValue())));
    }
    var rest = new TreeMap<>(asked);
    rest.remove(TrialRule.P95);
    return new Judgeable(rest, barred);
  }

  /** What is said where nothing at all is judged, and so nothing was measured. */
  GateResult nothing(GateResult.Mode mode, String baseline, long began) {
    return new GateResult(
        mode,
        baseline,
        barred.stream()
            .map(one ->
                GateCase.whole(
                    one.workload(),
                    Map.of(),
                    one.engine(),
                    "",
                    Outcome.OPEN,
                    "Inconclusive",
                    one.metric() + " is not judged: " + one.reason()))
            .toList(),
        List.of("nothing was measured, since nothing could be judged"),
        List.of(),
        false,
        (System.nanoTime() - began) / 1e9);
  }
}
