// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ConditionsTest {
  @Test
  void theyArePlainData() {
    var json = JsonMapper.builder().build();
    var conditions = new Conditions("gpu-1", "0-3", "locked", List.of("4711 (python3)"));
    String text = json.writeValueAsString(conditions);
    assertEquals(
        "{\"deviceId\":\"gpu-1\",\"cpus\":\"0-3\",\"lock\":\"locked\","
            + "\"occupants\":[\"4711 (python3)\"]}",
        text);
    assertEquals(conditions, json.readValue(text, Conditions.class));
  }
}
