// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.BuiltIn;
import io.gpubench.engines.host.HostEngine;
import io.gpubench.engines.java.JavaEngine;
import io.gpubench.ffi.NativeLibraries;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.worker.WorkerServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the build runs once, to record which classes a start needs: every command, a short run on
 * each engine, one by a worker, and what a worker does. Prints nothing.
 */
public final class AotTraining {
  private AotTraining() {}

  /** Runs the commands one after the other; a failure among them fails the build. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path store = Files.createTempDirectory("gpubench-training-");
    try {
      run("--help");
      run("run", "--help");
      run("list", "workloads");
      run("list", "profiles");
      run("list", "engines");
      run("plan");
      run("list", "devices");
      for (List<String> choice :
          List.of(
              List.of("--engine", "auto"),
              List.of("--engine", "java"),
              // a process that has this machine's driver open cannot have the simulated device too
              NativeLibraries.has("cuda")
                  ? List.of("--engine", "cuda")
                  : List.of("--device", "sim"))) {
        measure(store, "--in-process", choice.getFirst(), choice.getLast());
      }
      measure(store, "--repetitions=1", "--engine", "java");
      run("verify", store.toString());
      serve();
    } finally {
      try (Stream<Path> files = Files.walk(store)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void measure(Path store, String... options) {
    var args = new ArrayList<>(List.of("run", "consensus", "--set", "consensus.validators=1000"));
    args.addAll(List.of("--samples", "20", "--anyway", "--out", store.toString()));
    args.addAll(List.of(options));
    run(args.toArray(String[]::new));
  }

  /** What a worker does, in this process. */
  private static void serve() throws IOException, InterruptedException {
    String requests =
        """
        {"type":"hello","protocol":1,"threads":1,"device":null}
        {"type":"self-check"}
        {"type":"prepare","workload":"consensus","path":"call","parameters":{"validators":100,"byzantine":0.33,\
        "agreement":1.0,"proposals":4,"tags":"siphash","seed":1},"inputs":null,\
        "facts":{"processors":1,"availableBytes":1000000000,"lastLevelCacheBytes":65536}}
        {"type":"verify","samples":[0,1]}
        {"type":"measure","first":0,"samples":10,"nanos":1000000,"discard":1}
        {"type":"telemetry"}
        {"type":"bye"}
        """;
    for (Engine engine : List.of(new HostEngine(), new JavaEngine())) {
      new WorkerServer(
              engine,
              BuiltIn.workloads().stream()
                  .collect(Collectors.toMap(Workload::id, Function.identity())),
              BuiltIn.version(),
              new ByteArrayInputStream(requests.getBytes(StandardCharsets.UTF_8)),
              OutputStream.nullOutputStream(),
              () -> {},
              bug -> {
                throw new IllegalStateException("a worker fails", bug);
              })
          .serve();
    }
  }

  private static void run(String... args) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    var app = GpubenchMain.app(Map.of(), new Terminal(false, false), nowhere, nowhere);
    int code = GpubenchMain.execute(app, args);
    // a slow machine may doubt its own times; only a command that does not work is a reason to stop
    if (code == ExitCode.INTERNAL.number || code == ExitCode.USAGE.number) {
      throw new IllegalStateException(String.join(" ", args) + " ended with " + code);
    }
  }
}
