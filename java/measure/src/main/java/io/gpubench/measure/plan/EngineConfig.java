// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * An engine in a process of its own, as a file of {@code configs/engines} describes it. That page
 * has the format and the protocol that the process speaks.
 *
 * @param name of its file, without the extension: lower-case letters, digits and {@code -}
 * @param description one line for a person; may be empty
 * @param command the program and its arguments, at least the program, which is relative to the
 *     folder where it has a slash
 * @param folder where the command runs; absolute, and there when the file was read
 * @param environment variables that are added to gpubench's own
 * @param workloads from the id of each workload to its paths, the preferred one first; both at
 *     least one
 * @param timeouts how long the worker may be silent at a step, more than 0, by the step's name:
 *     {@code hello}, {@code self-check}, {@code prepare}, {@code verify}, {@code measure}, {@code
 *     telemetry}, {@code bye}; a step that is absent has the protocol's own limit
 * @param sha256 of its file, 64 lower-case hexadecimal digits
 */
public record EngineConfig(
    String name,
    String description,
    List<String> command,
    Path folder,
    Map<String, String> environment,
    Map<String, List<String>> workloads,
    Map<String, Duration> timeouts,
    String sha256) {
  public EngineConfig {
    command = List.copyOf(command);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    workloads = Collections.unmodifiableMap(new LinkedHashMap<>(workloads));
    timeouts = Collections.unmodifiableMap(new LinkedHashMap<>(timeouts));
  }

  /**
   * From a document that agrees with the engine schema; checks what the schema cannot say.
   *
   * @param taken names that mean something else already
   */
  static EngineConfig of(String name, Yaml.Mapping document, Collection<String> taken) {
    var file = new Place.InFile(document.place().file(), 0, "");
    if (!name.matches("[a-z0-9-]+")) {
      throw file.error("the file's name is the engine's; expected lower-case letters, digits, '-'");
    }
    if (taken.contains(name)) {
      throw file.error("the file's name is the engine's, and '" + name + "' is taken");
    }
    List<String> command = texts(document.sequence("command"));
    if (command.getFirst().isBlank()) {
      throw document.sequence("command").items().getFirst().place().error("expected a program");
    }
    return new EngineConfig(
        name,
        document.textOr("description", ""),
        command,
        folder(document),
        values(document, "environment", EngineConfig::variable),
        values(document, "workloads", (_, paths) -> texts((Yaml.Sequence) paths)),
        values(document, "timeouts", (_, timeout) -> timeout(timeout)),
        sha256(file));
  }

  /** Of a whole file, in lower case. */
  static String sha256(Place.InFile file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file.file())));
    } catch (IOException e) {
      throw file.error("cannot be read: " + e, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Path folder(Yaml.Mapping document) {
    Place.InFile place = document.place();
    Path own = place.file().toAbsolutePath().normalize().getParent();
    if (own == null) {
      throw new IllegalStateException("a file without a folder: " + place.file());
    }
    if (!document.entries().containsKey("folder")) {
      return own;
    }
    Yaml.Scalar written = document.scalar("folder");
    Path folder;
    try {
      folder = own.resolve(text(written)).normalize();
    } catch (InvalidPathException e) {
      throw written.place().error("is no name of a folder: " + e.getReason(), e);
    }
    if (!Files.isDirectory(folder)) {
      throw written.place().error("there is no folder " + folder);
    }
    return folder;
  }

  /** Of a variable whose name is checked here, since the schema's complaint names no place. */
  private static String variable(String name, Yaml value) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw value.place().error("expected letters, digits and '_' as the name of a variable");
    }
    return text(value);
  }

  private static Duration timeout(Yaml value) {
    Duration timeout = ((Yaml.Scalar) value).duration();
    if (timeout.isZero()) {
      throw value.place().error("expected more than 0");
    }
    return timeout;
  }

  private static <T> Map<String, T> values(
      Yaml.Mapping document, String key, BiFunction<String, Yaml, T> convert) {
    var converted = new LinkedHashMap<String, T>();
    if (document.entries().containsKey(key)) {
      document
          .mapping(key)
          .entries()
          .forEach((name, value) -> converted.put(name, convert.apply(name, value)));
    }
    return converted;
  }

  private static List<String> texts(Yaml.Sequence sequence) {
    return sequence.items().stream().map(EngineConfig::text).toList();
  }

  /** Text that an operating system accepts: it ends texts at a character of value 0. */
  private static String text(Yaml value) {
    String text = ((Yaml.Scalar) value).text();
    if (text.indexOf('\0') >= 0) {
      throw value.place().error("expected text without the character U+0000");
    }
    return text;
  }
}
