// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs experiments and prints what came out as Markdown. Arguments: {@code NAME...|all [--device
 * sim|0] [--write PAGE]}. With a page, each result replaces the one between {@code <!-- result:
 * NAME -->} and {@code <!-- end -->} there.
 */
public final class ExperimentMain {
  private ExperimentMain() {}

  /** Runs what it is told to. */
  public static void main(String[] args) throws IOException {
    var names = new ArrayList<String>();
    String page = null;
    String device = null;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--write" -> page = args[++i];
        case "--device" -> device = args[++i];
        default -> names.add(args[i]);
      }
    }
    List<Experiment> chosen = chosen(names, device);
    if (chosen.isEmpty()) {
      System.err.println("usage: Experiment NAME...|all [--device sim|0] [--write PAGE]");
      Experiments.all(device)
          .forEach(one -> System.err.printf("  %-16s %s%n", one.id(), one.question()));
      System.exit(2);
    }
    for (Experiment experiment : chosen) {
      String table = table(experiment, experiment.run(Experiment.Size.FULL), device);
      System.out.println("### " + experiment.id() + "\n\n" + table);
      if (page != null) {
        Path file = Path.of(page);
        Page before = new Page(Files.readString(file));
        Files.writeString(file, before.with(experiment.id(), table).text());
      }
    }
  }

  private static List<Experiment> chosen(List<String> names, String device) {
    return Experiments.all(device).stream()
        .filter(one -> names.contains("all") || names.contains(one.id()))
        .toList();
  }

  /** A table with the question above it and the date below. */
  static String table(Experiment experiment, List<Experiment.Row> rows, String device) {
    String lines =
        rows.stream()
            .map(row -> "| %s | %s |".formatted(row.way(), row.result()))
            .collect(Collectors.joining("\n"));
    String where =
        device == null || !experiment.usesDevice()
            ? ""
            : device.equals("sim") ? ", simulated device" : ", device " + device;
    return "| %s | %s%s |\n|---|---|\n%s\n"
        .formatted(experiment.question(), LocalDate.now(ZoneOffset.UTC), where, lines);
  }
}
