// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.kernels.MadeUpImages.Generation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What compilers say of kernels is read as they mean it, or refused. */
class KernelFamilyTest {
  private static final String SHA = "0".repeat(64);
  private static final List<String> ARCHITECTURES = List.of("sm_75", "sm_90", "sm_90a", "sm_120");

  /** As nvcc 13.0 says it of a kernel that calls a function, one that spills, and an empty one. */
  private static final String CUDA_13 =
      """
      ptxas info    : 0 bytes gmem
      ptxas info    : Compiling entry function '_Z5emptyPi' for 'sm_90'
      ptxas info    : Function properties for _Z5emptyPi
          0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
      ptxas info    : Used 4 registers, used 0 barriers
      ptxas info    : Compile time = 0.700 ms
      ptxas info    : Compiling entry function 'calls' for 'sm_90'
      ptxas info    : Function properties for calls
          0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
      ptxas info    : Used 32 registers, used 1 barriers, 256 bytes cumulative stack size, 400 bytes smem
      ptxas info    : Compile time = 15.284 ms
      ptxas info    : Function properties for other
          256 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
      ptxas warning : Registers are spilled to local memory in function 'spills', 1560 bytes spill stores, 1584 bytes spill loads
      ptxas info    : Compiling entry function 'spills' for 'sm_90'
      ptxas info    : Function properties for spills
          1144 bytes stack frame, 1560 bytes spill stores, 1584 bytes spill loads
      ptxas info    : Used 32 registers, used 1 barriers, 1144 bytes cumulative stack size, 392 bytes cmem[0], 8 bytes cmem[2]
      """;

  private static CompiledKernel kernel(Random random, String name, String architecture) {
    boolean spills = random.nextInt(4) == 0;
    return new CompiledKernel(
        name,
        architecture,
        random.nextInt(4, 256),
        random.nextInt(0, 17),
        random.nextBoolean() ? 0 : random.nextInt(49_153),
        spills ? random.nextInt(8, 5_000) : 0,
        spills ? random.nextInt(4, 5_000) : 0,
        spills ? random.nextInt(4, 5_000) : 0,
        random.nextInt(5) == 0 ? null : random.nextInt(1, 1_025));
  }

  private static List<CompiledKernel> kernels(Random random) {
    var kernels = new ArrayList<CompiledKernel>();
    for (String architecture : ARCHITECTURES.subList(0, random.nextInt(1, 5))) {
      IntStream.range(0, random.nextInt(1, 6))
          .forEach(i -> kernels.add(kernel(random, "k_" + i, architecture)));
    }
    return kernels;
  }

  private static CompiledKernel withoutBarriers(CompiledKernel kernel) {
    return new CompiledKernel(
        kernel.name(),
        kernel.architecture(),
        kernel.registers(),
        null,
        kernel.sharedBytes(),
        kernel.stackBytes(),
        kernel.spillStoreBytes(),
        kernel.spillLoadBytes(),
        kernel.launchBound());
  }

  private static List<CompiledKernel> sorted(List<CompiledKernel> kernels) {
    return kernels.stream()
        .sorted(Comparator.comparing(CompiledKernel::name).thenComparingInt(CompiledKernel::number))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void everyGenerationOfTheCompilerIsRead(Generation generation) throws Exception {
    var random = new Random(generation.name().length());
    for (int i = 0; i < 50; i++) {
      List<CompiledKernel> kernels = kernels(random);
      if (generation == Generation.BEFORE_BARRIERS) {
        kernels = kernels.stream().map(KernelFamilyTest::withoutBarriers).toList();
      }
      String text = MadeUpImages.text("family", SHA, kernels, generation);
      KernelFamily read = KernelFamily.parse(text, "family", SHA);
      assertEquals(sorted(kernels), read.kernels());
      assertEquals("release 12.9, V12.9.86", read.compiler());
    }
  }

  @Test
  void calledFunctionsAndRemarksAreNoKernels() throws Exception {
    assertEquals(
        List.of(
            new CompiledKernel("_Z5emptyPi", "sm_90", 4, 0, 0, 0, 0, 0, 96),
            new CompiledKernel("calls", "sm_90", 32, 1, 400, 256, 0, 0, null),
            new CompiledKernel("spills", "sm_90", 32, 1, 0, 1144, 1560, 1584, 1024)),
        PtxasLog.kernels(
            CUDA_13.lines().toList(),
            LaunchBounds.of(
                List.of(
                    ".target sm_75",
                    ".visible .entry calls(",
                    ".maxntid 1, 1, 1",
                    ".target sm_90",
                    ".visible .entry _Z5emptyPi()",
                    ".maxntid 96, 1, 1",
                    ".weak .entry calls(",
                    ".entry spills(",
                    ".maxntid 512, 2, 1",
                    ".minnctapersm 2"))));
  }

  /** Two compilations at once may mix their lines; what is told then is right, or nothing is. */
  @Test
  void mixedReportsAreNeverToldOfTheWrongKernel() throws Exception {
    var random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 3_000; i++) {
      var reports = new ArrayList<List<String>>();
      var kernels = new ArrayList<CompiledKernel>();
      for (String architecture : List.of("sm_80", "sm_90")) {
        var report = new ArrayList<String>();
        for (String name : List.of("a", "b")) {
          CompiledKernel kernel = kernel(random, name, architecture);
          kernels.add(kernel);
          report.addAll(MadeUpImages.report(kernel, Generation.WITH_BARRIERS));
        }
        reports.add(report);
      }
      var bounds = new HashMap<String, Integer>();
      kernels.stream()
          .filter(kernel -> kernel.launchBound() != null)
          .forEach(kernel ->
              bounds.put(kernel.architecture() + " " + kernel.name(), kernel.launchBound()));
      try {
        assertEquals(sorted(kernels), sorted(PtxasLog.kernels(mixed(random, reports), bounds)));
      } catch (ResourcesException e) {
        refused++;
      }
    }
    assertTrue(refused > 1_000 && refused < 3_000, refused + " refused");
  }

