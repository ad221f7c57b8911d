// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.app.check.Description.Kernel;
import io.gpubench.app.check.Description.Parameter;
import java.util.regex.Pattern;

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

  /** What an integer is for. */
  enum Meaning {
    /** How many there are of something, in one dimension. */
    COUNT,
    /** The distance of rows, which is no dimension of its own. */
    PITCH,
    STEPS,
    BEGINNING,
    OTHER
  }

  private final Kernel kernel;
  private final boolean onlyInteger;

  Guess(Kernel kernel) {
    this.kernel = kernel;
    this.onlyInteger = kernel.parameters().stream().filter(Parameter::integer).count() == 1;
  }

  Meaning of(int index) {
    String name = kernel.parameterName(index);
    if (PITCH.matcher(name).matches()) {
      return Meaning.PITCH;
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
  int counted() {
    int counts = 0;
    for (int i = 0; i < kernel.parameters().size(); i++) {
      counts += kernel.parameters().get(i).integer() && of(i) == Meaning.COUNT ? 1 : 0;
    }
    return counts;
  }

  /** What is counted in one dimension: a few less than the threads of a whole number of blocks. */
  long usualCount() {
    int dimensions = Math.max(kernel.dimensions(), counted());
    return kernel.dimensions() > 1
        ? (kernel.dimensions() == 2 ? 50 : 20)
        : switch (dimensions) {
          case 0, 1 -> 1000;
          case 2 -> 100;
          case 3 -> 30;
          default -> 10;
        };
  }

  /** A block that fits the kernel. */
  Triple usualBlock() {
    int most = kernel.maxThreads();
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
}
