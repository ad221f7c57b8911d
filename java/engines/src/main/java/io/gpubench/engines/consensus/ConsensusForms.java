// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusRotation;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.List;

/**
 * The forms of consensus in which a sample is many rounds, so that what counts is throughput: by
 * the path {@link #STREAMED} they lie in the host's memory, by {@link #RESIDENT} in a device's.
 *
 * @param messages about so many a sample has where nobody sets its rounds
 */
public record ConsensusForms(long messages) {
  /** Many rounds under way at once, their messages from the host's memory. */
  public static final String STREAMED = "streamed";

  /** Many rounds that are in a device's memory already. */
  public static final String RESIDENT = "resident";

  /** Those of a GPU: 64 MiB a sample, so that what begins and ends it is small beside it. */
  public static final ConsensusForms OF_DEVICE =
      new ConsensusForms(ConsensusRotation.MAX_MESSAGES / 2);

  /** How many rounds a sample has. */
  public static final Parameter ROUNDS =
      new Parameter.Whole(
          ConsensusWorkload.ROUNDS,
          "rounds of a sample",
          ConsensusRotation.MIN_ROUNDS_OF_SAMPLE,
          ConsensusRotation.MAX_ROUNDS_OF_SAMPLE,
          List.of());

  /** Some 100 us of work for each thread, against a fork of a few. */
  private static final long MESSAGES_OF_THREAD = 1 << 16;

  /** Those of so many threads. */
  public static ConsensusForms ofThreads(int threads) {
    return new ConsensusForms(Math.min(MESSAGES_OF_THREAD * threads, OF_DEVICE.messages));
  }

  /** Whether a sample by a path has many rounds. */
  public static boolean many(String path) {
    return path.equals(STREAMED) || path.equals(RESIDENT);
  }

  /** How many rounds a sample by a path has: 1 unless it has {@link #many}. */
  public int rounds(String path, ParameterValues values) {
    return many(path)
        ? Math.toIntExact(values.whole(ConsensusWorkload.ROUNDS, ofItself(values)))
        : 1;
  }

  private long ofItself(ParameterValues values) {
    return Math.clamp(
        (long) (messages / ConsensusParameters.of(values).expectedMessages()),
        ConsensusRotation.MIN_ROUNDS_OF_SAMPLE,
        ConsensusRotation.MAX_ROUNDS_OF_SAMPLE);
  }

  /** {@link io.gpubench.measure.spi.Engine#footprintBytes} of a run by a path. */
  public long footprintBytes(String path, ParameterValues values, MachineFacts facts) {
    long validators = values.whole("validators");
    long votes =
        !many(path)
            ? 0
            : values.has(ConsensusWorkload.ROUNDS)
                ? values.whole(ConsensusWorkload.ROUNDS) * validators
                : Math.max(messages, ConsensusRotation.MIN_ROUNDS_OF_SAMPLE * validators);
    return ConsensusWorkload.footprintBytes(values, facts, votes);
  }
}
