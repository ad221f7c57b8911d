// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import org.jspecify.annotations.Nullable;

/** How a planned run ended. A failure or a doubt is a result: it is kept and shown. */
public sealed interface Outcome {
  /** Samples were taken and every answer was right. */
  record Measured() implements Outcome {}

  /** An answer was wrong; no sample counts. */
  record Incorrect(String reason) implements Outcome {}

  /** The numbers cannot be believed. */
  record Rejected(String reason) implements Outcome {}

  /** The engine, the store or the process failed. */
  record Failed(String reason) implements Outcome {}

  /** It was not tried: on request, or since the engine has not what it asks for. */
  record Skipped(String reason) implements Outcome {}

  /** The word that stands in a record. */
  default String word() {
    return getClass().getSimpleName();
  }

  /** Why, in one line; null for {@link Measured}. */
  default @Nullable String reasonText() {
    return switch (this) {
      case Measured() -> null;
      case Incorrect(String reason) -> oneLine(reason);
      case Rejected(String reason) -> oneLine(reason);
      case Failed(String reason) -> oneLine(reason);
      case Skipped(String reason) -> oneLine(reason);
    };
  }

  private static String oneLine(String reason) {
    return reason.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /**
   * The outcome that a record's words denote.
   *
   * @throws IllegalArgumentException when there is no such word
   */
  static Outcome of(String word, @Nullable String reason) {
    String why = reason == null ? "" : reason;
    return switch (word) {
      case "Measured" -> new Measured();
      case "Incorrect" -> new Incorrect(why);
      case "Rejected" -> new Rejected(why);
      case "Failed" -> new Failed(why);
      case "Skipped" -> new Skipped(why);
      default -> throw new IllegalArgumentException("no outcome is called '" + word + "'");
    };
  }
}
