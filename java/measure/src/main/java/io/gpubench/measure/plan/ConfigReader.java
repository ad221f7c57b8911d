// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.result.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Reads a configuration folder: {@code profiles/*.yaml}, {@code suites/*.yaml}, {@code
 * engines/*.yaml}, {@code faults/*.yaml} and {@code claims/*.yaml}, each checked against {@code
 * schemas/*.schema.json}. Opens a file only when it is asked for; listing names opens none.
 * Immutable.
 */
public final class ConfigReader {
  private static final String EXTENSION = ".yaml";
  private static final String FAULTS = "faults";
  private static final String FAULT_SCRIPT = "fault script";
  private static final String CLAIMS = "claims";
  private static final String CLAIM_FILE = "file of claims";

  private final Path folder;

  /**
   * A reader of a folder.
   *
   * @param folder need not exist until something is read
   */
  public ConfigReader(Path folder) {
    this.folder = folder;
  }

  /**
   * The names of all profiles, in alphabetical order.
   *
   * @throws ConfigException when the folder cannot be listed
   */
  public List<String> profileNames() {
    return names("profiles");
  }

  /**
   * The names of all suites, in alphabetical order.
   *
   * @throws ConfigException when the folder cannot be listed
   */
  public List<String> suiteNames() {
    return names("suites");
  }

  /**
   * Reads a profile.
   *
   * @param nameOrFile a name of {@link #profileNames}, or a file where it has a slash or ends in
   *     {@code .yaml} or {@code .yml}
   * @throws ConfigException when there is none or its file has a mistake; names file, line and key
   */
  public Profile profile(String nameOrFile) {
    return read("profile", nameOrFile, Profile::of);
  }

  /**
   * Reads a suite.
   *
   * @param nameOrFile a name of {@link #suiteNames}, or a file where it has a slash or ends in
   *     {@code .yaml} or {@code .yml}
   * @throws ConfigException when there is none or its file has a mistake; names file, line and key
   */
  public SuiteConfig suite(String nameOrFile) {
    return read("suite", nameOrFile, SuiteConfig::of);
  }

  /**
   * The names of all engines in processes of their own, in alphabetical order; none where there is
   * no folder of them.
   *
   * @throws ConfigException when the folder cannot be listed
   */
  public List<String> engineNames() {
    return Files.exists(folder.resolve("engines")) ? names("engines") : List.of();
  }

  /**
   * Reads what describes an engine in a process of its own.
   *
   * @param nameOrFile a name of {@link #engineNames}, or a file where it has a slash or ends in
   *     {@code .yaml} or {@code .yml}
   * @param taken names that it must not have: those of other engines and of choices
   * @throws ConfigException when there is none or its file has a mistake; names file, line and key
   */
  public EngineConfig engine(String nameOrFile, Collection<String> taken) {
    return read("engine", nameOrFile, (name, document) -> EngineConfig.of(name, document, taken));
  }

  /**
   * The names of all fault scripts, in alphabetical order; none where there is no folder of them.
   *
   * @throws ConfigException when the folder cannot be listed
   */
  public List<String> faultScriptNames() {
    return Files.exists(folder.resolve(FAULTS)) ? names(FAULTS) : List.of();
  }

  /**
   * Reads a fault script.
   *
   * @param nameOrFile a name of {@link #faultScriptNames}, or a file where it has a slash or ends
   *     in {@code .yaml} or {@code .yml}
   * @param words functions and codes that exist
   * @throws ConfigException when there is none or its file has a mistake; names file, line and key
   */
  public Faults faults(String nameOrFile, FaultVocabulary words) {
    return read(
        FAULT_SCRIPT, nameOrFile, (name, document) -> FaultScript.of(name, document, words));
  }

  /**
   * The names of all files of claims, in alphabetical order; none where there is no folder of them.
   *
   * @throws ConfigException when the folder cannot be listed
   */
  public List<String> claimFileNames() {
    return Files.exists(folder.resolve(CLAIMS)) ? names(CLAIMS) : List.of();
  }

  /**
   * Reads a file of claims.
   *
   * @param nameOrFile a name of {@link #claimFileNames}, or a file where it has a slash or ends in
   *     {@code .yaml} or {@code .yml}
   * @param of makes of its name and of a document that agrees with the schema what it means
   * @throws ConfigException when there is none or its file has a mistake; names file, line and key
   */
  public <T> T claims(String nameOrFile, BiFunction<String, Yaml.Mapping, T> of) {
    return read(CLAIM_FILE, nameOrFile, of);
  }

  private <T> T read(String kind, String nameOrFile, BiFunction<String, Yaml.Mapping, T> of) {
    Path file = file(kind, nameOrFile);
    Yaml.Mapping document = YamlReader.read(file);
    String schema =
        switch (kind) {
          case FAULT_SCRIPT -> FAULTS;
          case CLAIM_FILE -> CLAIMS;
          default -> kind;
        };
    SchemaCheck.read(folder.resolve("schemas").resolve(schema + ".schema.json")).check(document);
    return of.apply(file.getFileName().toString().replaceFirst("\\.ya?ml$", ""), document);
  }

  private Path file(String kind, String nameOrFile) {
    if (nameOrFile.contains("/") || nameOrFile.matches(".*\\.ya?ml")) {
      try {
        return folder.getFileSystem().getPath(nameOrFile);
      } catch (InvalidPathException e) {
        throw new ConfigException("'" + nameOrFile + "' is no file name: " + e.getReason(), e);
      }
    }
    List<String> known =
        switch (kind) {
          case "engine" -> engineNames();
          case FAULT_SCRIPT -> faultScriptNames();
          case CLAIM_FILE -> claimFileNames();
          default -> names(kind + "s");
        };
    if (!known.contains(nameOrFile)) {
      throw new ConfigException(Names.unknown(kind, nameOrFile, known));
    }
    String place =
        switch (kind) {
          case FAULT_SCRIPT -> FAULTS;
          case CLAIM_FILE -> CLAIMS;
          default -> kind + "s";
        };
    return folder.resolve(place).resolve(nameOrFile + EXTENSION);
  }

  private List<String> names(String subfolder) {
    Path place = folder.resolve(subfolder);
    try (Stream<Path> files = Files.list(place)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(EXTENSION))
          .map(name -> name.substring(0, name.length() - EXTENSION.length()))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new Place.InFile(place, 0, "").error("the folder cannot be listed: " + e, e);
    }
  }
}
