// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.kernels;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.seal.Sha256;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of a fat binary, and what the build's compiler said of them.
 *
 * @param name of the file without its ending, as in {@code consensus} for {@code consensus.fatbin}
 * @param sha256 of the fat binary
 * @param compiler version of nvcc, in its words
 * @param kernels in the order of their names, then of the architectures
 */
public record KernelFamily(
    String name, String sha256, String compiler, List<CompiledKernel> kernels) {
  private static final String FORMAT = "gpubench kernel resources ";
  private static final String VERSION = "1";
  private static final String IMAGE = ".fatbin";
  private static final String RESOURCES = ".resources";
  private static final String REMEDY = "build again, where nvcc is, with './mvnw package'";

  /**
   * The fat binaries of an installation, in the order of their names.
   *
   * @throws EngineException when there is none
   */
  public static List<Path> images(Path home) {
    for (String folder : List.of("lib/cuda", "native/build/cuda")) {
      List<Path> found = below(home.resolve(folder));
      if (!found.isEmpty()) {
        return found;
      }
    }
    throw new EngineException(
        EngineException.Kind.UNAVAILABLE,
        "no kernels were compiled in advance, since nvcc was missing when gpubench was built",
        "install nvcc (of the CUDA toolkit, no GPU is needed) and " + REMEDY,
        null);
  }

  private static List<Path> below(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(IMAGE)).sorted().toList();
    } catch (IOException e) {
      throw unusable(folder, "cannot be read: " + StoreErrors.text(e), e);
    }
  }

  /** What the family of a fat binary is called. */
  public static String name(Path image) {
    String file = String.valueOf(image.getFileName());
    return file.substring(0, file.length() - IMAGE.length());
  }

  /**
   * Reads what lies beside a fat binary.
   *
   * @throws EngineException when there is nothing, or it is not about this fat binary, not whole,
   *     or of another version
   */
  public static KernelFamily read(Path image) {
    Path file = image.resolveSibling(name(image) + RESOURCES);
    if (!Files.exists(file)) {
      throw unusable(file, "is missing: what the kernels take is not known", null);
    }
    try {
      return parse(Files.readString(file), name(image), Sha256.of(Files.readAllBytes(image)));
    } catch (ResourcesException e) {
      throw unusable(file, String.valueOf(e.getMessage()), "delete it and " + REMEDY, e);
    } catch (CharacterCodingException e) {
      throw unusable(file, "is not text", "delete it and " + REMEDY, e);
    } catch (IOException e) {
      throw unusable(file, "cannot be read: " + StoreErrors.text(e), e);
    }
  }

  private static EngineException unusable(Path file, String why, @Nullable Exception cause) {
    return unusable(file, why, REMEDY, cause);
  }

  private static EngineException unusable(
      Path file, String why, String remedy, @Nullable Exception cause) {
    return new EngineException(EngineException.Kind.UNAVAILABLE, file + ": " + why, remedy, cause);
  }

  /**
   * From a file's text.
   *
   * @param sha256 of the fat binary that lies beside it
   */
  static KernelFamily parse(String text, String name, String sha256) throws ResourcesException {
    List<String> lines = text.lines().toList();
    String first = lines.isEmpty() ? "" : lines.getFirst();
    if (!first.startsWith(FORMAT)) {
      throw new ResourcesException("is no file of kernel resources");
    }
    if (!first.equals(FORMAT + VERSION)) {
      throw new ResourcesException(
          "has version %s of the format, where this gpubench reads %s"
              .formatted(first.substring(FORMAT.length()), VERSION));
    }
    if (!text.endsWith("\nend\n")) {
      throw new ResourcesException("is cut off");
    }
    if (!after("image ", lines).equals(List.of(name + IMAGE + " " + sha256))) {
      throw new ResourcesException("is not about the " + name + IMAGE + " that lies beside it");
    }
    var kernels =
        new ArrayList<>(
            PtxasLog.kernels(after("log ", lines), LaunchBounds.of(after("ptx ", lines))));
    if (kernels.isEmpty()) {
      throw new ResourcesException("names no kernel");
    }
    kernels.sort(
        Comparator.comparing(CompiledKernel::name).thenComparingInt(CompiledKernel::number));
    return new KernelFamily(
        name, sha256, String.join(" ", after("compiler ", lines)), List.copyOf(kernels));
  }

  /** The same with some of its kernels. */
  KernelFamily only(Predicate<CompiledKernel> wanted) {
    return new KernelFamily(name, sha256, compiler, kernels.stream().filter(wanted).toList());
  }

  private static List<String> after(String prefix, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .toList();
  }
}
