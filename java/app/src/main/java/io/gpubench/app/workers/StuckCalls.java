// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import io.gpubench.measure.worker.WorkerServer;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Says on stderr in which native function a worker is stuck. Whoever kills a worker that says
 * nothing shows the last line of that: so a kernel that hangs is told from a driver that does not
 * come back. It looks twice a second whether a request lasts, and at the stack only of one that
 * does; requests to measure last 100 ms at most.
 */
final class StuckCalls implements Runnable {
  private static final Pattern BINDING = Pattern.compile("io\\.gpubench\\.ffi\\.[a-z]+\\..*");
  private static final long PERIOD_MILLIS = 500;
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

  private final WorkerServer server;
  private final Thread serving;
  private final PrintStream err;
  private long toldRequest;
  private String before = "";

  private StuckCalls(WorkerServer server, Thread serving, PrintStream err) {
    this.server = server;
    this.serving = serving;
    this.err = err;
  }

  /** Watches the server that this thread is going to run, until the process ends. */
  static void watch(WorkerServer server, PrintStream err) {
    Thread.ofPlatform()
        .daemon()
        .name("stuck calls")
        .start(new StuckCalls(server, Thread.currentThread(), err));
  }

  @Override
  public void run() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
        long request = server.requestBegan();
        boolean lasting = request != 0 && System.nanoTime() - request > PATIENCE_NANOS;
        if (lasting && request != toldRequest) {
          look(request);
        } else {
          before = "";
        }
      }
    } catch (InterruptedException _) {
      // nobody does
    }
  }

  private void look(long request) {
    String call = nativeCall(serving.getStackTrace()).orElse("");
    if (!call.isEmpty() && call.equals(before)) {
      err.println(sentence(call));
      err.flush();
      toldRequest = request;
    }
    before = call;
  }

  /** The native function in which a thread with this stack is. */
  static Optional<String> nativeCall(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .filter(frame -> BINDING.matcher(frame.getClassName()).matches())
        .map(StackTraceElement::getMethodName)
        .findFirst();
  }

  /** What a person makes of it. */
  static String sentence(String call) {
    return call.endsWith("Synchronize")
        ? call + "() waits for the device: a kernel or a copy is still running"
        : call + "() had not come back after a second";
  }
}
