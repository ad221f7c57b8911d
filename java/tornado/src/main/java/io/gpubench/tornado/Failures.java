// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.Printable;

/** What TornadoVM throws, as an engine says it. */
final class Failures {
  private Failures() {}

  /** The deepest cause that has something to say, in one line. */
  static String line(Throwable failure) {
    String line = failure.getClass().getSimpleName();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at.getMessage() != null && !at.getMessage().isBlank()) {
        line = at.getMessage();
      }
    }
    return Printable.line(line.lines().findFirst().orElse(line).strip());
  }

  /** A failure of a kernel or its execution. */
  static EngineException of(String what, Throwable failure) {
    return new EngineException(what + ": " + line(failure), failure);
  }
}
