// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.cli.FaultyFiles.Code;
import io.gpubench.app.cli.FaultyFiles.Extent;
import io.gpubench.app.cli.FaultyFiles.Fault;
import io.gpubench.measure.seal.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What has to be so after a run whose store failed: one clear line, nothing lost, nothing left
 * about, everything readable, and no evidence that claims to be more than it is.
 */
final class StoreExpectation {
  private static final Pattern RESCUED =
      Pattern.compile("; the last one was saved to ([^;]+); free space");

  private final Path store;
  private final Path rescue;
  private final Path earlier;
  private final Map<String, String> hashes;

  /**
   * Sets it up.
   *
   * @param rescue folder for records that the store does not take
   * @param earlier a run that is in the store
   */
  StoreExpectation(Path store, Path rescue, Path earlier) {
    this.store = store;
    this.rescue = rescue;
    this.earlier = earlier;
    hashes = hashes(earlier);
  }

  /** What is not as it has to be; empty when all is well. */
  List<String> violations(Fault fault, boolean struck, Answer answer) {
    var found = new ArrayList<String>();
    new Inspection(fault, struck, answer, found).run();
    return found;
  }

  /** Takes away what a run has left. */
  void forget() {
    for (Path folder : List.of(store, rescue)) {
      for (Path entry : entries(folder)) {
        if (!entry.equals(earlier)) {
          CommandLineFixture.delete(entry);
        }
      }
    }
  }

  private final class Inspection {
    private final Fault fault;
    private final boolean struck;
    private final Answer answer;
    private final List<String> found;
    private final List<Path> runs =
        entries(store).stream().filter(entry -> !entry.equals(earlier)).toList();

    Inspection(Fault fault, boolean struck, Answer answer, List<String> found) {
      this.fault = fault;
      this.struck = struck;
      this.answer = answer;
      this.found = found;
    }

    void run() {
      demand(hashes.equals(hashes(earlier)), "an earlier run has changed");
      demand(runs.size() <= 1, "one run made several folders: " + runs);
      boolean harmed = struck && fault.extent() != Extent.SHORT;
      demand(
          answer.exit() == 0 || (harmed && answer.exit() == 3),
          "exit code " + answer.exit() + ": " + answer.err());
      String said = answer.err() + answer.out();
      demand(
          !said.contains("Exception") && !said.contains("\tat ") && !said.contains("internal"),
          "a trace: " + said);
      List<String> complaints =
          answer.err().lines().filter(line -> line.startsWith("gpubench: ")).toList();
      demand(
          complaints.size() == (answer.exit() == 0 ? 0 : 1)
              && (complaints.isEmpty() || answer.err().endsWith(complaints.getLast() + "\n")),
          "not one line: " + answer.err());
      List<Path> copies = rescued(complaints);
      keptRecords(copies);
      noLitter(copies);
      readable();
      verified();
    }

    private List<Path> rescued(List<String> complaints) {
      var matcher = RESCUED.matcher(complaints.isEmpty() ? "" : complaints.getLast());
      List<Path> copies = matcher.find() ? List.of(Path.of(matcher.group(1))) : List.of();
      demand(copies.stream().allMatch(Files::isDirectory), "no copy in " + copies);
      return copies;
    }

    /** Each record that was measured is in the store or in the copy, with its samples. */
    private void keptRecords(List<Path> copies) {
      if (answer.out().isEmpty()) {
        demand(answer.exit() != 0, "nothing was printed");
        return;
      }
      if (answer.err().contains("could not be saved") && fault.extent() == Extent.EVERYWHERE) {
        return; // then the line says so
      }
      var places = new ArrayList<Path>(runs);
      places.addAll(copies);
      var stored = new ArrayList<JsonNode>();
      places.forEach(place -> stored.addAll(records(place)));
      for (JsonNode record : CommandLineFixture.json(answer.out()).at("/records")) {
        demand(
            stored.contains(record),
            "the record %s is lost".formatted(record.at("/id").asString()));
        for (JsonNode process : record.at("/processes")) {
          demand(
              process.at("/samples").isNull()
                  || places.stream().anyMatch(place -> holdsSamples(place, process)),
              "samples of %s are lost".formatted(record.at("/id").asString()));
        }
      }
    }

