// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.measure.EngineException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingFileTest extends PageFileContract {
  @Override
  protected PageFile open(PageFile.Order order) {
    return RingFile.open(order);
  }

  @Override
  protected Optional<String> skipReason() {
    return NativeLibraries.problem("host").or(RingFileTest::noRing);
  }

  private static Optional<String> noRing() {
    try (var _ = new Ring(new PageFile.Order("", 4096, 1, 1, 1, 4096))) {
      return Optional.empty();
    } catch (EngineException e) {
      assertEquals(EngineException.Kind.ABSENT, e.kind());
      return Optional.of(e.getMessage());
    }
  }

  @Test
  void itIsTheOneThatIsTakenWhereItCanBe(@TempDir Path folder) {
    try (PageFile file = PageFiles.open(order(folder, 0, 0))) {
      Map<String, Object> told = file.description();
      assertEquals("io_uring", told.get("io"));
      assertEquals((long) Ring.USUAL_DEPTH, told.get("depth"));
      assertEquals(Ring.USUAL_IO_BYTES, told.get("ioBytes"));
    }
  }

  @Test
  void saysWhatIsInEffect(@TempDir Path folder) {
    try (PageFile file = RingFile.open(order(folder, 5, 10_000))) {
      assertEquals(5L, file.description().get("depth"));
      assertEquals(8192L, file.description().get("ioBytes"));
      assertEquals(true, file.description().get("registeredFiles"));
    }
  }

  @Test
  void moreThanAKernelGives(@TempDir Path folder) {
    assertThrows(EngineException.class, () -> RingFile.open(order(folder, 1 << 20, 0)).close());
  }

  @Test
  void everyErrorHasWords() {
    assertTrue(Errno.isLackOfRoom(28) && Errno.isLackOfRoom(122) && !Errno.isLackOfRoom(5));
    assertTrue(Errno.text(28).contains("no space"), Errno.text(28));
    assertTrue(Errno.text(30).contains("read-only"), Errno.text(30));
    assertEquals("error 9999 of the system", Errno.text(9999));
  }

  private static PageFile.Order order(Path folder, int depth, long ioBytes) {
    return new PageFile.Order(folder.toString(), 4096, 4, 1, depth, ioBytes);
  }
}
