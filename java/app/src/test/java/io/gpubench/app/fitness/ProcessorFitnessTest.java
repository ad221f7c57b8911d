// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gpubench.app.fitness.Finding.State;
import io.gpubench.measure.conditions.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From files of a system to findings. */
class ProcessorFitnessTest {
  private static final String CPUS = "sys/devices/system/cpu/";

  @TempDir private Path root;
  private boolean gpu;

  @BeforeEach
  void describeAFitMachine() throws IOException {
    write("proc/self/status", "Cpus_allowed_list:\t0-3");
    write(CPUS + "cpu0/cpufreq/scaling_governor", "performance");
    write(CPUS + "intel_pstate/no_turbo", "1");
    for (int cpu = 0; cpu < 4; cpu++) {
      write(CPUS + "cpu" + cpu + "/topology/thread_siblings_list", String.valueOf(cpu));
    }
    write("proc/stat", "cpu  1 2 3 4 5 6 7 0 0 0");
    write("sys/devices/system/node/node0/cpulist", "0-3");
    write("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu avx2");
    write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
  }

  private List<Finding> judge() throws InterruptedException {
    return ProcessorFitness.judge(ProcessorFacts.read(root, Duration.ofMillis(1)), gpu);
  }

  private Finding judge(String what) throws InterruptedException {
    return judge().stream().filter(one -> one.what().equals(what)).findFirst().orElseThrow();
  }

  @Test
  void aFitMachine() throws InterruptedException {
    for (Finding finding : judge()) {
      assertEquals(State.OK, finding.state(), finding.toString());
      assertNull(finding.effect());
    }
    assertEquals("one; 4 cores", judge("threads of a core").detail());
    assertEquals("transparent: madvise", judge("huge pages").detail());
  }

  @Test
  void whatTheSystemDoesNotTellIsUnknown() throws InterruptedException {
    var facts =
        new ProcessorFacts(
            CpuSet.parse("0"), null, null, null, null, null, null, null, null, null, null);
    for (Finding finding : ProcessorFitness.judge(facts, false)) {
      assertEquals(
          finding.what().equals("CPU quota") ? State.OK : State.UNKNOWN,
          finding.state(),
          finding.toString());
    }
  }

  @Test
  void anEmptySystemTellsNothing(@TempDir Path empty) throws InterruptedException {
    ProcessorFacts facts = ProcessorFacts.read(empty, Duration.ZERO);
    assertEquals(
        new ProcessorFacts(
            facts.allowed(), null, null, null, null, null, null, null, null, null, null),
        facts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          cpu0/cpufreq/scaling_governor      ; powersave ; frequency governor ; sudo cpupower frequency-set -g performance
          intel_pstate/no_turbo              ; 0         ; turbo              ; echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo
          cpu1/topology/thread_siblings_list ; 0         ; threads of a core  ; gpubench run --cpus 0,2-3
          """)
  void aSettingThatDisturbs(String file, String text, String what, String command)
      throws Exception {
    write(CPUS + file, text);
    Finding finding = judge(what);
    assertEquals(State.WARNING, finding.state());
    assertNotNull(finding.effect());
    assertEquals(command, finding.command());
  }

  @Test
  void turboOfOtherProcessors() throws Exception {
    Files.delete(root.resolve(CPUS + "intel_pstate/no_turbo"));
    assertEquals(State.UNKNOWN, judge("turbo").state());
    write(CPUS + "cpufreq/boost", "0");
    assertEquals(State.OK, judge("turbo").state());
    write(CPUS + "cpufreq/boost", "1");
    assertEquals(State.WARNING, judge("turbo").state());
    assertEquals(
        "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost", judge("turbo").command());
  }

  @ParameterizedTest
  @CsvSource({
    "max 100000, OK, none, ",
    "400000 100000, OK, 4.0 of 4 CPUs, ",
    "399000 100000, WARNING, 4.0 of 4 CPUs, gpubench run --threads 3",
    "150000 100000, WARNING, 1.5 of 4 CPUs, gpubench run --threads 1",
    "50000 100000, WARNING, 0.5 of 4 CPUs, gpubench run --threads 1"
  })
  void quota(String max, State state, String detail, @Nullable String command) throws Exception {
    write("proc/self/cgroup", "0::/");
    write("sys/fs/cgroup/cpu.stat", "nr_throttled 0\nthrottled_usec 0");
    write("sys/fs/cgroup/cpu.max", max);
    assertEquals(state, judge("CPU quota").state());
    assertEquals(detail, judge("CPU quota").detail());
    assertEquals(command, judge("CPU quota").command());
  }

  @ParameterizedTest
  @CsvSource({"0, OK", "0.0199, OK", "0.02, WARNING", "1, WARNING"})
  void steal(double share, State state) {
    var facts =
        new ProcessorFacts(
            CpuSet.parse("0"), null, null, null, null, null, share, null, null, null, null);
    assertEquals(state, ProcessorFitness.judge(facts, false).get(4).state());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0-7 |     | false | numactl --cpunodebind=0 --membind=0 gpubench run ...",
        "5   | 0-1 | false | numactl --cpunodebind=1 --membind=1 gpubench run ...",
        "0-7 | 1   | false | numactl --cpunodebind=1 --membind=1 gpubench run ...",
        "0-3 | 1   | false |",
        "0-7 | 0-1 | true  |"
      })
  void theNodeOfTheCommandIsOneThatIsAllowed(
      String cpus, @Nullable String memory, boolean withGpu, @Nullable String command)
      throws Exception {
    write("sys/devices/system/node/node1/cpulist", "4-7");
    write(
        "proc/self/status",
        "Cpus_allowed_list:\t" + cpus + (memory == null ? "" : "\nMems_allowed_list:\t" + memory));
    gpu = withGpu;
    assertEquals(State.WARNING, judge("NUMA nodes").state());
    assertEquals(command, judge("NUMA nodes").command());
  }

  @Test
  void nodesAndVirtualMachines() throws Exception {
    write("sys/devices/system/node/node1/cpulist", "");
    assertEquals(State.WARNING, judge("NUMA nodes").state());
    write("proc/cpuinfo", "flags\t\t: fpu hypervisor avx2");
    assertEquals(State.WARNING, judge("virtual machine").state());
    write("proc/cpuinfo", "Features\t: fp asimd");
    assertEquals(State.UNKNOWN, judge("virtual machine").state(), "only x86 tells");
  }
}
