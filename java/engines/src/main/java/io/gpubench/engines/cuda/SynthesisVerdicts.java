// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.PinnedBuffer;
import io.gpubench.workloads.arrays.ArrayChecksum;
import io.gpubench.workloads.synthesis.SynthesisAnswer;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.SynthesisSolution;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the answers at the positions of a piece of {@code synthesis} are found to be: two sums of
 * each of their arrays, by the kernel of synthesis_check.cuh. Times an odd weight of its own, the
 * sums of each array are added up and compared with those of the right answer. Owns its memory, not
 * the kernels; one thread, the context's.
 */
final class SynthesisVerdicts implements AutoCloseable {
  /** Both sums of an array. */
  private static final long SUMS = 2L * Long.BYTES;

  // arguments of the kernel
  private static final int BYTES = 1;
  private static final int KEY = 3;
  private static final int EXPECTED = 4;
  private static final int SUMS_OF_ARRAY = 6;
  private static final int VERDICT = 7;

  private final Closer closer = new Closer();
  private final SampleWords words;
  private final DeviceBuffer sums;
  private final MemorySegment copies;
  private final KernelLaunch[] check;

  /** Of each position, of which answer it was last checked to be. */
  private final @Nullable SynthesisAnswer[] asked;

  /**
   * Takes memory and prepares all launches.
   *
   * @param kernels of synthesis.cu
   * @param mostBytes of each array of an answer, how long it may be; at least one
   */
  SynthesisVerdicts(CudaKernels kernels, int positions, List<Long> mostBytes) {
    check = new KernelLaunch[mostBytes.size()];
    asked = new SynthesisAnswer[positions];
    try {
      words =
          closer.closes(
              new SampleWords(kernels.context(), kernels.function("synthesis_begin"), positions));
      sums = closer.closes(kernels.context().allocate(positions * ofPosition()));
      PinnedBuffer host = closer.closes(kernels.context().allocatePinned(positions * ofPosition()));
      copies = host.segment();
      CudaFunction function = kernels.function("synthesis_check");
      for (int i = 0; i < check.length; i++) {
        check[i] =
            function.launch(
                kernels.shape(function, Math.ceilDiv(mostBytes.get(i), Integer.BYTES)),
                sums,
                0L,
                weight(i),
                0L,
                0L,
                0L,
                sums,
                words.verdict(0));
      }
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private long ofPosition() {
    return check.length * SUMS;
  }

  private long place(int position, int array) {
    return position * ofPosition() + array * SUMS;
  }

  /** Odd, so that no sum but zero vanishes. */
  private static long weight(int array) {
    return Words.mix64(array + 1L) | 1;
  }

  /** Names a sample in its verdict; 0 for none. */
  private static long tag(long sample) {
    return Words.mix64(sample + 1);
  }

  /** Enqueues what comes before a sample. */
  void begin(CudaStream stream, long sample, int position) {
    words.begin(stream, sample, position, 0, 0);
  }

  /**
   * Enqueues the comparison of an answer.
   *
   * @param right what it should be
   * @param found its arrays in the order of the parts, each at least as long and of whole words
   */
  void check(
      CudaStream stream,
      long sample,
      int position,
      SynthesisAnswer right,
      List<? extends DeviceMemory> found) {
    List<SynthesisAnswer.Part> parts = right.parts();
    asked[position] = right;
    words.empty(stream, position);
    sums.fillWordsAsync(stream, place(position, 0), ofPosition() / Integer.BYTES, 0);
    for (int i = 0; i < check.length; i++) {
      SynthesisAnswer.Part part = parts.get(i);
      var arguments = check[i].arguments();
      arguments.set(0, found.get(i));
      arguments.set(BYTES, part.bytes());
      arguments.set(KEY, tag(sample));
      arguments.set(EXPECTED, weight(i) * part.checksum().sum());
      arguments.set(EXPECTED + 1, weight(i) * part.checksum().mixed());
      arguments.set(SUMS_OF_ARRAY, sums.slice(place(position, i), SUMS));
      arguments.set(VERDICT, words.verdict(position));
      check[i].enqueue(stream);
    }
    words.fetch(stream, position);
    sums.downloadAsync(
        stream, place(position, 0), copies.asSlice(place(position, 0), ofPosition()));
  }

  /** Whether all words are right. When the stream is done. */
  boolean right(long sample, int position, SynthesisAnswer right) {
    return words.right(position, tag(sample), count(right));
  }

  private static long count(SynthesisAnswer answer) {
    long words = 0;
    for (int i = 0; i < answer.parts().size(); i++) {
      words += answer.parts().get(i).words();
    }
    return words;
  }

  /**
   * What is wrong, in one line: the first difference, where the arrays still are as they were
   * compared.
   */
  String mismatch(
      long sample, int position, SynthesisRotation rotation, List<? extends DeviceMemory> found) {
    int slot = SynthesisRotation.slot(sample);
    SynthesisAnswer right = rotation.answer(slot);
    if (right.equals(asked[position])) {
      try (var arena = Arena.ofShared()) {
        var arrays = new ArrayList<MemorySegment>();
        boolean same = true;
        for (int i = 0; i < check.length; i++) {
          MemorySegment array = arena.allocate(right.parts().get(i).bytes(), Long.BYTES);
          if (array.byteSize() > 0) {
            found.get(i).slice(0, array.byteSize()).download(array);
          }
          arrays.add(array);
          same &= SynthesisSolution.checksum(array).equals(checksum(position, i));
        }
        String difference = same ? rotation.mismatch(slot, arrays) : null;
        if (difference != null) {
          return difference;
        }
      }
    }
    return words.mismatch(position, tag(sample), count(right), word -> "word " + word);
  }

  /** The {@link SynthesisAnswer#digest} of the answer that was checked last. */
  long digest(int position) {
    SynthesisAnswer right = asked[position];
    if (right == null) {
      throw new IllegalStateException("nothing was checked at position " + position);
    }
    var parts = new ArrayList<SynthesisAnswer.Part>();
    for (int i = 0; i < check.length; i++) {
      SynthesisAnswer.Part part = right.parts().get(i);
      parts.add(new SynthesisAnswer.Part(part.name(), part.bytes(), checksum(position, i)));
    }
    return SynthesisAnswer.digest(parts);
  }

  /** As the device found it. */
  private ArrayChecksum checksum(int position, int array) {
    long at = place(position, array);
    return new ArrayChecksum(
        copies.get(ValueLayout.JAVA_LONG, at), copies.get(ValueLayout.JAVA_LONG, at + Long.BYTES));
  }

  @Override
  public void close() {
    closer.close();
  }
}
