// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One sample is one round: a node counts its votes and decides. */
public final class ConsensusWorkload implements Workload {
  /** The workload's id. */
  public static final String ID = "consensus";

  /** The tuning parameter of engines that take several rounds as one sample: so many. */
  public static final String ROUNDS = "rounds";

  /** Bytes per round in rotation that do not depend on V: headers of objects, digests, counts. */
  private static final long ROUND_OVERHEAD = 512;

  /** Bytes that do not depend on anything: code, threads, batches of an engine. */
  private static final long FIXED_OVERHEAD = 8 << 20;

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String summary() {
    return "aggregates the votes of one round, faulty ones included, into a quorum certificate";
  }

  @Override
  public String unitOfWork() {
    return "messages";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        new Parameter.Whole(
            "validators", "validators in the epoch", 4, 1_048_576, List.of(1_000L, 10_000L)),
        new Parameter.Decimal(
            "byzantine", "share of validators that are faulty in a round", 0, 0.33, List.of(0.33)),
        new Parameter.Decimal(
            "agreement",
            "probability that an honest validator votes for proposal 0",
            0,
            1,
            List.of(1.0)),
        new Parameter.Whole("proposals", "proposals in a round", 1, 16, List.of(4L)),
        new Parameter.Choice(
            "tags",
            "how messages are authenticated; none is a plain tally",
            List.of("siphash", "none"),
            List.of("siphash")),
        new Parameter.Whole("seed", "seed of all inputs", 0, Long.MAX_VALUE, List.of(1L)));
  }

  @Override
  public String sizeParameter() {
    return "validators";
  }

  /**
   * {@inheritDoc}
   *
   * <p>With V validators, n rounds in rotation of at most M = V (1 + 2 byzantine) messages each, S
   * the votes of a sample of several rounds ({@link #footprintBytes(ParameterValues, MachineFacts,
   * long)}, 0 of one), K proposals and T processors it is the sum of
   *
   * <pre>
   * rotation     (n V + 2 S) (32 M / V + 1) + 512 * 65536  messages, expected results
   * results      S / 4, and 112 * 32768 if S > 0
   * preparation  2 (32 max(M, 2^20) + 5 V)                 rounds in flight, the oracle's marks
   * epoch        2 * 20 V                                  weights, keys; in Java and the engine
   * workspace    (T + 1) K (V / 8 + 8) + 4 (M + T) + V     seen bitmaps, repeats, output
   * fixed        8 MiB
   * </pre>
   *
   * <p>where n V is bounded by the number of messages wanted in rotation and 2 V, which never falls
   * when V grows.
   */
  @Override
  public long footprintBytes(ParameterValues values, MachineFacts facts) {
    return footprintBytes(values, facts, 0);
  }

  /**
   * The same where a sample is several rounds.
   *
   * @param sampleVotes V times the rounds of a sample, or more; must not fall when V grows
   */
  public static long footprintBytes(ParameterValues values, MachineFacts facts, long sampleVotes) {
    var parameters = ConsensusParameters.of(values);
    double validators = parameters.validators();
    double messages = validators * (1 + 2 * parameters.byzantine());
    double perVote = ConsensusRound.MESSAGE_BYTES * messages / validators + 1;
    // n <= max(2, wanted / expected + 1) and a round is expected to have V messages or more
    double votes =
        ConsensusRotation.messages(facts.lastLevelCacheBytes())
            + 2 * validators
            + 2.0 * sampleVotes;
    double results =
        sampleVotes == 0 ? 0 : sampleVotes / 4.0 + 112.0 * ConsensusRotation.MAX_ROUNDS_OF_SAMPLE;
    double rotation = votes * perVote + ROUND_OVERHEAD * ConsensusRotation.MAX_ROUNDS;
    double preparation =
        2
            * (ConsensusRound.MESSAGE_BYTES
                    * Math.max(messages, ConsensusRotation.MESSAGES_IN_FLIGHT)
                + 5 * validators);
    double epoch = 2 * 20 * validators;
    double workspace =
        (facts.processors() + 1.0) * parameters.proposals() * (validators / 8 + 8)
            + 4 * (messages + facts.processors())
            + validators;
    return (long) Math.ceil(rotation + results + preparation + epoch + workspace) + FIXED_OVERHEAD;
  }

  @Override
  public long answerDigest(ParameterValues values, long sample) {
    var parameters = ConsensusParameters.of(values);
    var epoch = ConsensusEpoch.of(parameters);
    var round = new ConsensusGenerator(parameters, epoch).round(sample);
    return AnswerDigest.of(ConsensusOracle.decide(epoch, round));
  }

  @Override
  public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path path)
      throws IOException {
    var rotation = new ConsensusRotation(ConsensusParameters.of(values), facts);
    long[] digests = new long[rotation.rounds()];
    try (var file = new ConsensusInputFile(path, rotation.epoch(), digests.length)) {
      ConsensusRotation.Summary summary =
          rotation.forEach((slot, round, expected) -> {
            digests[slot] = AnswerDigest.of(expected);
            file.add(slot, round);
          });
      file.finish();
      return new Inputs(digests, summary.work(), summary.verification());
    }
  }
}
