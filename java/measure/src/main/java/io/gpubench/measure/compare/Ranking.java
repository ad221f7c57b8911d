// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * More than two sides in an order, as far as one was shown: the rank of a side is 1 + how many
 * others were shown to be faster. So sides of which nothing is known against each other may share a
 * rank, and an order that does not follow from verdicts is never made up.
 *
 * @param subject which configuration and metric
 * @param ranks of the sides, in their order, from 1
 * @param open pairs of which nothing could be told
 */
public record Ranking(String subject, List<Integer> ranks, int open) {
  public Ranking {
    ranks = List.copyOf(ranks);
  }

  /**
   * What is known of two of the sides.
   *
   * @param a index of a side
   * @param b index of another one
   * @param verdict of B against A
   */
  public record Duel(int a, int b, Verdict verdict) {}

  /**
   * The ranking of so many sides.
   *
   * @param sides at least one
   * @param duels each pair at most once
   */
  public static Ranking of(String subject, int sides, List<Duel> duels) {
    int[] better = new int[sides];
    int open = 0;
    for (Duel duel : duels) {
      switch (duel.verdict()) {
        case Verdict.Changed changed -> better[changed.slower() ? duel.b() : duel.a()]++;
        case Verdict.Inconclusive _ -> open++;
        case Verdict.Same _ -> {
          // neither is better
        }
      }
    }
    var ranks = new ArrayList<Integer>();
    Arrays.stream(better).forEach(count -> ranks.add(1 + count));
    return new Ranking(subject, ranks, open);
  }
}
