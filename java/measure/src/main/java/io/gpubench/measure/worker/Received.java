// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

/** What a wait for a line of a worker has led to. */
sealed interface Received {

  /**
   * A line.
   *
   * @param text without its line feed; any bytes, the receiver's own
   */
  @SuppressWarnings("ArrayRecordComponent") // the array is handed on, never compared
  record Line(byte[] text) implements Received {}

  /** Nothing came in the time given. The worker lives. */
  record Silent() implements Received {}

  /**
   * A line is longer than may be. It is the last that is read: every later wait has the same result
   * until the worker is ended.
   *
   * @param beginning its first characters, made printable
   */
  record Overlong(String beginning) implements Received {}

  /**
   * The worker has ended, or was made to since it had closed its stdout. Every later wait has the
   * same result.
   *
   * @param status its exit status, or 128 and the number of the signal of which it died; of no
   *     meaning where a process survived
   * @param manner whether it ended by itself
   * @param unfinished the beginning of what came behind its last line feed, made printable; empty
   *     where there was nothing
   */
  record Ended(int status, Manner manner, String unfinished) implements Received {

    /** One line, such as {@code killed by SIGSEGV (11)}. */
    String describe() {
      String end =
          switch (manner) {
            case BY_ITSELF -> WorkerProcess.describe(status);
            case KILLED -> "had to be ended: " + WorkerProcess.describe(status);
            case SURVIVED -> "cannot be killed; a process is left behind";
          };
      return unfinished.isEmpty() ? end : end + ", in the middle of a line: " + unfinished;
    }
  }

  /** How a worker ended. */
  enum Manner {
    /** It ended without force, perhaps since its stdin was closed. */
    BY_ITSELF,
    /** Force was used. Where it was just ending, the status may still be its own. */
    KILLED,
    /** Force was used in vain: it, or a process that it has started, lives on. */
    SURVIVED
  }
}
