// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.compare.RecordedComparison.Pair;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/** Finds out which configuration of a side is to be compared with which of another. */
final class Pairing {
  private final RecordedSide a;
  private final RecordedSide b;
  private final List<RecordedCase> leftOfA;
  private final List<RecordedCase> leftOfB;
  private final Set<String> chosen;
  private final List<List<RecordedCase>> found = new ArrayList<>();

  private Pairing(RecordedSide a, RecordedSide b) {
    this.a = a;
    this.b = b;
    this.chosen = new HashSet<>(a.chosen());
    this.chosen.addAll(b.chosen());
    this.leftOfA = new ArrayList<>(a.cases());
    this.leftOfB = new ArrayList<>(b.cases());
  }

  /** What is compared of two sides, and nothing judged yet. */
  static RecordedComparison of(RecordedSide a, RecordedSide b, RecordedJudge judge) {
    var pairing = new Pairing(a, b);
    pairing.match(RecordedCase::same);
    Set<String> chosen = pairing.chosen;
    pairing.matchSingle(
        (x, y) -> x.sameWork(y, chosen) && x.settings().equals(y.settings()),
        pairing.leftOfA,
        pairing.leftOfB);
    // the same work done by another engine, on another path or by another clock
    pairing.matchSingle((x, y) -> x.sameWork(y, chosen), pairing.leftOfA, pairing.leftOfB);
    // other parameters, where there is nothing else that could be meant
    pairing.matchSingle((x, y) -> x.workload().equals(y.workload()), a.cases(), b.cases());
    return pairing.comparison(judge);
  }

  private void match(BiPredicate<RecordedCase, RecordedCase> alike) {
    for (RecordedCase ofA : List.copyOf(leftOfA)) {
      leftOfB.stream()
          .filter(ofB -> alike.test(ofA, ofB))
          .findFirst()
          .ifPresent(ofB -> pair(ofA, ofB));
    }
  }

  /** Where on either side only one of these is alike. */
  private void matchSingle(
      BiPredicate<RecordedCase, RecordedCase> alike,
      List<RecordedCase> amongA,
      List<RecordedCase> amongB) {
    List<RecordedCase> candidatesOfA = List.copyOf(amongA);
    List<RecordedCase> candidatesOfB = List.copyOf(amongB);
    for (RecordedCase ofA : List.copyOf(leftOfA)) {
      List<RecordedCase> ofB =
          candidatesOfB.stream().filter(other -> alike.test(ofA, other)).toList();
      long rivals = candidatesOfA.stream().filter(other -> alike.test(ofA, other)).count();
      if (rivals == 1 && ofB.size() == 1 && leftOfB.contains(ofB.getFirst())) {
        pair(ofA, ofB.getFirst());
      }
    }
  }

  private void pair(RecordedCase ofA, RecordedCase ofB) {
    leftOfA.removeIf(one -> one.equals(ofA));
    leftOfB.removeIf(one -> one.equals(ofB));
    found.add(List.of(ofA, ofB));
  }

  private RecordedComparison comparison(RecordedJudge judge) {
    var differences = new LinkedHashSet<>(Differences.of(a, b));
    var pairs = new ArrayList<Pair>();
    for (RecordedCase ofA : a.cases()) {
      for (List<RecordedCase> both : found) {
        if (both.getFirst().equals(ofA)) {
          differences.addAll(Differences.of(both.getFirst(), both.getLast(), chosen));
          pairs.add(judge.compare(both.getFirst(), both.getLast()));
        }
      }
    }
    return new RecordedComparison(a, b, List.copyOf(differences), pairs, leftOfA, leftOfB);
  }
}
