// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.engines.consensus.ProcessorDemands;
import io.gpubench.engines.processors.SpinTeam;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRotation;
import io.gpubench.workloads.consensus.ConsensusRound;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Many rounds of consensus as one sample: each member of a team takes whole rounds that nobody has
 * taken, several at a time where they are small, and needs nobody until the last is done.
 */
final class JavaConsensusStream implements ConsensusKernel {
  /** As far from the array's length, and from what lies behind it, as two cache lines. */
  private static final int NEXT = 32;

  private final @Nullable ConsensusRound[] rounds;
  private final JavaConsensusKernel[] alone; // a kernel of one thread for each member
  private final Capacity capacity;
  private final int resultWords;
  private final long[] results;
  private final SpinTeam team;
  private final SpinTeam.Task take = this::take;

  /**
   * At NEXT the first round that nobody has taken, on a cache line (and its neighbour) of its own.
   */
  private final AtomicIntegerArray next = new AtomicIntegerArray(2 * NEXT + 1);

  private int part;

  private JavaConsensusStream(ConsensusEpoch epoch, Capacity capacity, int threads) {
    this.capacity = capacity;
    this.rounds = new ConsensusRound[capacity.slots()];
    this.alone = new JavaConsensusKernel[threads];
    var room =
        new Capacity(
            1, capacity.maxMessages(), capacity.maxProposals(), capacity.expectedMessages());
    Arrays.setAll(alone, _ -> new JavaConsensusKernel(epoch, room, 1));
    this.resultWords = ConsensusResult.words(epoch.validators());
    this.results = new long[Math.multiplyExact(capacity.roundsOfSample(), resultWords)];
    this.team = new SpinTeam(threads);
  }

  /**
   * The kernel for samples of one round or of many. So few rounds that some threads would be left
   * without one are computed one after the other, each by all threads, where they are worth it.
   */
  static ConsensusKernel open(ConsensusEpoch epoch, Capacity capacity, int threads) {
    long rounds = capacity.roundsOfSample();
    int ofRound = capacity.effectiveThreads(threads);
    long turns = (rounds + threads - 1) / threads;
    return rounds == 1 || turns * ofRound > rounds + rounds / 8
        ? new JavaConsensusKernel(epoch, capacity, ofRound)
        : new JavaConsensusStream(epoch, capacity, capacity.effectiveThreadsOfPart(threads));
  }

  @Override
  public void load(int slot, ConsensusRound round) {
    rounds[slot] = JavaConsensusKernel.copy(round);
  }

  @Override
  public void poison(long word) {
    Arrays.fill(results, word);
  }

  @Override
  public void run(int from) {
    part = from;
    next.set(NEXT, 0);
    team.run(take);
  }

  private void take(int member, int members) {
    JavaConsensusKernel kernel = alone[member];
    int count = capacity.roundsOfSample();
    int turn = capacity.turn();
    for (int first = next.getAndAdd(NEXT, turn);
        first < count;
        first = next.getAndAdd(NEXT, turn)) {
      for (int i = first; i < Math.min(first + turn, count); i++) {
        decide(kernel, i);
      }
    }
  }

  private void decide(JavaConsensusKernel kernel, int i) {
    int slot = part + i * capacity.parts();
    ConsensusRound round = rounds[slot];
    if (round == null) {
      throw new IllegalStateException("slot " + slot + " was not loaded");
    }
    kernel.decide(round);
    System.arraycopy(kernel.result(), 0, results, i * resultWords, resultWords);
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
  public Map<String, Double> demands(ConsensusRotation.Summary summary) {
    return ProcessorDemands.of(summary);
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("threads", (long) team.members(), "rounds", (long) capacity.roundsOfSample());
  }

  @Override
  public void close() {
    team.close();
    for (JavaConsensusKernel kernel : alone) {
      kernel.close();
    }
  }
}
