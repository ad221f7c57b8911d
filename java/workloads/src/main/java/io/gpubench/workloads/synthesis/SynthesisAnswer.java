// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.workloads.arrays.ArrayChecksum;
import java.util.List;
import java.util.Map;

/**
 * By what the right answer to an input is known, and what it took. Immutable.
 *
 * @param parts the arrays of the answer, in order
 * @param matches how many there are; 0 where no pattern is looked for
 * @param comparisons that each {@link Filter} leaves; none where no pattern is looked for
 * @param units of the workload's unit of work
 * @param bytes that have to be read or written
 * @param operations that have to be executed
 */
public record SynthesisAnswer(
    List<Part> parts,
    long matches,
    Map<Filter, Long> comparisons,
    long units,
    long bytes,
    long operations) {
  /**
   * An array of the answer.
   *
   * @param name in the record's answer and in messages
   * @param bytes how long it is
   * @param checksum of its bytes as little-endian words of 32 bits, the last one filled up with
   *     zeros
   */
  public record Part(String name, long bytes, ArrayChecksum checksum) {
    /** How many words were summed up. */
    public long words() {
      return Math.ceilDiv(bytes, Integer.BYTES);
    }
  }

  public SynthesisAnswer {
    parts = List.copyOf(parts);
    comparisons = Map.copyOf(comparisons);
  }

  /** How long the part of this name is, in bytes. */
  public long bytesOf(String name) {
    return parts.stream()
        .filter(part -> part.name().equals(name))
        .mapToLong(Part::bytes)
        .findFirst()
        .orElseThrow();
  }

  /** The {@link AnswerDigest}: of the length and both sums of each part. */
  public long digest() {
    return digest(parts);
  }

  /** That of an answer with these parts. */
  public static long digest(List<Part> parts) {
    long[] words = new long[3 * parts.size()];
    for (int i = 0; i < parts.size(); i++) {
      words[3 * i] = parts.get(i).bytes();
      words[3 * i + 1] = parts.get(i).checksum().sum();
      words[3 * i + 2] = parts.get(i).checksum().mixed();
    }
    return AnswerDigest.of(words);
  }
}
