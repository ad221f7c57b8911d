// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.launch;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.processors.Wakeable;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.words.Checksum;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Launches on an engine on the processors: a sample is one piece of work by the clock {@code host},
 * and many, one after the other, by the clock {@code batch}, since a single one is hardly longer
 * than reading the clock takes. Each sample has a key of its own, and each piece of it a token of
 * its own. All that a sample is going to write is overwritten before; the answer of every piece is
 * compared afterwards, by this class and not by the engine.
 *
 * <p>Owns its kernels and closes them. Used by the thread that measures.
 */
public class LaunchRun implements Wakeable {
  /** What an engine on the processors can do. */
  public static final Set<Launch> ON_PROCESSORS =
      Set.copyOf(EnumSet.of(Launch.EMPTY, Launch.MAILBOX, Launch.COPY));

  /** The most pieces of a sample by the clock batch. */
  static final int PIECES = 1_000;

  /** The most bytes that the copies of a sample take together, if it is more than one copy. */
  static final long COPIED_BYTES = 1 << 20;

  private static final long CACHE_LINE = 64;

  private final Launch launch;
  private final ParameterValues values;
  private final LaunchKernels kernels;
  private final SampleKeys key;
  private final int pieces;
  private final boolean touches;
  private final long[] tokens;
  private final long[] answers;
  private final long rowBytes;
  private final long copyBytes;
  private final MemorySegment source;
  private final MemorySegment target;
  private long poison;

  LaunchRun(Launch launch, ParameterValues values, int pieces, LaunchKernels kernels) {
    this.launch = launch;
    this.values = values;
    this.kernels = kernels;
    this.pieces = pieces;
    key = new SampleKeys(values.whole("seed"));
    touches = launch == Launch.EMPTY && values.choice("work").equals("touch");
    copyBytes = launch == Launch.COPY ? values.whole("bytes") : 0;
    tokens = new long[pieces];
    answers = new long[launch == Launch.MAILBOX ? pieces : 0];
    rowBytes = (Long.BYTES * (long) pieces + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    source = copyBytes == 0 ? MemorySegment.NULL : kernels.allocate(copyBytes * pieces);
    target =
        touches
            ? kernels.allocate(rowBytes * kernels.threads())
            : copyBytes == 0 ? MemorySegment.NULL : kernels.allocate(copyBytes * pieces);
  }

  /**
   * Opens kernels for a run by the clock that the mode says. The caller closes the run.
   *
   * @param launch one of {@link #ON_PROCESSORS}
   * @throws io.gpubench.measure.EngineException when the kernels cannot be opened, or there is not
   *     so much memory
   */
  public static LaunchRun prepare(
      Launch launch, Mode mode, ParameterValues values, Supplier<LaunchKernels> open) {
    boolean batch = mode.clock() == PreparedRun.Clock.BATCH;
    LaunchKernels kernels = open.get();
    try {
      return batch
          ? new LaunchBatch(launch, values, pieces(launch, values), kernels)
          : new LaunchRun(launch, values, 1, kernels);
    } catch (RuntimeException | Error failure) {
      try (kernels) {
        throw failure;
      }
    }
  }

  private static int pieces(Launch launch, ParameterValues values) {
    return launch == Launch.COPY
        ? Math.clamp(COPIED_BYTES / values.whole("bytes"), 1, PIECES)
        : PIECES;
  }

  @Override
  public int pieces() {
    return pieces;
  }

  @Override
  public void stage(long sample) {
    long k = key.of(sample, 0);
    poison = Words.mix64(~k);
    for (int i = 0; i < pieces; i++) {
      tokens[i] = Words.word(k, i);
    }
    Arrays.fill(answers, poison);
    for (long at = 0; at < target.byteSize(); at += Long.BYTES) {
      target.set(JAVA_LONG, at, poison);
    }
    for (long at = 0; at < source.byteSize(); at += Long.BYTES) {
      source.set(JAVA_LONG, at, Words.word(k, at / Long.BYTES));
    }
    kernels.wake();
  }

  @Override
  public void wake() {
    kernels.wake();
  }

  @Override
  public void execute() {
    switch (launch) {
      case EMPTY -> {
        if (touches) {
          touch();
        } else {
          empty();
        }
      }
      case MAILBOX -> exchange();
      case COPY -> copy();
      default -> throw new IllegalStateException(launch.id());
    }
  }

  private void empty() {
    for (int i = 0; i < pieces; i++) {
      kernels.empty();
    }
  }

  private void touch() {
    for (int i = 0; i < pieces; i++) {
      kernels.touch(target, rowBytes, i, tokens[i]);
    }
  }

  private void exchange() {
    for (int i = 0; i < pieces; i++) {
      answers[i] = kernels.exchange(tokens[i]);
    }
  }

  private void copy() {
    long bytes = copyBytes;
    for (long i = 0; i < pieces; i++) {
      kernels.copy(source, i * bytes, target, i * bytes, bytes);
    }
  }

  @Override
  public boolean verify(long sample) {
    return wrongPiece(sample) < 0;
  }

  /** The first piece whose answer is wrong; -1 when all are right. */
  private int wrongPiece(long sample) {
    long k = key.of(sample, 0);
    for (int i = 0; i < pieces; i++) {
      boolean right =
          switch (launch) {
            case EMPTY -> !touches || touched(i, Words.word(k, i));
            case MAILBOX -> answers[i] == Words.mix64(Words.word(k, i));
            default -> copied(i, k);
          };
      if (!right) {
        return i;
      }
    }
    return -1;
  }

  private boolean touched(int piece, long token) {
    for (int thread = 0; thread < kernels.threads(); thread++) {
      if (target.get(JAVA_LONG, thread * rowBytes + (long) Long.BYTES * piece) != token) {
        return false;
      }
    }
    return true;
  }

  private boolean copied(int piece, long k) {
    long end = (piece + 1) * copyBytes;
    for (long at = piece * copyBytes; at < end; at += Long.BYTES) {
      long word = Words.word(k, at / Long.BYTES);
      if (target.get(JAVA_LONG, at) != word || source.get(JAVA_LONG, at) != word) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String mismatch(long sample) {
    int wrong = wrongPiece(sample);
    return wrong < 0
        ? "expected a wrong answer, but all are right now"
        : "the answer of call %d of %d is not the one expected".formatted(wrong, pieces);
  }

  @Override
  public long digest() {
    return AnswerDigest.of(
        switch (launch) {
          case EMPTY -> touches ? new long[] {target.get(JAVA_LONG, 0)} : new long[0];
          case MAILBOX -> new long[] {answers[0]};
          default -> {
            Checksum first =
                Checksum.of(copyBytes / Long.BYTES, i -> target.getAtIndex(JAVA_LONG, i));
            yield new long[] {first.s0(), first.s1()};
          }
        });
  }

  @Override
  public Work work() {
    Work one = launch.work(values);
    return new Work(pieces * one.units(), pieces * one.bytes(), pieces * one.operations());
  }

  @Override
  public long inputs() {
    return EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    var map = new LinkedHashMap<String, Object>();
    map.put("freshInputs", true);
    map.put("oracle", Launch.class.getSimpleName());
    map.put("shareChecked", 1.0);
    return map;
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration();
  }

  @Override
  public void close() {
    kernels.close();
  }
}
