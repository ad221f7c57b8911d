// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

/** A figure could have been measured here, and was not; says why, in one line. */
final class FailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  FailedException(String why) {
    super(why);
  }

  FailedException(String why, Throwable cause) {
    super(why, cause);
  }
}
