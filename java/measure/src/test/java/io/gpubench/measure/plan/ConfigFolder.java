// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A configuration folder in memory with the shipped schemas, and a file beside it to be read. */
final class ConfigFolder implements AutoCloseable {
  static final Path SHIPPED =
      Path.of(Objects.requireNonNull(System.getProperty("gpubench.root")), "configs");

  final FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
  final Path file = memory.getPath("x.yaml");
  final ConfigReader reader = new ConfigReader(memory.getPath("configs"));

  ConfigFolder() throws IOException {
    Path folder = memory.getPath("configs");
    for (String name : List.of("profile", "suite")) {
      Path schema = Path.of("schemas", name + ".schema.json");
      Files.createDirectories(folder.resolve("schemas"));
      Files.createDirectories(folder.resolve(name + "s"));
      Files.copy(SHIPPED.resolve(schema), folder.resolve(schema.toString()));
    }
  }

  SuiteConfig suite(String yaml) throws IOException {
    Files.writeString(file, yaml);
    return reader.suite("x.yaml");
  }

  Profile profile(String yaml) throws IOException {
    Files.writeString(file, yaml);
    return reader.profile("x.yaml");
  }

  Place.InFile at(int line, String key) {
    return new Place.InFile(file, line, key);
  }

  @Override
  public void close() throws IOException {
    memory.close();
  }
}
