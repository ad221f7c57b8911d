// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.conformance;

import io.gpubench.app.conformance.Check.Result;
import java.util.List;

/**
 * What all checks came to.
 *
 * @param wrongAnswer whether one failed since an answer was wrong
 */
public record Verdict(List<Check> checks, boolean wrongAnswer) {
  public Verdict {
    checks = List.copyOf(checks);
  }

  /** Whether the worker does all that gpubench relies on. */
  public boolean conforms() {
    return count(Result.failed) == 0;
  }

  /** How many checks ended so. */
  long count(Result result) {
    return checks.stream().filter(check -> check.result() == result).count();
  }
}
