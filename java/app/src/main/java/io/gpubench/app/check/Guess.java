// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.app.check.Description.Kernel;
import io.gpubench.app.check.Description.Parameter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the arguments of a kernel are likely to mean, by their names. A guess may be wrong, so every
 * one is told to the user. Immutable.
 */
final class Guess {
  private static final Pattern COUNT =
      Pattern.compile(
          "(?i)[nmkwhd]|n[xyz]|num|n_\\w+|num_?\\w+|\\w*_?(len|length|sizes?|counts?|total|limit|width|height|depth"
              + "|rows?|cols?|columns|dims?|elements|items|points|bins|buckets|samples|batch|channels|num)\\d*|(?-i:[nN][A-Z]\\w*)|size_?\\w+");
  private static final Pattern PITCH = Pattern.compile("(?i)\\w*(pitch|stride)\\w*|ld[a-z]?");
  private static final Pattern STEPS =
      Pattern.compile("(?i)\\w*(iter|step|round|repeat|pass|trip)\\w*");
  private static final Pattern NOT_A_COUNT =
      Pattern.compile(
          "(?i)\\w*(seed|offset|start|begin|first|shift|idx|index|radius|value|flag|mode|level|id|key)\\w*");
  private static final Pattern BEGINNING =
      Pattern.compile("(?i)\\w*(offset|start|begin|first|idx|index|_id)|id");

  private static final Pattern BINS =
      Pattern.compile("(?i)n(um)?_?(bins?|buckets?|classes|labels|clusters|colou?rs|keys)");
  private static final Pattern PER_BIN =
      Pattern.compile("(?i)\\w*(hist(o(gram)?)?|bins?|buckets?)");
  private static final Pattern ROW_BEGINNINGS =
      Pattern.compile(
          "(?i)(csr_?)?(row|col|seg|segment|bin|cell)_?(ptrs?|pointers?|offsets?|starts?|begins?)|offsets|indptr|xadj");
  private static final Pattern OF_ROWS =
      Pattern.compile("(?i)(n|num)?_?(rows?|segments|segs|cells|vertices|nodes)");
  private static final Pattern COLUMNS = Pattern.compile("(?i)(w|width|cols?|columns|nx|n_?cols)");

  /** Of kernels with several counts: each its own, so that exchanged ones are found. */
  private static final List<List<Long>> DIFFERENT =
      List.of(
          List.of(1000L),
          List.of(100L, 83L),
          List.of(30L, 23L, 17L),
          List.of(11L, 10L, 9L, 8L, 7L, 6L, 5L));

  private static final List<Long> PLANE = List.of(50L, 37L, 29L, 23L, 19L, 17L, 13L);
  private static final List<Long> SPACE = List.of(20L, 13L, 9L, 7L, 6L, 5L, 4L);

  /** More than the bytes of a row, and a whole number of whatever rows are made of. */
  private static final long PITCH_BYTES = 512;

  private static final long ROW_ELEMENTS = 64;
  private static final long USUAL_BINS = 61;

  /** What an integer is for. */
  enum Meaning {
    /** How many there are of something, in one dimension. */
    COUNT,
    /** How many bins, or the like, there are: no dimension of the other buffers. */
    BINS,
    /** The distance of rows, which is no dimension of its own. */
    PITCH,
    STEPS,
    BEGINNING,
    OTHER
  }

  private final Kernel kernel;
  private final KernelText text;
  private final boolean onlyInteger;

  Guess(Kernel kernel, KernelText text) {
    this.kernel = kernel;
    this.text = text;
    this.onlyInteger = kernel.parameters().stream().filter(Parameter::integer).count() == 1;
  }

  Meaning of(int index) {
    String name = kernel.parameterName(index);
    if (PITCH.matcher(name).matches()) {
      return Meaning.PITCH;
    }
    if (!onlyInteger && BINS.matcher(name).matches()) {
      return Meaning.BINS;
    }
    if (STEPS.matcher(name).matches()) {
      return Meaning.STEPS;
    }
    if (BEGINNING.matcher(name).matches()) {
      return Meaning.BEGINNING;
    }
    boolean count =
        COUNT.matcher(name).matches() || (onlyInteger && !NOT_A_COUNT.matcher(name).matches());
    return count ? Meaning.COUNT : Meaning.OTHER;
  }

  /** How many dimensions the integers count. */
  private int counted() {
    int counts = 0;
    for (int i = 0; i < kernel.parameters().size(); i++) {
      counts += kernel.parameters().get(i).integer() && of(i) == Meaning.COUNT ? 1 : 0;
    }
    return counts;
  }

