// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.result.SealHeader;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.seal.Seal;
import io.gpubench.measure.seal.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A copy of a run that a test changes; sealed as before until {@link #seal}. */
final class RunEdit {
  final Path directory;
  private final ObjectNode run;

  /** What a test does to a run. */
  @FunctionalInterface
  interface Act {
    void on(RunEdit run) throws IOException;
  }

  RunEdit(Path original, Path store) throws IOException {
    directory = store.resolve(original.getFileName());
    Files.createDirectories(store);
    try (Stream<Path> files = Files.walk(original)) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(original.relativize(file).toString()));
      }
    }
    Path file = file(RunWriter.RUN_FILE);
    run = (ObjectNode) RunReader.parse(file, Files.readAllBytes(file)).tree();
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  JsonNode at(String pointer) {
    return run.at(pointer);
  }

  /** Puts a value, or null, where another one is, or into an object that lacks it. */
  RunEdit set(String pointer, @Nullable Object value) {
    var path = JsonPointer.compile(pointer);
    String name = path.last().getMatchingProperty();
    switch (run.at(path.head())) {
      case ArrayNode array -> array.set(Integer.parseInt(name), RunJson.tree(value));
      case JsonNode object -> ((ObjectNode) object).set(name, RunJson.tree(value));
    }
    return write();
  }

  RunEdit scale(String pointer, double factor) {
    return set(pointer, at(pointer).asDouble() * factor);
  }

  /** Takes an element or a property away. */
  RunEdit remove(String pointer) {
    var path = JsonPointer.compile(pointer);
    String name = path.last().getMatchingProperty();
    switch (run.at(path.head())) {
      case ArrayNode array -> array.remove(Integer.parseInt(name));
      case JsonNode object -> ((ObjectNode) object).remove(name);
    }
    return write();
  }

  /** Where the samples of a process lie, both counted from 0. */
  Path samples(int record, int process) {
    return file(at("/records/" + record + "/processes/" + process + "/samples").asString());
  }

  Path histogram(int record) {
    return file(at("/records/" + record + "/histogram").asString());
  }

  RunEdit text(Path file, UnaryOperator<String> change) {
    try {
      Files.writeString(file, change.apply(Files.readString(file)));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RunEdit write() {
    return text(file(RunWriter.RUN_FILE), _ -> RunJson.pretty(run));
  }

  void unseal() throws IOException {
    for (String name : List.of(Manifest.FILE, Manifest.SIGNATURE_FILE, Manifest.SIGNER_FILE)) {
      Files.deleteIfExists(file(name));
    }
  }

  /** Seals what is there now, so that no hash tells of the change. */
  void seal(@Nullable SigningKey key) throws IOException {
    unseal();
    byte[] json = RunJson.pretty(run).getBytes(StandardCharsets.UTF_8);
    var document = RunReader.parse(file(RunWriter.RUN_FILE), json).document();
    Seal.write(directory, SealHeader.of(document), key, HonestRun.ENDED.plusMillis(10));
  }
}