  private static List<String> mixed(Random random, List<List<String>> reports) {
    var mixed = new ArrayList<String>();
    int[] at = new int[reports.size()];
    int current = 0;
    while (IntStream.range(0, at.length).anyMatch(i -> at[i] < reports.get(i).size())) {
      if (random.nextInt(4) == 0 || at[current] == reports.get(current).size()) {
        current = random.nextInt(at.length);
      }
      if (at[current] < reports.get(current).size()) {
        mixed.add(reports.get(current).get(at[current]++));
      }
    }
    return mixed;
  }

  @Test
  void aReportThatLacksALineIsRefused() {
    List<String> report =
        MadeUpImages.report(kernel(new Random(8), "k", "sm_90"), Generation.WITH_BARRIERS);
    for (int i = 0; i < report.size(); i++) {
      var lines = new ArrayList<>(report);
      lines.addAll(report);
      lines.remove(i);
      assertThrows(ResourcesException.class, () -> PtxasLog.kernels(lines, Map.of()));
    }
    var another = new ArrayList<>(report);
    another.set(1, "ptxas info    : Function properties for j");
    assertThrows(ResourcesException.class, () -> PtxasLog.kernels(another, Map.of()));
  }

  @Test
  void whatIsCutOffAnywhereIsRefused() {
    String text =
        MadeUpImages.text("family", SHA, kernels(new Random(3)), Generation.WITH_BARRIERS);
    for (int length = 0; length < text.length(); length++) {
      String cut = text.substring(0, length);
      assertThrows(ResourcesException.class, () -> KernelFamily.parse(cut, "family", SHA));
    }
  }

  private static void refused(String reason, String text) {
    var refusal =
        assertThrows(ResourcesException.class, () -> KernelFamily.parse(text, "family", SHA));
    assertEquals(reason, refusal.getMessage());
  }

  @Test
  void whatIsNotAboutTheseImagesIsRefused() {
    List<CompiledKernel> kernels = kernels(new Random(4));
    String text = MadeUpImages.text("family", SHA, kernels, Generation.WITH_BARRIERS);
    refused("is no file of kernel resources", "");
    refused("is no file of kernel resources", "{}\n");
    refused(
        "has version 2 of the format, where this gpubench reads 1",
        text.replaceFirst("resources 1\n", "resources 2\n"));
    refused("is not about the family.fatbin that lies beside it", text.replace(SHA, "1" + SHA));
    refused("is not about the family.fatbin that lies beside it", text.replace("image ", "im "));
    refused("names no kernel", text.replaceAll("\nlog .*", ""));
    refused(
        "'.maxntid 32' belongs to no kernel",
        text.replaceFirst("\nptx .target", "\nptx .maxntid 32\nptx .target"));
    refused(
        "a launch bound of 2048 threads in '.maxntid 1024, 2'",
        text.replaceFirst("\\.maxntid \\d+", ".maxntid 1024, 2"));
    refused(
        "the report of %s is not whole".formatted(kernels.getLast().name()),
        text.replaceFirst("\nlog .*Used[^\n]*\nend\n$", "\nend\n"));
  }
}
