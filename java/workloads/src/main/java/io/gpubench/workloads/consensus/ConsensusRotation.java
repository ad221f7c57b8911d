// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.PreparedRun;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The inputs in rotation: distinct rounds, so many that their messages exceed twice the last-level
 * cache, within at most {@value #MAX_ROUNDS} rounds and about {@value #MAX_MESSAGES} messages
 * (which bounds the time and memory of preparation: 128 MiB of messages), and at least {@value
 * #MIN_ROUNDS} rounds. Where these limits keep the messages within the cache, or the cache's size
 * is unknown, the record says {@code exceedsLastLevelCache: false}.
 *
 * <p>Rounds are made and checked by the oracle as they are handed out, a few at a time; the
 * rotation keeps none of them. Immutable; used by one thread, which may be helped by the common
 * pool.
 */
public final class ConsensusRotation {
  static final int MIN_ROUNDS = 2;
  static final int MAX_ROUNDS = 1 << 16;

  /** About so many messages rotate at most, unless two samples have more. */
  public static final int MAX_MESSAGES = 1 << 22;

  /** Messages made at a time, unless a single round has more. */
  static final int MESSAGES_IN_FLIGHT = 1 << 20;

  /** The fewest rounds of a sample that has several. */
  public static final int MIN_ROUNDS_OF_SAMPLE = 2;

  /** The most rounds of a sample. */
  public static final int MAX_ROUNDS_OF_SAMPLE = MAX_ROUNDS / 2;

  private final ConsensusParameters parameters;
  private final long lastLevelCacheBytes;
  private final ConsensusEpoch epoch;
  private final int roundsOfSample;
  private final int rounds;

  /** Of samples of one round. */
  public ConsensusRotation(ConsensusParameters parameters, MachineFacts facts) {
    this(parameters, facts, 1);
  }

  /**
   * Of samples of several rounds.
   *
   * @param roundsOfSample 1 .. {@link #MAX_ROUNDS_OF_SAMPLE}
   */
  public ConsensusRotation(ConsensusParameters parameters, MachineFacts facts, int roundsOfSample) {
    this.parameters = parameters;
    this.lastLevelCacheBytes = facts.lastLevelCacheBytes();
    this.epoch = ConsensusEpoch.of(parameters);
    this.roundsOfSample = roundsOfSample;
    int wanted = rounds(parameters.expectedMessages(), lastLevelCacheBytes);
    int parts =
        Math.clamp(Math.ceilDiv(wanted, roundsOfSample), MIN_ROUNDS, MAX_ROUNDS / roundsOfSample);
    this.rounds = parts * roundsOfSample;
  }

  /** How many rounds rotate. Falls when the number of messages of a round grows. */
  private static int rounds(double expectedMessages, long lastLevelCacheBytes) {
    double rounds = messages(lastLevelCacheBytes) / expectedMessages;
    return Math.clamp((long) rounds + 1, MIN_ROUNDS, MAX_ROUNDS);
  }

  /** How many messages are wanted in rotation; all of them when the cache's size is unknown. */
  static double messages(long lastLevelCacheBytes) {
    if (lastLevelCacheBytes <= 0) {
      return MAX_MESSAGES;
    }
    // a 64th more, since the number of messages of a round varies
    double twice = 2.0 * lastLevelCacheBytes / ConsensusRound.MESSAGE_BYTES;
    return Math.min(MAX_MESSAGES, twice + twice / 64);
  }

  public ConsensusParameters parameters() {
    return parameters;
  }

  public ConsensusEpoch epoch() {
    return epoch;
  }

  /**
   * Rounds in rotation, {@value #MIN_ROUNDS} .. {@value #MAX_ROUNDS}; at least two samples of them,
   * and a multiple of {@link #roundsOfSample}.
   */
  public int rounds() {
    return rounds;
  }

  /** Rounds of a sample; 1 unless it is one of many. */
  public int roundsOfSample() {
    return roundsOfSample;
  }

  /**
   * How many samples differ. Sample s is of part p = s mod parts, whose rounds are those of the
   * slots p, p + parts, p + 2 parts and so on: so every round is in one part, two samples in a row
   * share none, and that of slot s mod rounds is in sample s.
   */
  public int parts() {
    return rounds / roundsOfSample;
  }

  /**
   * Receives the rounds.
   *
   * @param <E> how it may fail
   */
  @FunctionalInterface
  public interface Receiver<E extends Exception> {
    /**
     * One round; called in the order of the slots, from the thread that called {@link #forEach}.
     *
     * @param slot 0 .. rounds - 1, the sample from which the round was made
     * @param expected the oracle's result; now belongs to the receiver
     */
    void accept(int slot, ConsensusRound round, long[] expected) throws E;
  }

  /** Makes every round and its expected result, hands each out once, and says what they were. */
  public <E extends Exception> Summary forEach(Receiver<E> receiver) throws E {
    var generator = new ConsensusGenerator(parameters, epoch);
    int step = Math.clamp(MESSAGES_IN_FLIGHT / parameters.maxMessages(), 1, rounds);
    long messages = 0;
    long passed = 0;
    long wrongTags = 0;
    for (int first = 0; first < rounds; first += step) {
      Checked[] batch =
          IntStream.range(first, Math.min(first + step, rounds))
              .parallel()
              .mapToObj(sample -> checked(generator, sample))
              .toArray(Checked[]::new);
      for (int i = 0; i < batch.length; i++) {
        long[] expected = batch[i].expected;
        messages += batch[i].round.messageCount();
        wrongTags += expected[ConsensusCount.WRONG_TAG.word()];
        passed +=
            expected[ConsensusCount.ACCEPTED.word()]
                + expected[ConsensusCount.EQUIVOCATION.word()]
                + expected[ConsensusCount.DUPLICATE.word()];
        receiver.accept(first + i, batch[i].round, expected);
      }
    }
    return new Summary(messages, passed, wrongTags);
  }

  private Checked checked(ConsensusGenerator generator, long sample) {
    ConsensusRound round = generator.round(sample);
    return new Checked(round, ConsensusOracle.decide(epoch, round));
  }

  private static final class Checked {
    final ConsensusRound round;
    final long[] expected;

    Checked(ConsensusRound round, long[] expected) {
      this.round = round;
      this.expected = expected;
    }
  }

  /** What the rounds in rotation were, all together. */
  public final class Summary {
    /** 12 SipRounds of 14 operations, and 16 that set up, absorb four words and finish. */
    static final int SIPHASH_OPERATIONS = 12 * 14 + 16;

    private static final double KEY_BYTES = 16;
    private static final double WEIGHT_BYTES = 4;

    private final long messages;
    private final long passed;
    private final long wrongTags;

    private Summary(long messages, long passed, long wrongTags) {
      this.messages = messages;
      this.passed = passed;
      this.wrongTags = wrongTags;
    }

    /** Rounds of a sample. */
    public int roundsOfSample() {
      return roundsOfSample;
    }

    /** Mean number of messages of a round. */
    public double meanMessages() {
      return (double) messages / rounds;
    }

    /** Mean number of messages of a round that reach the check of the tag; 0 without tags. */
    public double meanHashed() {
      return parameters.authenticated() ? (double) (passed + wrongTags) / rounds : 0;
    }

    /**
     * Keys and weights that a sample reads at least, in bytes: each once, however many of its
     * rounds need it.
     */
    public double epochBytes() {
      return KEY_BYTES * Math.min(epoch.validators(), roundsOfSample * meanHashed())
          + WEIGHT_BYTES * epoch.validators();
    }

    /** Mean size of the messages of a round, in bytes. */
    public double meanMessageBytes() {
      return ConsensusRound.MESSAGE_BYTES * meanMessages();
    }

    /** Whether no cache holds even half of the messages in rotation. */
    public boolean exceedsCacheTwice() {
      return lastLevelCacheBytes > 0
          && ConsensusRound.MESSAGE_BYTES * messages > 2 * lastLevelCacheBytes;
    }

    /**
     * The mean work of a sample: floors that no implementation can go below. With R rounds, each of
     * M messages, of which P pass all checks, H reach the check of the tag (0 without tags), V
     * validators and B = ceil(V / 64) words of a bitmap:
     *
     * <pre>
     * bytes      = R (32 M + 2 * 8 B + 96)         messages, bitmaps and the rest of the result
     *              + 16 min(V, R H) + 4 V          keys and weights, once for all rounds
     * operations = R (M + 4 P + 185 H)             validator; round, phase, digest, bit; tag
     * </pre>
     *
     * <p>185 is a SipHash-2-4 of 24 bytes (12 rounds of 14 operations and 16 around them) and a
     * comparison.
     */
    public PreparedRun.Work work() {
      double hashed = meanHashed();
      double bytesOfRound =
          ConsensusRound.MESSAGE_BYTES * meanMessages()
              + 2.0 * Long.BYTES * epoch.bitmapWords()
              + Long.BYTES * ConsensusResult.CERTIFICATE;
      double operations =
          meanMessages() + 4.0 * passed / rounds + (SIPHASH_OPERATIONS + 1) * hashed;
      return new PreparedRun.Work(
          roundsOfSample * meanMessages(),
          roundsOfSample * bytesOfRound + epochBytes(),
          roundsOfSample * operations);
    }

    /** How the inputs rotate and who checks the answers, for the record. */
    public Map<String, Object> verification() {
      long bytes = ConsensusRound.MESSAGE_BYTES * messages;
      var map = new LinkedHashMap<String, Object>();
      map.put("roundsInRotation", (long) rounds);
      if (roundsOfSample > 1) {
        map.put("roundsOfSample", (long) roundsOfSample);
      }
      map.put("bytesInRotation", bytes);
      map.put("exceedsLastLevelCache", lastLevelCacheBytes > 0 && bytes > lastLevelCacheBytes);
      map.put("oracle", ConsensusOracle.class.getSimpleName());
      map.put("shareChecked", 1.0);
      return map;
    }
  }
}
