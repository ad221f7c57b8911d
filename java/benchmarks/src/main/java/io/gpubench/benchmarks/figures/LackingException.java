// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

/** This machine, or this command line, lacks what a figure is about; says what, in a few words. */
final class LackingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LackingException(String what) {
    super(what);
  }
}
