// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that look like SDKs, or nearly. */
class TornadoSdkTest {
  private static final int OURS = Runtime.version().feature();
  private static final String NEXT =
      "; 'sdk install tornadovm', or unpack a release of TornadoVM for JDK %d, and set TORNADOVM_HOME to its folder"
          .formatted(OURS);

  @TempDir private Path temp;
  private Path home;

  @BeforeEach
  void makeOne() throws IOException {
    home = temp.resolve("sdk");
    jar("tornado-api-9.1-jdkX.jar", OURS);
    for (String name :
        List.of("asm", "tornado-runtime", "tornado-cublas", "tornado-drivers-common")) {
      jar(name + "-9.1.jar", OURS);
    }
    backend("opencl");
    backend("cuda");
    Files.createDirectories(home.resolve("share/java/graalJars"));
    file("etc/exportLists/common-exports");
  }

  private void backend(String word) throws IOException {
    jar("tornado-drivers-" + word + "-9.1.jar", OURS);
    file("lib/libtornado-" + word + ".so");
    file("etc/exportLists/" + word + "-exports");
  }

  private void file(String name) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }

  /** A jar with nothing but the beginning of a module, as a compiler for a JDK writes it. */
  private void jar(String name, int jdk) throws IOException {
    Path jar = home.resolve("share/java/tornado").resolve(name);
    Files.createDirectories(jar.getParent());
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar));
        var out = new DataOutputStream(zip)) {
      zip.putNextEntry(new ZipEntry(jdk == 0 ? "a.txt" : "module-info.class"));
      out.writeInt(0xCAFEBABE);
      out.writeShort(0);
      out.writeShort(jdk + 44);
    }
  }

  private static void demand(String problem, Runnable what) {
    assertEquals(problem + NEXT, assertThrows(EngineException.class, what::run).getMessage());
  }

  @Test
  void whatNamesAFolder() {
    Path gpubench = temp.resolve("gpubench");
    demand(
        "there is no TornadoVM SDK: TORNADOVM_HOME is not set",
        () -> TornadoSdk.find(gpubench, Map.of()));
    TornadoSdk sdk = TornadoSdk.find(gpubench, Map.of("TORNADOVM_HOME", home.toString()));
    assertEquals("TORNADOVM_HOME", sdk.from());
    assertEquals("9.1-jdkX", sdk.version());
    assertEquals(List.of(TornadoBackend.CUDA, TornadoBackend.OPENCL), sdk.backends());
    demand(
        "TORNADOVM_HOME names %s, which is no TornadoVM SDK: it has no share/java/tornado/tornado-api-*.jar"
            .formatted(temp),
        () -> TornadoSdk.find(gpubench, Map.of("TORNADOVM_HOME", temp.toString())));
  }

  @Test
  void theOneOfTheBundleIsFoundWithoutAName() throws IOException {
    Path gpubench = temp.resolve("gpubench");
    Files.createDirectories(gpubench.resolve("tornado"));
    Files.move(home, gpubench.resolve(TornadoSdk.IN_BUNDLE));
    assertEquals("this bundle", TornadoSdk.find(gpubench, Map.of()).from());
  }

  @Test
  void oneForAnotherJdkIsRefused() throws IOException {
    jar("tornado-api-9.1-jdkX.jar", 21);
    demand(
        "the TornadoVM SDK 9.1-jdkX in %s is for JDK 21, and this is JDK %d".formatted(home, OURS),
        () -> TornadoSdk.at(home, "x"));
    jar("tornado-api-9.1-jdkX.jar", 0);
    demand(
        "the TornadoVM SDK 9.1-jdkX in %s is for no JDK that it tells, and this is JDK %d"
            .formatted(home, OURS),
        () -> TornadoSdk.at(home, "x"));
    Path jar = home.resolve("share/java/tornado/tornado-api-9.1-jdkX.jar");
    Files.writeString(jar, "no jar");
    String broken =
        assertThrows(EngineException.class, () -> TornadoSdk.at(home, "x")).getMessage();
    assertTrue(broken.startsWith(jar + " cannot be read: "), broken);
    assertEquals(1, broken.lines().count());
  }

  @Test
  void aBackendThatIsNotThereIsRefused() throws IOException {
    String sdk = "the TornadoVM SDK 9.1-jdkX in " + home;
    demand(
        sdk + " has no PTX backend, but CUDA, OpenCL",
        () -> TornadoSdk.at(home, "x").flags(TornadoBackend.PTX));
    Files.delete(home.resolve("lib/libtornado-cuda.so"));
    demand(
        sdk + " has no CUDA backend, but OpenCL",
        () -> TornadoSdk.at(home, "x").flags(TornadoBackend.CUDA));
    Files.delete(home.resolve("lib/libtornado-opencl.so"));
    demand(
        sdk + " has no CUDA backend, but none at all",
        () -> TornadoSdk.at(home, "x").flags(TornadoBackend.CUDA));
  }

  @Test
  void oneThatIsNotCompleteIsRefused() throws IOException {
    String sdk = "the TornadoVM SDK 9.1-jdkX in " + home + " is not complete: it has no ";
    Files.delete(home.resolve("etc/exportLists/cuda-exports"));
    demand(
        sdk + "etc/exportLists/cuda-exports",
        () -> TornadoSdk.at(home, "x").flags(TornadoBackend.CUDA));
    Files.delete(home.resolve("share/java/graalJars"));
    demand(
        sdk + "share/java/graalJars", () -> TornadoSdk.at(home, "x").flags(TornadoBackend.OPENCL));
  }

  /** The library of any other would be demanded where it is not. */
  @Test
  void aWorkerGetsTheJarsOfItsBackendAlone() {
    TornadoSdk sdk = TornadoSdk.at(home, "x");
    List<String> names =
        sdk.jarsFor(TornadoBackend.OPENCL).stream()
            .map(jar -> jar.getFileName().toString())
            .toList();
    assertEquals(
        List.of(
            "asm-9.1.jar",
            "tornado-api-9.1-jdkX.jar",
            "tornado-drivers-common-9.1.jar",
            "tornado-drivers-opencl-9.1.jar",
            "tornado-runtime-9.1.jar"),
        names);
    List<String> flags = sdk.flags(TornadoBackend.OPENCL);
    assertTrue(flags.contains("-Dtornado.recover.bailout=False"), flags.toString());
    assertTrue(flags.stream().noneMatch(Predicate.isEqual("-ea")), flags.toString());
    assertTrue(flags.stream().noneMatch(flag -> flag.contains("cuda")), flags.toString());
  }
}
