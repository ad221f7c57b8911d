// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.ceiling.StateFolder;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.seal.Sha256;
import io.gpubench.measure.spi.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of baselines: {@code <machine>/<name>/<run>}, where a machine is a piece of hardware.
 * Of several runs in one folder the latest counts. What is written appears at once or not at all.
 */
public final class Baselines {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final int READABLE = 48;
  private static final int HASH = 8;

  private final Path root;
  private final String name;

  /**
   * Baselines of one name.
   *
   * @throws ConfigException when it is no name
   */
  public Baselines(Path root, String name) {
    if (!name.matches(NAME)) {
      throw new ConfigException(
          "--name %s: expected letters, digits, dots, dashes and underscores, 64 at most"
              .formatted(name));
    }
    this.root = root;
    this.name = name;
  }

  /**
   * The folder of a machine, by what it is and not by its settings or software: {@code
   * processors-amd-epyc-9b14-2-1a2b3c4d}.
   */
  static String machine(HardwareIdentity identity) {
    List<String> keys =
        identity.hardware().equals(Session.PROCESSORS)
            ? List.of("model", "availableProcessors")
            : List.of("name", "uuid", "computeCapability");
    var told = new StringBuilder(identity.hardware().replaceFirst("-.*", ""));
    for (String key : keys.subList(0, identity.hardware().equals(Session.PROCESSORS) ? 2 : 1)) {
      told.append('-').append(identity.parts().getOrDefault(key, "unknown"));
    }
    String exact =
        identity.hardware() + keys.stream().map(key -> "|" + identity.parts().get(key)).toList();
    String readable = told.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return readable.substring(0, Math.min(READABLE, readable.length())).replaceFirst("-$", "")
        + "-"
        + Sha256.of(exact.getBytes(StandardCharsets.UTF_8)).substring(0, HASH);
  }

  /** Where that of a machine is, or would be. */
  Path folder(HardwareIdentity identity) {
    return root.resolve(machine(identity)).resolve(name);
  }

  /**
   * The run directory of a machine's baseline; empty where there is none.
   *
   * @throws StoreException when the folder cannot be read
   */
  Optional<Path> find(HardwareIdentity identity) {
    List<Path> runs = runs(folder(identity));
    return runs.isEmpty() ? Optional.empty() : Optional.of(runs.getLast());
  }

  /** Machines of which there is a baseline of that name, in the order of their names. */
  List<String> machines() {
    return entries(root).stream()
        .filter(folder -> !runs(folder.resolve(name)).isEmpty())
        .map(folder -> folder.getFileName().toString())
        .toList();
  }

  /** By their names, which begin with the time. */
  private static List<Path> runs(Path folder) {
    return entries(folder).stream()
        .filter(run -> !run.getFileName().toString().startsWith("."))
        .filter(run -> Files.exists(run.resolve(RunWriter.RUN_FILE)))
        .toList();
  }

  private static List<Path> entries(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new StoreException(folder + " cannot be read: " + StoreErrors.text(e), e);
    }
  }

  /**
   * Keeps a copy of a run as the baseline of a machine, and removes what was one.
   *
   * @return the run directory of the baseline
   * @throws StoreException when it cannot be written; the one before is there then
   */
  Path keep(HardwareIdentity identity, Path run) {
    Path folder = folder(identity);
    String id = run.toAbsolutePath().normalize().getFileName().toString();
    Path fresh = folder.resolve("." + id);
    try {
      return new StateFolder(root, 0)
          .locked(() -> replaced(folder, run, fresh, folder.resolve(id)));
    } catch (IOException e) {
      throw new StoreException(
          "cannot keep the baseline in " + folder + ": " + StoreErrors.text(e), e);
    }
  }

  /** While nobody else changes anything here. */
  private static Path replaced(Path folder, Path run, Path fresh, Path kept) throws IOException {
    Files.createDirectories(folder);
    for (Path entry : entries(folder)) {
      if (entry.getFileName().toString().startsWith(".")) { // of a process that was killed
        delete(entry);
      }
    }
    List<Path> before = runs(folder);
    try {
      copy(run, fresh);
      Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(fresh);
    }
    for (Path old : before) {
      Path hidden = folder.resolve("." + old.getFileName());
      Files.move(old, hidden, StandardCopyOption.ATOMIC_MOVE);
      delete(hidden);
    }
    return kept;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file,
                to.resolve(from.relativize(file)),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(left);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
