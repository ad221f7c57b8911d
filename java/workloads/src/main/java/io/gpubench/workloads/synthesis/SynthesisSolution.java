// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.gpubench.workloads.arrays.ArrayChecksum;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The right answer to an input, whole. Valid as long as the memory of the arena that it was made
 * in.
 */
public final class SynthesisSolution {
  /** The arrays of an answer of {@code synthesis.match}. */
  public static final String COUNTS = "counts";

  public static final String STARTS = "starts";
  public static final String NODES = "nodes";

  /** Those of {@code synthesis.expand}. */
  public static final String OFFSETS = "offsets";

  public static final String TEXT = "text";

  /** Those of {@code synthesis.rewrite}, as in {@link Forest#arrays}. */
  static final List<String> FOREST =
      List.of("kind", "arity", "symbol", "firstChild", "value", "treeStart");

  /** What is known of an answer beside its arrays: {@link SynthesisAnswer}. */
  record Facts(
      long matches, Map<Filter, Long> comparisons, long units, long bytes, long operations) {}

  /**
   * An array of the answer.
   *
   * @param elementBytes of an element: 1, 4 or 8
   */
  public record Part(String name, MemorySegment content, int elementBytes) {}

  private final Forest forest;
  private final @Nullable MatchList list;
  private final List<Part> parts;
  private final Facts facts;

  SynthesisSolution(Forest forest, @Nullable MatchList list, List<Part> parts, Facts facts) {
    this.forest = forest;
    this.list = list;
    this.parts = List.copyOf(parts);
    this.facts = facts;
  }

  /** The arrays in order. */
  public List<Part> parts() {
    return parts;
  }

  /** Where patterns match; null where that was not asked for. */
  public @Nullable MatchList list() {
    return list;
  }

  /** By what it is known. */
  public SynthesisAnswer answer() {
    return new SynthesisAnswer(
        parts.stream()
            .map(part ->
                new SynthesisAnswer.Part(
                    part.name(), part.content().byteSize(), checksum(part.content())))
            .toList(),
        facts.matches(),
        facts.comparisons(),
        facts.units(),
        facts.bytes(),
        facts.operations());
  }

  /** Of bytes as words of 32 bits, the last one filled up with zeros; any thread may read them. */
  public static ArrayChecksum checksum(MemorySegment bytes) {
    long whole = bytes.byteSize() / Integer.BYTES;
    return ArrayChecksum.of(
        Math.ceilDiv(bytes.byteSize(), Integer.BYTES),
        0,
        i ->
            i < whole
                ? bytes.get(JAVA_INT_UNALIGNED, i * Integer.BYTES)
                : rest(bytes, i * Integer.BYTES));
  }

  private static int rest(MemorySegment bytes, long from) {
    int word = 0;
    for (long at = bytes.byteSize() - 1; at >= from; at--) {
      word = word << Byte.SIZE | Byte.toUnsignedInt(bytes.get(JAVA_BYTE, at));
    }
    return word;
  }

  /**
   * The first thing that another answer has otherwise, in one line; null when there is none.
   *
   * @param found its arrays in the same order; longer ones are looked at as far as they should be
   */
  public @Nullable String mismatch(List<MemorySegment> found) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      MemorySegment right = part.content();
      MemorySegment other = found.get(i);
      if (other.byteSize() < right.byteSize()) {
        return "%s has %,d bytes, expected %,d"
            .formatted(part.name(), other.byteSize(), right.byteSize());
      }
      long at = right.mismatch(other.asSlice(0, right.byteSize()));
      if (at >= 0) {
        long element = at / part.elementBytes();
        return "%s is %s, expected %s"
            .formatted(place(part, element), hex(other, part, element), hex(right, part, element));
      }
    }
    return null;
  }

  private static String hex(MemorySegment of, Part part, long element) {
    var digits = new StringBuilder();
    for (int i = part.elementBytes() - 1; i >= 0; i--) {
      digits.append("%02x".formatted(of.get(JAVA_BYTE, element * part.elementBytes() + i)));
    }
    return digits.toString();
  }

  private String place(Part part, long element) {
    return switch (part.name()) {
      case COUNTS ->
          "the %s of pattern %d".formatted(element % 2 == 0 ? "count" : "sum", element / 2);
      case STARTS -> "the first entry of pattern " + element;
      case NODES -> "the node of entry " + element + ofPattern(element);
      case OFFSETS -> "the offset of expansion " + element + ofPattern(element);
      case TEXT -> inExpansion(element);
      case "treeStart" -> "the first node of tree " + element;
      default -> part.name() + " of node " + element;
    };
  }

  /** Of a byte of the text. */
  private String inExpansion(long at) {
    MemorySegment offsets = parts.getFirst().content();
    long low = 0;
    long high = offsets.byteSize() / Long.BYTES - 1;
    while (low + 1 < high) { // it begins at low or behind, and before high
      long middle = (low + high) >>> 1;
      if (offsets.get(JAVA_LONG_UNALIGNED, middle * Long.BYTES) <= at) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return "byte %d of expansion %d%s"
        .formatted(at - offsets.get(JAVA_LONG_UNALIGNED, low * Long.BYTES), low, ofPattern(low));
  }

  private String ofPattern(long entry) {
    if (list == null || entry >= list.matches()) {
      return "";
    }
    int pattern = 0;
    while (list.startAt(pattern + 1) <= entry) {
      pattern++;
    }
    return ", of pattern " + pattern + ",";
  }

  /** The input. */
  public Forest forest() {
    return forest;
  }
}
