// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.CompareReport.Block;
import io.gpubench.app.report.CompareReport.PairDifference;
import io.gpubench.app.report.CompareReport.Row;
import io.gpubench.measure.compare.Health;
import io.gpubench.measure.compare.Ranking;
import io.gpubench.measure.compare.SkippedSide;
import io.gpubench.measure.compare.Verdict;
import io.gpubench.measure.result.RunJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A comparison for a program: {@code configs/schemas/compare.schema.json}. */
final class CompareJson {
  private static final String SCHEMA = "gpubench.compare/1";

  private CompareJson() {}

  static String of(CompareReport report) {
    return RunJson.pretty(
        new Document(
            SCHEMA,
            report.method().word(),
            report.elapsedSeconds(),
            report.sides(),
            report.skipped(),
            report.differences().stream().map(DifferencePart::of).toList(),
            report.blocks().stream().map(BlockPart::of).toList(),
            report.rankings(),
            report.leftOut(),
            report.limits(),
            report.evidence(),
            summary(report)));
  }

  private record Document(
      String schema,
      String method,
      double elapsedSeconds,
      List<CompareReport.Side> sides,
      List<SkippedSide> skipped,
      List<DifferencePart> differences,
      List<BlockPart> comparisons,
      List<Ranking> rankings,
      List<String> leftOut,
      List<String> limits,
      List<String> evidence,
      Map<String, Long> summary) {}

  private record DifferencePart(
      int a,
      int b,
      String kind,
      boolean unlike,
      String subject,
      String what,
      String valueA,
      String valueB) {
    static DifferencePart of(PairDifference pair) {
      var one = pair.difference();
      return new DifferencePart(
          pair.a(),
          pair.b(),
          one.kind().word(),
          one.kind().unlike(),
          one.subject(),
          one.what(),
          one.a(),
          one.b());
    }
  }

  private record BlockPart(
      int a,
      int b,
      String workload,
      Map<String, String> parametersA,
      Map<String, String> parametersB,
      Map<String, String> settingsA,
      Map<String, String> settingsB,
      @Nullable String unfit,
      List<RowPart> metrics,
      List<String> remarks) {
    static BlockPart of(Block block) {
      return new BlockPart(
          block.a(),
          block.b(),
          block.workload(),
          block.parametersA(),
          block.parametersB(),
          block.settingsA(),
          block.settingsB(),
          block.unfit(),
          block.rows().stream().map(RowPart::of).toList(),
          block.remarks());
    }
  }

  private record RowPart(
      String metric,
      @Nullable Double nanosA,
      @Nullable Double nanosB,
      @Nullable Double ratio,
      @Nullable Double lower,
      @Nullable Double upper,
      double confidence,
      int unitsA,
      int unitsB,
      @Nullable Double spread,
      @Nullable Integer unitsNeeded,
      @Nullable Double p,
      @Nullable Double adjustedP,
      @Nullable Double cliffsDelta,
      @Nullable Double tolerance,
      @Nullable String verdict,
      @Nullable String direction,
      @Nullable String reason,
      @Nullable String how,
      @Nullable HealthPart healthA,
      @Nullable HealthPart healthB) {
    static RowPart of(Row row) {
      Verdict verdict = row.verdict();
      return new RowPart(
          row.metric(),
          row.nanosA(),
          row.nanosB(),
          row.ratio(),
          row.lower(),
          row.upper(),
          row.confidence(),
          row.units().a(),
          row.units().b(),
          row.spread(),
          row.needed(),
          row.p(),
          row.adjustedP(),
          row.cliffsDelta(),
          row.tolerance(),
          verdict == null ? null : verdict.word(),
          verdict instanceof Verdict.Changed changed
              ? changed.slower() ? "slower" : "faster"
              : null,
          verdict == null ? null : verdict.reason(),
          row.how(),
          row.healthA() == null ? null : HealthPart.of(row.healthA()),
          row.healthB() == null ? null : HealthPart.of(row.healthB()));
    }
  }

  private record HealthPart(
      int processes,
      long fewestSamples,
      long samples,
      @Nullable Double effectiveSampleSize,
      @Nullable Double effectiveProcesses,
      @Nullable Double spread,
      @Nullable Double normalityW,
      @Nullable Double normalityP,
      List<Integer> outliers,
      @Nullable Double driftWithin,
      @Nullable Double driftAcross,
      @Nullable Boolean largeEnough) {
    static HealthPart of(Health health) {
      return new HealthPart(
          health.processes(),
          health.fewestSamples(),
          health.samples(),
          health.effectiveSampleSize(),
          health.effectiveProcesses(),
          health.spread(),
          health.normalityW(),
          health.normalityP(),
          health.outliers(),
          health.driftWithin(),
          health.driftAcross(),
          health.processesNeeded() == null ? null : (Boolean) health.largeEnough());
    }
  }

  private static Map<String, Long> summary(CompareReport report) {
    var summary = new LinkedHashMap<String, Long>();
    List<Verdict> verdicts = report.judged().map(Row::verdict).filter(one -> one != null).toList();
    summary.put("slower", verdicts.stream().filter(CompareJson::slower).count());
    summary.put(
        "faster",
        verdicts.stream().filter(one -> one instanceof Verdict.Changed && !slower(one)).count());
    summary.put("same", verdicts.stream().filter(Verdict.Same.class::isInstance).count());
    summary.put(
        "inconclusive", verdicts.stream().filter(Verdict.Inconclusive.class::isInstance).count());
    summary.put("unfit", report.blocks().stream().filter(one -> one.unfit() != null).count());
    return summary;
  }

  private static boolean slower(Verdict verdict) {
    return verdict instanceof Verdict.Changed changed && changed.slower();
  }
}