    private static List<JsonNode> records(Path run) {
      Answer shown = Evidence.execute("show", run.toString(), "--format=json");
      return shown.out().isEmpty()
          ? List.of()
          : CommandLineFixture.json(shown.out()).at("/records").valueStream().toList();
    }

    private static boolean holdsSamples(Path run, JsonNode process) {
      Path file = run.resolve(process.at("/samples").asString());
      return Files.exists(file)
          && CommandLineFixture.read(file).lines().count()
              == 1 + process.at("/sampleCount").asLong();
    }

    /** Only what cannot be removed may stay. */
    private void noLitter(List<Path> copies) {
      boolean removable =
          !fault.forever() || fault.code() == Code.ENOSPC || fault.code() == Code.EDQUOT;
      for (Path run : runs) {
        demand(
            !removable || Files.exists(run.resolve("run.json")), "a folder without a run: " + run);
        demand(
            !removable || hashes(run).keySet().stream().noneMatch(name -> name.endsWith(".new")),
            "half a file: " + hashes(run).keySet());
      }
      List<Path> expected = copies.stream().map(Path::getParent).toList();
      demand(
          entries(rescue).equals(expected) || (!removable && fault.extent() == Extent.EVERYWHERE),
          "left in the folder for temporary files: " + entries(rescue));
    }

    /** Every command reads what is there, or says in a line that it cannot. */
    private void readable() {
      Answer list = Evidence.execute("list", "runs", "--out=" + store);
      demand(list.exit() == 0 && list.err().isEmpty(), "list: " + list);
      for (Path run : runs) {
        Answer shown = Evidence.execute("show", run.toString());
        boolean refused =
            shown.exit() == 2
                && shown.err().lines().count() == 1
                && Files.notExists(run.resolve("run.json"));
        demand(
            refused || (shown.err().isEmpty() && shown.exit() == status(run, answer.exit())),
            "show: " + shown);
      }
    }

    /** A run that could not say that it has ended goes on, as long as this process does. */
    private int status(Path run, int exit) {
      String status =
          CommandLineFixture.json(CommandLineFixture.read(run.resolve("run.json")))
              .at("/status")
              .asString();
      return switch (status) {
        case "running" -> fault.forever() ? ExitCode.INCONCLUSIVE.number : -1;
        case "complete" -> 0; // at most the seal is missing
        default -> exit;
      };
    }

    /** What is not whole is not verified; the earlier run is. */
    private void verified() {
      Answer verified = Evidence.verify(List.of(store), List.of());
      demand(
          verified.err().isEmpty() && List.of(0, 2, 7).contains(verified.exit()),
          "verify: " + verified);
      int whole = 0;
      for (JsonNode run : CommandLineFixture.json(verified.out()).at("/runs")) {
        boolean says = run.at("/verdict").asString("").equals("verified");
        boolean old = run.at("/directory").asString().equals(earlier.toString());
        whole += says ? 1 : 0;
        demand(
            says == (old || answer.exit() == 0),
            "verify says %s of %s after %d: %s"
                .formatted(says, run.at("/directory"), answer.exit(), run));
      }
      demand(whole == (answer.exit() == 0 ? 2 : 1), "verified: " + whole);
    }

    private void demand(boolean holds, String otherwise) {
      if (!holds) {
        found.add(otherwise.strip().replace("\n", " | "));
      }
    }
  }

  /** Of all files below a folder, by their paths. */
  private static Map<String, String> hashes(Path folder) {
    var found = new TreeMap<String, String>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        found.put(folder.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
