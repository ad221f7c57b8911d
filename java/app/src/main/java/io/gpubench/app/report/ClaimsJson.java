// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.claim.Claim;
import io.gpubench.measure.claim.ClaimCase;
import io.gpubench.measure.claim.ClaimFile;
import io.gpubench.measure.claim.ClaimVerdict;
import io.gpubench.measure.claim.Judgement;
import io.gpubench.measure.claim.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code gpubench validate --format json} prints; its components are described in {@code
 * configs/schemas/validation.schema.json}.
 */
record ClaimsJson(
    String schema,
    List<File> files,
    List<Run> runs,
    List<Judged> claims,
    long supported,
    long refuted,
    long inconclusive,
    long notTested,
    double elapsedSeconds) {
  private static final String SCHEMA = "gpubench.validation/1";

  /** A file of claims. */
  record File(String name, String description) {}

  /** A run from which claims were judged. */
  record Run(String directory, String id, @Nullable String flaw) {}

  /** One case of a claim. */
  record Judged(
      String file,
      String id,
      String statement,
      String source,
      String workload,
      String engine,
      String path,
      String clock,
      String cache,
      Map<String, Object> parameters,
      @Nullable Baseline baseline,
      String metric,
      String direction,
      double target,
      String unit,
      String targetText,
      double confidence,
      long minimumSamples,
      int minimumProcesses,
      String verdict,
      @Nullable String reason,
      @Nullable Double estimate,
      @Nullable Double lower,
      @Nullable Double upper,
      int processes,
      long samples,
      @Nullable String run,
      @Nullable String record) {}

  /** What a relative claim compares with. */
  record Baseline(
      String engine, String path, String clock, String cache, Map<String, Object> parameters) {}

  static ClaimsJson of(ClaimsReport report) {
    var judged = new ArrayList<Judged>();
    for (ClaimFile file : report.files()) {
      for (Claim claim : file.claims()) {
        report.of(claim).forEach(one -> judged.add(judged(file, one)));
      }
    }
    return new ClaimsJson(
        SCHEMA,
        report.files().stream().map(file -> new File(file.name(), file.description())).toList(),
        report.evidence().stream()
            .map(one -> new Run(one.name(), one.run().id(), one.flaw()))
            .toList(),
        judged,
        report.count(ClaimVerdict.Supported.class),
        report.count(ClaimVerdict.Refuted.class),
        report.count(ClaimVerdict.Inconclusive.class),
        report.count(ClaimVerdict.NotTested.class),
        report.elapsedSeconds());
  }

  private static Judged judged(ClaimFile file, Judgement one) {
    Claim claim = one.of().claim();
    ClaimCase.Side own = one.of().own();
    Target target = claim.target();
    return new Judged(
        file.name(),
        claim.id(),
        claim.statement(),
        claim.source(),
        own.workload(),
        own.engine(),
        own.mode().path(),
        own.mode().clock().word(),
        own.mode().cache().word(),
        own.values().asMap(),
        baseline(one.of().baseline()),
        claim.metric().word(),
        target.direction().word(),
        target.value(),
        ClaimsText.unit(claim),
        target.text(),
        claim.confidence(),
        claim.fewestSamples(),
        claim.fewestProcesses(),
        one.verdict().word(),
        one.verdict().reason(),
        one.estimate(),
        one.lower(),
        one.upper(),
        one.processes(),
        one.samples(),
        one.run(),
        one.record());
  }

  private static @Nullable Baseline baseline(ClaimCase.@Nullable Side side) {
    return side == null
        ? null
        : new Baseline(
            side.engine(),
            side.mode().path(),
            side.mode().clock().word(),
            side.mode().cache().word(),
            side.values().asMap());
  }
}
