// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.ResultRecord;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Forests of syntax trees on a GPU: what an H200 must show with 16 Mi nodes. */
final class GpuSynthesisFigures {
  private static final double GIGA = 1e9;
  private static final double TERA = 1e12;
  private static final String[] SUITE = {"run", "--suite", "synthesis-cuda"};
  private static final String MATCH = "synthesis.match";
  private static final String PAIRS = "pairs";

  static final List<Figure> ALL =
      List.of(
          new Figure(
              "h200-synthesis-match",
              "H200: `synthesis.match`, 32 patterns, nodes",
              Goal.atLeast(100, "100 G/s (aim 340; floor 430, 10 bytes a node)"),
              bench ->
                  Taken.of(
                      Records.rate(
                          record(bench, MATCH, Map.of("patterns", 32)), GIGA, "G nodes/s"))),
          new Figure(
              "h200-synthesis-match-1000",
              "the same with 1,000 patterns, share of the ceiling that binds",
              Goal.atLeast(0.3, "0.3 (aim 0.8)"),
              bench -> share(record(bench, MATCH, Map.of("patterns", 1000)))),
          new Figure(
              "h200-synthesis-match-brute",
              "the same with 32 patterns, variant `brute`, comparisons, each pair being one",
              Goal.none("the claim: 2.6 G/s"),
              bench ->
                  Taken.of(
                      pairs(record(bench, MATCH, Map.of("patterns", 32, "variant", "brute"))))),
          new Figure(
              "h200-synthesis-expand",
              "H200: `synthesis.expand`, share of `ceiling.copy`",
              Goal.atLeast(0.4, "0.4 (aim 0.65)"),
              bench -> share(record(bench, "synthesis.expand", Map.of()))),
          new Figure(
              "h200-synthesis-rewrite",
              "H200: `synthesis.rewrite`, share of `ceiling.copy`",
              Goal.atLeast(0.25, "0.25 (aim 0.5)"),
              bench -> share(record(bench, "synthesis.rewrite", Map.of()))));

  private GpuSynthesisFigures() {}

  private static ResultRecord record(Bench bench, String workload, Map<String, ?> values) {
    return GpuFigures.onTheCard(GpuFigures.record(bench, SUITE, workload, values));
  }

  private static Taken share(ResultRecord record) {
    CeilingShare share = record.ceiling();
    if (share == null) {
      throw new LackingException("no ceiling is known");
    }
    return Taken.of(Reading.of(share.share(), ""))
        .with("of `" + share.ceiling() + "`")
        .with(
            Records.rate(record, GIGA, "G " + Objects.requireNonNull(record.throughput()).unit())
                .brief());
  }

  private static Reading pairs(ResultRecord record) {
    var rates = Objects.requireNonNull(record.rates(), "rates");
    return Records.rate(Objects.requireNonNull(rates.get(PAIRS), PAIRS), TERA, "T pairs/s");
  }
}
