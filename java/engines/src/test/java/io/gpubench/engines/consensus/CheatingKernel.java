// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusOracle;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRound;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The oracle as an engine, which works as it should or cheats in one of the known ways. */
final class CheatingKernel implements ConsensusKernel {
  /** After the warm-up, and long before the end. */
  private static final int WARM = 60;

  private static final long LATER_NANOS = 50_000_000;

  /** The known ways. */
  enum Cheat {
    /** None. */
    HONEST,
    /** Gives the answer to the round before. */
    REPLAYS,
    /** Gives the answer to the first round for ever. */
    ANSWERS_THE_FIRST,
    /** Returns while another thread goes on. */
    RETURNS_EARLY,
    /** Computes when it is called next. */
    ANSWERS_LATE,
    /** Takes half of the messages out of the next round. */
    CHANGES_THE_INPUT,
    /** Does not write its output. */
    LEAVES_THE_OUTPUT,
    /** Does not write its output, nor lets it be poisoned. */
    KEEPS_POISON_OUT,
    /** Writes its answer elsewhere, and would show it from there. */
    SHOWS_ANOTHER_OUTPUT,
    /** Writes NaN. */
    SAYS_NAN,
    /** Writes the first words and leaves the bitmaps. */
    DOES_PART,
    /** Looks at the first half of the messages. */
    LOOKS_AT_HALF,
    /** Is right for as long as it warms up. */
    WORKS_IN_WARM_UP_ONLY,
    /** Is right for the first two, and every tenth. */
    GUESSES_WHAT_IS_CHECKED,
    /** Has computed all answers when it was given the rounds. */
    REMEMBERS,
    /** Works while its input is made current, which nobody times. */
    WORKS_AHEAD
  }

  private final Cheat cheat;
  private final ConsensusEpoch epoch;
  private final ConsensusRound[] rounds;
  private final long[][] remembered;
  private final long[] output;
  private long[] ready;
  private int calls;

  CheatingKernel(Cheat cheat, ConsensusEpoch epoch, Capacity capacity) {
    this.cheat = cheat;
    this.epoch = epoch;
    rounds = new ConsensusRound[capacity.slots()];
    remembered = new long[capacity.slots()][];
    output = new long[ConsensusResult.words(epoch.validators())];
    ready = new long[output.length];
  }

  @Override
  public void load(int slot, ConsensusRound round) {
    rounds[slot] = copy(round, round.messageCount());
    if (cheat == Cheat.REMEMBERS) {
      remembered[slot] = ConsensusOracle.decide(epoch, round);
    }
  }

  private static ConsensusRound copy(ConsensusRound round, int messages) {
    return new ConsensusRound(
        round.round(),
        round.phase(),
        messages,
        round.proposalCount(),
        round.digests().clone(),
        Arrays.copyOf(round.words(), ConsensusRound.MESSAGE_WORDS * messages));
  }

  @Override
  public void stage(int slot) {
    if (cheat == Cheat.WORKS_AHEAD) {
      ready = answer(slot);
    }
  }

  @Override
  public void poison(long word) {
    if (cheat != Cheat.KEEPS_POISON_OUT) {
      Arrays.fill(output, word);
    }
  }

  private long[] answer(int slot) {
    return ConsensusOracle.decide(epoch, rounds[slot]);
  }

  @Override
  public void run(int slot) {
    calls++;
    switch (cheat) {
      case HONEST -> write(answer(slot));
      case REPLAYS, ANSWERS_LATE -> {
        write(ready);
        ready = answer(slot);
      }
      case ANSWERS_THE_FIRST -> {
        ready = calls == 1 ? answer(slot) : ready;
        write(ready);
      }
      case RETURNS_EARLY ->
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                LockSupport.parkNanos(LATER_NANOS);
                write(answer(slot));
              });
      case CHANGES_THE_INPUT -> {
        write(answer(slot));
        int next = (slot + 1) % rounds.length;
        rounds[next] = copy(rounds[next], rounds[next].messageCount() / 2);
      }
      case LEAVES_THE_OUTPUT, KEEPS_POISON_OUT -> {}
      case SHOWS_ANOTHER_OUTPUT -> ready = answer(slot);
      case SAYS_NAN -> Arrays.fill(output, Double.doubleToRawLongBits(Double.NaN));
      case DOES_PART -> System.arraycopy(answer(slot), 0, output, 0, ConsensusResult.CERTIFICATE);
      case LOOKS_AT_HALF ->
          write(ConsensusOracle.decide(epoch, copy(rounds[slot], rounds[slot].messageCount() / 2)));
      case WORKS_IN_WARM_UP_ONLY -> workIf(slot, calls < WARM);
      case GUESSES_WHAT_IS_CHECKED -> workIf(slot, calls <= 2 || calls % 10 == 0);
      case REMEMBERS -> write(remembered[slot]);
      case WORKS_AHEAD -> write(ready);
    }
  }

  private void workIf(int slot, boolean reallyDoes) {
    ready = reallyDoes ? answer(slot) : ready;
    write(ready);
  }

  private void write(long[] words) {
    System.arraycopy(words, 0, output, 0, output.length);
  }

  @Override
  public MemorySegment output() {
    return MemorySegment.ofArray(cheat == Cheat.SHOWS_ANOTHER_OUTPUT && calls > 0 ? ready : output);
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of();
  }

  @Override
  public void close() {}
}
