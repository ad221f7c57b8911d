// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoSdk;
import io.gpubench.measure.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of an SDK goes into a bundle. */
class TornadoSubsetTest {
  @TempDir private Path temp;

  private static TornadoSdk sdk() {
    try {
      return TornadoSdk.find(Path.of("/nonexistent"), System.getenv());
    } catch (EngineException e) {
      return abort(e.getMessage());
    }
  }

  @Test
  void anSdkWithoutABackendIsRefused() {
    var none = new TornadoSdk(temp, "x", "1", List.of());
    assertEquals(
        "the TornadoVM SDK in " + temp + " has no backend",
        assertThrows(BundleException.class, () -> new TornadoSubset(none)).getMessage());
  }

  @Test
  void theModulesOfTheJdkFollowFromWhatIsRequired() {
    var subset = new TornadoSubset(sdk());
    assertTrue(subset.jdkModules().contains("jdk.internal.vm.ci"), subset.jdkModules().toString());
    assertTrue(subset.jdkModules().contains("java.base"));
  }

  /**
   * The copy is an SDK with the same backends; its jars are stored, and all that is in them is
   * there.
   */
  @Test
  void theCopyIsAnSdk() throws Exception {
    TornadoSdk sdk = sdk();
    new TornadoSubset(sdk).copyTo(temp);
    TornadoSdk copy = TornadoSdk.at(temp, "x");
    assertEquals(sdk.backends(), copy.backends());
    for (TornadoBackend backend : copy.backends()) {
      copy.demand(backend);
      for (Path jar : copy.jarsFor(backend)) {
        Path original = sdk.home().resolve(temp.relativize(jar).toString());
        try (var stored = new ZipFile(jar.toFile());
            var packed = new ZipFile(original.toFile())) {
          assertEquals(packed.size(), stored.size());
          assertTrue(stored.stream().allMatch(entry -> entry.getMethod() == ZipEntry.STORED));
        }
      }
    }
    assertTrue(Files.exists(temp.resolve("LICENSE_GPLv2CE")));
  }
}
