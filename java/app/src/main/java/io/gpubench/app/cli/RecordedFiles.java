// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.compare.RecordedSide;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.seal.ManifestException;
import io.gpubench.measure.seal.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The recorded sides of a command line, each read once. Used by one thread. */
final class RecordedFiles {
  private final Map<Path, Path> named = new HashMap<>();

  /**
   * What speaks against a run directory, in one line: its {@code run.json}, which is all that a
   * comparison reads, is not what was sealed. Empty for what is no run or has no seal. That
   * statistics follow from samples is for {@code gpubench verify}.
   */
  Optional<String> altered(Path path) {
    Path run = path.endsWith(RunWriter.RUN_FILE) ? path.resolveSibling("") : path;
    if (!Files.exists(run.resolve(Manifest.FILE))
        || !Files.exists(run.resolve(RunWriter.RUN_FILE))) {
      return Optional.empty();
    }
    try {
      Optional<Seal> seal = Seal.read(run);
      Manifest.Entry found = Manifest.Entry.of(run, RunWriter.RUN_FILE);
      return seal.isPresent() && seal.get().manifest().files().contains(found)
          ? Optional.empty()
          : Optional.of(refused(path));
    } catch (ManifestException _) {
      return Optional.of(refused(path));
    } catch (IOException e) {
      throw new ResultFormatException(run + ": cannot be read: " + StoreErrors.text(e), e);
    }
  }

  private static String refused(Path path) {
    return "%s: run.json is not what was sealed; 'gpubench verify %s' tells more"
        .formatted(path, path);
  }

  /**
   * Reads a side.
   *
   * @throws ConfigException when it is another one that was read, as nothing follows from a side
   *     compared with itself
   */
  RecordedSide read(Path path) {
    RecordedSide side = RecordedSide.read(path);
    Path before = named.putIfAbsent(real(path), path);
    if (before != null) {
      throw new ConfigException(
          before.equals(path)
              ? path + " is named twice; a side is not compared with itself"
              : before + " and " + path + " are the same; a side is not compared with itself");
    }
    if (!Files.exists(path.resolve(RunWriter.RUN_FILE))
        || Files.exists(path.resolve(Manifest.FILE))) {
      return side;
    }
    var notes = new ArrayList<>(side.notes());
    notes.add("not sealed: nobody can tell whether it was changed");
    return new RecordedSide(
        side.name(), side.format(), side.tool(), side.conditions(), side.cases(), notes);
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException _) {
      return path.toAbsolutePath().normalize();
    }
  }
}
