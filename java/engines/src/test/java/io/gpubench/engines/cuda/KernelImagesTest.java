// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelImagesTest {
  @TempDir Path home;

  @Test
  void theSimulatedDeviceHasImagesOfItsOwnAndCheckedModeOthers() throws IOException {
    Path plain = image("native/build/cudasim/kernels/tally.so");
    Path checked = image("native/build/cudasim/kernels/checked/tally.so");
    Path machineCode = image("native/build/cuda/tally.fatbin");
    assertEquals(Optional.of(plain), new KernelImages(home, false).compiled("tally", true));
    assertEquals(Optional.of(checked), new KernelImages(home, true).compiled("tally", true));
    assertEquals(Optional.of(machineCode), new KernelImages(home, true).compiled("tally", false));
  }

  @Test
  void aPlainImageDoesNotStandInForACheckedOne() throws IOException {
    image("lib/cudasim/kernels/tally.so");
    assertEquals(Optional.empty(), new KernelImages(home, true).compiled("tally", true));
  }

  private Path image(String name) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }
}
