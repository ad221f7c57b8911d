// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Placement.NotTried;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which paths an engine has for the pages of a record beside those that were planned. */
@FunctionalInterface
public interface LeftPaths {
  /** Of no engine anything is known. */
  LeftPaths UNKNOWN = (_, _, _) -> List.of();

  /**
   * The others, and why each was left out.
   *
   * @param engine its id
   * @param parameters of the record
   * @param planned paths that the run has for the same pages
   */
  List<NotTried> of(String engine, Map<String, Object> parameters, Set<String> planned);
}
