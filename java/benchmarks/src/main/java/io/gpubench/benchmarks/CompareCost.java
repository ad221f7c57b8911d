// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code gpubench compare} takes for two stored runs of 100 records of 1,000 samples each, a
 * whole process: measures them first, in this process (waits of 20 us). Arguments: how many
 * records, and by how many processes each.
 */
public final class CompareCost {
  private static final int SAMPLES = 1_000;
  private static final int TIMES = 5;

  private CompareCost() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int records = args.length > 0 ? Integer.parseInt(args[0]) : 100;
    int processes = args.length > 1 ? Integer.parseInt(args[1]) : 10;
    Path root = Files.createTempDirectory("gpubench-compare-");
    try {
      Path a = StoredRuns.measure(root, 1, records, SAMPLES, processes);
      Path b = StoredRuns.measure(root, 2, records, SAMPLES, processes);
      double[] seconds = new double[TIMES];
      for (int i = 0; i < TIMES; i++) {
        seconds[i] = compare(a, b);
      }
      System.out.println(Reading.of(seconds, "s").line("compare"));
    } finally {
      new ProcessBuilder("rm", "-rf", root.toString()).inheritIO().start().waitFor();
    }
  }

  /** The time that the command takes, in seconds. */
  private static double compare(Path a, Path b) throws IOException, InterruptedException {
    Path launcher = Path.of(System.getProperty("gpubench.home"), "gpubench");
    Path output = Files.createTempFile("gpubench-compare-", ".txt");
    var command =
        new ProcessBuilder(launcher.toString(), "compare", a.toString(), b.toString())
            .redirectOutput(output.toFile())
            .redirectErrorStream(true);
    long before = System.nanoTime();
    int code = command.start().waitFor();
    double seconds = (System.nanoTime() - before) / 1e9;
    List<String> lines = Files.readAllLines(output);
    Files.delete(output);
    if (code != 0 && code != 6) { // decided, or not
      throw new IllegalStateException("compare ended with " + code + ": " + lines);
    }
    return seconds;
  }
}
