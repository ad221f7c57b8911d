// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.BenchException;
import org.jspecify.annotations.Nullable;

/** A worker failed, and is gone. The message says in which step and how. */
public final class WorkerException extends BenchException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String step;
  private final String stderr;

  /** How a worker fails. */
  public enum Kind {
    /** It said nothing for longer than a step may take, and was killed. */
    TIMEOUT("timeout"),
    /** It ended, or died of a signal, before it was asked to. */
    CRASH("crash"),
    /** Its process could not use the device any more. */
    LOST_DEVICE("lost-device"),
    /** What it said is not what the protocol asks for. */
    PROTOCOL("protocol"),
    /** The engine reported a failure. */
    ENGINE("engine"),
    /** The engine lacks something on this machine. */
    UNAVAILABLE("unavailable"),
    /** The engine works, but has not what this run asks for, as it said in answer to prepare. */
    ABSENT("absent");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As it stands in records. */
    public String word() {
      return word;
    }
  }

  WorkerException(
      Kind kind, String step, String message, String stderr, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.step = step;
    this.stderr = stderr;
  }

  public Kind kind() {
    return kind;
  }

  /** The request that it was to answer, such as {@code prepare}. */
  public String step() {
    return step;
  }

  /** The last lines that it wrote on stderr; empty when there are none. */
  public String stderr() {
    return stderr;
  }
}
