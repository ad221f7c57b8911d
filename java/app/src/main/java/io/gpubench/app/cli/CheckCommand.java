// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.bundle.ScratchFolder;
import io.gpubench.app.check.FileCheck;
import io.gpubench.app.check.FileResult;
import io.gpubench.app.check.KernelResult;
import io.gpubench.app.check.KernelResult.Verdict;
import io.gpubench.app.check.LaunchPlan;
import io.gpubench.app.check.Settings;
import io.gpubench.app.check.Source;
import io.gpubench.app.check.Toolchain;
import io.gpubench.app.report.CheckJson;
import io.gpubench.app.report.CheckReport;
import io.gpubench.app.report.CheckText;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a user's own kernels on the checked simulated device. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Check the kernels of a CUDA source file, without a GPU: compile it for the simulated device and launch each"
          + " kernel in several orders of its threads. Reported are races, accesses out of bounds, reads of what"
          + " nobody wrote, divergent barriers, and what else is undefined, with line, block and thread.",
      "",
      "What nobody says of a launch is assumed, and told. Functions for the host may be in the file; they are not"
          + " run. A comment in the file may say what the command line does not:",
      "  // gpubench-check: kernel=saxpy grid=4 block=256 n=1000 x=f32[n] y=f32[n]=zero",
      "There, an argument that is called kernel, grid, block, shared, skip or cooperative is arg:kernel=SPEC.",
      "",
      "SPEC is a number, null, hex:00ff.. (bytes of a structure), or a buffer TYPE[LENGTH] or TYPE[LENGTH]=FILL."
          + " TYPE: i8 u8 i16 u16 i32 u32 i64 u64 f16 bf16 f32 f64. LENGTH: such as 1000, n, rows*cols+1, threads."
          + " FILL: random (usual), zero, uninitialised, 7, 0.. (ascending), 0..9 (random in between), hex:00ff.."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench check my.cu",
      "  gpubench check my.cu --kernel saxpy --block 128 --arg n=1000 --arg y=f32[n]=uninitialised",
      "  gpubench check kernels/*.cu -I include --format json > check.json",
      "",
      "Exit codes: 0 nothing found, 2 usage, or a file does not compile, 3 no simulated device or",
      "no C++ compiler, 4 a kernel is accused, 6 no kernel could be run, 130 interrupted."
    })
final class CheckCommand implements Callable<Integer> {
  private static final long DEVICE_BYTES = 1L << 30;
  private static final Duration COMPILING = Duration.ofMinutes(1);
  private static final int MOST_SEEDS = 1_000_000;

  private static final String STANDARD = "c++17";
  private static final String TIMEOUT = "30s";

