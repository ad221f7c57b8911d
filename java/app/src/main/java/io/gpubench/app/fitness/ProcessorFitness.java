// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import io.gpubench.measure.conditions.CpuSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the processors are fit for measuring. Pure. */
public final class ProcessorFitness {
  private static final String UNTOLD = "the system does not tell; usual in a virtual machine";

  /** Less than this is one step of the counter, of 10 ms, while few CPUs are watched for 0.5 s. */
  static final double LEAST_STEAL = 0.02;

  private ProcessorFitness() {}

  /**
   * All findings, in the order of a table.
   *
   * @param gpu whether there is one, which then decides what node is best
   */
  public static List<Finding> judge(ProcessorFacts facts, boolean gpu) {
    return List.of(
        governor(facts.governor()),
        boost(facts.boost(), facts.boostOff()),
        threads(facts.allowed(), facts.onePerCore()),
        quota(facts.quotaCpus(), facts.allowed()),
        steal(facts.stealShare()),
        nodes(facts.nodes(), facts.allowedNode(), gpu),
        virtual(facts.virtual()),
        hugePages(facts.hugePages()));
  }

  private static Finding governor(@Nullable String governor) {
    if (governor == null || governor.isEmpty()) {
      return Finding.unknown("frequency governor", UNTOLD);
    }
    return governor.equals("performance")
        ? Finding.ok("frequency governor", governor)
        : Finding.warning(
            "frequency governor",
            governor
                + ": clocks change while measuring; 'cpupower frequency-set -g performance' fixes"
                + " them",
            "the first samples after a pause are slower, until the clock has risen",
            "sudo cpupower frequency-set -g performance");
  }

  private static Finding boost(@Nullable Boolean on, @Nullable String off) {
    if (on == null) {
      return Finding.unknown("turbo", UNTOLD);
    }
    return on
        ? Finding.warning(
            "turbo",
            "on: clocks rise above what all CPUs can keep",
            "times depend on heat and on how many CPUs are busy: one thread runs faster than each of"
                + " many",
            off)
        : Finding.ok("turbo", "off");
  }

  private static Finding threads(CpuSet allowed, @Nullable CpuSet onePerCore) {
    if (onePerCore == null) {
      return Finding.unknown("threads of a core", UNTOLD);
    }
    return onePerCore.size() == allowed.size()
        ? Finding.ok("threads of a core", "one; " + allowed.size() + " cores")
        : Finding.warning(
            "threads of a core",
            "%d CPUs on %d cores (SMT)".formatted(allowed.size(), onePerCore.size()),
            "two CPUs of a core share its units: with all of them, each is slower than alone, and"
                + " which two share is chance",
            "gpubench run --cpus " + onePerCore);
  }

  private static Finding quota(@Nullable Double cpus, CpuSet allowed) {
    if (cpus == null) {
      return Finding.ok("CPU quota", "none");
    }
    String text = "%.1f of %d CPUs".formatted(cpus, allowed.size());
    return cpus >= allowed.size()
        ? Finding.ok("CPU quota", text)
        : Finding.warning(
            "CPU quota",
            text,
            "with more threads than that, all of them stop for a part of each period, of 100 ms"
                + " usually: samples that meet it take so much longer",
            "gpubench run --threads " + Math.max(1, (int) Math.floor(cpus)));
  }

  private static Finding steal(@Nullable Double share) {
    if (share == null) {
      return Finding.unknown("steal time", "the system does not tell");
    }
    String text = "%.1f %%".formatted(100 * share);
    return share < LEAST_STEAL
        ? Finding.ok("steal time", text + " of a short moment")
        : Finding.warning(
            "steal time",
            text + " of a short moment went to other machines",
            "times are longer by that on average, and single samples by milliseconds; a duet compares"
                + " despite it",
            null);
  }

  private static Finding nodes(@Nullable Integer nodes, @Nullable Integer allowed, boolean gpu) {
    if (nodes == null) {
      return Finding.unknown("NUMA nodes", UNTOLD);
    }
    return nodes == 1
        ? Finding.ok("NUMA nodes", "1")
        : Finding.warning(
            "NUMA nodes",
            String.valueOf(nodes),
            "memory of another node is farther and slower; which node a worker gets is chance"
                + (gpu ? "; which one is near a GPU, that GPU's finding says" : ""),
            gpu || allowed == null
                ? null
                : "numactl --cpunodebind=%1$d --membind=%1$d gpubench run ...".formatted(allowed));
  }

  private static Finding virtual(@Nullable Boolean virtual) {
    if (virtual == null) {
      return Finding.unknown("virtual machine", "the system does not tell");
    }
    return virtual
        ? Finding.warning(
            "virtual machine",
            "yes",
            "the host can take CPUs away at any time, and sensors of energy, heat and clocks are"
                + " often missing",
            null)
        : Finding.ok("virtual machine", "no");
  }

  private static Finding hugePages(@Nullable String chosen) {
    return chosen == null
        ? Finding.unknown("huge pages", "the system does not tell")
        : Finding.ok("huge pages", "transparent: " + chosen);
  }
}
