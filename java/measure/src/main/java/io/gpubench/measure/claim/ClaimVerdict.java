// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import org.jspecify.annotations.Nullable;

/** What evidence says of a claim. Whatever is missing, it never is {@link Supported}. */
public sealed interface ClaimVerdict {
  /** It holds: the whole interval is on the right side of the target. */
  record Supported() implements ClaimVerdict {}

  /** It does not hold: the whole interval is on the wrong side of the target. */
  record Refuted() implements ClaimVerdict {}

  /** It was measured, and that does not tell. */
  record Inconclusive(String why) implements ClaimVerdict {}

  /** It was not measured, or only on what the claim is not about. */
  record NotTested(String why) implements ClaimVerdict {}

  /** The word that reports use. */
  default String word() {
    return getClass().getSimpleName();
  }

  /** Why it is open, in one line; null where it is not. */
  default @Nullable String reason() {
    return switch (this) {
      case Supported() -> null;
      case Refuted() -> null;
      case Inconclusive(String why) -> why;
      case NotTested(String why) -> why;
    };
  }
}
