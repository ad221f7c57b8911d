// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.workers.WorkerMain;
import io.gpubench.measure.Names;
import io.gpubench.measure.spi.Engine;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves an engine of our own over the worker protocol, for whoever wants to talk to it. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = {
      "Serve an engine over the worker protocol on stdin and stdout, until 'bye' or the end of"
          + " stdin.",
      "%n'run' starts its workers by itself; this is for looking at the protocol and for testing."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  echo '{\"type\":\"hello\",\"protocol\":1,\"threads\":1,\"device\":null}' |",
      "    gpubench worker --engine java",
      "  gpubench conformance -- ./gpubench worker --engine host"
    })
final class WorkerServeCommand implements Callable<Integer> {
  private final App app;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      required = true,
      description = "cuda, host or java.")
  private String engine = "";

  WorkerServeCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var engines = app.engines().stream().collect(Collectors.toMap(Engine::id, Function.identity()));
    WorkerMain.serve(Names.find("engine", engine, engines), app.workloads().values());
    return ExitCode.OK.number;
  }
}
