// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import io.gpubench.app.fitness.DeviceFacts.Clocks;
import io.gpubench.app.fitness.DeviceFacts.Heat;
import io.gpubench.app.fitness.DeviceFacts.Power;
import io.gpubench.app.fitness.DeviceFacts.Repairs;
import io.gpubench.gpu.ClockEventReason;
import io.gpubench.gpu.ComputeProcess;
import io.gpubench.gpu.NvmlDevice.ComputeMode;
import io.gpubench.gpu.NvmlDevice.Virtualisation;
import io.gpubench.measure.conditions.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether a device is fit for measuring. Pure. */
public final class DeviceFitness {
  private static final String NVML = "NVML";
  private static final String UNTOLD = "the driver does not tell";

  /** Closer to its slowdown than this, a device gets there under load. */
  static final int LEAST_HEAD_ROOM_CELSIUS = 15;

  private final String change;
  private final String divide;

  private DeviceFitness(DeviceFacts facts) {
    this.change = "sudo nvidia-smi -i " + facts.uuid() + " ";
    this.divide = "sudo nvidia-smi mig -i " + facts.uuid() + " ";
  }

  /**
   * All findings, in the order of a table.
   *
   * @param allowed CPUs that this process may use
   * @param nodes of memory that the machine has; null if nobody tells
   */
  public static List<Finding> judge(DeviceFacts facts, CpuSet allowed, @Nullable Integer nodes) {
    var fitness = new DeviceFitness(facts);
    var findings = new ArrayList<Finding>();
    findings.add(fitness.persistence(facts.persistent()));
    findings.add(fitness.clocks(facts.clocks(), facts.reasons()));
    findings.add(throttling(facts.reasons()));
    findings.add(performanceState(facts.performanceState()));
    findings.add(fitness.power(facts.power()));
    findings.add(heat(facts.heat()));
    findings.add(fitness.errorCorrection(facts.ecc(), facts.eccAfterRestart()));
    findings.add(fitness.repairs(facts.repairs()));
    findings.add(fitness.division(facts.divided()));
    findings.add(fitness.computeMode(facts.computeMode()));
    findings.add(virtualisation(facts.virtualisation()));
    findings.add(LinkFitness.link(facts.link(), facts.place(), facts.performanceState()));
    findings.add(LinkFitness.place(facts.place(), allowed, nodes));
    findings.add(occupants(facts.occupants()));
    return List.copyOf(findings);
  }

  /** That NVML cannot be asked for the device. */
  public static Finding unaskable(@Nullable String message) {
    return Finding.warning(
        NVML,
        String.valueOf(message),
        "nothing is known of its clocks, heat and power, and a run does not notice when they change;"
            + " where it is lost, every run on it fails",
        null);
  }

  /** That NVML has no such device. */
  public static Finding unheardOf() {
    return Finding.unknown(NVML, "it does not know this device");
  }

  private Finding persistence(@Nullable Boolean on) {
    if (on == null) {
      return Finding.unknown("persistence", UNTOLD);
    }
    return on
        ? Finding.ok("persistence", "the driver stays loaded")
        : Finding.warning(
            "persistence",
            "off: the driver unloads the device while nobody uses it",
            "the first use after a pause takes seconds, and clocks that were locked are lost then;"
                + " samples after a warm-up are not affected",
            change + "-pm 1");
  }

