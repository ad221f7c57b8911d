// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.kernels;

import io.gpubench.measure.seal.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Fat binaries of no use, and what a compiler of several generations would have said of them. */
public final class MadeUpImages {
  private MadeUpImages() {}

  /** How ptxas ends the report of a kernel. */
  enum Generation {
    /** CUDA 11 and the first of 12: nothing of barriers. */
    BEFORE_BARRIERS,
    /** CUDA 12.4 and later. */
    WITH_BARRIERS,
    /** Static and dynamic shared memory apart, as the oldest do. */
    WITH_TWO_NUMBERS
  }

  /** Writes an image and its resources below an installation's folder; returns the resources. */
  public static Path write(Path home, String family, List<CompiledKernel> kernels) {
    return write(home, family, kernels, text -> text);
  }

  /** The same with another text than the right one. */
  public static Path write(
      Path home, String family, List<CompiledKernel> kernels, UnaryOperator<String> damage) {
    try {
      Path folder = Files.createDirectories(home.resolve("native/build/cuda"));
      byte[] image = ("image of " + family).getBytes(StandardCharsets.UTF_8);
      Files.write(folder.resolve(family + ".fatbin"), image);
      return Files.writeString(
          folder.resolve(family + ".resources"),
          damage.apply(text(family, Sha256.of(image), kernels, Generation.WITH_BARRIERS)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(
      String family, String sha256, List<CompiledKernel> kernels, Generation generation) {
    var lines = new ArrayList<String>();
    lines.add("gpubench kernel resources 1");
    lines.add("image " + family + ".fatbin " + sha256);
    lines.add("compiler release 12.9, V12.9.86");
    String target = "";
    for (CompiledKernel kernel : kernels) {
      if (!kernel.architecture().equals(target)) {
        target = kernel.architecture();
        lines.add("ptx .target " + target);
      }
      lines.add("ptx .visible .entry " + kernel.name() + "(");
      if (kernel.launchBound() != null) {
        lines.add(bound(kernel.launchBound(), generation));
      }
    }
    lines.add("log ptxas info    : 0 bytes gmem");
    kernels.forEach(kernel -> report(kernel, generation).forEach(line -> lines.add("log " + line)));
    lines.add("end");
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  private static String bound(int threads, Generation generation) {
    return switch (generation) {
      case BEFORE_BARRIERS -> "ptx .maxntid " + threads + ", 1, 1";
      case WITH_BARRIERS -> "ptx .maxntid " + threads;
      case WITH_TWO_NUMBERS ->
          threads % 2 == 0 ? "ptx .reqntid " + threads / 2 + ",2" : "ptx .maxntid 1, 1, " + threads;
    };
  }

  /** The lines of one kernel. */
  static List<String> report(CompiledKernel kernel, Generation generation) {
    var lines = new ArrayList<String>();
    lines.add(
        "ptxas info    : Compiling entry function '%s' for '%s'"
            .formatted(kernel.name(), kernel.architecture()));
    lines.add("ptxas info    : Function properties for " + kernel.name());
    lines.add(
        "    %d bytes stack frame, %d bytes spill stores, %d bytes spill loads"
            .formatted(kernel.stackBytes(), kernel.spillStoreBytes(), kernel.spillLoadBytes()));
    String used = "ptxas info    : Used " + kernel.registers() + " registers";
    if (kernel.barriers() != null) {
      used += ", used " + kernel.barriers() + " barriers";
    }
    if (kernel.stackBytes() > 0 && generation != Generation.BEFORE_BARRIERS) {
      used += ", " + kernel.stackBytes() + " bytes cumulative stack size";
    }
    if (kernel.sharedBytes() > 0) {
      used +=
          ", "
              + kernel.sharedBytes()
              + (generation == Generation.WITH_TWO_NUMBERS ? "+16" : "")
              + " bytes smem";
    }
    lines.add(used + (generation == Generation.WITH_BARRIERS ? "" : ", 376 bytes cmem[0]"));
    return lines;
  }
}
