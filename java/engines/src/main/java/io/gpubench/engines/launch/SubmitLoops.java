// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.launch;

import java.util.Map;

/**
 * The same loop twice: submit a piece of work that adds one to a counter, so many times, then wait
 * until all is done. Once the loop is Java and each submission a call through FFM, once the loop is
 * C, given the same function. Called by one thread at a time. The loops allocate nothing.
 */
public interface SubmitLoops extends AutoCloseable {
  /** Sets the counter. Not timed. */
  void reset(long count);

  /** The loop in Java. */
  void fromJava(long calls);

  /** The loop in C. */
  void fromC(long calls);

  /** What the counter says. Not timed. */
  long count();

  /** What was chosen, for the record. */
  Map<String, Object> configuration();

  @Override
  void close();
}
