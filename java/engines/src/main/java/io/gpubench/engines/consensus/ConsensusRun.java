// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import io.gpubench.engines.processors.Wakeable;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRotation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;

/**
 * The consensus workload on any engine. Sample s uses the rounds of part s mod parts, as {@link
 * ConsensusRotation#parts} has them. Before each sample every word of the output is overwritten
 * with a word that depends on the sample and that no result has in its first twelve words;
 * afterwards every word is compared with the oracle's. What is compared is the memory that the
 * kernel named when it was opened: it is not asked again. Of a sample of several rounds the digest
 * is that of the one round whose slot is s mod slots.
 *
 * <p>Owns its kernel and closes it. Used by the thread that measures.
 */
public final class ConsensusRun implements Wakeable {
  private final ConsensusKernel kernel;
  private final int validators;
  private final long[][] expected;
  private final MemorySegment[] expectedWords;
  private final MemorySegment output;
  private final MemorySegment[] answers;
  private final long outputWords;
  private final int parts;
  private final Work work;
  private final Map<String, Double> demands;
  private final Map<String, Object> verification;
  private long staged;

  private ConsensusRun(
      ConsensusKernel kernel,
      int validators,
      long[][] expected,
      ConsensusRotation.Summary summary) {
    this.kernel = kernel;
    this.validators = validators;
    this.expected = expected;
    this.expectedWords =
        Arrays.stream(expected).map(MemorySegment::ofArray).toArray(MemorySegment[]::new);
    this.output = kernel.output();
    this.outputWords = output.byteSize() / Long.BYTES;
    this.answers = new MemorySegment[summary.roundsOfSample()];
    long bytes = output.byteSize() / answers.length;
    for (int i = 0; i < answers.length; i++) {
      answers[i] = output.asSlice(i * bytes, bytes);
    }
    this.parts = expected.length / answers.length;
    this.work = summary.work();
    this.demands = kernel.demands(summary);
    this.verification = summary.verification();
  }

  /**
   * Opens a kernel and fills it with the rounds in rotation, one of which is a sample. The caller
   * closes the run.
   *
   * @throws io.gpubench.measure.EngineException when the kernel cannot be opened
   */
  public static ConsensusRun prepare(
      ParameterValues values, MachineFacts facts, ConsensusKernel.Factory factory) {
    return prepare(values, facts, 1, factory);
  }

  /**
   * The same with several rounds as one sample.
   *
   * @param roundsOfSample at least 1
   */
  public static ConsensusRun prepare(
      ParameterValues values,
      MachineFacts facts,
      int roundsOfSample,
      ConsensusKernel.Factory factory) {
    var parameters = ConsensusParameters.of(values);
    var rotation = new ConsensusRotation(parameters, facts, roundsOfSample);
    var capacity =
        new ConsensusKernel.Capacity(
            rotation.rounds(),
            roundsOfSample,
            parameters.maxMessages(),
            parameters.proposals(),
            parameters.expectedMessages());
    ConsensusKernel kernel = factory.open(rotation.epoch(), capacity);
    try {
      long[][] expected = new long[rotation.rounds()][];
      ConsensusRotation.Summary summary =
          rotation.forEach((slot, round, right) -> {
            kernel.load(slot, round);
            expected[slot] = right;
          });
      kernel.seal();
      return new ConsensusRun(kernel, parameters.validators(), expected, summary);
    } catch (RuntimeException | Error failure) {
      try {
        kernel.close();
      } catch (RuntimeException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  /** Whether every word of an output is the expected one. Allocates nothing. */
  public static boolean matches(MemorySegment output, MemorySegment expected) {
    return output.mismatch(expected) == -1;
  }

  /** A copy of an output. */
  public static long[] answer(MemorySegment output) {
    return output.toArray(ValueLayout.JAVA_LONG);
  }

  @Override
  public void stage(long sample) {
    staged = sample;
    kernel.stage(part(sample));
    // bit 63 is set in no decision, weight or count, so that poison never is a right answer
    long poison = (sample + 1) * 0x9E3779B97F4A7C15L | Long.MIN_VALUE;
    kernel.poison(poison);
    for (long i = 0; i < outputWords; i++) {
      output.setAtIndex(ValueLayout.JAVA_LONG, i, poison);
    }
    kernel.wake(); // last: to overwrite many results may take longer than a thread spins
  }

  @Override
  public void wake() {
    kernel.wake();
  }

  @Override
  public void execute() {
    kernel.run(part(staged));
  }

  @Override
  public boolean verify(long sample) {
    int slot = part(sample);
    for (int i = 0; i < answers.length; i++, slot += parts) {
      if (!matches(answers[i], expectedWords[slot])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String mismatch(long sample) {
    int slot = part(sample);
    for (int i = 0; i < answers.length; i++, slot += parts) {
      if (!matches(answers[i], expectedWords[slot])) {
        return mismatch(slot, answers[i]);
      }
    }
    return "right now, but it was wrong before";
  }

  private String mismatch(int slot, MemorySegment found) {
    return "round %d: %s"
        .formatted(slot, ConsensusResult.mismatch(validators, expected[slot], answer(found)));
  }

  @Override
  public long digest() {
    return AnswerDigest.of(answer(answers[(int) (staged % expected.length) / parts]));
  }

  @Override
  public void rest() {
    kernel.rest();
  }

  @Override
  public Work work() {
    return work;
  }

  @Override
  public Map<String, Double> demands() {
    return demands;
  }

  @Override
  public long inputs() {
    return expected.length;
  }

  @Override
  public Map<String, Object> verification() {
    return verification;
  }

  @Override
  public Map<String, Object> configuration() {
    return kernel.configuration();
  }

  @Override
  public void close() {
    kernel.close();
  }

  private int part(long sample) {
    return (int) (sample % parts);
  }
}
