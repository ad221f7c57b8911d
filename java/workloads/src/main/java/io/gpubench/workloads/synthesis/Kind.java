// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import java.util.List;
import java.util.Locale;

/** What a node of a syntax tree is. Each has its {@link #number} in a forest's memory. */
public enum Kind {
  /** A number; the only kind whose value counts. */
  LITERAL(0, 0),
  VARIABLE(1, 0),
  NEG(2, 1),
  ADD(3, 2),
  SUB(4, 2),
  MUL(5, 2),
  MIN(6, 2),
  MAX(7, 2),
  /** Condition, what it is where that is not 0, and what else. */
  IF(8, 3),
  /** Of any number of arguments, 0 .. {@value #MOST_ARGUMENTS}. */
  CALL(9, -1);

  /** The widest arity. */
  public static final int MOST_ARGUMENTS = 10;

  private static final List<Kind> ALL = List.of(values());

  private final int number;
  private final int arity;

  Kind(int number, int arity) {
    this.number = number;
    this.arity = arity;
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

  /** Whether its nodes may have so many children. */
  boolean mayHave(int children) {
    return this == CALL ? children <= MOST_ARGUMENTS : children == arity;
  }

  /** Whether a node becomes a literal when all its children are some. */
  boolean folds() {
    return this != LITERAL && this != VARIABLE && this != IF && this != CALL;
  }

  /**
   * What it folds to; wraps modulo 2^32.
   *
   * @param second ignored where there is one child
   */
  int fold(int first, int second) {
    return switch (this) {
      case NEG -> -first;
      case ADD -> first + second;
      case SUB -> first - second;
      case MUL -> first * second;
      case MIN -> Math.min(first, second);
      case MAX -> Math.max(first, second);
      case LITERAL, VARIABLE, IF, CALL -> throw new IllegalStateException(this + " does not fold");
    };
  }

  /** As it is written in patterns. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
