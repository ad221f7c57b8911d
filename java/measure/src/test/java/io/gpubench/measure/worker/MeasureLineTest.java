// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class MeasureLineTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 63, 64, 65, 1000})
  void itIsTheSameAsJson(int count) {
    var random = new SplittableRandom(count);
    long[] starts = random.longs(count).map(bits -> bits >>> random.nextInt(5, 64)).toArray();
    long[] durations = random.longs(count).map(bits -> bits >>> random.nextInt(5, 64)).toArray();
    var reply = new Reply.Measure(starts, durations, null, count, null);
    byte[] line = MeasureLine.bytes(reply);
    assertNotNull(line);
    assertEquals(
        JSON.readTree("{\"type\":\"measure\"," + JSON.writeValueAsString(reply).substring(1)),
        JSON.readTree(line));
    var read = (Reply.Measure) Wire.read(line, Reply.class);
    assertArrayEquals(starts, read.startNanos());
    assertArrayEquals(durations, read.durationNanos());
    assertEquals(count, read.verified());
    if (count > 0 && count < 65) {
      for (int cut = 0; cut < line.length; cut++) {
        assertNull(MeasureLine.read(java.util.Arrays.copyOf(line, cut)));
      }
    }
  }

  @Test
  void whatHasMoreToSayIsLeftToJson() {
    long[] one = {1};
    assertNull(MeasureLine.bytes(new Reply.Measure(one, one, List.of("00"), null, null)));
    assertNull(MeasureLine.bytes(new Reply.Measure(one, one, null, 1, "wrong")));
    assertNull(MeasureLine.bytes(new Reply.Measure(one, one, null, null, null)));
    assertNull(MeasureLine.bytes(new Reply.Measure(one, one, one, null, null, 1, null, null)));
    assertNull(
        MeasureLine.bytes(
            new Reply.Measure(one, one, null, Map.of("late", 1L), null, 1, null, null)));
    assertNull(MeasureLine.bytes(new Reply.Measure(one, one, null, null, null, 1, null, "no")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"measure\",\"startNanos\":[1],\"durationNanos\":[1],\"verified\":1} ",
        "{\"type\":\"measure\",\"startNanos\":[ 1],\"durationNanos\":[1],\"verified\":1}",
        "{\"type\":\"measure\",\"startNanos\":[-1],\"durationNanos\":[1],\"verified\":1}",
        "{\"type\":\"measure\",\"startNanos\":[01],\"durationNanos\":[1],\"verified\":1}",
        "{\"type\":\"measure\",\"startNanos\":[1,],\"durationNanos\":[1],\"verified\":1}",
        "{\"type\":\"measure\",\"startNanos\":[1.5],\"durationNanos\":[1],\"verified\":1}",
        "{\"type\":\"measure\",\"startNanos\":[1234567890123456789],\"durationNanos\":[1],\"verified\":1}",
        "{\"type\":\"measure\",\"startNanos\":[1],\"durationNanos\":[1],\"verified\":9999999999}",
        "{\"type\":\"measure\",\"startNanos\":[1],\"durationNanos\":[1],\"verified\":1}}",
        "{\"type\":\"bye\"}",
        ""
      })
  void whatLooksDifferentIsLeftToJson(String line) {
    assertNull(MeasureLine.read(line.getBytes(UTF_8)));
  }
}
