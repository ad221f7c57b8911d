// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.measure.ConfigException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says of the launch of a kernel; whatever is null or missing is left to the next who
 * says something. Immutable.
 *
 * @param arguments by name
 * @param positional by position, null where nothing is said
 * @param skip whether the kernel is not to be run
 */
public record Settings(
    @Nullable Triple grid,
    @Nullable Triple block,
    @Nullable Integer sharedBytes,
    @Nullable Boolean cooperative,
    Map<String, ArgumentSpec> arguments,
    List<@Nullable ArgumentSpec> positional,
    boolean skip) {

  /** Says nothing. */
  static final Settings NONE = new Settings(null, null, null, null, Map.of(), List.of(), false);

  public Settings {
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    positional = Collections.unmodifiableList(positional);
  }

  /**
   * One more thing that is said.
   *
   * @param key {@code grid}, {@code block}, {@code shared}, {@code cooperative}, or an argument's
   *     name, with {@code arg:} before it where it is one of these
   * @throws ConfigException what is wrong with the value, without the key
   */
  Settings with(String key, String value) {
    return switch (key) {
      case "grid" ->
          new Settings(
              Triple.parse(value), block, sharedBytes, cooperative, arguments, positional, skip);
      case "block" ->
          new Settings(
              grid, Triple.parse(value), sharedBytes, cooperative, arguments, positional, skip);
      case "shared" ->
          new Settings(grid, block, bytes(value), cooperative, arguments, positional, skip);
      case "cooperative" ->
          new Settings(
              grid, block, sharedBytes, !value.equals("false"), arguments, positional, skip);
      default -> {
        var more = new LinkedHashMap<>(arguments);
        more.put(argumentName(key), ArgumentSpec.parse(value));
        yield new Settings(grid, block, sharedBytes, cooperative, more, positional, skip);
      }
    };
  }

  /** Without {@code arg:}, which tells an argument from what else has its name. */
  public static String argumentName(String key) {
    return key.startsWith("arg:") ? key.substring("arg:".length()) : key;
  }

  /** The same, but not to be run. */
  Settings skipping() {
    return new Settings(grid, block, sharedBytes, cooperative, arguments, positional, true);
  }

  /** What this says and, of what it does not say, what the other says. */
  Settings or(Settings other) {
    var all = new LinkedHashMap<>(other.arguments);
    all.putAll(arguments);
    return new Settings(
        grid != null ? grid : other.grid,
        block != null ? block : other.block,
        sharedBytes != null ? sharedBytes : other.sharedBytes,
        cooperative != null ? cooperative : other.cooperative,
        all,
        positional.isEmpty() ? other.positional : positional,
        skip || other.skip);
  }

  private static int bytes(String value) {
    if (!value.matches("\\d{1,7}")) {
      throw new ConfigException("'" + value + "' is no number of bytes");
    }
    return Integer.parseInt(value);
  }
}
