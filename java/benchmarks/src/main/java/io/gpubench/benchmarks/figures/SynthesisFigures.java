// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import io.gpubench.benchmarks.SynthesisRatio;
import java.util.List;

/**
 * Matching, expanding and rewriting on the processors: how near `host` comes to the ceiling of
 * memory that is measured next to it, and `java` in the same rounds.
 */
final class SynthesisFigures {
  private static final String[] MATCH = {"match", "patterns=32"};
  private static final String[] MATCH_MANY = {"match", "patterns=1000"};
  private static final String[] MATCH_BRUTE = {"match", "patterns=32", "variant=brute"};
  private static final String[] EXPAND = {"expand", "patterns=1000", "nodes=4194304"};
  private static final String[] REWRITE = {"rewrite"};

  private static final Goal NEAR = Goal.atLeast(0.7, "0.7");
  private static final Goal NOT_SLOWER = Goal.atLeast(1, "1");

  static final List<Figure> ALL =
      List.of(
          share(
              "match",
              "`synthesis.match` on `host`, 32 patterns, share of `hostread`",
              NEAR,
              MATCH),
          share(
              "match-1000",
              "the same with 1,000 patterns",
              Goal.none("comparisons bind, not memory"),
              MATCH_MANY),
          share(
              "match-brute",
              "the same with 32 patterns, variant `brute`",
              Goal.none("32 comparisons a node bind, not memory"),
              MATCH_BRUTE),
          share(
              "expand",
              "`synthesis.expand` on `host`, 1,000 patterns, share of `hostcopy`",
              NEAR,
              EXPAND),
          share(
              "rewrite",
              "`synthesis.rewrite` on `host`, share of `hostcopy`",
              Goal.none("what each tree is to become binds, not memory"),
              REWRITE),
          overJava("match", "`synthesis.match`, 32 patterns", MATCH),
          overJava("match-1000", "`synthesis.match`, 1,000 patterns", MATCH_MANY),
          overJava("expand", "`synthesis.expand`, 1,000 patterns", EXPAND),
          overJava("rewrite", "`synthesis.rewrite`", REWRITE));

  private SynthesisFigures() {}

  private static Figure share(String name, String what, Goal goal, String[] arguments) {
    return new Figure(
        "synthesis-" + name,
        what + ", all threads",
        goal,
        bench -> {
          Taken taken =
              Taken.of(line(bench, "share of the ceiling, host", arguments))
                  .with(line(bench, "rate, host", arguments).brief())
                  .with("ceiling " + line(bench, "rate, ceiling", arguments).brief());
          return arguments[0].equals("match")
              ? taken
                  .with("pairs " + line(bench, "pairs, host", arguments).brief())
                  .with("comparisons " + line(bench, "comparisons, host", arguments).brief())
              : taken;
        });
  }

  private static Figure overJava(String name, String what, String[] arguments) {
    return new Figure(
        "synthesis-" + name + "-java",
        what + ": speed of `host` over `java`, all threads",
        NOT_SLOWER,
        bench ->
            Taken.of(line(bench, "time of java over host", arguments).times(1, "times"))
                .with("`java` " + line(bench, "rate, java", arguments).brief()));
  }

  private static Reading line(Bench bench, String name, String[] arguments) {
    return Reading.parse(name, bench.java(SynthesisRatio.class, arguments))
        .orElseThrow(() -> new LackingException("SynthesisRatio has no " + name + " here"));
  }
}
