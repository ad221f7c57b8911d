// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import java.util.Locale;

/** One of the two that are compared; a ratio is B's over A's. */
public enum Side {
  A,
  B;

  /** The one it is compared with. */
  public Side other() {
    return this == A ? B : A;
  }

  /** As it stands in records and in their ids: {@code a} or {@code b}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** One of two things, by the side. */
  <T> T of(T a, T b) {
    return this == A ? a : b;
  }
}
