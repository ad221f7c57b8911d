// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.report.VerificationJson;
import io.gpubench.app.report.VerificationReport;
import io.gpubench.app.report.VerificationText;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.seal.SignerKey;
import io.gpubench.measure.verify.Verification;
import io.gpubench.measure.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies stored runs, offline. Writes nothing but its report. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Verify run directories, or all runs in a store: that no file has changed since it was sealed, that every"
          + " statistic follows from the raw samples, and that nothing contradicts the rest or cannot be.",
      "",
      "Needs no device, no network and nothing but the directories. Exit code 7 when one does not verify;"
          + " 2, which outweighs it, when one cannot be read."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench verify results/20261121T035622Z-default-3f9a1c",
      "  gpubench verify results --format json > verification.json",
      "  gpubench verify evidence --signer alice.pem"
    })
final class VerifyCommand implements Callable<Integer> {
  /** Runs that are verified ahead of the one that is printed, for each thread. */
  private static final int AHEAD = 4;

  private final App app;

  @Parameters(
      paramLabel = "DIR",
      arity = "1..*",
      description = "Run directories, or stores, which stand for all runs in them.")
  private List<Path> directories = new ArrayList<>();

  @Option(
      names = "--signer",
      paramLabel = "FILE|FINGERPRINT",
      description =
          "Demand a signature of this key: a public key in PEM, as 'gpubench keys show' prints it, or its"
              + " fingerprint. May be given several times; one of them has to have signed.")
  private List<String> signers = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE}).")
  private Format format = Format.table;

  /** What the report is printed as; named as on the command line. */
  enum Format {
    table,
    json
  }

  VerifyCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    Verifier verifier =
        app.installation()
            .verifier(signers.stream().map(VerifyCommand::fingerprint).collect(Collectors.toSet()));
    Collection<Path> runs = runs();
    int threads = Math.min(runs.size(), Runtime.getRuntime().availableProcessors());
    try (ExecutorService pool = Executors.newFixedThreadPool(threads);
        VerificationReport report =
            format == Format.json
                ? new VerificationJson(app.out())
                : new VerificationText(app.out(), !signers.isEmpty())) {
      var code = ExitCode.OK;
      var pending = new ArrayDeque<Future<Result>>();
      for (Path run : runs) {
        if (pending.size() == AHEAD * threads) {
          code = ExitCode.worst(code, print(verifier, pending.remove(), report));
        }
        pending.add(pool.submit(() -> verify(verifier, run)));
      }
      while (!pending.isEmpty()) {
        code = ExitCode.worst(code, print(verifier, pending.remove(), report));
      }
      return code.number;
    }
  }

  /** What became of a directory: one of the two is null. */
  private record Result(
      Path directory, @Nullable Verification verification, @Nullable Throwable failure) {}

  /** One run that cannot be verified, for whatever reason, does not keep the others from it. */
  private static Result verify(Verifier verifier, Path run) {
    try {
      return new Result(run, verifier.verify(run), null);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return new Result(run, null, e);
    }
  }

  private static ExitCode print(
      Verifier verifier, Future<Result> pending, VerificationReport report) {
    Result result = get(pending);
    Verification verification = result.verification();
    if (verification != null) {
      Verification compared = verifier.compare(verification);
      report.add(compared);
      return compared.verified() ? ExitCode.OK : ExitCode.UNVERIFIED;
    }
    Throwable failure = Objects.requireNonNull(result.failure());
    boolean known = failure instanceof ResultFormatException;
    boolean large = failure instanceof OutOfMemoryError;
    report.unreadable(
        result.directory(),
        known
            ? String.valueOf(failure.getMessage())
            : large
                ? "it takes more memory than there is; GPUBENCH_JAVA_OPTS=-Xmx4g gives more"
                : "internal error: " + failure + "; please report it");
    return known || large ? ExitCode.USAGE : ExitCode.INTERNAL;
  }

  private static Result get(Future<Result> pending) {
    try {
      return pending.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Every run that is named, each once, in the order of the command line. */
  private Collection<Path> runs() {
    var runs = new LinkedHashMap<Path, Path>();
    for (Path directory : directories) {
      if (isRun(directory) || !Files.isDirectory(directory)) {
        runs.putIfAbsent(real(directory), directory);
        continue;
      }
      List<Path> stored = stored(directory);
      if (stored.isEmpty()) {
        throw new ConfigException(directory + " is neither a run nor a store with runs in it");
      }
      stored.forEach(run -> runs.putIfAbsent(real(run), run));
    }
    return runs.values();
  }

  private static Path real(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException _) {
      return directory.toAbsolutePath();
    }
  }

  private static List<Path> stored(Path store) {
    try (Stream<Path> entries = Files.list(store)) {
      return entries.filter(VerifyCommand::isRun).sorted().toList();
    } catch (IOException e) {
      throw new ResultFormatException(store + ": cannot be read: " + StoreErrors.text(e), e);
    }
  }

  private static boolean isRun(Path directory) {
    return Files.exists(directory.resolve(RunWriter.RUN_FILE))
        || Files.exists(directory.resolve(Manifest.FILE));
  }

  private static String fingerprint(String signer) {
    if (signer.startsWith("ed25519:") && !signer.matches(SignerKey.FINGERPRINT_PATTERN)) {
      throw new ConfigException(
          "--signer " + signer + ": a fingerprint is ed25519: and 32 hexadecimal digits");
    }
    return signer.startsWith("ed25519:") ? signer : SignerKey.read(Path.of(signer)).fingerprint();
  }
}
