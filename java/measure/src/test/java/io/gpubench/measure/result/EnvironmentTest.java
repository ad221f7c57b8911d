// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  @Test
  void flagsTellNoPlace() {
    // any option of this process has something of which a folder's name can be made
    List<?> flags = flags();
    assertFalse(flags.isEmpty(), "the tests' JVM has options");
    String part = String.valueOf(flags.getFirst()).substring(1);
    String before = System.setProperty("gpubench.home", part);
    try {
      String first = String.valueOf(flags().getFirst());
      assertTrue(first.endsWith("{gpubench.home}"), first);
    } finally {
      if (before == null) {
        System.clearProperty("gpubench.home");
      } else {
        System.setProperty("gpubench.home", before);
      }
    }
  }

  private static List<?> flags() {
    return (List<?>) ((Map<?, ?>) Environment.capture().get("java")).get("flags");
  }
}
