// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.ceiling;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.processors.Buffers;
import io.gpubench.engines.processors.Wakeable;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.ceiling.CeilingOracle;
import io.gpubench.workloads.ceiling.CeilingRotation;
import io.gpubench.workloads.words.Checksum;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A ceiling on an engine on the processors. Sample s uses the inputs in slot s mod slots. Before
 * each sample every word of the output, and a few behind it, are overwritten with a word that
 * depends on the sample; cells of atomic additions are cleared, and none of them is zero in a right
 * answer. Afterwards two sums over the whole output are compared with those of the oracle's answer,
 * those over the inputs with what the inputs were made from, and the words behind the output with
 * what they were overwritten with. All this is done here and not by the engine.
 *
 * <p>Owns its kernels and closes them. Used by the thread that measures.
 */
public final class CeilingRun implements Wakeable {
  /** What an engine on the processors can do. */
  public static final Set<Ceiling> ON_PROCESSORS =
      Set.copyOf(
          EnumSet.of(
              Ceiling.HOSTREAD,
              Ceiling.HOSTCOPY,
              Ceiling.TRIAD,
              Ceiling.L2,
              Ceiling.FP32,
              Ceiling.INT32,
              Ceiling.ATOMIC));

  /** Bytes behind the output that nothing may touch. */
  private static final long GUARD_BYTES = 64;

  private final Ceiling ceiling;
  private final ParameterValues values;
  private final CeilingRotation rotation;
  private final CeilingKernels kernels;
  private final Buffers buffers;
  private final long[][] keys;
  private final int[] addends;
  private final MemorySegment[][] inputs;
  private final Checksum[][] inputSums;
  private final Checksum[] outputSums;
  private final MemorySegment guarded;
  private final MemorySegment output;
  private final MemorySegment guard;
  private final boolean ofInts;
  private final long amount;
  private int slot;
  private long poison;

