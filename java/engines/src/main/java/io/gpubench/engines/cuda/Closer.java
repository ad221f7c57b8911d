// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what it was given, the youngest first, whatever fails meanwhile. One thread. */
final class Closer implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Takes over the closing of a thing, and returns it. */
  <T extends AutoCloseable> T closes(T thing) {
    open.push(thing);
    return thing;
  }

  /** Closes all because of a failure, which stays the first. Nothing comes back from here. */
  RuntimeException closing(Throwable failure) {
    try {
      close();
    } catch (RuntimeException second) {
      failure.addSuppressed(second);
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }

  @Override
  public void close() {
    RuntimeException first = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      } catch (Exception e) {
        throw new IllegalStateException("nothing in here throws checked exceptions", e);
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
