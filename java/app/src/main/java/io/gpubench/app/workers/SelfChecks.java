// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import io.gpubench.engines.tornado.TornadoEngine;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.spi.Engine;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The self-checks of many engines. Most are asked in this process. Those that need a Java of their
 * own get a worker each, all at a time, as each takes seconds to start; where something is missing
 * that can be seen without a start, nothing is started.
 */
public final class SelfChecks {
  private SelfChecks() {}

  /**
   * Asks our own engines.
   *
   * @param home of gpubench
   * @param threads with which workers open an engine
   * @return by the engine's id, in the order of the engines
   */
  public static Map<String, Measurers.Check> of(List<Engine> engines, Path home, int threads)
      throws InterruptedException {
    var started = new LinkedHashMap<String, Future<Measurers.Check>>();
    var checks = new LinkedHashMap<String, Measurers.Check>();
    try (ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Engine engine : engines) {
        if (engine instanceof TornadoEngine) {
          started.put(engine.id(), waiting.submit(() -> inWorker(engine, home, threads)));
        }
      }
      for (Engine engine : engines) {
        Future<Measurers.Check> answer = started.get(engine.id());
        checks.put(
            engine.id(), answer == null ? Measurers.Check.of(engine.selfCheck()) : answer.get());
      }
      return checks;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static Measurers.Check inWorker(Engine engine, Path home, int threads) {
    try (var workers =
        new Workers(
            home, new Engine.Options(threads), null, null, null, null, false, new Cancellation())) {
      return workers.check(engine);
    }
  }
}
