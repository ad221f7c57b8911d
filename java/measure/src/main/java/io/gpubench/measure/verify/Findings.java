// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what is found in one run directory. Of one flaw at one place it keeps the first; a run
 * in which everything is wrong does not fill the memory. Used by one thread.
 */
final class Findings {
  private static final int MOST = 1_000;

  private final Map<String, Finding> all = new LinkedHashMap<>();

  void add(Flaw flaw, String subject, String message) {
    add(new Finding(flaw, subject, message));
  }

  void add(Finding finding) {
    if (all.size() < MOST) {
      all.putIfAbsent(finding.flaw() + " " + finding.subject(), finding);
    }
  }

  void addAll(List<Finding> findings) {
    findings.forEach(this::add);
  }

  List<Finding> list() {
    return List.copyOf(all.values());
  }
}
