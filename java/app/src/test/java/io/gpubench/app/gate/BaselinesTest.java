// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.ceiling.HardwareIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselinesTest {
  private static final HardwareIdentity PROCESSORS =
      new HardwareIdentity(
          "processors",
          Map.of("model", "AMD EPYC 9B14", "availableProcessors", "2", "kernel", "6.1"));
  private static final HardwareIdentity GPU =
      new HardwareIdentity(
          "gpu-1234", Map.of("name", "NVIDIA H200", "uuid", "GPU-1234", "driver", "580.65"));

  @TempDir private Path temp;

  @Test
  void aMachineIsWhatItIsAndNotItsSoftware() {
    String processors = Baselines.machine(PROCESSORS);
    assertTrue(processors.matches("processors-amd-epyc-9b14-2-[0-9a-f]{8}"), processors);
    assertEquals(
        processors,
        Baselines.machine(
            new HardwareIdentity(
                "processors",
                Map.of("model", "AMD EPYC 9B14", "availableProcessors", "2", "kernel", "6.2"))));
    String gpu = Baselines.machine(GPU);
    assertTrue(gpu.matches("gpu-nvidia-h200-[0-9a-f]{8}"), gpu);
    assertNotEquals(
        gpu,
        Baselines.machine(
            new HardwareIdentity("gpu-5678", Map.of("name", "NVIDIA H200", "uuid", "GPU-5678"))));
    String odd =
        Baselines.machine(
            new HardwareIdentity("processors", Map.of("model", "../x y/".repeat(30))));
    assertTrue(odd.matches("[a-z0-9-]{1,64}"), odd);
  }

  @Test
  void theLatestTakesThePlaceOfTheOneBefore() throws Exception {
    var baselines = new Baselines(temp.resolve("all"), "main");
    assertEquals(Optional.empty(), baselines.find(GPU));
    assertEquals(List.of(), baselines.machines());
    Path first = baselines.keep(GPU, run("20260101T000000Z-a"));
    assertEquals(Optional.of(first), baselines.find(GPU));
    assertEquals("text", Files.readString(first.resolve("samples/s")));
    Path second = baselines.keep(GPU, run("20260102T000000Z-b"));
    assertEquals(Optional.of(second), baselines.find(GPU));
    assertEquals(List.of(second), entries(baselines.folder(GPU)));
    assertEquals(Optional.empty(), baselines.find(PROCESSORS));
    assertEquals(List.of(Baselines.machine(GPU)), baselines.machines());
    assertEquals(List.of(), new Baselines(temp.resolve("all"), "other").machines());
  }

  /** Between the two renames there are two runs, and what is half there has a dot. */
  @Test
  void whatAKilledProcessLeftIsOfNoAccount() throws Exception {
    var baselines = new Baselines(temp.resolve("all"), "main");
    Path folder = baselines.folder(GPU);
    Files.createDirectories(folder);
    Files.move(run("20260101T000000Z-a"), folder.resolve("20260101T000000Z-a"));
    Files.move(run("20260103T000000Z-c"), folder.resolve("20260103T000000Z-c"));
    Files.move(run("20260104T000000Z-d"), folder.resolve(".20260104T000000Z-d"));
    assertEquals(Optional.of(folder.resolve("20260103T000000Z-c")), baselines.find(GPU));
    Path kept = baselines.keep(GPU, run("20260104T000000Z-d"));
    assertEquals(List.of(kept), entries(folder));
  }

  @Test
  void whatCannotBeWrittenLeavesTheOneBefore() throws Exception {
    var baselines = new Baselines(temp.resolve("all"), "main");
    Path first = baselines.keep(GPU, run("20260101T000000Z-a"));
    assertThrows(
        StoreException.class, () -> baselines.keep(GPU, temp.resolve("20260102T000000Z-none")));
    assertEquals(List.of(first), entries(baselines.folder(GPU)));
  }

  @Test
  void aNameIsNoPath() {
    for (String name : List.of("", "..", ".x", "a/b", "a b", "x".repeat(65))) {
      assertThrows(ConfigException.class, () -> new Baselines(temp, name), name);
    }
  }

  private Path run(String id) throws Exception {
    Path run = Files.createDirectories(temp.resolve("store").resolve(id));
    Files.writeString(run.resolve("run.json"), "{}");
    Files.createDirectories(run.resolve("samples"));
    Files.writeString(run.resolve("samples/s"), "text");
    return run;
  }

  private static List<Path> entries(Path folder) throws Exception {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }
}
