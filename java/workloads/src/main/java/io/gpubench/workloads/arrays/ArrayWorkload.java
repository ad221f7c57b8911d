// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.arrays;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.words.KeyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A workload that computes arrays from arrays. A subclass says which arrays there are, what a
 * sample does, and, slowly and obviously, what is right; inputs, poison and the comparison of every
 * timed answer are made from that. Implementations are immutable.
 *
 * <p>The answer is the sequence of all 32-bit words of the arrays that are {@linkplain
 * ArraySpec#answered answered}, one array after the other; it is compared by its {@link
 * ArrayChecksum}.
 */
public abstract class ArrayWorkload implements Workload {
  /** Bytes that do not depend on anything: code, threads. */
  private static final long FIXED_OVERHEAD = 8 << 20;

  private static final Parameter SEED =
      new Parameter.Whole("seed", "seed of all inputs", 0, Long.MAX_VALUE, List.of(1L));

  /**
   * A workload as one of arrays.
   *
   * @throws EngineException when it is none
   */
  public static ArrayWorkload of(Workload workload) {
    if (workload instanceof ArrayWorkload arrays) {
      return arrays;
    }
    throw new EngineException("the workload '" + workload.id() + "' is none of arrays");
  }

  /** All parameters but the seed, in the order in which they are shown. */
  protected abstract List<Parameter> ownParameters();

  /** The arrays, each with a name of its own; at least one is answered. */
  public abstract List<ArraySpec> arrays(ParameterValues values);

  /**
   * Does the work of a sample, slowly and obviously.
   *
   * @param arrays hold the inputs, and the answer afterwards
   */
  public abstract void solve(ParameterValues values, ArraySet arrays);

  /** What a sample does. */
  public abstract PreparedRun.Work work(ParameterValues values);

  /**
   * What a sample takes at least of what the machine can do at all: {@link PreparedRun#demands}.
   * What a cache can hold is taken off from what is about memory.
   */
  public Map<String, Double> demands(ParameterValues values) {
    return Map.of();
  }

  /**
   * Into how many parts, each independent of the others, a sample can be divided among threads: by
   * default the elements of the first array that is answered.
   */
  public long items(ParameterValues values) {
    return arrays(values).stream()
        .filter(ArraySpec::answered)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(id() + " answers no array"))
        .elements();
  }

  @Override
  public final List<Parameter> parameters() {
    var all = new ArrayList<>(ownParameters());
    all.add(SEED);
    return all;
  }

  /** {@inheritDoc} The arrays of an engine, and those of the oracle. */
  @Override
  public long footprintBytes(ParameterValues values, MachineFacts facts) {
    double bytes = arrays(values).stream().mapToDouble(ArraySpec::bytes).sum();
    return (long) (2 * bytes) + FIXED_OVERHEAD;
  }

  @Override
  public final long answerDigest(ParameterValues values, long sample) {
    return new ArrayRotation(this, values).answer(sample).digest();
  }

  @Override
  public final Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file)
      throws IOException {
    var rotation = new ArrayRotation(this, values);
    long[] digests = new long[ArrayRotation.SLOTS];
    long[][] keys = new long[ArrayRotation.SLOTS][];
    for (int slot = 0; slot < digests.length; slot++) {
      keys[slot] = rotation.keys(slot);
      digests[slot] = rotation.answer(slot).digest();
    }
    KeyFile.write(file, keys);
    return new Inputs(digests, work(values), rotation.verification());
  }
}