  private final App app;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "CUDA source files.")
  private List<Path> files = new ArrayList<>();

  @Mixin private LaunchOptions launch = new LaunchOptions();

  @Option(
      names = {"-I", "--include"},
      paramLabel = "DIR",
      description = "A folder with headers. May be given several times.")
  private List<Path> includes = new ArrayList<>();

  @Option(
      names = {"-D", "--define"},
      paramLabel = "NAME[=VALUE]",
      description = "Define a macro. May be given several times.")
  private List<String> defines = new ArrayList<>();

  @Option(
      names = "--std",
      paramLabel = "STANDARD",
      defaultValue = STANDARD,
      description = "c++17, c++20 or a later one (default: ${DEFAULT-VALUE}).")
  private String standard = STANDARD;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "16",
      description =
          "Orders of threads to try, each with other random data (default: ${DEFAULT-VALUE}).")
  private int seeds = 16;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "The first of them; a report names the one that it is from (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = TIMEOUT,
      description = "How long a launch may take (default: ${DEFAULT-VALUE}).")
  private String timeout = TIMEOUT;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.text;

  /** How the result is printed. */
  enum Format {
    text,
    json
  }

  CheckCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() throws InterruptedException {
    FileCheck.Request request = request();
    ExitCode code = ExitCode.OK;
    boolean ran = false;
    try (var scratch = ScratchFolder.temporary("gpubench-check-");
        CheckReport report =
            format == Format.json
                ? new CheckJson(app.out())
                : new CheckText(app.out(), app.err(), this::again)) {
      var unknown = new LinkedHashSet<String>();
      for (Path file : files) {
        FileResult result = check(file, request, scratch.path(), report, unknown);
        report.file(result);
        ran |= result.kernels().stream().anyMatch(kernel -> kernel.verdict() != Verdict.skipped);
        code = ExitCode.worst(code, codeOf(result));
      }
      if (!unknown.isEmpty() && files.size() > 1 && code != ExitCode.USAGE) {
        throw new ConfigException(
            "%s: no such name in any of the files".formatted(String.join(", ", unknown)));
      }
    } catch (IOException e) {
      throw new StoreException(
          "a temporary folder cannot be made or deleted: " + e.getMessage(), e);
    }
    return (ran ? code : ExitCode.worst(code, ExitCode.INCONCLUSIVE)).number;
  }

  /**
   * A file that cannot be checked does not keep the others from it.
   *
   * @param unknown gets what the first file does not have, and keeps what no other has
   */
  private FileResult check(
      Path file, FileCheck.Request request, Path folder, CheckReport report, Set<String> unknown)
      throws InterruptedException {
    var results = new ArrayList<KernelResult>();
    try {
      var check =
          new FileCheck(
              request,
              Source.read(file),
              folder,
              result -> {
                results.add(result);
                report.kernel(file.toString(), result);
              });
      check.run();
      if (file.equals(files.getFirst())) {
        unknown.addAll(check.unknown());
      } else {
        unknown.retainAll(check.unknown());
      }
      return new FileResult(file.toString(), results, null);
    } catch (ConfigException e) {
      return new FileResult(file.toString(), results, e.getMessage());
    }
  }

  /** What a user says again to see a finding again, for a shell. */
  private String again(String file, KernelResult result, long found) {
    var words = new ArrayList<>(List.of("gpubench", "check", file));
    includes.forEach(folder -> words.addAll(List.of("-I", folder.toString())));
    defines.forEach(name -> words.addAll(List.of("-D", name)));
    if (!standard.equals(STANDARD)) {
      words.addAll(List.of("--std", standard));
    }
    if (!timeout.equals(TIMEOUT)) {
      words.addAll(List.of("--timeout", timeout));
    }
    LaunchPlan plan = result.plan();
    words.addAll(
        launch.words(
            plan == null
                ? Set.of()
                : plan.arguments().stream()
                    .map(LaunchPlan.Argument::name)
                    .collect(Collectors.toSet())));
    words.addAll(
        List.of("--kernel", result.name(), "--seed", Long.toString(found), "--seeds", "1"));
    return words.stream().map(CheckCommand::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static ExitCode codeOf(FileResult result) {
    return result.problem() != null
        ? ExitCode.USAGE
        : result.count(Verdict.accused) > 0 ? ExitCode.INCORRECT : ExitCode.OK;
  }

  private FileCheck.Request request() {
    if (seeds < 1 || seeds > MOST_SEEDS) {
      throw new ConfigException(
          "--seeds " + seeds + " is out of range; expected 1 .. " + MOST_SEEDS);
    }
    if (seed < 1 || seed > Long.MAX_VALUE - MOST_SEEDS) {
      throw new ConfigException("--seed " + seed + " is out of range; expected 1 or more");
    }
    if (!standard.matches("c\\+\\+(17|20|23|2a|2b|26|2c)")) {
      throw new ConfigException("--std " + standard + ": expected c++17, c++20 or c++23");
    }
    Duration patience = MeasuringOptions.option("--timeout", timeout, Durations::positive);
    var options = new ArrayList<String>(List.of("--check", "-std=" + standard));
    includes.forEach(folder -> options.add("-I" + folder));
    defines.forEach(name -> options.add("-D" + name));
    Settings settings = launch.settings();
    return new FileCheck.Request(
        app.home(),
        new Toolchain(
            Toolchain.below(app.home()),
            options,
            patience.compareTo(COMPILING) > 0 ? patience : COMPILING),
        launch.kernels(),
        settings,
        files.size() == 1,
        seeds,
        seed,
        patience,
        deviceBytes(),
        Math.max(DEVICE_BYTES, Machine.facts(null).availableBytes()),
        includes);
  }

  private long deviceBytes() {
    String told = app.environment().getOrDefault("GPUBENCH_SIM_MEMORY", "");
    return told.matches("\\d{1,18}") ? Long.parseLong(told) : DEVICE_BYTES;
  }
}
