// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.result.RunWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Finds out what a path holds and reads it as a side of a comparison. */
final class SideReader {
  private SideReader() {}

  /**
   * Reads a run directory, a file of JMH or nvbench, or a folder of such files.
   *
   * @throws ResultFormatException when it is none of them, or damaged
   */
  static RecordedSide read(Path path) {
    String name = path.toString();
    if (Files.isDirectory(path)) {
      return Files.exists(path.resolve(RunWriter.RUN_FILE))
          ? new RunSide(name, RunReader.read(path)).side()
          : folder(path);
    }
    if (!Files.exists(path)) {
      throw new ResultFormatException(
          name
              + " does not exist; a side is a run directory, a JSON file of JMH or nvbench, or settings such as"
              + " engine=host");
    }
    return file(path);
  }

  private static RecordedSide file(Path file) {
    ForeignJson document = ForeignJson.read(file);
    if (document.node().isArray()) {
      return JmhSide.read(document);
    }
    if (document.get("benchmarks").isThere()) {
      return NvbenchSide.read(document);
    }
    Path folder = file.toAbsolutePath().getParent();
    if (document.get("schema").node().asString("").startsWith("gpubench.run/")
        && file.endsWith(RunWriter.RUN_FILE)
        && folder != null) {
      return new RunSide(file.toString(), RunReader.read(folder)).side();
    }
    throw document.error(
        "neither a result of JMH nor of nvbench; a run of gpubench is a directory");
  }

  /** One process a file. */
  private static RecordedSide folder(Path folder) {
    List<Path> files = files(folder);
    if (files.isEmpty()) {
      throw new ResultFormatException(
          folder + ": neither a run directory nor a folder with JSON files of JMH or nvbench");
    }
    var sides = files.stream().map(SideReader::file).toList();
    RecordedSide first = sides.getFirst();
    for (RecordedSide other : sides) {
      if (!other.tool().equals(first.tool())) {
        throw new ResultFormatException(
            "%s and %s were not written by the same tool: %s and %s; one folder is one side"
                .formatted(first.name(), other.name(), first.tool(), other.tool()));
      }
    }
    var cases = new LinkedHashMap<String, RecordedCase>();
    var notes = new LinkedHashSet<String>();
    for (RecordedSide side : sides) {
      for (RecordedCase one : side.cases()) {
        String key = one.label() + '\n' + one.settingsText();
        RecordedCase before = cases.get(key);
        if (before != null && !before.machine().equals(one.machine())) {
          throw new ResultFormatException(
              "%s: %s was measured on other hardware than in the files before it; one folder is one side"
                  .formatted(side.name(), one.label()));
        }
        cases.put(key, before == null ? one : before.with(one));
      }
      notes.addAll(side.notes());
    }
    int most = cases.values().stream().mapToInt(one -> one.processes().size()).max().orElse(0);
    for (RecordedCase one : cases.values()) {
      if (one.processes().size() < most) {
        notes.add(
            "%s: %d processes, and others have %d"
                .formatted(one.label(), one.processes().size(), most));
      }
    }
    return new RecordedSide(
        folder.toString(),
        first.format(),
        first.tool(),
        first.conditions(),
        List.copyOf(cases.values()),
        List.copyOf(notes));
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      var all = new ArrayList<Path>();
      entries
          .filter(entry -> Files.isRegularFile(entry))
          .filter(entry -> Objects.toString(entry.getFileName()).endsWith(".json"))
          .sorted()
          .forEach(all::add);
      return all;
    } catch (IOException e) {
      throw new ResultFormatException(folder + ": cannot be read: " + StoreErrors.text(e), e);
    }
  }
}