  /** What an integer is when nobody says it. */
  long usual(int index) {
    return switch (of(index)) {
      case COUNT -> usualCount(countsBefore(index));
      case PITCH -> usualPitch(kernel.parameterName(index));
      case BINS -> USUAL_BINS;
      case STEPS -> 4;
      case BEGINNING -> 0;
      case OTHER -> 1;
    };
  }

  private int countsBefore(int index) {
    int counts = 0;
    for (int i = 0; i < index; i++) {
      counts += kernel.parameters().get(i).integer() && of(i) == Meaning.COUNT ? 1 : 0;
    }
    return counts;
  }

  /** Off the multiples of blocks. */
  private long usualCount(int nth) {
    List<Long> counts =
        switch (kernel.dimensions()) {
          case 1 -> DIFFERENT.get(Math.clamp(counted(), 1, DIFFERENT.size()) - 1);
          case 2 -> PLANE;
          default -> SPACE;
        };
    return counts.get(Math.min(nth, counts.size() - 1));
  }

  private long usualPitch(String name) {
    if (kernel.dimensions() == 1 && counted() < 2) {
      return usualCount(0);
    }
    return name.toLowerCase(Locale.ROOT).contains("pitch")
        ? PITCH_BYTES
        : Math.max(ROW_ELEMENTS, usualCount(0));
  }

  /** Whether a count is of what lies in a row. */
  boolean columns(int index) {
    return COLUMNS.matcher(kernel.parameterName(index)).matches();
  }

  /** Whether a buffer holds where each row begins, which is one more than there are rows. */
  boolean rowBeginnings(String buffer) {
    return ROW_BEGINNINGS.matcher(buffer).matches();
  }

  /** Whether a count is of what has beginnings. */
  boolean rows(int index) {
    return OF_ROWS.matcher(kernel.parameterName(index)).matches();
  }

  /** Whether a count is, by its name, that of a buffer: bins and num_bins, a and a_len. */
  boolean paired(String buffer, int index) {
    String name = kernel.parameterName(index);
    if (of(index) == Meaning.BINS) {
      return PER_BIN.matcher(buffer).matches() || stem(name).equals(stem(buffer));
    }
    String stem = stem(name);
    return !stem.isEmpty() && !stem.equals(name) && stem.equals(stem(buffer));
  }

  private static String stem(String name) {
    String stem =
        name.replaceFirst("^(num|len|length|size|count)_?(of_)?|^n_|^n(?=[A-Z])|^n(?=\\w{3})", "")
            .replaceFirst("(?i)_?(len|length|size|count|num|n)$", "")
            .toLowerCase(Locale.ROOT);
    return stem.length() > 3 ? stem.replaceFirst("s$", "") : stem;
  }

  /** A block that fits the kernel. */
  Triple usualBlock() {
    int most = kernel.maxThreads();
    if (text.sameForAll() && !kernel.bounded()) {
      return new Triple(1, 1, 1);
    }
    Triple told = toldBlock();
    if (told != null && told.count() <= most) {
      return told;
    }
    return switch (kernel.dimensions()) {
      case 1 -> new Triple(Math.min(256, most), 1, 1);
      case 2 ->
          most >= 256
              ? new Triple(16, 16, 1)
              : new Triple(Math.min(8, most), Math.max(1, Math.min(8, most / 8)), 1);
      default ->
          most >= 256
              ? new Triple(8, 8, 4)
              : new Triple(Math.min(4, most), 1, Math.max(1, Math.min(4, most / 4)));
    };
  }

  /** The block for which the text of the kernel is made; null where it tells nothing. */
  private @Nullable Triple toldBlock() {
    OptionalInt x = text.extent(0);
    OptionalInt y = text.extent(1);
    OptionalInt z = text.extent(2);
    int most = Math.min(256, kernel.maxThreads());
    return switch (kernel.dimensions()) {
      case 1 -> x.isEmpty() ? null : new Triple(x.getAsInt(), 1, 1);
      case 2 ->
          x.isEmpty() && y.isEmpty()
              ? null
              : new Triple(
                  x.orElse(Math.clamp(most / y.orElse(1), 1, 32)),
                  y.orElse(Math.clamp(most / x.orElse(1), 1, 16)),
                  1);
      default ->
          x.isEmpty() || y.isEmpty()
              ? null
              : new Triple(
                  x.getAsInt(),
                  y.getAsInt(),
                  z.orElse(Math.clamp(most / (x.getAsInt() * y.getAsInt()), 1, 4)));
    };
  }
}
