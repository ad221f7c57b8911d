// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import io.gpubench.app.BuiltIn;
import io.gpubench.app.onlookers.FlightRecording;
import io.gpubench.app.onlookers.Onlookers;
import io.gpubench.app.plugins.Installed;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.worker.WorkerServer;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The process of a worker with an engine of our own: the worker protocol on stdin and stdout. It
 * has no command line of the usual kind, since every repetition waits for its start.
 */
public final class WorkerMain {
  private static final int HUNG_UP = 1;

  private WorkerMain() {}

  /**
   * Serves an engine until the goodbye.
   *
   * @param args the engine's id
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("gpubench.home", "."));
    var installed = new Installed(home, System.getenv(), System.err::println);
    Engine engine =
        installed.engines().stream()
            .filter(known -> args.length == 1 && known.id().equals(args[0]))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("expected the id of an engine"));
    serve(engine, installed.workloads());
  }

  /**
   * Serves an engine on this process's stdin and stdout. What anybody else prints goes to stderr
   * from now on; when the requests end, so does the process, whatever the engine is doing.
   *
   * @param workloads that it may be asked for
   */
  public static void serve(Engine engine, Collection<Workload> workloads)
      throws IOException, InterruptedException {
    System.setOut(System.err);
    Onlookers.admit(System.getenv());
    try (var _ = FlightRecording.ofWorker();
        var in = new FileInputStream(FileDescriptor.in);
        var out = new FileOutputStream(FileDescriptor.out)) {
      var server =
          new WorkerServer(
              engine,
              workloads.stream().collect(Collectors.toMap(Workload::id, Function.identity())),
              BuiltIn.version(),
              in,
              out,
              () -> Runtime.getRuntime().halt(HUNG_UP),
              Throwable::printStackTrace);
      StuckCalls.watch(server, System.err);
      server.serve();
    }
  }
}
