// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** STUB. */
@SuppressWarnings("all")
final class WorkerProcess implements AutoCloseable {
  sealed interface Received {}

  record Line(byte[] text) implements Received {}

  record Silent() implements Received {}

  record Ended(int status) implements Received {}

  record Overlong(String beginning) implements Received {}

  private final Process process;
  private final LinkedBlockingQueue<Received> queue = new LinkedBlockingQueue<>();

  private WorkerProcess(Process p) {
    process = p;
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (var r =
              new BufferedReader(
                  new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = r.readLine()) != null)
              queue.add(new Line(line.getBytes(StandardCharsets.UTF_8)));
          } catch (IOException e) {
          }
          try {
            queue.add(new Ended(p.waitFor()));
          } catch (InterruptedException e) {
          }
        });
  }

  static WorkerProcess start(WorkerCommand c) {
    try {
      var b =
          new ProcessBuilder(c.arguments())
              .directory(c.folder().toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      b.environment().putAll(c.environment());
      return new WorkerProcess(b.start());
    } catch (IOException e) {
      throw new io.gpubench.measure.EngineException(String.valueOf(e.getMessage()));
    }
  }

  long pid() {
    return process.pid();
  }

  void send(byte[] line) {
    try {
      process.getOutputStream().write(line);
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    } catch (IOException e) {
    }
  }

  Received receive(long nanos) {
    try {
      Received r = queue.poll(nanos, TimeUnit.NANOSECONDS);
      return r == null ? new Silent() : r;
    } catch (InterruptedException e) {
      return new Silent();
    }
  }

  String stderrTail() {
    return "";
  }

  Ended end(Duration d) {
    close();
    return new Ended(0);
  }

  static String describe(int status) {
    return "exit status " + status;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
