// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@link PreparedRun#stages} can be. */
public final class Stages {
  /** The most that one run can have. */
  public static final int MOST = 12;

  /** A word such as {@code firstExecution}: a small letter, then letters and digits. */
  public static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]{0,31}");

  private Stages() {}

  /**
   * What is wrong with them, in one line; null where nothing is.
   *
   * @param stages from a name to nanoseconds
   */
  public static @Nullable String mistake(Map<String, Long> stages) {
    if (stages.size() > MOST) {
      return "%d stages; expected at most %d".formatted(stages.size(), MOST);
    }
    for (Map.Entry<String, Long> stage : stages.entrySet()) {
      if (!NAME.matcher(stage.getKey()).matches()) {
        return "a stage is called '%s'; expected a word of at most 32 letters and digits, the first a small letter"
            .formatted(stage.getKey());
      }
      Long nanos = stage.getValue();
      if (nanos == null || nanos < 0) {
        return "the stage %s took %s ns; expected a number from 0 up"
            .formatted(stage.getKey(), nanos);
      }
    }
    return null;
  }
}
