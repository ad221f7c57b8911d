// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.conditions.MachineSensors;
import io.gpubench.measure.spi.Sensors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the processors that a measurement depends on. What nobody tells is null.
 *
 * @param allowed CPUs that this process may use
 * @param governor of the clocks, of the first CPU
 * @param boost whether clocks may rise above what all CPUs can keep
 * @param boostOff the command that forbids it
 * @param onePerCore one of the allowed CPUs for each core that has some; null where cores are not
 *     told
 * @param quotaCpus CPUs that control groups grant on average; null without a quota
 * @param stealShare of the time of all CPUs, that the host gave to others while it was watched
 * @param nodes of memory
 * @param allowedNode the first node of which this process may use CPUs and memory; null if nobody
 *     tells
 * @param virtual whether this is a virtual machine
 * @param hugePages of {@code always}, {@code madvise}, {@code never}, what is chosen
 */
public record ProcessorFacts(
    CpuSet allowed,
    @Nullable String governor,
    @Nullable Boolean boost,
    @Nullable String boostOff,
    @Nullable CpuSet onePerCore,
    @Nullable Double quotaCpus,
    @Nullable Double stealShare,
    @Nullable Integer nodes,
    @Nullable Integer allowedNode,
    @Nullable Boolean virtual,
    @Nullable String hugePages) {
  private static final String NODES = "sys/devices/system/node/";
  private static final String ALLOWED_NODES = "Mems_allowed_list:";
  private static final String CPUS = "sys/devices/system/cpu/";
  private static final Pattern CHOSEN = Pattern.compile(".*\\[(\\w+)].*");

  /**
   * Reads them.
   *
   * @param root holds {@code sys} and {@code proc}
   * @param watch how long steal time is watched
   */
  public static ProcessorFacts read(Path root, Duration watch) throws InterruptedException {
    var files = new SystemFiles(root);
    CpuSet allowed = CpuSet.allowed(root);
    String noTurbo = files.text(CPUS + "intel_pstate/no_turbo");
    String boost = files.text(CPUS + "cpufreq/boost");
    List<String> nodes = files.names(NODES, "node\\d{1,4}");
    return new ProcessorFacts(
        allowed,
        files.text(CPUS + "cpu0/cpufreq/scaling_governor"),
        noTurbo != null
            ? Boolean.valueOf(noTurbo.equals("0"))
            : boost != null ? Boolean.valueOf(boost.equals("1")) : null,
        noTurbo != null
            ? "echo 1 | sudo tee /" + CPUS + "intel_pstate/no_turbo"
            : boost != null ? "echo 0 | sudo tee /" + CPUS + "cpufreq/boost" : null,
        onePerCore(files, allowed),
        reading(root, MachineSensors.QUOTA),
        stealShare(root, watch),
        nodes.isEmpty() ? null : nodes.size(),
        allowedNode(files, nodes, allowed),
        virtual(files),
        chosen(files.text("sys/kernel/mm/transparent_hugepage/enabled")));
  }

  private static @Nullable Integer allowedNode(
      SystemFiles files, List<String> nodes, CpuSet allowed) {
    CpuSet memory = set(memoryNodes(files));
    return nodes.stream()
        .filter(node -> {
          CpuSet cpus = set(files.text(NODES + node + "/cpulist"));
          return cpus != null && cpus.intersects(allowed);
        })
        .map(node -> Integer.valueOf(node.substring("node".length())))
        .filter(node -> memory == null || memory.contains(node))
        .min(Integer::compare)
        .orElse(null);
  }

  private static @Nullable String memoryNodes(SystemFiles files) {
    String status = files.text("proc/self/status");
    return status == null
        ? null
        : status
            .lines()
            .filter(line -> line.startsWith(ALLOWED_NODES))
            .map(line -> line.substring(ALLOWED_NODES.length()).strip())
            .findFirst()
            .orElse(null);
  }

  /** Numbers of CPUs or nodes; null where there are none. */
  private static @Nullable CpuSet set(@Nullable String list) {
    try {
      return list == null || list.isEmpty() ? null : CpuSet.parse(list);
    } catch (ConfigException _) {
      return null;
    }
  }

  private static @Nullable Boolean virtual(SystemFiles files) {
    String text = files.text("proc/cpuinfo");
    return text == null
        ? null
        : text.lines()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> List.of(line.split("\\s+")).contains("hypervisor"))
            .orElse(null); // only x86 has such a flag
  }

  private static @Nullable String chosen(@Nullable String options) {
    Matcher chosen = CHOSEN.matcher(options == null ? "" : options);
    return chosen.matches() ? chosen.group(1) : null;
  }

  private static @Nullable CpuSet onePerCore(SystemFiles files, CpuSet allowed) {
    var first = new ArrayList<Integer>();
    var seen = new HashSet<String>();
    for (CpuSet.Range range : allowed.ranges()) {
      for (int cpu = range.first(); cpu <= range.last(); cpu++) {
        String siblings = files.text(CPUS + "cpu" + cpu + "/topology/thread_siblings_list");
        if (siblings == null) {
          return null;
        }
        if (seen.add(siblings)) {
          first.add(cpu);
        }
      }
    }
    try {
      return CpuSet.parse(first.stream().map(String::valueOf).collect(Collectors.joining(",")));
    } catch (ConfigException _) {
      return null;
    }
  }

  private static @Nullable Double reading(Path root, String id) {
    try (Sensors sensors = MachineSensors.source(root).open()) {
      return reading(sensors, id);
    }
  }

  private static @Nullable Double reading(Sensors sensors, String id) {
    for (int i = 0; i < sensors.all().size(); i++) {
      if (sensors.all().get(i).id().equals(id)) {
        double reading = sensors.read(i);
        return Double.isNaN(reading) ? null : reading;
      }
    }
    return null;
  }

  private static @Nullable Double stealShare(Path root, Duration watch)
      throws InterruptedException {
    try (Sensors sensors = MachineSensors.source(root).open()) {
      Double before = reading(sensors, MachineSensors.STEAL);
      long start = System.nanoTime();
      Thread.sleep(watch);
      Double after = reading(sensors, MachineSensors.STEAL);
      double seconds = (System.nanoTime() - start) / 1e9;
      int cpus = online(new SystemFiles(root));
      return before == null || after == null
          ? null
          : Math.clamp((after - before) / (seconds * cpus), 0, 1);
    }
  }

  /** All CPUs of the machine, also those that this process may not use. */
  private static int online(SystemFiles files) {
    String list = files.text(CPUS + "online");
    try {
      return list == null ? Runtime.getRuntime().availableProcessors() : CpuSet.parse(list).size();
    } catch (ConfigException _) {
      return Runtime.getRuntime().availableProcessors();
    }
  }
}
