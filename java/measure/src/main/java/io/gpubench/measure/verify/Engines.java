// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.util.List;

/** The engines of a run by id; in a duet, two may share one. */
final class Engines {
  private Engines() {}

  static List<RunDocument.EngineChoice> of(RunDocument run, ResultRecord record) {
    return run.engines().stream().filter(choice -> choice.id().equals(record.engine())).toList();
  }

  /** Whether any of them is not one of our own. */
  static boolean foreign(List<RunDocument.EngineChoice> engines) {
    return engines.stream().anyMatch(choice -> choice.command() != null);
  }
}
