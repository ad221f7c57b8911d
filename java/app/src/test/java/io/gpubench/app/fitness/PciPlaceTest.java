// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.conditions.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PciPlaceTest {
  @TempDir private Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve("sys/bus/pci/devices/0000:3b:00.0").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
  }

  private void writeAll() throws IOException {
    write("numa_node", "1");
    write("local_cpulist", "16-31,48-63");
    write("max_link_speed", "32.0 GT/s PCIe");
    write("max_link_width", "16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000:3B:00.0", "0000:3b:00.0", "0000:3B:00.0"})
  void whereverANameComesFromTheDeviceIsFound(String busId) throws IOException {
    writeAll();
    assertEquals(new PciPlace(1, CpuSet.parse("16-31,48-63"), 5, 16), PciPlace.read(root, busId));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "../../etc", "0000:3c:00.0", "12345678:3b:00.0"})
  void anotherDeviceIsUnknown(String busId) throws IOException {
    writeAll();
    assertEquals(PciPlace.UNKNOWN, PciPlace.read(root, busId));
  }

  @Test
  void whatLinuxDoesNotKnowIsNull() throws IOException {
    write("numa_node", "-1");
    write("local_cpulist", "");
    write("max_link_speed", "Unknown");
    write("max_link_width", "255");
    assertEquals(PciPlace.UNKNOWN, PciPlace.read(root, "0000:3b:00.0"));
    write("local_cpulist", "rubbish");
    write("max_link_speed", "2.5 GT/s PCIe");
    assertEquals(new PciPlace(null, null, 1, null), PciPlace.read(root, "0000:3b:00.0"));
  }
}
