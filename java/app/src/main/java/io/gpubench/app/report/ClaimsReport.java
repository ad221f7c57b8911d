// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.claim.Claim;
import io.gpubench.measure.claim.ClaimFile;
import io.gpubench.measure.claim.ClaimVerdict;
import io.gpubench.measure.claim.Evidence;
import io.gpubench.measure.claim.Judgement;
import io.gpubench.measure.result.RunJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of claims.
 *
 * @param files in which the claims stand, in their order; each with those that were judged
 * @param judgements of them, in the same order
 * @param evidence from which they were judged
 */
public record ClaimsReport(
    List<ClaimFile> files,
    List<Judgement> judgements,
    List<Evidence> evidence,
    double elapsedSeconds)
    implements JudgedReport {
  public ClaimsReport {
    files = List.copyOf(files);
    judgements = List.copyOf(judgements);
    evidence = List.copyOf(evidence);
  }

  @Override
  public String title() {
    return "gpubench validate " + String.join(", ", files.stream().map(ClaimFile::name).toList());
  }

  @Override
  public String table() {
    return ClaimsText.of(this);
  }

  @Override
  public String json() {
    return RunJson.pretty(ClaimsJson.of(this));
  }

  @Override
  public String csv() {
    var csv = new Csv();
    csv.row(
        List.of(
            "file",
            "claim",
            "workload",
            "engine",
            "path",
            "clock",
            "cache",
            "parameters",
            "baseline",
            "metric",
            "direction",
            "target",
            "unit",
            "confidence",
            "verdict",
            "reason",
            "estimate",
            "lower",
            "upper",
            "processes",
            "samples",
            "run",
            "record"));
    for (ClaimsJson.Judged one : ClaimsJson.of(this).claims()) {
      var row = new ArrayList<@Nullable Object>();
      row.add(one.file());
      row.add(one.id());
      row.add(one.workload());
      row.add(one.engine());
      row.add(one.path());
      row.add(one.clock());
      row.add(one.cache());
      row.add(ClaimsText.values(one.parameters()));
      row.add(one.baseline() == null ? null : ClaimsText.baseline(one.baseline()));
      row.add(one.metric());
      row.add(one.direction());
      row.add(one.target());
      row.add(one.unit());
      row.add(one.confidence());
      row.add(one.verdict());
      row.add(one.reason());
      row.add(one.estimate());
      row.add(one.lower());
      row.add(one.upper());
      row.add(one.processes());
      row.add(one.samples());
      row.add(one.run());
      row.add(one.record());
      csv.row(row);
    }
    return csv.toString();
  }

  @Override
  public List<JudgedCase> cases() {
    return judgements.stream()
        .map(one ->
            new JudgedCase(
                one.of().claim().id(),
                ClaimsText.subject(one.of()),
                switch (one.verdict()) {
                  case ClaimVerdict.Supported _ -> JudgedCase.State.PASSED;
                  case ClaimVerdict.Refuted _ -> JudgedCase.State.FAILED;
                  case ClaimVerdict.Inconclusive _, ClaimVerdict.NotTested _ ->
                      JudgedCase.State.OPEN;
                },
                one.verdict().word(),
                ClaimsText.detail(one)))
        .toList();
  }

  /** How many have such a verdict. */
  long count(Class<? extends ClaimVerdict> verdict) {
    return judgements.stream().filter(one -> verdict.isInstance(one.verdict())).count();
  }

  /** Those of a claim. */
  List<Judgement> of(Claim claim) {
    return judgements.stream().filter(one -> one.of().claim().equals(claim)).toList();
  }
}
