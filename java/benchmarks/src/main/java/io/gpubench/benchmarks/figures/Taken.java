// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;

/**
 * What came out.
 *
 * @param reading the number that the goal is about
 * @param note what else was measured with it, after a semicolon in the table; may be empty
 */
record Taken(Reading reading, String note) {
  static Taken of(Reading reading) {
    return new Taken(reading, "");
  }

  Taken with(String more) {
    return new Taken(reading, note.isEmpty() ? more : note + ", " + more);
  }

  String text() {
    return note.isEmpty() ? reading.toString() : reading + "; " + note;
  }
}
