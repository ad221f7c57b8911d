// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.gpu.PinnedBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongFunction;

/**
 * The few words that a sample needs on the device besides its arrays, for each position of a piece;
 * {@code Sample} of words.cuh:
 *
 * <pre>
 * 0  .. 1    its keys, written before its time begins, since a captured kernel has fixed arguments
 * 2  .. 3    what blocks add up; zero, and left zero
 * 4          an answer that is one word
 * 8  .. 15   the verdict, as words.cuh lays it out
 * 16 .. 79   words of the answer that stand for all
 * </pre>
 *
 * <p>Verdict and words of the answer are copied to page-locked memory behind the check, so that the
 * host reads them when the stream is done. A verdict names the key that it was made for: that of an
 * earlier sample at this position is none. Owns its memory, not the kernels; one thread, the
 * context's.
 */
final class SampleWords implements AutoCloseable {
  /** Words of an answer that stand for all. */
  static final int SHOWN = 64;

  private static final long KEYS = 0;
  private static final long PARTIAL = 2L * Long.BYTES;
  private static final long ANSWER = 4L * Long.BYTES;
  private static final long VERDICT = 8L * Long.BYTES;
  private static final int VERDICT_WORDS = 8;
  private static final int COPIED_WORDS = VERDICT_WORDS + SHOWN;
  private static final long COPIED = (long) COPIED_WORDS * Long.BYTES;
  private static final long BYTES = 128L * Long.BYTES;
  private static final int WARP = 32;
  private static final long LOW_HALF = 0xFFFFFFFFL;

  private static final int KEY_WORD = 0;
  private static final int EXAMINED = 1;
  private static final int WRONG = 2;
  private static final int FIRST_INVERTED = 3;
  private static final int FOUND = 4;
  private static final int EXPECTED = 6;

  private final Closer closer = new Closer();
  private final KernelLaunch begin;
  private final DeviceBuffer memory;
  private final MemorySegment[] copies;
  private final DeviceMemory[] all;
  private final DeviceMemory[] keys;
  private final DeviceMemory[] partials;
  private final DeviceMemory[] answers;
  private final DeviceMemory[] verdicts;
  private final DeviceMemory[] shown;

  /**
   * Allocates them.
   *
   * @param begin the kernel that comes before a sample
   */
  SampleWords(CudaContext context, CudaFunction begin, int positions) {
    copies = new MemorySegment[positions];
    all = new DeviceMemory[positions];
    keys = new DeviceMemory[positions];
    partials = new DeviceMemory[positions];
    answers = new DeviceMemory[positions];
    verdicts = new DeviceMemory[positions];
    shown = new DeviceMemory[positions];
    try {
      memory = closer.closes(context.allocate(positions * BYTES));
      PinnedBuffer host = closer.closes(context.allocatePinned(positions * BYTES));
      memory.upload(host.segment()); // zeros
      for (int i = 0; i < positions; i++) {
        copies[i] = host.segment().asSlice(i * BYTES, COPIED);
        all[i] = memory.slice(i * BYTES, BYTES);
        keys[i] = memory.slice(i * BYTES + KEYS, 2L * Long.BYTES);
        partials[i] = memory.slice(i * BYTES + PARTIAL, 2L * Long.BYTES);
        answers[i] = memory.slice(i * BYTES + ANSWER, Long.BYTES);
        verdicts[i] = memory.slice(i * BYTES + VERDICT, (long) VERDICT_WORDS * Long.BYTES);
        shown[i] =
            memory.slice(
                i * BYTES + VERDICT + (long) VERDICT_WORDS * Long.BYTES, (long) SHOWN * Long.BYTES);
      }
      this.begin = begin.launch(LaunchShape.of(1, WARP), all[0], 0L, 0L, 0L);
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /**
   * What an output is filled with before a sample, other than before those around it. As a float it
   * is negative.
   */
  static int poison(long sample) {
    return (int) (sample ^ sample >>> 32) * 0x9E3779B9 | Integer.MIN_VALUE;
  }

  /** Enqueues the setting of all bytes of an array, a multiple of 4, to a sample's poison. */
  static void poison(CudaStream stream, DeviceBuffer array, long sample) {
    array.fillWordsAsync(stream, 0, array.bytes() / Integer.BYTES, poison(sample));
  }

  /** Enqueues what comes before a sample: its keys, an empty verdict, a poisoned answer. */
  void begin(CudaStream stream, long sample, int position, long key0, long key1) {
    var arguments = begin.arguments();
    arguments.set(0, all[position]);
    arguments.set(1, key0);
    arguments.set(2, key1);
    arguments.set(3, (poison(sample) & LOW_HALF) << Integer.SIZE | (poison(sample) & LOW_HALF));
    begin.enqueue(stream);
  }

  /** Enqueues what comes before the check, which may be made more than once. */
  void empty(CudaStream stream, int position) {
    memory.fillWordsAsync(stream, position * BYTES + VERDICT, 2L * VERDICT_WORDS, 0);
  }

  /** Enqueues what comes behind the check. */
  void fetch(CudaStream stream, int position) {
    memory.downloadAsync(stream, position * BYTES + VERDICT, copies[position]);
  }

  DeviceMemory keys(int position) {
    return keys[position];
  }

  DeviceMemory partial(int position) {
    return partials[position];
  }

  DeviceMemory answer(int position) {
    return answers[position];
  }

  DeviceMemory verdict(int position) {
    return verdicts[position];
  }

  DeviceMemory shown(int position) {
    return shown[position];
  }

  /**
   * Whether so many words were compared with what the key gives, and all were right. When the
   * stream is done.
   */
  boolean right(int position, long key, long count) {
    MemorySegment words = copies[position];
    return word(words, KEY_WORD) == key
        && word(words, EXAMINED) == count
        && word(words, WRONG) == 0
        && word(words, FOUND) == word(words, EXPECTED)
        && word(words, FOUND + 1) == word(words, EXPECTED + 1);
  }

  /** What is wrong, in one line. */
  String mismatch(int position, long key, long count, LongFunction<String> place) {
    MemorySegment words = copies[position];
    if (word(words, KEY_WORD) != key || word(words, EXAMINED) != count) {
      return "the answer was not compared: the verdict is of %d words, not of %d, or of another sample"
          .formatted(word(words, EXAMINED), count);
    }
    if (word(words, WRONG) != 0) {
      return "%d of %d are wrong, the first is %s"
          .formatted(word(words, WRONG), count, place.apply(~word(words, FIRST_INVERTED)));
    }
    return "the sum is %016x, expected %016x".formatted(word(words, FOUND), word(words, EXPECTED));
  }

  /** A sum of the answer's words, 0 or 1. */
  long sum(int position, int which) {
    return word(copies[position], FOUND + which);
  }

  /** The words that stand for all. */
  long[] shownWords(int position) {
    return copies[position]
        .asSlice((long) VERDICT_WORDS * Long.BYTES)
        .toArray(ValueLayout.JAVA_LONG);
  }

  private static long word(MemorySegment words, int index) {
    return words.getAtIndex(ValueLayout.JAVA_LONG, index);
  }

  @Override
  public void close() {
    closer.close();
  }
}
