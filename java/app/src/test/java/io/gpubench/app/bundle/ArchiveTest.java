// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir private Path temp;

  @Test
  void onlyNamesContentsAndPermissionToExecuteCount() throws Exception {
    Path one = tree("one", "rwx------", "rw-------", List.of("b", "a", "c/d"));
    Path two = tree("two", "rwxrwxr-x", "rw-rw-rw-", List.of("c/d", "a", "b"));
    assertArrayEquals(Files.readAllBytes(pack(one)), Files.readAllBytes(pack(two)));
    Process list =
        new ProcessBuilder("tar", "-tvf", pack(one).toString(), "--numeric-owner", "--utc")
            .redirectErrorStream(true)
            .start();
    assertEquals(
        """
        drwxr-xr-x 0/0               0 2026-01-02 03:04 top/
        -rwxr-xr-x 0/0               1 2026-01-02 03:04 top/a
        -rw-r--r-- 0/0               1 2026-01-02 03:04 top/b
        drwxr-xr-x 0/0               0 2026-01-02 03:04 top/c/
        -rw-r--r-- 0/0               3 2026-01-02 03:04 top/c/d
        """,
        new String(list.getInputStream().readAllBytes(), UTF_8));
  }

  @Test
  void aFullDiskIsNamed() throws Exception {
    Path top = tree("one", "rwx------", "rw-------", List.of("b", "a"));
    var failure =
        assertThrows(
            BundleException.class, () -> Archive.pack(top, TIME, Path.of("/dev/full"), temp));
    assertEquals(
        "cannot write /dev/full: xz: (stdout): Write error: No space left on device",
        failure.getMessage());
  }

  @Test
  void whatCannotBeReadIsNamed() {
    var failure =
        assertThrows(
            BundleException.class,
            () -> Archive.pack(temp.resolve("gone"), TIME, temp.resolve("x"), temp));
    assertEquals(
        "cannot write " + temp.resolve("x") + ": tar: gone: Cannot stat: No such file or directory",
        failure.getMessage());
  }

  private Path tree(String name, String program, String other, List<String> files)
      throws IOException {
    Path top = Files.createDirectories(temp.resolve(name).resolve("top"));
    for (String file : files) {
      Path path = top.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file);
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(file.equals("a") ? program : other));
    }
    return top;
  }

  private Path pack(Path top) throws IOException, InterruptedException {
    Path archive = top.resolveSibling("archive.tar.xz");
    Archive.pack(top, TIME, archive, temp);
    return archive;
  }
}
