// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.seal.SigningKey;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the user's own key lies, which signs every run unless something else is said. */
public final class UserKey {
  private UserKey() {}

  /**
   * {@code gpubench/key.pem} in the folder of configurations: {@code XDG_CONFIG_HOME}, or else
   * {@code .config} in {@code HOME}; empty where neither is an absolute path.
   */
  public static Optional<Path> file(Map<String, String> environment) {
    return absolute(environment.get("XDG_CONFIG_HOME"))
        .or(() -> absolute(environment.get("HOME")).map(home -> home.resolve(".config")))
        .map(folder -> folder.resolve("gpubench").resolve("key.pem"));
  }

  /**
   * The file that a user names, or else that of the user's key.
   *
   * @throws ConfigException when there is neither
   */
  public static Path file(@Nullable Path named, Map<String, String> environment) {
    if (named != null) {
      return named;
    }
    return file(environment)
        .orElseThrow(
            () -> new ConfigException("HOME is not set; name the key's file with --key FILE"));
  }

  /**
   * The key that is to sign: the one that a user names, or else the user's where there is one.
   *
   * @throws ConfigException when a key is there and cannot be used
   */
  public static Optional<SigningKey> toSign(@Nullable Path named, Map<String, String> environment) {
    return Optional.ofNullable(named)
        .or(() -> file(environment).filter(own -> !Files.notExists(own, LinkOption.NOFOLLOW_LINKS)))
        .map(SigningKey::load);
  }

  private static Optional<Path> absolute(@Nullable String folder) {
    return Optional.ofNullable(folder).map(Path::of).filter(Path::isAbsolute);
  }
}
