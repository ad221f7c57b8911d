// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Slowdown;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a record says of an injected slowdown what its engine says. Used by one thread. */
final class SlowdownCheck {
  private final RunDocument run;
  private final Findings findings;

  SlowdownCheck(RunDocument run, Findings findings) {
    this.run = run;
    this.findings = findings;
  }

  /**
   * Checks one; one that measured nothing has no configuration.
   *
   * @param place of the record, for findings
   */
  void check(ResultRecord record, String place) {
    if (record.processes().stream().map(ProcessPart::statistics).allMatch(Objects::isNull)) {
      return;
    }
    Object said = record.configuration().get(Slowdown.KEY);
    List<@Nullable Double> expected = factors(record).toList();
    if (!expected.isEmpty() && !expected.contains(number(said))) {
      findings.add(
          Flaw.RECORD,
          place,
          "its configuration says slowdown %s, and of its engine %s is said"
              .formatted(word(said), word(expected.getFirst())));
    }
  }

  /** Of its side in a duet; else of any engine of its name. */
  private Stream<@Nullable Double> factors(ResultRecord record) {
    List<RunDocument.EngineChoice> engines = run.engines();
    for (int i = 0; i < run.planned().size() && Spans.duet(run); i++) {
      if (run.planned().get(i).id().equals(record.id()) && !engines.isEmpty()) {
        return Stream.of((i % 2 == 0 ? engines.getFirst() : engines.getLast()).slowdown());
      }
    }
    return engines.stream()
        .filter(engine -> engine.id().equals(record.engine()))
        .map(RunDocument.EngineChoice::slowdown);
  }

  private static @Nullable Double number(@Nullable Object said) {
    return said instanceof Number factor ? (Double) factor.doubleValue() : null;
  }

  private static String word(@Nullable Object factor) {
    return factor == null ? "nothing" : factor.toString();
  }
}
