// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.BuiltIn;
import io.gpubench.app.bundle.Bundle;
import io.gpubench.app.bundle.Part;
import io.gpubench.app.report.TextTable;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.app.workers.TornadoProcess;
import io.gpubench.engines.tornado.TornadoSdk;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.plan.ByteSizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Packs this checkout for a machine that has no JDK, no compiler and no network. */
@Command(
    name = "bundle",
    mixinStandardHelpOptions = true,
    description = {
      "Pack gpubench into one archive that runs on a machine without JDK, compiler or network.",
      "%nIt needs a source checkout, tar and xz. The archive appears under its name when it is"
          + " complete; a file of that name is replaced."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench bundle",
      "  gpubench bundle --output /tmp/gpubench.tar.xz --with-tests",
      "  gpubench bundle --with-tornado",
      "On the other machine: tar -xf FILE && gpubench-*/gpubench run",
      "",
      "Exit codes: 0 ok, 2 usage, 3 a tool is missing or a folder cannot be written."
    })
final class BundleCommand implements Callable<Integer> {
  private static final String SUFFIX = ".tar.xz";

  private final App app;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "The archive (default: gpubench-VERSION-linux-ARCHITECTURE.tar.xz in the current folder).")
  private @Nullable Path output;

  @Option(
      names = "--with-tests",
      description =
          "Add the tests, for 'gpubench test' on the other machine, which runs those that need a GPU.")
  private boolean withTests;

  @Option(
      names = "--with-tornado",
      description =
          "Add what workers with TornadoVM need: of the SDK that TORNADOVM_HOME names, its backends, with their"
              + " licences; at most 64 MiB in all.")
  private boolean withTornado;

  BundleCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    String name = Bundle.usualName(BuiltIn.tool().version());
    Path archive = output == null ? Path.of(name + SUFFIX) : output;
    if (!archive.toString().endsWith(SUFFIX) || Files.isDirectory(archive)) {
      throw new ConfigException(
          "--output " + archive + ": expected the name of a file that ends in " + SUFFIX);
    }
    TornadoSdk tornado = null;
    if (withTornado) {
      tornado = TornadoSdk.find(app.home(), app.environment());
      TornadoProcess.classes(app.home()); // known before the work and not after it
    }
    List<Part> parts =
        new Bundle(app.home(), name, BuiltIn.buildTime(), withTests, tornado, this::progress)
            .write(archive);
    print(archive, parts);
    return ExitCode.OK.number;
  }

  private void progress(String step) {
    app.err().println(step + "…");
    app.err().flush();
  }

  private void print(Path archive, List<Part> parts) throws IOException {
    var table = new TextTable().column("part", Align.LEFT).column("unpacked", Align.RIGHT);
    for (Part part : parts) {
      table.row(
          List.of(part.name(), part.bytes() == 0 ? "not built" : ByteSizes.format(part.bytes())));
    }
    app.out().println(archive + ": " + ByteSizes.format(Files.size(archive)));
    app.out().println();
    app.out().print(table);
  }
}
