// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.gpu.LifecycleException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * From opening to closing of one native thing, on the thread that opened it, and the lifetimes
 * within this one. Whoever opens a thing closes it; what a closing owner still finds open it closes
 * too, the youngest first, and then complains.
 */
final class Lifetime {
  private final @Nullable Lifetime owner;
  private final String what;
  private final Runnable release;
  private final Thread thread;
  private final SequencedSet<Lifetime> children = new LinkedHashSet<>();
  private boolean open = true;

  /**
   * A lifetime within no other, that begins now.
   *
   * @param what names the thing in messages, such as {@code stream}
   * @param release gives the thing back; called once, and its failure reaches who closes
   */
  Lifetime(String what, Runnable release) {
    this(null, what, release);
  }

  private Lifetime(@Nullable Lifetime owner, String what, Runnable release) {
    this.owner = owner;
    this.what = what;
    this.release = release;
    this.thread = Thread.currentThread();
  }

  /** A lifetime within this one, that begins now. */
  Lifetime child(String childWhat, Runnable childRelease) {
    use();
    var child = new Lifetime(this, childWhat, childRelease);
    children.add(child);
    return child;
  }

  /** To be called at the start of every use. Costs a comparison or two, and allocates nothing. */
  void use() {
    if (!onItsThread() || !open) {
      throw misuse(Kind.USED_AFTER_CLOSE, "used after it was closed");
    }
  }

  /**
   * Ends it.
   *
   * @throws LifecycleException if it was closed before, if this is another thread, or, after all is
   *     closed, if there were children, with what failed meanwhile as suppressed exceptions
   */
  void close() {
    if (!onItsThread() || !open) {
      throw misuse(Kind.CLOSED_TWICE, "closed twice");
    }
    List<String> left = children.stream().map(child -> child.what).toList();
    List<RuntimeException> failures = new ArrayList<>();
    end(failures);
    if (!left.isEmpty()) {
      failures.addFirst(
          new LifecycleException(
              Kind.CLOSED_BEFORE_CHILDREN,
              "the %s is closed before what it owns: %s".formatted(what, String.join(", ", left))));
    }
    if (!failures.isEmpty()) {
      RuntimeException first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      throw first;
    }
  }

  private void end(List<RuntimeException> failures) {
    open = false;
    List.copyOf(children).reversed().forEach(child -> child.end(failures));
    try {
      release.run();
    } catch (RuntimeException failure) {
      failures.add(failure);
    }
    if (owner != null) {
      owner.children.remove(this);
    }
  }

  @SuppressWarnings("ReferenceEquality") // a thread equals only itself
  private boolean onItsThread() {
    return Thread.currentThread() == thread;
  }

  private LifecycleException misuse(Kind kindIfClosed, String mistake) {
    return onItsThread()
        ? new LifecycleException(
            kindIfClosed, "the %s of thread '%s' is %s".formatted(what, thread.getName(), mistake))
        : new LifecycleException(
            Kind.WRONG_THREAD,
            "the %s belongs to thread '%s', not to '%s'"
                .formatted(what, thread.getName(), Thread.currentThread().getName()));
  }
}
