// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.gpubench.engines.processors.Buffers;
import io.gpubench.workloads.arrays.ArrayChecksum;
import io.gpubench.workloads.synthesis.SynthesisAnswer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Where answers are stored: for each array of an answer as much memory as the longest takes, and
 * some bytes behind. All is overwritten with a word before a sample, and all is looked at
 * afterwards: the array by two sums, what is behind it by whether it still is that word. For one
 * thread; holds memory of somebody else.
 */
final class SynthesisOutput {
  /** Bytes behind each array that nothing may touch. */
  static final long GUARD_BYTES = 64;

  private final Buffers buffers;
  private final MemorySegment[] memory;
  private final List<MemorySegment> rooms = new ArrayList<>();
  private long poison;

  /**
   * Takes memory.
   *
   * @param bytes of each array, at least 0
   * @param buffers fills and sums up
   */
  SynthesisOutput(LongFunction<MemorySegment> allocate, List<Long> bytes, Buffers buffers) {
    this.buffers = buffers;
    memory = new MemorySegment[bytes.size()];
    for (int i = 0; i < memory.length; i++) {
      memory[i] = allocate.apply(withGuard(bytes.get(i)));
      rooms.add(memory[i].asSlice(0, bytes.get(i)));
    }
  }

  /** A multiple of 8. */
  static long withGuard(long bytes) {
    return Math.ceilDiv(bytes, Long.BYTES) * Long.BYTES + GUARD_BYTES;
  }

  /** Where an array is stored; all bytes that it may have. */
  MemorySegment room(int part) {
    return rooms.get(part);
  }

  /** All of them. */
  List<MemorySegment> rooms() {
    return rooms;
  }

  /** Overwrites everything. */
  void poison(long word) {
    poison = word;
    for (int i = 0; i < memory.length; i++) {
      buffers.fill(memory[i], word);
    }
  }

  /** What is to be found here; its parts fit. */
  Expected expect(SynthesisAnswer answer) {
    return new Expected(answer);
  }

  /** An answer that may be found here. Checking allocates nothing. */
  final class Expected {
    private final SynthesisAnswer answer;
    private final MemorySegment[] words;
    private final MemorySegment[] behind;
    private final long[] bytes;
    private final ArrayChecksum[] sums;

    private Expected(SynthesisAnswer answer) {
      this.answer = answer;
      List<SynthesisAnswer.Part> parts = answer.parts();
      words = new MemorySegment[parts.size()];
      behind = new MemorySegment[parts.size()];
      bytes = new long[parts.size()];
      sums = new ArrayChecksum[parts.size()];
      for (int i = 0; i < words.length; i++) {
        bytes[i] = parts.get(i).bytes();
        sums[i] = parts.get(i).checksum();
        words[i] = memory[i].asSlice(0, bytes[i] / Integer.BYTES * Integer.BYTES);
        behind[i] = memory[i].asSlice(Math.ceilDiv(bytes[i], Long.BYTES) * Long.BYTES);
      }
    }

    /** Whether it is there, and nothing was stored behind it. */
    boolean found() {
      for (int i = 0; i < words.length; i++) {
        if (!agrees(i)) {
          return false;
        }
      }
      return nothingBehind();
    }

    private boolean agrees(int part) {
      buffers.checksum(words[part], 0);
      long rest = rest(part);
      return buffers.s0() + rest == sums[part].sum() && mixed(part, rest) == sums[part].mixed();
    }

    /** Of all words: the last one is filled up with zeros. Behind a checksum of the others. */
    private long mixed(int part, long rest) {
      long whole = bytes[part] / Integer.BYTES;
      return bytes[part] % Integer.BYTES == 0
          ? buffers.s1()
          : buffers.s1() + ArrayChecksum.mixed(rest, whole);
    }

    /** What is behind the last whole word, as one; 0 where there is nothing. */
    private long rest(int part) {
      long word = 0;
      long whole = words[part].byteSize();
      for (long at = bytes[part] - 1; at >= whole; at--) {
        word = word << Byte.SIZE | Byte.toUnsignedInt(memory[part].get(JAVA_BYTE, at));
      }
      return word;
    }

    /** Whether all bytes behind the arrays are what they were overwritten with. */
    boolean nothingBehind() {
      for (int i = 0; i < behind.length; i++) {
        long end = memory[i].byteSize() - behind[i].byteSize();
        for (long at = bytes[i]; at < end; at++) {
          if (memory[i].get(JAVA_BYTE, at) != (byte) (poison >>> (Byte.SIZE * (at % Long.BYTES)))) {
            return false;
          }
        }
        buffers.sum(behind[i]);
        long count = behind[i].byteSize() / Long.BYTES;
        if (buffers.s0() != count * poison || buffers.s1() != count * count * poison) {
          return false;
        }
      }
      return true;
    }

    /** The digest of what is there, as long as this answer is. */
    long digest() {
      var found = new ArrayList<SynthesisAnswer.Part>();
      for (int i = 0; i < words.length; i++) {
        buffers.checksum(words[i], 0);
        long rest = rest(i);
        found.add(
            new SynthesisAnswer.Part(
                answer.parts().get(i).name(),
                bytes[i],
                new ArrayChecksum(buffers.s0() + rest, mixed(i, rest))));
      }
      return SynthesisAnswer.digest(found);
    }
  }
}
