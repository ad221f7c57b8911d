// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFolderTest {
  private static final MachineFacts FACTS = new MachineFacts(1, 1L << 30, 0);
  private static final long FILE_BYTES = 8 * WordsWorkload.SLOTS;

  private @TempDir Path temp;

  private static InputFolder.Made inputs(InputFolder folder, long size) {
    return folder.inputs(new WordsWorkload(), new ParameterValues(Map.of("size", size)), FACTS);
  }

  private static List<Path> in(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  @Test
  void aFileIsMadeOnceAndGoesInTheEnd() throws Exception {
    try (var folder = new InputFolder(temp)) {
      InputFolder.Made made = inputs(folder, 1);
      assertSame(made, inputs(folder, 1));
      assertEquals(FILE_BYTES, Files.size(made.file()));
      assertEquals(List.of(made.file()), in(in(temp).getFirst()));
    }
    assertEquals(List.of(), in(temp));
  }

  @Test
  void aFileThatSomebodyWroteToIsMadeAnew() throws Exception {
    try (var folder = new InputFolder(temp)) {
      InputFolder.Made made = inputs(folder, 1);
      byte[] right = Files.readAllBytes(made.file());
      assertTrue(made.unharmed());
      FileTime before = Files.getLastModifiedTime(made.file());
      assertTrue(made.file().toFile().setWritable(true));
      Files.write(made.file(), new byte[right.length]);
      Files.setLastModifiedTime(made.file(), before);
      assertFalse(made.unharmed());
      InputFolder.Made again = inputs(folder, 1);
      assertTrue(again.unharmed());
      assertArrayEquals(right, Files.readAllBytes(again.file()));
      assertEquals(List.of(again.file()), in(in(temp).getFirst()));
    }
  }

  @Test
  void halfAFileIsDeleted() throws Exception {
    var full =
        new WordsWorkload() {
          @Override
          public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file)
              throws IOException {
            Files.write(file, new byte[5]);
            throw new IOException("No space left on device");
          }
        };
    try (var folder = new InputFolder(temp)) {
      var error =
          assertThrows(
              EngineException.class, () -> folder.inputs(full, WordsWorkload.VALUES, FACTS));
      assertTrue(error.reason().contains("No space left on device"), error.reason());
      assertEquals(List.of(), in(in(temp).getFirst()));
      assertTrue(Files.exists(inputs(folder, 1).file()), "once there is space");
    }
    assertEquals(List.of(), in(temp));
  }

  @Test
  void whatWasUsedLongestAgoMakesRoom() throws Exception {
    try (var folder = new InputFolder(temp, 5 * FILE_BYTES)) {
      var made = new ArrayList<InputFolder.Made>();
      for (long size = 1; size <= 5; size++) {
        made.add(inputs(folder, size));
      }
      assertEquals(5, in(in(temp).getFirst()).size());
      inputs(folder, 1);
      inputs(folder, 6);
      assertFalse(Files.exists(made.get(1).file()), "used longest ago");
      assertEquals(5, in(in(temp).getFirst()).size());
      assertTrue(Files.exists(inputs(folder, 2).file()), "is made again");
    }
    assertEquals(List.of(), in(temp));
  }

  @Test
  void theLatestFourStayHoweverLarge() throws Exception {
    try (var folder = new InputFolder(temp, 1)) {
      var made = new ArrayList<InputFolder.Made>();
      for (long size = 1; size <= 4; size++) {
        made.add(inputs(folder, size));
      }
      inputs(folder, 1);
      made.add(inputs(folder, 5));
      assertEquals(
          List.of(true, false, true, true, true),
          made.stream().map(each -> Files.exists(each.file())).toList());
    }
    assertEquals(List.of(), in(temp));
  }
}
