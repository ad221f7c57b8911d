// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import java.nio.file.Path;

/** Where somebody wrote something, so that an error found much later can still point there. */
public sealed interface Place {
  /** A mistake at this place; the message is one line, whatever the problem quotes. */
  ConfigException error(String problem);

  /** As {@link #error(String)}, with what brought the mistake to light. */
  default ConfigException error(String problem, Throwable cause) {
    return new ConfigException(String.valueOf(error(problem).getMessage()), cause);
  }

  /**
   * A key in a file.
   *
   * @param line counted from 1; 0 for the whole file
   * @param key the key's path, such as {@code runs[0].workload}; empty for the whole file
   */
  record InFile(Path file, int line, String key) implements Place {
    @Override
    public ConfigException error(String problem) {
      return ConfigException.at(file, line, key, oneLine(problem));
    }

    /** The place of a key below this one. */
    InFile key(String name, int keyLine) {
      return new InFile(file, keyLine, key.isEmpty() ? name : key + "." + name);
    }

    /** The place of an item of the list at this place. */
    InFile item(int index, int itemLine) {
      return new InFile(file, itemLine, key + "[" + index + "]");
    }
  }

  /**
   * An option of the command line.
   *
   * @param option the option with its value, {@code --set consensus.tags=none}; empty for an
   *     argument that the message quotes anyway
   */
  record OnCommandLine(String option) implements Place {
    @Override
    public ConfigException error(String problem) {
      return new ConfigException(oneLine(option.isEmpty() ? problem : option + ": " + problem));
    }
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= 1000 ? line : line.substring(0, 1000) + "…";
  }
}
