// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

/** A mistake of the caller: something of this package is used outside of its lifetime. */
public final class LifecycleException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** What the mistake is. */
  public enum Kind {
    /** Its creator, or its owner, has closed it before. */
    CLOSED_TWICE,
    /** It was closed. */
    USED_AFTER_CLOSE,
    /** It belongs to another thread. */
    WRONG_THREAD,
    /** It was closed before what it owns, which is now closed as well. */
    CLOSED_BEFORE_CHILDREN,
    /** The thread has an open context, and can have no second one. */
    SECOND_CONTEXT
  }

  private final Kind kind;

  LifecycleException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What the mistake is. */
  public Kind kind() {
    return kind;
  }
}
