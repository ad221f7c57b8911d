// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaModule;
import io.gpubench.gpu.KernelImage;
import io.gpubench.gpu.NativeException;
import io.gpubench.gpu.NativeUnavailableException;
import io.gpubench.gpu.NvrtcCompiler;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.seal.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where the compiled kernels of a family come from. For a GPU that is the fat binary which the
 * build made, for the simulated device an image of its own; where there is none, or it has no code
 * for the device, the source is compiled on the spot.
 *
 * @param home where gpubench is installed
 * @param checked whether the simulated device runs in checked mode, for which it needs other images
 */
record KernelImages(Path home, boolean checked) {
  private static final List<String> OPTIONS = List.of("--std=c++17");

  /**
   * A family of kernels on a device.
   *
   * @param module its creator closes it
   * @param origin the file, or the compiler and what it compiled for
   * @param sha256 of the image
   */
  record Loaded(CudaModule module, String origin, String sha256) {}

  /** The images of this installation. */
  static KernelImages ofThisInstallation() {
    return new KernelImages(
        Path.of(System.getProperty("gpubench.home", ".")),
        "1".equals(System.getenv("GPUBENCH_SIM_CHECK")));
  }

  /**
   * Loads the kernels of a family; the caller closes the module.
   *
   * @throws EngineException when there is no image for the device and none can be compiled
   * @throws NativeException when the driver refuses an image that is for the device
   */
  Loaded load(CudaContext context, String family) {
    boolean simulated = context.device().simulated();
    Optional<Path> file = compiled(family, simulated);
    if (file.isEmpty()) {
      return compile(context, family, "no " + family + " kernels were compiled in advance");
    }
    byte[] image = read(file.get());
    try {
      CudaModule module = context.loadModule(fileName(file.get()), image);
      String origin = fileName(file.get()) + (checked && simulated ? ", checked" : "");
      return new Loaded(module, origin, Sha256.of(image));
    } catch (NativeUnavailableException e) {
      return compile(context, family, e.getMessage() + "; " + e.remedy());
    }
  }

  Optional<Path> compiled(String family, boolean simulated) {
    String images = checked ? "cudasim/kernels/checked/" : "cudasim/kernels/";
    String name = simulated ? images + family + ".so" : "cuda/" + family + ".fatbin";
    return Stream.of("lib", "native/build")
        .map(folder -> home.resolve(folder).resolve(name))
        .filter(Files::exists)
        .findFirst();
  }

  /**
   * Loads the kernels of a plugin; the caller closes the module.
   *
   * @throws EngineException when they cannot be compiled
   * @throws NativeException when the driver refuses an image that is for the device
   */
  Loaded load(CudaContext context, PluginSource source) {
    byte[] image = context.device().simulated() ? null : source.fatBinary();
    String reason = "there is no other image of " + source.name();
    if (image != null) {
      try {
        return new Loaded(
            context.loadModule(source.fatBinaryName(), image),
            source.fatBinaryName(),
            Sha256.of(image));
      } catch (NativeUnavailableException e) {
        reason = e.getMessage() + "; " + e.remedy();
      }
    }
    return compile(context, source.name(), source.text(), reason);
  }

  private Loaded compile(CudaContext context, String family, String reason) {
    Path source = home.resolve("cuda").resolve(family + ".cu");
    return compile(context, fileName(source), text(source), reason);
  }

  private Loaded compile(CudaContext context, String name, String text, String reason) {
    try {
      var compiler = NvrtcCompiler.open();
      KernelImage image =
          compiler.compile(name, text, headers(), OPTIONS, context.device().computeCapability());
      CudaModule module = context.loadModule(name, image.bytes());
      String origin = "NVRTC %s, %s".formatted(compiler.version(), image.architecture());
      return new Loaded(module, origin, Sha256.of(image.bytes()));
    } catch (NativeUnavailableException e) {
      throw new EngineException(
          "%s, and its source cannot be compiled here: %s; %s"
              .formatted(reason, e.getMessage(), e.remedy()),
          e);
    } catch (NativeException | EngineException e) {
      throw new EngineException(
          "%s, and its source cannot be compiled here: %s".formatted(reason, e.getMessage()), e);
    }
  }

  private Map<String, String> headers() {
    var headers = new TreeMap<String, String>();
    try (var files = Files.newDirectoryStream(home.resolve("cuda"), "*.cuh")) {
      files.forEach(file -> headers.put(fileName(file), text(file)));
    } catch (IOException e) {
      throw unreadable(home.resolve("cuda"), e);
    }
    return headers;
  }

  private static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static EngineException unreadable(Path file, IOException cause) {
    return new EngineException(file + ": cannot be read: " + StoreErrors.text(cause), cause);
  }
}
