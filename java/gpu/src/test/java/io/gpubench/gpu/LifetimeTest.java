// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.gpu.LifecycleException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class LifetimeTest {
  private final List<String> released = new ArrayList<>();
  private final Lifetime context = lifetime("context");

  private Lifetime lifetime(String what) {
    return new Lifetime(what, () -> released.add(what));
  }

  private Lifetime child(Lifetime owner, String what) {
    return owner.child(what, () -> released.add(what));
  }

  private Lifetime failingChild(String what) {
    return context.child(
        what,
        () -> {
          released.add(what);
          throw new IllegalArgumentException(what + " fails");
        });
  }

  private static void assertMisuse(Kind kind, String message, Executable use) {
    var error = assertThrows(LifecycleException.class, use);
    assertEquals(kind, error.kind());
    assertEquals(message, error.getMessage());
  }

  @Test
  void whoeverOpensCloses() {
    Lifetime stream = child(context, "stream");
    stream.use();
    stream.close();
    context.use();
    context.close();
    assertEquals(List.of("stream", "context"), released);
  }

  @Test
  void closingTwiceIsAMistake() {
    Lifetime stream = child(context, "stream");
    stream.close();
    assertMisuse(Kind.CLOSED_TWICE, "the stream of thread 'main' is closed twice", stream::close);
    assertEquals(List.of("stream"), released);
  }

  @Test
  void useAfterClosingIsAMistake() {
    context.close();
    String message = "the context of thread 'main' is used after it was closed";
    assertMisuse(Kind.USED_AFTER_CLOSE, message, context::use);
    assertMisuse(Kind.USED_AFTER_CLOSE, message, () -> child(context, "late"));
  }

  @Test
  void anotherThreadMayNeitherUseNorClose() {
    Lifetime stream = child(context, "stream");
    for (Executable use : List.<Executable>of(stream::use, stream::close)) {
      assertMisuse(
          Kind.WRONG_THREAD,
          "the stream belongs to thread 'main', not to 'other'",
          () -> onThreadOther(use));
    }
    stream.use();
    stream.close();
    assertMisuse(
        Kind.WRONG_THREAD,
        "the stream belongs to thread 'main', not to 'other'",
        () -> onThreadOther(stream::use));
  }

  private static void onThreadOther(Executable use) throws Throwable {
    var outcome = new CompletableFuture<Throwable>();
    Thread.ofPlatform()
        .name("other")
        .start(() -> outcome.complete(assertThrows(Throwable.class, use)))
        .join();
    throw outcome.join();
  }

  @Test
  void anOwnerClosesWhatItFindsOpenTheYoungestFirstAndComplains() {
    child(context, "stream");
    child(context, "closed").close();
    Lifetime module = child(context, "module");
    child(module, "function");
    child(context, "buffer");
    released.clear();
    assertMisuse(
        Kind.CLOSED_BEFORE_CHILDREN,
        "the context is closed before what it owns: stream, module, buffer",
        context::close);
    assertEquals(List.of("buffer", "function", "module", "stream", "context"), released);
    assertMisuse(Kind.CLOSED_TWICE, "the module of thread 'main' is closed twice", module::close);
  }

  @Test
  void aFailureToReleaseReachesWhoCloses() {
    Lifetime stream = failingChild("stream");
    var error = assertThrows(IllegalArgumentException.class, stream::close);
    assertEquals("stream fails", error.getMessage());
    context.close();
    assertEquals(List.of("stream", "context"), released);
  }

  @Test
  void allIsReleasedWhateverFailsAndEveryFailureIsTold() {
    failingChild("stream");
    failingChild("buffer");
    var error = assertThrows(LifecycleException.class, context::close);
    assertEquals(List.of("buffer", "stream", "context"), released);
    assertArrayEquals(
        new String[] {"buffer fails", "stream fails"},
        List.of(error.getSuppressed()).stream().map(Throwable::getMessage).toArray());
  }

  @Test
  void closingNeverReplacesAnEarlierFailure() {
    var earlier = new IllegalArgumentException("earlier");
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> {
              try (AutoCloseable _ = context::close) {
                failingChild("stream");
                throw earlier;
              }
            });
    assertSame(earlier, error);
    assertEquals(1, error.getSuppressed().length);
    assertEquals(List.of("stream", "context"), released);
  }
}
