// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.measure.BenchException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Printable;
import java.util.concurrent.Callable;

/** What TornadoVM throws, as an engine says it. */
final class Failures {
  private static final int LONGEST = 240;

  private Failures() {}

  /** The deepest cause that has something to say, in one line. */
  static String line(Throwable failure) {
    String line = failure.getClass().getSimpleName();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at.getMessage() != null && !at.getMessage().isBlank()) {
        line = at.getMessage();
      }
    }
    String plain =
        line.replaceAll("\u001B\\[[0-9;]*m", "")
            .replaceAll("(?s)Stacktrace:.*", "")
            .replaceAll("\\s+", " ")
            .strip();
    return Printable.line(plain.length() > LONGEST ? plain.substring(0, LONGEST - 1) + "…" : plain);
  }

  /** A failure of a kernel or its execution. */
  static BenchException of(String what, Throwable failure) {
    return failure instanceof BenchException ours
        ? ours
        : new EngineException(what + ": " + line(failure), failure);
  }

  /**
   * Does something that only TornadoVM can fail in.
   *
   * @param what has failed then, for a person
   * @throws EngineException when it throws whatever but our own exceptions
   */
  static <T> T call(String what, Callable<T> step) {
    try {
      return step.call();
    } catch (Throwable failure) { // Errors too: that is how TornadoVM's compiler refuses a kernel
      throw of(what, failure);
    }
  }
}
