// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.faults;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.result.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InjectedFaultsTest {
  private static final Path ROOT = Path.of(System.getProperty("gpubench.root"));
  private static final ConfigReader CONFIGS = new ConfigReader(ROOT.resolve("configs"));

  /** What each example becomes. */
  private static final Map<String, List<String>> EXAMPLES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("out-of-memory-late", List.of("fail cuMemAlloc_v2 2 code 2")),
              Map.entry("unknown-error", List.of("fail cuda 60 code 999")),
              Map.entry("failing-kernel", List.of("fail launch 3 code 700")),
              Map.entry("out-of-memory", List.of("memory 65536")),
              Map.entry("lost-device", List.of("lost 100")),
              Map.entry("ecc-error", List.of("ecc 100")),
              Map.entry("hung-kernel", List.of("hang 3")),
              Map.entry("sensors-absent", List.of("sensors absent")),
              Map.entry("sensors-frozen", List.of("sensors frozen")),
              Map.entry("sensors-sentinel", List.of("sensors sentinel")),
              Map.entry("throttling", List.of("sensors live", "throttle 0ms sw_thermal_slowdown")),
              Map.entry(
                  "overheating",
                  List.of("sensors live", "throttle 4000ms sw_thermal_slowdown 500ms")),
              Map.entry("slow-link", List.of("link 1000000 200us")),
              Map.entry("short-queue", List.of("queue 24")),
              Map.entry("slow-clock", List.of("clock 50")),
              Map.entry(
                  "old-driver",
                  List.of("driver 12020", "lacks cuFuncLoad", "lacks cuLaunchKernelEx")),
              Map.entry("nvml-missing", List.of("lacks nvml")),
              Map.entry(
                  "nvml-old",
                  List.of(
                      "sensors live",
                      "lacks nvmlDeviceGetFieldValues",
                      "sensor temperature too_old")),
              Map.entry(
                  "sensor-refused",
                  List.of(
                      "sensors live",
                      "sensor energy refused",
                      "sensor memory_temperature refused",
                      "sensor power_instant no_permission")),
              Map.entry(
                  "sensor-sentinel",
                  List.of(
                      "sensors live",
                      "sensor energy reads 9223372036854775794",
                      "sensor power_instant reads 4294967295",
                      "sensor clock reads 2147483634",
                      "sensor temperature reads 0")),
              Map.entry("sensor-frozen", List.of("sensors live", "sensor power_instant frozen")),
              Map.entry(
                  "sensor-slow",
                  List.of(
                      "sensors live",
                      "sensor power_instant updates 100ms",
                      "sensor power_average takes 3ms",
                      "sensor pcie_sent takes 30ms")),
              Map.entry("lost-while-polled", List.of("sensors live", "lost 2000ms")),
              Map.entry("too-old-driver", List.of("lacks cuGraphLaunch"))));

  @Test
  void everyExampleIsTranslatedAndDocumented() throws IOException {
    var found = new TreeMap<String, List<String>>();
    for (String name : CONFIGS.faultScriptNames()) {
      found.put(name, InjectedFaults.read(CONFIGS, name).faults().rules());
    }
    assertEquals(EXAMPLES, found);
    String page = Files.readString(ROOT.resolve("configs/faults/README.md"));
    for (String name : found.keySet()) {
      assertTrue(page.contains("[`" + name + "`](" + name + ".yaml)"), name);
      String file = Files.readString(ROOT.resolve("configs/faults/" + name + ".yaml"));
      assertTrue(file.contains("$schema=../schemas/faults.schema.json\n"), name);
      assertTrue(file.lines().filter(line -> line.startsWith("# ")).count() > 2, "says what for");
    }
  }

  @Test
  void whatTheDeviceIsLikeHoldsForTheCheckToo() {
    var faults =
        faults(
            null,
            "fail cuda 3 code 2",
            "sensors live",
            "sensor clock frozen",
            "driver 12020",
            "lacks cuFuncLoad",
            "link 5 1us",
            "lacks cuInit",
            "throttle 1ms hw_slowdown");
    assertEquals(
        Map.of(
            "GPUBENCH_SIM_FAULTS",
            "sensors live;sensor clock frozen;link 5 1us",
            "GPUBENCH_SIM_DRIVER_VERSION",
            "12020"),
        faults.environment(InjectedFaults.CHECK));
    assertEquals(
        "fail cuda 3 code 2;sensors live;sensor clock frozen;link 5 1us;throttle 1ms hw_slowdown",
        faults.environment(1).get("GPUBENCH_SIM_FAULTS"));
    assertEquals(faults.environment(1), faults.environment(7));
    assertEquals(List.of("-Dgpubench.simulator.lacks=cuFuncLoad,cuInit"), faults.flags());
  }

  @Test
  void oneProcessAloneHasThem() {
    var faults = faults(2, "sensors live", "lost 40");
    for (int repetition : new int[] {InjectedFaults.CHECK, 1, 3}) {
      assertEquals("", faults.environment(repetition).get("GPUBENCH_SIM_FAULTS"));
    }
    assertEquals(
        Map.of("GPUBENCH_SIM_FAULTS", "sensors live;lost 40", "GPUBENCH_SIM_DRIVER_VERSION", ""),
        faults.environment(2));
    assertEquals(List.of(), faults.flags());
    faults.demandProcess(2);
    assertEquals(
        "--faults script: they are for process 2 of each run, and there is one only",
        message(() -> faults.demandProcess(1)));
    assertEquals(
        "--faults script: they are for process 9 of each run, and there are 8 only",
        message(() -> faults(9, "lost 1").demandProcess(8)));
  }

  @Test
  void onlyTheSimulatedDeviceHasFaults() {
    var faults = faults(null, "lost 40");
    faults.demandSimulator("cuda", "sim");
    faults.demandSimulator("auto", "sim");
    assertEquals(
        "--faults script: only the simulated device can have faults, and none was asked for; measure"
            + " with the device sim",
        message(() -> faults.demandSimulator("cuda", null)));
    assertEquals(
        "--faults script: only the simulated device can have faults, and the device 0 is another; measure"
            + " with the device sim",
        message(() -> faults.demandSimulator("cuda", "0")));
    assertEquals(
        "--faults script: only the simulated device can have faults, and the engine 'host' does not use it",
        message(() -> faults.demandSimulator("host", "sim")));
  }

  @Test
  void theCodesAreThoseOfTheSimulatedDriver() throws IOException {
    Path source = ROOT.resolve("native/cudasim/driver/cuda/errors.cpp");
    assumeTrue(Files.exists(source), "the sources are there");
    Matcher row =
        Pattern.compile("\\{(\\d+), \"(CUDA_ERROR_\\w+)\"").matcher(Files.readString(source));
    Map<String, Integer> named =
        row.results()
            .collect(toMap(match -> match.group(2), match -> Integer.valueOf(match.group(1))));
    assertTrue(named.size() > 90, named.toString());
    var words = DriverWords.vocabulary();
    assertEquals(named, words.codes().get("cuda"));
    assertEquals(15, words.codes().get("nvml").get("NVML_ERROR_GPU_IS_LOST"));
    assertEquals(
        new TreeSet<>(words.functions().keySet()), new TreeSet<>(List.of("cuda", "nvml", "nvrtc")));
    assertTrue(
        Stream.of("cuGetErrorName", "cuGetErrorString", "nvmlErrorString")
            .allMatch(words.unfailing()::contains));
  }

  private static InjectedFaults faults(@Nullable Integer process, String... rules) {
    return new InjectedFaults(new Faults("script", "0".repeat(64), process, List.of(rules)));
  }

  private static String message(Runnable demand) {
    return String.valueOf(assertThrows(ConfigException.class, demand::run).getMessage());
  }
}
