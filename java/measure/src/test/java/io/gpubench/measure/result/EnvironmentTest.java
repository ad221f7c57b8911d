// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  @Test
  void flagsTellNoPlace() {
    // any option of this process has something of which a folder's name can be made
    List<String> flags = flags();
    int which = 0;
    while (flags.get(which).contains("{")) { // such as an agent that lies in somebody's home
      which++;
    }
    String part = flags.get(which).substring(1);
    String before = System.setProperty("gpubench.home", part);
    try {
      String placeless = flags().get(which);
      assertTrue(placeless.endsWith("{gpubench.home}"), placeless);
    } finally {
      if (before == null) {
        System.clearProperty("gpubench.home");
      } else {
        System.setProperty("gpubench.home", before);
      }
    }
  }

  private static List<String> flags() {
    List<?> flags = (List<?>) ((Map<?, ?>) Environment.capture().get("java")).get("flags");
    return flags.stream().map(String::valueOf).toList();
  }
}
