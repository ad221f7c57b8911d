// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What {@code gpubench verify} takes for many runs of 1,000 samples each: measures them first, in
 * this process (waits of 20 us), then starts the command on their store with a small heap, on all
 * of them and on a tenth. Arguments: how many runs, and by how many processes each.
 */
public final class VerifyCost {
  private static final int SAMPLES = 1_000;
  private static final int TIMES = 3;
  private static final String HEAP = "-Xmx64m";

  private VerifyCost() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    int processes = args.length > 1 ? Integer.parseInt(args[1]) : 1;
    Path root = Files.createTempDirectory("gpubench-verify-");
    try {
      Path all = Files.createDirectory(root.resolve("all"));
      Path tenth = Files.createDirectory(root.resolve("tenth"));
      for (int i = 0; i < runs; i++) {
        StoredRuns.measure(i % 10 == 0 ? tenth : all, i, 1, SAMPLES, processes);
      }
      System.out.println(Reading.of(verify(tenth), "s").line("a tenth"));
      for (Path run : entries(tenth)) {
        Files.move(run, all.resolve(run.getFileName()));
      }
      double[] seconds = new double[TIMES];
      for (int i = 0; i < TIMES; i++) {
        seconds[i] = verify(all);
      }
      System.out.println(Reading.of(seconds, "s").line("all"));
    } finally {
      new ProcessBuilder("rm", "-rf", root.toString()).inheritIO().start().waitFor();
    }
  }

  /** The time that the command takes for all runs of a store, in seconds. */
  private static double verify(Path store) throws IOException, InterruptedException {
    Path launcher = Path.of(System.getProperty("gpubench.home"), "gpubench");
    var command = new ProcessBuilder(launcher.toString(), "verify", store.toString());
    command.environment().put("GPUBENCH_JAVA_OPTS", HEAP);
    Path output = Files.createTempFile("gpubench-verify-", ".txt");
    command.redirectOutput(output.toFile()).redirectErrorStream(true);
    long before = System.nanoTime();
    int code = command.start().waitFor();
    double seconds = (System.nanoTime() - before) / 1e9;
    List<String> lines = Files.readAllLines(output);
    Files.delete(output);
    int runs = entries(store).size();
    String verified = String.format(Locale.ROOT, "%,d runs: %d verified", runs, runs);
    if (code != 0 || lines.stream().noneMatch(verified::equals)) {
      throw new IllegalStateException("verify ended with " + code + ": " + lines.getLast());
    }
    return seconds;
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
