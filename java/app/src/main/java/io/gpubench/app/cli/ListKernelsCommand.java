// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.kernels.CompiledKernel;
import io.gpubench.app.kernels.KernelList;
import io.gpubench.app.report.KernelsJson;
import io.gpubench.app.report.KernelsText;
import io.gpubench.measure.ConfigException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what the compiled kernels take of a multiprocessor. */
@Command(
    name = "kernels",
    mixinStandardHelpOptions = true,
    description =
        "List the kernels that the build compiled for GPUs: registers, shared memory, stack, spills, launch"
            + " bound and occupancy on each architecture, as the compiler said and the architecture's limits"
            + " make of it. Needs no GPU.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench list kernels                   a line for each kernel",
      "  gpubench list kernels consensus         a line for each kernel and architecture",
      "  gpubench list kernels consensus_round --architecture sm_90 --block 64",
      "",
      "Exit codes: 0 ok, 2 usage, 3 no kernels were compiled, or what was written of them is of",
      "no use."
    })
final class ListKernelsCommand implements Runnable {
  /** More than any multiprocessor has. */
  private static final int MOST_SHARED_BYTES = 1 << 20;

  private final App app;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "A kernel, or a family of them (default: all, in an overview).")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--architecture",
      paramLabel = "SM",
      description = "Such as sm_90. May be given several times (default: all).")
  private List<String> architectures = new ArrayList<>();

  @Option(
      names = "--block",
      paramLabel = "N",
      description =
          "Threads of a block, for the occupancy; not more than the launch bound (default: as many as"
              + " that).")
  private @Nullable Integer block;

  @Option(
      names = "--dynamic-shared",
      paramLabel = "BYTES",
      defaultValue = "0",
      description =
          "Dynamic shared memory of a block, for the occupancy (default: ${DEFAULT-VALUE}).")
  private int dynamicSharedBytes;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.table;

  /** How the kernels are printed. */
  enum Format {
    table,
    json
  }

  ListKernelsCommand(App app) {
    this.app = app;
  }

  @Override
  public void run() {
    inRange("--block", block == null ? 1 : block, 1, CompiledKernel.MOST_THREADS);
    inRange("--dynamic-shared", dynamicSharedBytes, 0, MOST_SHARED_BYTES);
    var list = KernelList.of(app.home(), names, architectures, block, dynamicSharedBytes);
    app.out()
        .print(
            format == Format.json
                ? KernelsJson.of(list)
                : names.isEmpty() && architectures.isEmpty()
                    ? KernelsText.overview(list)
                    : KernelsText.each(list));
  }

  private static void inRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ConfigException(
          "%s %d is out of range; expected %d .. %d".formatted(option, value, least, most));
    }
  }
}
