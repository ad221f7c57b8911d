// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.EngineEvidence;
import io.gpubench.measure.spi.EngineEvidence.Contradiction;
import io.gpubench.measure.spi.EngineEvidence.Kind;
import io.gpubench.measure.spi.Telemetry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Descriptions here are made up from data sheets; nothing was measured on such a card. */
class DeviceTestimonyTest {
  private static final String CARD = "NVIDIA H200";

  @Test
  void anHonestCardContradictsNothing() {
    assertEquals(List.of(), contradictions(CARD, false, card(), reading(1_980, 700)));
  }

  @Test
  void aCardThatIsNotKnownIsNotJudged() {
    Map<String, Object> other = card();
    other.put("name", "NVIDIA Z1");
    other.put("multiprocessors", 7);
    other.remove("clockKilohertz");
    assertEquals(List.of(), contradictions("NVIDIA Z1", false, other, Telemetry.NONE));
  }

  @Test
  void nothingToldIsNothingHeldAgainstIt() {
    assertEquals(List.of(), contradictions(CARD, false, Map.of(), Telemetry.NONE));
  }

  @ParameterizedTest
  @CsvSource({
    "computeCapability, 8.9, compute capability 9.0",
    "multiprocessors, 144, 132 multiprocessors",
    "memoryBytes, 85520809984, 141 GiB",
    "name, NVIDIA L4, describes itself as 'NVIDIA L4'",
    "clockKilohertz, 3000000, are bounded by",
  })
  void anotherCard(String key, String value, String says) {
    Map<String, Object> edited = card();
    edited.put(key, value.matches("\\d+") ? (Object) Long.valueOf(value) : value);
    List<Contradiction> found = contradictions(CARD, false, edited, Telemetry.NONE);
    assertFalse(found.isEmpty());
    assertTrue(kinds(found).stream().allMatch(Kind.DEVICE::equals), () -> String.valueOf(found));
    assertTrue(found.getFirst().message().contains(says), found.getFirst().message());
  }

  @Test
  void aDeviceHasAName() {
    assertEquals(
        List.of(Kind.DEVICE), kinds(contradictions(null, false, Map.of(), Telemetry.NONE)));
  }

  @ParameterizedTest
  @CsvSource({
    "name, Simulated CUDA device",
    "uuid, GPU-67707562-656e-6368-2d73-696d756c6174",
    "driver, simulated-13.0",
  })
  void theSimulatedDeviceUnderAnotherName(String key, String value) {
    Map<String, Object> edited = new HashMap<>(Map.of(key, value));
    List<Contradiction> found = contradictions(CARD, false, edited, Telemetry.NONE);
    assertTrue(kinds(found).contains(Kind.SYNTHETIC), () -> String.valueOf(found));
    edited.remove("name"); // where it would be another contradiction
    assertEquals(List.of(), contradictions(CARD, true, edited, Telemetry.NONE));
  }

  @Test
  void anImageForProcessorsIsThatOfTheSimulation() {
    Map<String, Object> kernels =
        Map.of("kernels", Map.of("consensus", Map.of("origin", "consensus.so", "sha256", "00")));
    assertEquals(
        List.of(Kind.SYNTHETIC), kinds(contradictions(CARD, false, kernels, Telemetry.NONE)));
  }

  @ParameterizedTest
  @CsvSource({"2400, 300", "1500, 1200"})
  void sensorsBeyondTheCardsLimits(double megahertz, double watts) {
    List<Contradiction> found = contradictions(CARD, false, card(), reading(megahertz, watts));
    assertEquals(List.of(Kind.TELEMETRY), kinds(found));
  }

  private static List<Contradiction> contradictions(
      @Nullable String device,
      boolean synthetic,
      Map<String, Object> description,
      Telemetry reading) {
    return new CudaEngine()
        .contradictions(
            new EngineEvidence(
                device,
                null,
                synthetic,
                132 * 128 * 1_980_000e3,
                Map.of(),
                description,
                List.of(reading)));
  }

  private static List<Kind> kinds(List<Contradiction> found) {
    return found.stream().map(Contradiction::kind).toList();
  }

  private static Telemetry reading(double megahertz, double watts) {
    return new Telemetry(60.0, watts, megahertz, null);
  }

  private static Map<String, Object> card() {
    var card = new HashMap<String, Object>();
    card.put("name", CARD);
    card.put("uuid", "GPU-00000000-0000-0000-0000-000000000001");
    card.put("computeCapability", "9.0");
    card.put("multiprocessors", 132);
    card.put("memoryBytes", 150_110_011_392L);
    card.put("clockKilohertz", 1_980_000);
    card.put("driver", "580.00");
    card.put("maxClockMegahertz.multiprocessor", 1_980);
    card.put("powerLimitMilliwatts", 700_000);
    card.put("kernels", Map.of("consensus", Map.of("origin", "consensus.fatbin", "sha256", "00")));
    return card;
  }
}
