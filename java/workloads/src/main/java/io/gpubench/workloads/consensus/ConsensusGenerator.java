// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import io.gpubench.workloads.random.Philox;

/**
 * Makes the round of a sample from (seed, sample) alone. Immutable; any thread may use it.
 *
 * <p>The round's number is the low half of sample + 1; its phase is 1 (prepare) for even and 2
 * (commit) for odd samples. Validators are visited in order; a validator is faulty when {@code
 * below(validators left) < faults left}, which makes every choice of floor(byzantine x V)
 * validators equally likely. A faulty one does what {@link Fault} number {@code word >>> 61} says.
 * An honest one votes for proposal 0 with probability {@code agreement}, else for a uniform choice
 * of the others; with a single proposal it votes for an unknown digest instead. Wrong rounds and
 * phases are uniform over all 2^32 - 1 wrong values, unknown validators over all ids of V or more.
 * Then the messages are shuffled. The message field {@code zero} is always 0.
 */
public final class ConsensusGenerator {
  private static final Fault[] FAULTS = Fault.values();

  private final ConsensusParameters parameters;
  private final ConsensusEpoch epoch;

  /**
   * A generator of rounds in the epoch that {@link ConsensusEpoch#of} makes from the parameters.
   */
  public ConsensusGenerator(ConsensusParameters parameters, ConsensusEpoch epoch) {
    this.parameters = parameters;
    this.epoch = epoch;
  }

  /**
   * The round of a sample.
   *
   * @param sample 0 .. 2^60 - 1
   */
  public ConsensusRound round(long sample) {
    return new Draft(sample).build();
  }

  /** One round being made. */
  private final class Draft {
    final long sample;
    final int round;
    final int phase;
    final long[] digests;
    final ConsensusRoundBuilder messages;
    final long[] vote = new long[2];

    Draft(long sample) {
      this.sample = sample;
      this.round = (int) (sample + 1);
      this.phase = 1 + (int) (sample & 1);
      this.digests = digests();
      this.messages =
          new ConsensusRoundBuilder(epoch, round, phase, digests, parameters.maxMessages());
    }

    ConsensusRound build() {
      int validators = parameters.validators();
      int faultsLeft = parameters.faulty();
      long[] random = new long[2];
      for (int v = 0; v < validators; v++) {
        block(RandomStream.VALIDATOR, v, random);
        block(RandomStream.VOTE, v, vote);
        if (Philox.below(validators - v, random[0]) < faultsLeft) {
          faultsLeft--;
          faulty(v, FAULTS[(int) (random[1] >>> 61)]);
        } else if (Philox.unit(random[1]) < parameters.agreement()) {
          messages.vote(v, digests[0]);
        } else {
          messages.vote(v, other());
        }
      }
      return messages.shuffle(parameters.seed(), RandomStream.SHUFFLE.of(sample)).build();
    }

    void faulty(int v, Fault fault) {
      int otherHalf = 1 + (int) Philox.below(0xFFFFFFFFL, vote[1]); // 1 .. 2^32 - 1
      long favourite = digests[0];
      switch (fault) {
        case SILENT -> {}
        case WRONG_TAG -> messages.message(v, v, round, favourite, phase, 0, vote[1] | 1);
        case WRONG_ROUND -> messages.message(v, v, round + otherHalf, favourite, phase, 0, 0);
        case WRONG_PHASE -> messages.message(v, v, round, favourite, phase + otherHalf, 0, 0);
        case DUPLICATING -> {
          messages.vote(v, favourite);
          messages.vote(v, favourite);
          messages.vote(v, favourite);
        }
        case EQUIVOCATING -> {
          messages.vote(v, favourite);
          messages.vote(v, other());
        }
        case OTHER_PROPOSAL -> messages.vote(v, other());
        case UNKNOWN_VALIDATOR -> {
          long ids = (1L << 32) - parameters.validators();
          int unknown = (int) (parameters.validators() + Philox.below(ids, vote[1]));
          messages.message(v, unknown, round, favourite, phase, 0, 0);
        }
      }
    }

    /** The digest of another proposal than 0, or an unknown one where there is no other. */
    long other() {
      if (digests.length > 1) {
        return digests[1 + (int) Philox.below(digests.length - 1L, vote[0])];
      }
      return vote[0] == digests[0] ? vote[0] + 1 : vote[0];
    }

    /** Random digests; one that is already taken is counted up until it is not. */
    long[] digests() {
      long[] made = new long[parameters.proposals()];
      long[] random = new long[2];
      for (int k = 0; k < made.length; k++) {
        block(RandomStream.DIGEST, k, random);
        made[k] = random[0];
        while (contains(made, k, made[k])) {
          made[k]++;
        }
      }
      return made;
    }

    void block(RandomStream stream, long index, long[] block) {
      Philox.block(parameters.seed(), stream.of(sample), index, block);
    }
  }

  private static boolean contains(long[] values, int count, long value) {
    for (int i = 0; i < count; i++) {
      if (values[i] == value) {
        return true;
      }
    }
    return false;
  }
}