  private Finding clocks(Clocks clocks, @Nullable Set<ClockEventReason> reasons) {
    Integer asked = clocks.asked();
    Integer usual = clocks.usual();
    if (asked != null && usual != null && asked < usual) {
      return Finding.warning(
          "clocks",
          "application clock %d MHz, default %d MHz".formatted(asked, usual),
          "kernels that arithmetic limits are up to %s slower than on the device as sold"
              .formatted(less(asked, usual)),
          change + "-rac");
    }
    if (clocks.now() == null) {
      return Finding.unknown("clocks", UNTOLD);
    }
    String now =
        clocks.most() == null
            ? "%d MHz now".formatted(clocks.now())
            : "%d MHz now, at most %d MHz".formatted(clocks.now(), clocks.most());
    if (reasons != null && reasons.contains(ClockEventReason.CLOCKS_SETTING)) {
      return Finding.ok("clocks", now + ", held by a setting");
    }
    if (reasons != null && reasons.equals(Set.of(ClockEventReason.IDLE))) {
      return Finding.unknown(
          "clocks", now + "; whether they are locked is not told while the device is idle");
    }
    return new Finding(
        null,
        "clocks",
        Finding.State.UNKNOWN,
        now + "; whether they are locked is not told",
        "clocks that are not locked follow load, power and heat, and so do times: two runs of the"
            + " same kernel differ, the record's telemetry says by how much",
        "gpubench doctor --lock-clocks");
  }

  private static Finding throttling(@Nullable Set<ClockEventReason> reasons) {
    if (reasons == null) {
      return Finding.unknown("throttling", UNTOLD);
    }
    List<String> words =
        reasons.stream().filter(ClockEventReason::throttling).map(ClockEventReason::word).toList();
    return words.isEmpty()
        ? Finding.ok("throttling", "none now")
        : Finding.warning(
            "throttling",
            String.join(", ", words) + " now",
            "it is slower than its settings ask for; a run discards samples of such a while until a"
                + " quarter of its time is lost, and says so",
            null);
  }

  private static Finding performanceState(@Nullable Integer state) {
    return state == null
        ? Finding.unknown("performance state", UNTOLD)
        : Finding.ok(
            "performance state",
            state == 0 ? "P0, the fastest" : "P%d now; it rises with load".formatted(state));
  }

  private Finding power(Power power) {
    Integer limit = power.limit();
    Integer usual = power.usual();
    if (limit == null) {
      return Finding.unknown("power limit", UNTOLD);
    }
    String text = "%d W".formatted(limit / 1000);
    if (usual == null) {
      return Finding.ok("power limit", text + "; the default is not told");
    }
    if (limit >= usual) {
      return Finding.ok(
          "power limit",
          text + (limit > usual ? ", default %d W".formatted(usual / 1000) : ", the default"));
    }
    return Finding.warning(
        "power limit",
        text + ", default %d W".formatted(usual / 1000),
        "under full load clocks fall until it draws %s less; kernels that memory limits lose less than"
                .formatted(less(limit, usual))
            + " kernels that arithmetic limits",
        change + "-pl " + usual / 1000);
  }

  private static Finding heat(Heat heat) {
    Integer now = heat.now();
    Integer slowdown = heat.slowdown();
    if (now == null) {
      return Finding.unknown("temperature", UNTOLD);
    }
    if (slowdown == null) {
      return Finding.ok("temperature", "%d C; where it slows down is not told".formatted(now));
    }
    String text = "%d C, slows down at %d C".formatted(now, slowdown);
    return slowdown - now >= LEAST_HEAD_ROOM_CELSIUS
        ? Finding.ok("temperature", text)
        : Finding.warning(
            "temperature",
            text,
            "little head-room: under load it is throttled, and samples of that while are discarded",
            null);
  }

  private Finding errorCorrection(@Nullable Boolean on, @Nullable Boolean afterRestart) {
    if (on == null) {
      return Finding.unknown("ECC", "it has none, or the driver does not tell");
    }
    if (afterRestart != null && !on.equals(afterRestart)) {
      return Finding.warning(
          "ECC",
          on ? "on, off after the next restart" : "off, on after the next restart",
          "memory is faster without it, and smaller with it on most devices: runs before and after"
              + " the restart do not compare",
          on ? change + "-e 1" : "sudo reboot");
    }
    return on
        ? Finding.ok("ECC", "on")
        : Finding.warning(
            "ECC",
            "off",
            "a flipped bit stays unseen unless it makes an answer wrong; memory may be faster than"
                + " with it, so that runs with and without do not compare",
            change + "-e 1  # then restart the machine");
  }

