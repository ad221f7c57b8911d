// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import io.gpubench.measure.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Some of this machine's CPUs, at least one, by the numbers that Linux gives them. Immutable. */
public final class CpuSet {
  /** The highest number that a CPU can have. */
  public static final int LARGEST = 8191;

  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");
  private static final String ALLOWED = "Cpus_allowed_list:";

  private final BitSet cpus;

  private CpuSet(BitSet cpus) {
    this.cpus = cpus;
  }

  /** CPUs from one number up to another, both included. */
  public record Range(int first, int last) {
    /** How many they are. */
    public int size() {
      return last - first + 1;
    }

    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + "-" + last;
    }
  }

  /**
   * Parses numbers and ranges, in any order: {@code 0-3,6}.
   *
   * @throws ConfigException when the text is something else; says what was expected
   */
  public static CpuSet parse(String text) {
    var cpus = new BitSet();
    for (String part : text.split(",", -1)) {
      Matcher range = RANGE.matcher(part.strip());
      if (!range.matches()) {
        throw new ConfigException(
            "'"
                + text
                + "' is not a set of CPUs; expected numbers and ranges with commas, such as 0-3,6");
      }
      int first = Integer.parseInt(range.group(1));
      int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
      if (last < first) {
        throw new ConfigException(
            "'%s' is not a set of CPUs: the range %s goes backwards".formatted(text, part.strip()));
      }
      if (last > LARGEST) {
        throw new ConfigException(
            "'%s' is not a set of CPUs: %d is over %d".formatted(text, last, LARGEST));
      }
      cpus.set(first, last + 1);
    }
    return new CpuSet(cpus);
  }

  /** Those that this process may use now; where the system does not tell, as many as Java sees. */
  public static CpuSet allowed() {
    return allowed(Path.of("/"));
  }

  /**
   * As {@link #allowed()}, with the file system below another root.
   *
   * @param root holds {@code proc}
   */
  public static CpuSet allowed(Path root) {
    try (var lines = Files.lines(root.resolve("proc/self/status"), StandardCharsets.ISO_8859_1)) {
      var list = lines.filter(line -> line.startsWith(ALLOWED)).findFirst();
      if (list.isPresent()) {
        return parse(list.get().substring(ALLOWED.length()));
      }
    } catch (IOException | UncheckedIOException | ConfigException _) {
      // another system, or a sandbox that hides it
    }
    var cpus = new BitSet();
    cpus.set(0, Math.min(Runtime.getRuntime().availableProcessors(), LARGEST + 1));
    return new CpuSet(cpus);
  }

  /** How many they are, at least 1. */
  public int size() {
    return cpus.cardinality();
  }

  public boolean contains(int cpu) {
    return cpu >= 0 && cpus.get(cpu);
  }

  /** Whether the other one has all of these. */
  public boolean isSubsetOf(CpuSet other) {
    var missing = (BitSet) cpus.clone();
    missing.andNot(other.cpus);
    return missing.isEmpty();
  }

  /** Whether both have a CPU in common. */
  public boolean intersects(CpuSet other) {
    return cpus.intersects(other.cpus);
  }

  /** The fewest ranges that make it up, ascending. */
  public List<Range> ranges() {
    var ranges = new ArrayList<Range>();
    for (int first = cpus.nextSetBit(0); first >= 0; ) {
      int end = cpus.nextClearBit(first);
      ranges.add(new Range(first, end - 1));
      first = cpus.nextSetBit(end);
    }
    return List.copyOf(ranges);
  }

  /** The shortest text that {@link #parse} reads back: {@code 0-3,6}. */
  @Override
  public String toString() {
    return ranges().stream().map(Range::toString).collect(Collectors.joining(","));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CpuSet set && cpus.equals(set.cpus);
  }

  @Override
  public int hashCode() {
    return cpus.hashCode();
  }
}
