// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.kernels.CompiledKernel;
import io.gpubench.app.kernels.KernelFamily;
import io.gpubench.app.kernels.KernelList;
import io.gpubench.gpu.Occupancy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** For a program: {@code configs/schemas/kernels.schema.json}. */
public final class KernelsJson {
  private static final String SCHEMA = "gpubench.kernels/1";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private KernelsJson() {}

  private record Document(String schema, List<Family> families) {}

  private record Family(String family, String sha256, String compiler, List<Kernel> kernels) {}

  private record Kernel(
      String kernel,
      String architecture,
      int registers,
      @Nullable Integer barriers,
      int sharedBytes,
      int stackBytes,
      int spillStoreBytes,
      int spillLoadBytes,
      @Nullable Integer launchBound,
      @Nullable Resident occupancy) {}

  private record Resident(
      int threads,
      int dynamicSharedBytes,
      int blocks,
      int warps,
      int mostWarps,
      double share,
      List<String> limitedBy) {}

  /** One document, ended by a line feed. */
  public static String of(KernelList list) {
    var document =
        new Document(SCHEMA, list.families().stream().map(family -> family(list, family)).toList());
    return JSON.writeValueAsString(document) + "\n";
  }

  private static Family family(KernelList list, KernelFamily family) {
    return new Family(
        family.name(),
        family.sha256(),
        family.compiler(),
        family.kernels().stream().map(kernel -> kernel(list, kernel)).toList());
  }

  private static Kernel kernel(KernelList list, CompiledKernel one) {
    int threads = list.threads(one);
    return new Kernel(
        one.name(),
        one.architecture(),
        one.registers(),
        one.barriers(),
        one.sharedBytes(),
        one.stackBytes(),
        one.spillStoreBytes(),
        one.spillLoadBytes(),
        one.launchBound(),
        one.occupancy(threads, list.dynamicSharedBytes())
            .map(found -> resident(threads, list.dynamicSharedBytes(), found))
            .orElse(null));
  }

  private static Resident resident(int threads, int dynamicSharedBytes, Occupancy one) {
    return new Resident(
        threads,
        dynamicSharedBytes,
        one.blocks(),
        one.warps(),
        one.mostWarps(),
        one.share(),
        one.limitedBy().stream().map(KernelsText::word).toList());
  }
}
