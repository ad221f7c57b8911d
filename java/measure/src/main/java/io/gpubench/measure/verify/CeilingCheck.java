// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.ceiling.Shares;
import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.MeasuredCeiling;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunCeilings;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whether each record's share of a ceiling follows from its times and from the ceilings that the
 * run says it used. Used once, by one thread.
 */
final class CeilingCheck {
  private final RunDocument run;
  private final @Nullable RunCeilings ceilings;
  private final Findings findings;

  CeilingCheck(RunDocument run, Findings findings) {
    this.run = run;
    this.ceilings = run.ceilings();
    this.findings = findings;
  }

  /** The ceilings themselves. */
  void run() {
    if (ceilings != null) {
      ceilings.used().forEach(this::used);
    }
  }

  private void used(RunCeilings.Used used) {
    MeasuredCeiling ceiling = used.ceiling();
    Double lower = ceiling.lower();
    Double upper = ceiling.upper();
    if ((lower != null && lower > ceiling.rate()) || (upper != null && upper < ceiling.rate())) {
      findings.add(
          Flaw.STATISTIC,
          ceiling.id(),
          "its rate of %s is outside of its own interval".formatted(ceiling.rate()));
    }
    Instant measured = Spans.date(ceiling.measuredAt());
    Instant ended = run.endedAt() == null ? null : Spans.date(run.endedAt());
    if (measured == null || (ended != null && measured.isAfter(ended.plus(DateDoubts.CLOCK_SET)))) {
      findings.add(
          Flaw.REDATED,
          ceiling.id(),
          "it was measured at '%s', after the run that uses it".formatted(ceiling.measuredAt()));
    }
  }

  /**
   * The share of a record.
   *
   * @param stated the record as it was written
   */
  void share(ResultRecord record, JsonNode stated) {
    CeilingShare expected = expected(record);
    if (stated.hasNonNull("ceiling") != (expected != null)) {
      findings.add(
          Flaw.RECORD,
          record.id(),
          expected == null
              ? "it has a share of a ceiling that the run does not know"
              : "it says nothing of its share of " + expected.ceiling());
      return;
    }
    if (expected != null && !stated.path("ceiling").has("others")) {
      expected = expected.withOthers(null); // as before there were such
    }
    List<TreeDifference> differences =
        TreeDifference.between(stated.path("ceiling"), RunJson.tree(expected));
    if (!differences.isEmpty()) {
      findings.add(Flaw.STATISTIC, record.id(), differences.getFirst().text("ceiling"));
    }
  }

  /** A run that was cut off, or an older one, is related to nothing. */
  private @Nullable CeilingShare expected(ResultRecord record) {
    RunCeilings related = ceilings;
    if (related == null) {
      return null;
    }
    List<RunDocument.EngineChoice> engines = Engines.of(run, record);
    String hardware =
        engines.stream()
            .filter(engine -> Objects.equals(engine.device(), record.device()))
            .findFirst()
            .map(engine ->
                HardwareIdentity.hardware(
                    record.synthetic(), record.device(), engine.description()))
            .orElse(null);
    return Shares.taken(record)
        .map(taken -> Shares.of(taken, Engines.bounds(engines), hardware, related.used()))
        .orElse(null);
  }
}