  private CeilingRun(
      Ceiling ceiling,
      ParameterValues values,
      CeilingRotation rotation,
      CeilingKernels kernels,
      Buffers buffers) {
    this.ceiling = ceiling;
    this.values = values;
    this.rotation = rotation;
    this.kernels = kernels;
    this.buffers = buffers;
    ofInts = ceiling == Ceiling.FP32 || ceiling == Ceiling.INT32;
    amount =
        switch (ceiling) {
          case L2 -> values.whole("passes");
          case FP32, INT32 -> values.whole("steps");
          case ATOMIC -> values.whole("operations");
          default -> 0;
        };
    int slots = rotation.slots();
    keys = new long[slots][];
    addends = new int[slots];
    inputs = new MemorySegment[slots][ceiling.inputs()];
    inputSums = new Checksum[slots][ceiling.inputs()];
    outputSums = new Checksum[slots];
    long bytes = ceiling.outputBytes(values);
    long whole = (bytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    guarded = kernels.allocate(whole + GUARD_BYTES);
    output = guarded.asSlice(0, bytes);
    guard = guarded.asSlice(whole, GUARD_BYTES);
    for (int k = 0; k < slots; k++) {
      load(k);
    }
  }

  /** Makes the inputs of a slot, and computes what is expected. */
  private void load(int k) {
    keys[k] = rotation.keys(k);
    if (ceiling == Ceiling.INT32) {
      addends[k] = CeilingOracle.addend(keys[k]);
    }
    for (int j = 0; j < inputs[k].length; j++) {
      long bytes = ceiling.inputBytes(values);
      inputs[k][j] = kernels.allocate(bytes);
      if (ceiling == Ceiling.TRIAD) {
        buffers.fillWithOperands(inputs[k][j], keys[k][j]);
      } else {
        buffers.fillWithWords(inputs[k][j], keys[k][j]);
      }
      inputSums[k][j] = Checksum.of(bytes / Long.BYTES, CeilingOracle.input(ceiling, keys[k][j]));
    }
    outputSums[k] =
        ceiling == Ceiling.HOSTCOPY || ceiling == Ceiling.COPY
            ? inputSums[k][0]
            : CeilingOracle.output(ceiling, values, keys[k]);
  }

  /**
   * Opens kernels, makes the inputs and computes what is expected. The caller closes the run.
   *
   * @param ceiling one of {@link #ON_PROCESSORS}, or {@link Ceiling#COPY}
   * @param threads so many may fill and check the buffers
   * @throws io.gpubench.measure.EngineException when the kernels cannot be opened, or there is not
   *     so much memory
   */
  public static CeilingRun prepare(
      Ceiling ceiling,
      ParameterValues values,
      MachineFacts facts,
      int threads,
      Supplier<CeilingKernels> open) {
    var rotation = new CeilingRotation(ceiling, values, facts);
    CeilingKernels kernels = open.get();
    var buffers = new Buffers(threads);
    try {
      return new CeilingRun(ceiling, values, rotation, kernels, buffers);
    } catch (RuntimeException | Error failure) {
      try (kernels;
          buffers) {
        throw failure;
      }
    }
  }

  @Override
  public void stage(long sample) {
    slot = slot(sample);
    poison = Words.mix64(~sample);
    buffers.fill(guarded, poison);
    if (ceiling == Ceiling.ATOMIC) {
      buffers.fill(output, 0);
    }
    kernels.wake();
  }

  @Override
  public void wake() {
    kernels.wake();
  }

  @Override
  public void execute() {
    MemorySegment[] in = inputs[slot];
    switch (ceiling) {
      case HOSTREAD -> kernels.read(in[0], output);
      case HOSTCOPY, COPY -> kernels.copy(in[0], output);
      case TRIAD -> kernels.triad(output, in[0], in[1]);
      case L2 -> kernels.readAgain(in[0], amount, output);
      case FP32 -> kernels.fp32(output, keys[slot][0], amount);
      case INT32 -> kernels.int32(output, keys[slot][0], addends[slot], amount);
      case ATOMIC -> kernels.atomic(output, keys[slot][0], amount);
      default -> throw new IllegalStateException(ceiling.id());
    }
  }

  @Override
  public boolean verify(long sample) {
    int at = slot(sample);
    sumOutput();
    return agrees(outputSums[at]) && guardHolds() && changedInput(at) < 0;
  }

  private void sumOutput() {
    if (ofInts) {
      buffers.sumInts(output);
    } else {
      buffers.sum(output);
    }
  }

  private boolean agrees(Checksum expected) {
    return buffers.s0() == expected.s0() && buffers.s1() == expected.s1();
  }

  private boolean guardHolds() {
    for (long at = 0; at < GUARD_BYTES; at += Long.BYTES) {
      if (guard.get(JAVA_LONG, at) != poison) {
        return false;
      }
    }
    return true;
  }

  /** The first input of a slot that is not what it was made to be; -1 when none has changed. */
  private int changedInput(int at) {
    for (int j = 0; j < inputs[at].length; j++) {
      buffers.sum(inputs[at][j]);
      if (!agrees(inputSums[at][j])) {
        return j;
      }
    }
    return -1;
  }

  @Override
  public String mismatch(long sample) {
    int at = slot(sample);
    sumOutput();
    if (!agrees(outputSums[at])) {
      return "input %d: the output's sums are %016x and %016x, expected %016x and %016x"
          .formatted(at, buffers.s0(), buffers.s1(), outputSums[at].s0(), outputSums[at].s1());
    }
    if (!guardHolds()) {
      return "input %d: bytes behind the output have changed, expected none".formatted(at);
    }
    int changed = changedInput(at);
    return changed < 0
        ? "input %d: expected a wrong answer, but it is right now".formatted(at)
        : "input %d: buffer %d of it has changed, expected only to be read".formatted(at, changed);
  }

  @Override
  public long digest() {
    return AnswerDigest.of(answer());
  }

  /** The words of the answer in the output, as {@link CeilingOracle#answer} has them. */
  private long[] answer() {
    if (ofInts) {
      long[] shown = new long[Ceiling.CHAINS_SHOWN];
      for (int k = 0; k < shown.length; k++) {
        long chain = CeilingOracle.chainShown(values, keys[slot], k);
        shown[k] = Integer.toUnsignedLong(output.getAtIndex(JAVA_INT, chain));
      }
      return shown;
    }
    sumOutput();
    return ceiling == Ceiling.HOSTREAD || ceiling == Ceiling.L2
        ? new long[] {buffers.s0()}
        : new long[] {buffers.s0(), buffers.s1()};
  }

  @Override
  public Work work() {
    return ceiling.work(values);
  }

  /**
   * {@inheritDoc} All its work of its own ceiling. Of memory only where the inputs in rotation are
   * more than the caches hold twice; else a part of them comes from there. Of a device's memory
   * nothing, since what its caches hold is not known here.
   */
  @Override
  public Map<String, Double> demands() {
    return ceiling.ofMemory() && !(kernels.ofMachine() && rotation.exceedsCacheTwice())
        ? Map.of()
        : Map.of(ceiling.id(), work().units());
  }

  @Override
  public long inputs() {
    return rotation.slots();
  }

  @Override
  public Map<String, Object> verification() {
    return rotation.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration();
  }

  @Override
  public void close() {
    try (buffers) {
      kernels.close();
    }
  }

  private int slot(long sample) {
    return (int) (sample % inputs.length);
  }
}
