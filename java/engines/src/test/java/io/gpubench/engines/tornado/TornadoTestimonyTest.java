// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.EngineEvidence;
import io.gpubench.measure.spi.EngineEvidence.Contradiction;
import io.gpubench.measure.spi.EngineEvidence.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Descriptions of cards are made up from data sheets. */
class TornadoTestimonyTest {
  private static final String CARD = "NVIDIA H200";
  private static final String SIMULATED = "Simulated CUDA device";

  @Test
  void honestDevicesContradictNothing() {
    assertEquals(List.of(), found(TornadoBackend.OPENCL, null, null, false, processors()));
    assertEquals(List.of(), found(TornadoBackend.OPENCL, null, "0", false, processors()));
    assertEquals(
        List.of(), found(TornadoBackend.OPENCL, CARD, null, false, card(TornadoBackend.OPENCL)));
    assertEquals(
        List.of(), found(TornadoBackend.CUDA, CARD, null, false, card(TornadoBackend.CUDA)));
    assertEquals(List.of(), found(TornadoBackend.CUDA, SIMULATED, "sim", true, simulated()));
  }

  @Test
  void whereItRanIsSaid() {
    assertEquals(
        "OpenCL (Portable Computing Language) on the processors",
        TornadoTestimony.place(TornadoBackend.OPENCL, processors()));
    assertEquals(
        "CUDA on NVIDIA H200",
        TornadoTestimony.place(TornadoBackend.CUDA, card(TornadoBackend.CUDA)));
  }

  @ParameterizedTest
  @CsvSource({
    "backend, cuda, its backend describes itself as 'cuda'",
    "backend, , its backend describes itself as ''",
    "deviceType, GPU, 'of the kind GPU, and none is named'",
    "deviceType, , does not tell what kind of device",
  })
  void processorsThatAreAGpu(String key, @Nullable String value, String says) {
    assertFound(
        Kind.DEVICE,
        says,
        found(TornadoBackend.OPENCL, null, null, false, edited(processors(), key, value)));
  }

  @ParameterizedTest
  @CsvSource({
    "deviceName, NVIDIA L4, describes itself as 'NVIDIA L4'",
    "deviceType, CPU, worked on the processors",
    "computeUnits, 144, 132 multiprocessors",
    "memoryBytes, 85520809984, 141 GiB",
  })
  void aCardThatIsAnother(String key, String value, String says) {
    Map<String, Object> described = edited(card(TornadoBackend.OPENCL), key, value);
    assertFound(Kind.DEVICE, says, found(TornadoBackend.OPENCL, CARD, null, false, described));
  }

  /** Whoever forges the kind and the name has the driver's name for processors left. */
  @Test
  void processorsUnderTheNameOfADevice() {
    Map<String, Object> described = edited(processors(), "deviceType", "GPU");
    assertFound(
        Kind.DEVICE,
        "is what Portable Computing Language calls the processors",
        found(
            TornadoBackend.OPENCL,
            String.valueOf(described.get("deviceName")),
            null,
            false,
            described));
    assertFound(
        Kind.DEVICE,
        "names the device 'NVIDIA H200'",
        found(TornadoBackend.OPENCL, CARD, null, false, processors()));
  }

  @Test
  void boundsThatDoNotFollow() {
    Map<String, Object> described = processors();
    described.put("clockMegahertz", 2_000L);
    assertEquals(List.of(), bounded(8.192e12, Map.of(), described));
    assertEquals(List.of(), bounded(null, Map.of(), described));
    assertFound(
        Kind.DEVICE,
        "2 compute units at 2000 MHz are bounded by 8.192e+12 operations/s, not 8.192e+13",
        bounded(8.192e13, Map.of(), described));
    assertFound(
        Kind.DEVICE,
        "nothing that bounds [ceiling.read]",
        bounded(8.192e12, Map.of("ceiling.read", 1e15), described));
  }

  private static List<Contradiction> bounded(
      @Nullable Double operations, Map<String, Double> bounds, Map<String, Object> description) {
    return new TornadoEngine(TornadoBackend.OPENCL)
        .contradictions(
            new EngineEvidence(null, null, false, operations, bounds, description, List.of()));
  }

  /** What the driver tells of a card is judged as for the engine of CUDA. */
  @Test
  void aCardOfCudaIsAnother() {
    assertFound(
        Kind.DEVICE,
        "compute capability 9.0, not 8.9",
        found(
            TornadoBackend.CUDA,
            CARD,
            null,
            false,
            edited(card(TornadoBackend.CUDA), "computeCapability", "8.9")));
  }

  @Test
  void cudaHasNoProcessors() {
    assertFound(
        Kind.DEVICE,
        "CUDA has no processors",
        found(TornadoBackend.CUDA, null, null, false, edited(processors(), "backend", "cuda")));
  }

  @Test
  void theSimulatedDeviceIsSyntheticAndNothingElseIs() {
    assertFound(
        Kind.SYNTHETIC,
        "it is the simulated device",
        found(TornadoBackend.CUDA, SIMULATED, null, false, simulated()));
    assertFound(
        Kind.SYNTHETIC,
        "it is the simulated device",
        found(TornadoBackend.CUDA, CARD, "sim", false, card(TornadoBackend.CUDA)));
    assertFound(
        Kind.SYNTHETIC,
        "only the simulated device is",
        found(TornadoBackend.OPENCL, null, null, true, processors()));
  }

  private static List<Contradiction> found(
      TornadoBackend backend,
      @Nullable String device,
      @Nullable String asked,
      boolean synthetic,
      Map<String, Object> description) {
    return new TornadoEngine(backend)
        .contradictions(
            new EngineEvidence(device, asked, synthetic, null, Map.of(), description, List.of()));
  }

  private static void assertFound(Kind kind, String says, List<Contradiction> found) {
    assertFalse(found.isEmpty());
    assertTrue(
        found.stream().anyMatch(one -> one.kind() == kind && one.message().contains(says)),
        () -> String.valueOf(found));
  }

  private static Map<String, Object> edited(
      Map<String, Object> description, String key, @Nullable String value) {
    if (value == null) {
      description.remove(key);
    } else {
      description.put(key, value.matches("\\d+") ? (Object) Long.valueOf(value) : value);
    }
    return description;
  }

  private static Map<String, Object> processors() {
    return new HashMap<>(
        Map.of(
            "backend",
            "opencl",
            "platform",
            "Portable Computing Language",
            "deviceName",
            "pthread-skylake-avx512-Some Processor 9000",
            "deviceType",
            "CPU",
            "computeUnits",
            2L,
            "memoryBytes",
            1L << 34));
  }

  private static Map<String, Object> card(TornadoBackend backend) {
    return new HashMap<>(
        Map.of(
            "backend",
            backend.word(),
            "platform",
            "NVIDIA CUDA",
            "deviceName",
            CARD,
            "deviceType",
            "GPU",
            "computeUnits",
            132L,
            "memoryBytes",
            150_110_011_392L));
  }

  private static Map<String, Object> simulated() {
    return edited(card(TornadoBackend.CUDA), "deviceName", SIMULATED);
  }
}
