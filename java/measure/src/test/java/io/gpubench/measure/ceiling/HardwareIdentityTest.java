// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.ceiling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gpubench.measure.result.Environment;
import io.gpubench.measure.spi.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HardwareIdentityTest {
  private static final String CARD = "gpu-0001";

  @Test
  void hardwareIsNamedByWhatARunSays() {
    Map<String, Object> card = Map.of("uuid", "GPU-0001");
    assertEquals(CARD, HardwareIdentity.hardware(false, "NVIDIA H200", card));
    assertEquals("synthetic", HardwareIdentity.hardware(true, "NVIDIA H200", card));
    assertEquals(Session.PROCESSORS, HardwareIdentity.hardware(false, null, Map.of()));
    assertNull(HardwareIdentity.hardware(false, "something", Map.of()));
  }

  @Test
  void thisMachineIsItself() {
    HardwareIdentity one =
        HardwareIdentity.of(Session.PROCESSORS, Environment.capture(), Map.of("threads", 1L));
    HardwareIdentity other =
        HardwareIdentity.of(Session.PROCESSORS, Environment.capture(), Map.of("threads", 2L));
    assertEquals(List.of(), one.changes(other));
    assertEquals(
        String.valueOf(Runtime.getRuntime().availableProcessors()),
        one.parts().get("availableProcessors"));
  }

  @ParameterizedTest
  @CsvSource({
    "driver, 580.65, 580.82",
    "ecc, true, false",
    "mig, false, true",
    "powerLimitMilliwatts, 700000, 350000",
    "vbios, 96.00, 96.01",
    "maxPcieLink, generation 5 x16, generation 4 x16",
  })
  void aSettingOfACardThatChanges(String key, String before, String after) {
    HardwareIdentity then = card(Map.of(key, before, "index", "0"));
    HardwareIdentity now = card(Map.of(key, after, "index", "1"));
    assertEquals(List.of(key + " " + before + " -> " + after), then.changes(now));
    assertEquals(
        List.of(key + " " + before + " -> unknown"), then.changes(card(Map.of("index", "0"))));
  }

  @Test
  void readingsOfTheMomentAreNoIdentity() {
    assertEquals(
        List.of(),
        card(Map.of("temperatureCelsiusAtStart", "30", "pcieLinkAtStart", "generation 1 x16"))
            .changes(card(Map.of("temperatureCelsiusAtStart", "70"))));
  }

  @ParameterizedTest
  @CsvSource({
    "governor, powersave, performance",
    "microcode, 0x1, 0x2",
    "availableProcessors, 2, 4",
    "vectorFlags, [avx2], '[avx2, avx512f]'",
  })
  void aSettingOfTheProcessorsThatChanges(String key, String before, String after) {
    assertEquals(
        List.of(key + " " + before + " -> " + after),
        processors(key, before, "65793584 kB").changes(processors(key, after, "65793580 kB")));
  }

  @Test
  void memoryAndKernelCount() {
    assertEquals(
        List.of("memoryGibibytes 63 -> 31"),
        processors("model", "x", "65793584 kB").changes(processors("model", "x", "32793580 kB")));
    HardwareIdentity now =
        HardwareIdentity.of(
            Session.PROCESSORS, Map.of("os", Map.of("kernel", "6.9")), Map.of("driver", "1"));
    assertEquals(Map.of("kernel", "6.9"), now.parts());
  }

  private static HardwareIdentity processors(String key, String value, String memory) {
    return HardwareIdentity.of(
        Session.PROCESSORS,
        Map.of("cpu", Map.of(key, value), "memory", Map.of("total", memory)),
        Map.of());
  }

  private static HardwareIdentity card(Map<String, String> description) {
    return HardwareIdentity.of(CARD, Map.of(), new HashMap<>(description));
  }
}
