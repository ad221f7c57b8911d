// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kernels as compiled, and the simulated device that runs them. */
final class SimulatorFigures {
  private static final int RUNS = 7;

  /** As CI has it: every kernel's contract, but for the tests of the protocol around it. */
  private static final String CONTRACTS =
      "CudaConsensusTest*,CudaCeilingTest#agrees*+what*,CudaLaunchTest";

  static final List<Figure> ALL =
      List.of(
          new Figure(
              "kernel-spills",
              "bytes that the kernels of `consensus` spill, compiled for sm_90",
              Goal.atMost(0, "0 bytes"),
              SimulatorFigures::spills),
          new Figure(
              "sim-run",
              "a whole run on the simulated device: `consensus`, 1,000 validators, 100 samples by one"
                  + " process",
              Goal.atMost(2, "2 s"),
              bench ->
                  Taken.of(
                      Reading.of(
                          bench
                              .seconds(
                                  RUNS,
                                  List.of(
                                      bench.launcher(
                                          "run",
                                          "consensus",
                                          "--device",
                                          "sim",
                                          "--set",
                                          "consensus.validators=1000",
                                          "--set",
                                          "consensus.tags=siphash",
                                          "--samples",
                                          "100",
                                          "--repetitions",
                                          "1",
                                          "--wait",
                                          "2m",
                                          "--no-key",
                                          "--out",
                                          bench.scratch("sim").toString())))[0],
                          "s"))),
          new Figure(
              "sim-contracts",
              "the contracts of all kernels on the simulated device, with Maven's start",
              Goal.atMost(300, "300 s"),
              bench -> contracts(bench, Map.of("GPUBENCH_SIM_SEED", "1"))),
          new Figure(
              "sim-contracts-checked",
              "the same with every access checked",
              Goal.atMost(360, "360 s"),
              bench ->
                  contracts(bench, Map.of("GPUBENCH_SIM_SEED", "1", "GPUBENCH_SIM_CHECK", "1"))),
          checked("none"),
          checked("siphash"));

  private SimulatorFigures() {}

  private static Taken spills(Bench bench) {
    Path nvcc = bench.need("nvcc");
    List<String> lines =
        bench.lines(
            Map.of(),
            List.of("cuda/test/resources.sh", nvcc.toString(), "cuda/consensus.cu", "sm_90"));
    var most = new HashMap<String, Integer>();
    for (String line : lines) {
      String[] words = line.split("[ ,]+");
      for (int i = 1; i < words.length; i++) {
        if (words[i - 1].matches("\\d+")) {
          String what = words[i].equals("bytes") ? last(words, i) : words[i];
          most.merge(what, Integer.parseInt(words[i - 1]), Math::max);
        }
      }
    }
    if (!most.keySet().containsAll(List.of("spilled", "registers", "loads"))) {
      throw new FailedException("resources.sh says something else than before");
    }
    return Taken.of(Reading.of(most.get("spilled"), "bytes"))
        .with("at most " + most.get("registers") + " registers")
        .with(most.get("loads") + " loads of 16 bytes");
  }

  /** What the bytes at that word are of. */
  private static String last(String[] words, int bytes) {
    return bytes + 1 < words.length && !words[bytes + 1].equals("of") ? words[bytes + 1] : "bytes";
  }

  private static Taken contracts(Bench bench, Map<String, String> environment) {
    List<String> command =
        List.of(
            bench.root().resolve("mvnw").toString(),
            "-B",
            "-q",
            "package", // after a package, test would compile everything again
            "-pl",
            "java/engines",
            "-am",
            "-Dtest=" + CONTRACTS,
            "-Dsurefire.failIfNoSpecifiedTests=false");
    long before = System.nanoTime();
    bench.lines(environment, command);
    return Taken.of(Reading.of((System.nanoTime() - before) / 1e9, "s"));
  }

  private static Figure checked(String tags) {
    return new Figure(
        "sim-checked-" + tags,
        "the kernel of `consensus` with tags `%s` and every access checked, over plain"
            .formatted(tags),
        Goal.atMost(5, "5 times"),
        bench -> checked(bench, tags));
  }

  private static Taken checked(Bench bench, String tags) {
    Path program =
        bench.nativeProgram(
            List.of("cudasim_checked_bench", "cudasim_image_consensus"),
            "cudasim/simt/test/cudasim_checked_bench");
    Path images = bench.nativeBuild().resolve("cudasim/kernels");
    List<String> lines =
        bench.lines(
            Map.of(),
            List.of(program.toString(), images.toString(), images.resolve("checked").toString()));
    double[] numbers = CeilingFigures.numbers(lines, tags + " ");
    // plain, checked, first, ratio, and its quartiles
    return Taken.of(new Reading(numbers[3], numbers[4], numbers[5], 0, "times"))
        .with("in brackets its quartiles");
  }
}