  private Finding repairs(Repairs repairs) {
    Integer uncorrected = repairs.uncorrected();
    Integer corrected = repairs.corrected();
    if (Boolean.TRUE.equals(repairs.failed())) {
      return Finding.warning(
          "memory errors",
          "broken memory could not be replaced",
          "answers may be wrong; do not measure with it",
          null);
    }
    if (Boolean.TRUE.equals(repairs.pending())) {
      return Finding.warning(
          "memory errors",
          "broken memory is to be replaced at the next reset",
          "it is in use until then, and an uncorrected error ends the process that meets it",
          change + "--gpu-reset  # while nobody uses it");
    }
    if (uncorrected != null && uncorrected > 0) {
      return Finding.warning(
          "memory errors",
          "rows or pages replaced after uncorrected errors: %d".formatted(uncorrected),
          "none on numbers now; more of them say that the device is to be exchanged",
          null);
    }
    if (uncorrected == null) {
      return Finding.unknown(
          "memory errors", "it does not count them, or the driver does not tell");
    }
    return Finding.ok(
        "memory errors",
        corrected == null || corrected == 0
            ? "nothing was replaced"
            : "rows or pages replaced after corrected errors: %d".formatted(corrected));
  }

  private Finding division(@Nullable Boolean divided) {
    if (divided == null) {
      return Finding.unknown("MIG", "it cannot be divided, or the driver does not tell");
    }
    return divided
        ? Finding.warning(
            "MIG",
            "divided into several devices",
            "a part has a share of the multiprocessors, caches and bandwidth: its numbers are not"
                + " those of the card",
            divide + "-dci && " + divide + "-dgi && " + change + "-mig 0")
        : Finding.ok("MIG", "off: the whole card");
  }

  private Finding computeMode(@Nullable ComputeMode mode) {
    if (mode == null) {
      return Finding.unknown("compute mode", UNTOLD);
    }
    return switch (mode) {
      case SHARED -> Finding.ok("compute mode", "default");
      case EXCLUSIVE_PROCESS, EXCLUSIVE_THREAD ->
          Finding.warning(
              "compute mode",
              "exclusive: one process at a time",
              "keeps others away, but a run fails while another process has it",
              change + "-c DEFAULT");
      case PROHIBITED ->
          Finding.warning(
              "compute mode", "prohibited", "no process can use it", change + "-c DEFAULT");
    };
  }

  private static Finding virtualisation(@Nullable Virtualisation kind) {
    if (kind == null) {
      return Finding.unknown("virtualisation", UNTOLD);
    }
    return switch (kind) {
      case NONE -> Finding.ok("virtualisation", "none");
      case PASSTHROUGH ->
          Finding.ok("virtualisation", "the whole card, passed through to a virtual machine");
      case SHARE ->
          Finding.warning(
              "virtualisation",
              "a share of a card (vGPU)",
              "others use the same card in turns: times contain theirs, and numbers are not those of"
                  + " the card",
              null);
      case HOST_OF_SHARES ->
          Finding.warning(
              "virtualisation",
              "gives shares to virtual machines",
              "what they compute takes time from a measurement",
              null);
    };
  }

  private static Finding occupants(@Nullable List<ComputeProcess> processes) {
    if (processes == null) {
      return Finding.unknown("other processes", UNTOLD);
    }
    return processes.isEmpty()
        ? Finding.ok("other processes", "none seen; in a container others may be hidden")
        : Finding.warning(
            "other processes",
            processes.stream().map(ComputeProcess::toString).collect(Collectors.joining(", "))
                + ": they will disturb a measurement",
            "they take time, memory and cache from it, as much as they like",
            null);
  }

  /** By how much a number is smaller than another, such as {@code 25 %}. */
  private static String less(int number, int than) {
    return "%.0f %%".formatted(100.0 * (than - number) / than);
  }
}
