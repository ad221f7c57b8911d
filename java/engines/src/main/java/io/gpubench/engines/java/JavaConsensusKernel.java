// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.engines.consensus.ProcessorDemands;
import io.gpubench.engines.processors.SpinTeam;
import io.gpubench.workloads.consensus.ConsensusCount;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRotation;
import io.gpubench.workloads.consensus.ConsensusRound;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Consensus in two steps, each shared by a team of threads. First each member counts a share of the
 * messages into bitmaps of its own ({@link ConsensusBallots}). Then each merges a share of the
 * bitmap words: a validator in the bitmaps of two or more proposals is an equivocator ({@code
 * multi}), any other that is in one has an accepted vote. With
 *
 * <pre>
 * P = bits set over all members and proposals    E = those of equivocators
 * A = validators with an accepted vote
 * </pre>
 *
 * <p>A messages are accepted, E are equivocations and P - E - A are duplicates; each vote in a list
 * of repeats is one or the other by whether its validator is an equivocator. The caller then adds
 * up and decides.
 */
final class JavaConsensusKernel implements ConsensusKernel {
  private final ConsensusEpoch epoch;
  private final @Nullable ConsensusRound[] rounds;
  private final SpinTeam team;
  private final ConsensusBallots[] ballots;
  private final ConsensusMerge[] merges;
  private final long[] accepted; // laid out as ConsensusBallots.seen
  private final long[] result;
  private final long[] results;
  private final int parts;
  private final SpinTeam.Task count = this::count;
  private final SpinTeam.Task merge = this::merge;
  private ConsensusRound current;

  JavaConsensusKernel(ConsensusEpoch epoch, Capacity capacity, int threads) {
    this.epoch = epoch;
    this.rounds = new ConsensusRound[capacity.slots()];
    this.current =
        new ConsensusRound(0, 0, 0, 0, new long[ConsensusRound.MAX_PROPOSALS], new long[0]);
    this.ballots = new ConsensusBallots[threads];
    this.merges = new ConsensusMerge[threads];
    int share = capacity.maxMessages() / threads + 1;
    for (int i = 0; i < threads; i++) {
      ballots[i] = new ConsensusBallots(epoch, share, capacity.maxProposals());
      merges[i] = new ConsensusMerge();
    }
    this.accepted = new long[epoch.bitmapWords() * capacity.maxProposals()];
    this.result = new long[ConsensusResult.words(epoch.validators())];
    this.parts = capacity.parts();
    this.results =
        capacity.roundsOfSample() == 1
            ? result
            : new long[Math.multiplyExact(capacity.roundsOfSample(), result.length)];
    this.team = new SpinTeam(threads);
  }

  /** A round of its own, with room for its messages only. */
  static ConsensusRound copy(ConsensusRound round) {
    return new ConsensusRound(
        round.round(),
        round.phase(),
        round.messageCount(),
        round.proposalCount(),
        round.digests().clone(),
        Arrays.copyOf(round.words(), ConsensusRound.MESSAGE_WORDS * round.messageCount()));
  }

  @Override
  public void load(int slot, ConsensusRound round) {
    rounds[slot] = copy(round);
  }

  @Override
  public void poison(long word) {
    Arrays.fill(results, word);
  }

  @Override
  public void run(int part) {
    if (results.length == result.length) {
      round(part);
      return;
    }
    for (int at = 0, slot = part; at < results.length; at += result.length, slot += parts) {
      round(slot);
      System.arraycopy(result, 0, results, at, result.length);
    }
  }

  private void round(int slot) {
    ConsensusRound round = rounds[slot];
    if (round == null) {
      throw new IllegalStateException("slot " + slot + " was not loaded");
    }
    decide(round);
  }

  /** Computes a round that need not be in a slot; the answer is in {@link #result} afterwards. */
  void decide(ConsensusRound round) {
    current = round;
    team.run(count);
    team.run(merge);
    conclude(round);
  }

  /** The answer of the round that was computed last; the same array each time. */
  long[] result() {
    return result;
  }

  @Override
  public MemorySegment output() {
    return MemorySegment.ofArray(results);
  }

  @Override
  public void wake() {
    team.wake();
  }

  @Override
  public Map<String, Double> demands(ConsensusRotation.Summary rounds) {
    return ProcessorDemands.of(rounds);
  }

  @Override
  public Map<String, Object> configuration() {
    return results.length == result.length
        ? Map.of("threads", (long) team.members())
        : Map.of("threads", (long) team.members(), "rounds", (long) results.length / result.length);
  }

  @Override
  public void close() {
    team.close();
  }

  private void count(int member, int members) {
    long messages = current.messageCount();
    int from = (int) (messages * member / members);
    int to = (int) (messages * (member + 1) / members);
    ballots[member].count(current, from, to);
  }

  private void merge(int member, int members) {
    long words = epoch.bitmapWords();
    int from = (int) (words * member / members);
    int to = (int) (words * (member + 1) / members);
    int equivocators = ConsensusResult.equivocators(epoch.validators());
    merges[member].merge(
        ballots,
        current.proposalCount(),
        epoch.weights(),
        from,
        to,
        accepted,
        result,
        equivocators);
  }

  private void conclude(ConsensusRound round) {
    long acceptedVotes = 0;
    long equivocations = 0;
    for (ConsensusMerge part : merges) {
      acceptedVotes += part.accepted;
      equivocations += part.equivocations;
    }
    long firstVotes = 0;
    for (ConsensusBallots part : ballots) {
      firstVotes += part.passed - part.repeatCount;
    }
    long duplicates = firstVotes - equivocations - acceptedVotes;
    for (ConsensusBallots part : ballots) {
      long repeatedEquivocations = equivocators(part.repeats, part.repeatCount);
      equivocations += repeatedEquivocations;
      duplicates += part.repeatCount - repeatedEquivocations;
    }
    for (int i = 0; i < ballots[0].failures.length; i++) {
      long failures = 0;
      for (ConsensusBallots part : ballots) {
        failures += part.failures[i];
      }
      result[ConsensusResult.COUNTS + i] = failures;
    }
    result[ConsensusCount.ACCEPTED.word()] = acceptedVotes;
    result[ConsensusCount.EQUIVOCATION.word()] = equivocations;
    result[ConsensusCount.DUPLICATE.word()] = duplicates;
    certify(round);
  }

  /** How many entries of a list of validators are equivocators. */
  private long equivocators(int[] validators, int count) {
    int bitmap = ConsensusResult.equivocators(epoch.validators());
    long sum = 0;
    for (int i = 0; i < count; i++) {
      int v = validators[i];
      sum += result[bitmap + (v >> 6)] >>> v & 1;
    }
    return sum;
  }

  private void certify(ConsensusRound round) {
    int proposals = round.proposalCount();
    int words = epoch.bitmapWords();
    for (int k = 0; k < proposals; k++) {
      long weight = 0;
      for (ConsensusMerge part : merges) {
        weight += part.weights[k];
      }
      if (3 * weight > 2 * epoch.totalWeight()) {
        result[ConsensusResult.DECISION] = ConsensusResult.decided(k);
        result[ConsensusResult.DIGEST] = round.digests()[k];
        result[ConsensusResult.WEIGHT] = weight;
        for (int w = 0; w < words; w++) {
          result[ConsensusResult.CERTIFICATE + w] = accepted[w * proposals + k];
        }
        return;
      }
    }
    Arrays.fill(result, ConsensusResult.DECISION, ConsensusResult.WEIGHT + 1, 0);
    Arrays.fill(result, ConsensusResult.CERTIFICATE, ConsensusResult.CERTIFICATE + words, 0);
  }
}
