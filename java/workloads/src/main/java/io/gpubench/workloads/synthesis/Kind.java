// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import java.util.List;
import java.util.Locale;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/** What a node of a syntax tree is. Each has its {@link #number} in a forest's memory. */
public enum Kind {
  /** A number; the only kind whose value counts. */
  LITERAL(0, 0, null),
  VARIABLE(1, 0, null),
  NEG(2, 1, (a, _) -> -a),
  ADD(3, 2, Integer::sum),
  SUB(4, 2, (a, b) -> a - b),
  MUL(5, 2, (a, b) -> a * b),
  MIN(6, 2, Math::min),
  MAX(7, 2, Math::max),
  /** Condition, what it is where that is not 0, and what else. */
  IF(8, 3, null),
  /** Of any number of arguments, 0 .. {@value #MOST_ARGUMENTS}. */
  CALL(9, -1, null);

  /** The widest arity. */
  public static final int MOST_ARGUMENTS = 10;

  private static final List<Kind> ALL = List.of(values());

  private final int number;
  private final int arity;
  private final @Nullable IntBinaryOperator folded;

  Kind(int number, int arity, @Nullable IntBinaryOperator folded) {
    this.number = number;
    this.arity = arity;
    this.folded = folded;
  }

  /** The kind that a byte of a forest denotes. */
  public static Kind of(int number) {
    return ALL.get(number);
  }

  /** The byte of a forest that denotes it. */
  public int number() {
    return number;
  }

  /** How many children each of its nodes has; -1 where each may have another number. */
  public int arity() {
    return arity;
  }

  /** Whether a node becomes a literal when all its children are some. */
  boolean folds() {
    return folded != null;
  }

  /**
   * What it folds to; wraps modulo 2^32.
   *
   * @param second ignored where there is one child
   */
  int fold(int first, int second) {
    if (folded == null) {
      throw new IllegalStateException(this + " does not fold");
    }
    return folded.applyAsInt(first, second);
  }

  /** As it is written in patterns. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
