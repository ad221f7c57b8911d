// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.result.Faults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultScriptTest {
  private static final Path CONFIGS =
      Path.of(Objects.requireNonNull(System.getProperty("gpubench.root")), "configs");

  private static final FaultVocabulary WORDS =
      new FaultVocabulary(
          Map.of(
              "cuda", List.of("cuInit", "cuMemAlloc_v2", "cuMemFree_v2", "cuGetErrorName"),
              "nvml", List.of("nvmlInit_v2", "nvmlShutdown"),
              "nvrtc", List.of("nvrtcVersion")),
          Map.of(
              "cuda", Map.of("CUDA_ERROR_OUT_OF_MEMORY", 2, "CUDA_ERROR_UNKNOWN", 999),
              "nvml", Map.of("NVML_ERROR_MEMORY", 20, "NVML_ERROR_GPU_IS_LOST", 15)),
          Set.of("cuGetErrorName"));

  private static final String WHOLE =
      """
      schema: 1
      description: Everything at once.
      process: 2
      faults:
        - fail: {function: cuMemAlloc_v2, call: 2, code: CUDA_ERROR_OUT_OF_MEMORY}
        - fail: {function: nvmlInit_v2, call: every, code: 15}
        - fail: {call: 17, code: 999}
        - fail: {library: nvml, call: 3, code: NVML_ERROR_GPU_IS_LOST}
        - fail: {launch: 3, code: CUDA_ERROR_UNKNOWN}
        - fail: {launch: every, code: 2}
        - outOfMemory: {from: 1.5 MiB}
        - lostDevice: {after: 200ms}
        - eccError: {call: 40}
        - hungKernel: {launch: 3}
        - sensors: live
        - throttle: {after: 1.5s, reason: hw-power-brake-slowdown}
        - throttle: {after: 2s, for: 500ms, reason: hw-slowdown}
        - sensor: {name: powerInstant, is: no-permission, takes: 5ms, updates: 100ms}
        - sensor: {name: energy, reads: 18446744073709551615}
        - slowLink: {bytesPerSecond: 1e9, latency: 5us}
      """;

  @TempDir private Path temp;

  private Faults read(String yaml) throws IOException {
    Path file = Files.writeString(temp.resolve("script.yaml"), yaml);
    return new ConfigReader(CONFIGS).faults(file.toString(), WORDS);
  }

  private Faults fault(String fault) throws IOException {
    return read("schema: 1\nfaults:\n  - " + fault + "\n");
  }

  @Test
  void everyKindBecomesARule() throws IOException {
    Faults faults = read(WHOLE);
    assertEquals("script", faults.name());
    assertEquals((Integer) 2, faults.process());
    assertEquals(
        List.of(
            "fail cuMemAlloc_v2 2 code 2",
            "fail nvmlInit_v2 * code 15",
            "fail cuda 17 code 999",
            "fail nvml 3 code 15",
            "fail launch 3 code 999",
            "fail launch * code 2",
            "memory 1572864",
            "lost 200ms",
            "ecc 40",
            "hang 3",
            "sensors live",
            "throttle 1500ms hw_power_brake_slowdown",
            "throttle 2000ms hw_slowdown 500ms",
            "sensor power_instant no_permission",
            "sensor power_instant takes 5ms",
            "sensor power_instant updates 100ms",
            "sensor energy reads 18446744073709551615",
            "link 1000000000 5us"),
        faults.rules());
    assertTrue(
        faults.summary().startsWith("script (fail cuMemAlloc_v2 2 code 2; fail nvmlInit_v2 "),
        faults.summary());
    assertTrue(faults.summary().endsWith("; link 1000000000 5us) in process 2 of each run"));
    assertEquals(64, faults.sha256().length());
    assertFalse(faults.sha256().equals(read(WHOLE + "# one more line\n").sha256()));
  }

  @Test
  void anOldDriverIsOfEveryProcess() throws IOException {
    Faults faults =
        fault("oldDriver: {cuda: \"11.4\", lacks: [cuMemFree_v2, nvrtcVersion, cuGetErrorName]}");
    assertNull(faults.process());
    assertEquals(
        List.of("driver 11040", "lacks cuMemFree_v2", "lacks nvrtcVersion", "lacks cuGetErrorName"),
        faults.rules());
    assertEquals(List.of("driver 12020"), fault("oldDriver: {cuda: 12.2}").rules());
    assertEquals(List.of("lacks nvml"), fault("oldDriver: {lacks: [nvml]}").rules());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lostDevice: {after: 1us}                       | lost 1us
          lostDevice: {after: 1s, noticedBy: nvml}       | lost 1000ms nvml
          lostDevice: {after: 1ms500us}                  | lost 1500us
          lostDevice: {after: 7ns}                       | lost 7ns
          lostDevice: {after: 2m}                        | lost 120000ms
          slowLink: {bytesPerSecond: 12}                 | link 12 0us
          shortQueue: {commands: 64}                     | queue 64
          deviceClock: {percent: 0}                      | clock 0
          slowLink: {bytesPerSecond: 1e15, latency: 0s}  | link 1000000000000000 0ms
          outOfMemory: {from: 1B}                        | memory 1
          hungKernel: {launch: 1e3}                      | hang 1000
          sensors: frozen                                | sensors frozen
          """)
  void unitsAreThoseOfTheRules(String fault, String rule) throws IOException {
    assertEquals(List.of(rule), fault(fault).rules());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          fail: {function: cuMemAloc_v2, call: 1, code: 2}  | .fail.function: unknown function 'cuMemAloc_v2'; did you mean 'cuMemAlloc_v2'?
          fail: {function: nonsense, call: 1, code: 2}      | .fail.function: unknown function 'nonsense'; expected a function that gpubench calls, such as cuMemAlloc_v2
          fail: {function: nvrtcVersion, call: 1, code: 2}  | .fail.function: 'nvrtcVersion' cannot be made to fail
          fail: {function: cuGetErrorName, call: 1, code: 2} | .fail.function: 'cuGetErrorName' cannot be made to fail
          fail: {call: 1, code: CUDA_ERROR_OUT_OF_MEMRY}    | .fail.code: unknown code 'CUDA_ERROR_OUT_OF_MEMRY'; did you mean 'CUDA_ERROR_OUT_OF_MEMORY'?
          fail: {call: 1, code: EIO}                        | .fail.code: unknown code 'EIO'; expected an error of cuda by its name, such as CUDA_ERROR_OUT_OF_MEMORY
          fail: {library: nvml, call: 1, code: CUDA_ERROR_UNKNOWN} | .fail.code: unknown code 'CUDA_ERROR_UNKNOWN'; expected an error of nvml by its name, such as NVML_ERROR_MEMORY
          fail: {function: nvmlShutdown, call: 1, code: 2}  | .fail.code: no error of nvml has the number 2; expected one such as 20 (NVML_ERROR_MEMORY)
          fail: {call: 1, code: 0}                          | .fail.code: no error of cuda has the number 0; expected one such as 2 (CUDA_ERROR_OUT_OF_MEMORY)
          fail: {call: 1, code: 99999999999999999999}       | .fail.code: no error of cuda has the number 99999999999999999999; expected one such as 2 (CUDA_ERROR_OUT_OF_MEMORY)
          fail: {call: 1, code: 2.5}                        | .fail.code: expected text or an integer such as CUDA_ERROR_OUT_OF_MEMORY, 999, found the number 2.5
          fail: {call: 0, code: 2}                          | .fail.call: expected at least 1, found the number 0
          fail: {call: 1e12, code: 2}                       | .fail.call: expected at most 1000000000, found the number 1e12
          fail: {call: last, code: 2}                       | .fail.call: expected an integer or text such as 17, every, found the text 'last'
          fail: {call: every, code: 2}                      | .fail.call: 'every' is for a function; add 'function', or give a number
          fail: {call: 1}                                   | .fail: missing key 'code'
          fail: {code: 2}                                   | .fail: missing key 'call' or 'launch'
          fail: {call: 1, launch: 1, code: 2}               | .fail: 'call' and 'launch' cannot be combined; leave one out
          fail: {launch: 1, function: cuInit, code: 2}      | .fail.function: it is about calls, not launches; leave it out
          fail: {launch: first, code: 2}                    | .fail.launch: expected an integer or text such as 3, every, found the text 'first'
          fail: {launch: 1, code: NVML_ERROR_MEMORY}        | .fail.code: unknown code 'NVML_ERROR_MEMORY'; expected an error of cuda by its name, such as CUDA_ERROR_OUT_OF_MEMORY
          fail: {call: 1, code: 2, cod: 3}                 | .fail.cod: unknown key; did you mean 'code'?
          fail: {library: nvrtc, call: 1, code: 2}          | .fail.library: expected one of cuda, nvml, found the text 'nvrtc'
          fail: {library: cuda, function: cuInit, call: 1, code: 2} | .fail.library: the function says that; leave it out
          fail: twice                                       | .fail: expected a mapping, found the text 'twice'
          outOfMemory: {from: 64}                           | .outOfMemory.from: expected text such as 64 MiB, 1.5 GiB, found the number 64
          outOfMemory: {from: 64 MB}                        | .outOfMemory.from: expected text such as 64 MiB, 1.5 GiB, found the text '64 MB'
          outOfMemory: {from: 0 B}                          | .outOfMemory.from: '0 B' is out of range; expected 1 B .. 1024 TiB
          lostDevice: {}                                    | .lostDevice: expected at least 1 key
          lostDevice: {after: 1s, call: 4}                  | .lostDevice: 'after' and 'call' cannot be combined; leave one out
          lostDevice: {noticedBy: nvml}                     | .lostDevice: missing key 'after' or 'call'
          lostDevice: {call: 4, noticedBy: nvml}            | .lostDevice.noticedBy: NVML counts no calls of CUDA; give 'after'
          lostDevice: {after: 1s, noticedBy: cuda}          | .lostDevice.noticedBy: expected one of nvml, found the text 'cuda'
          lostDevice: {after: 0s}                           | .lostDevice.after: expected more than 0
          eccError: {after: 1s, call: 4}                    | .eccError: expected at most 1 key
          eccError: {after: 200}                            | .eccError.after: expected text such as 200ms, 5us, found the number 200
          eccError: {after: 200 parsecs}                    | .eccError.after: expected text such as 200ms, 5us, found the text '200 parsecs'
          eccError: {after: 1ms2s}                          | .eccError.after: '1ms2s' is not a duration; expected numbers with units, such as 500ms, 45s, 1m30s
          hungKernel: {lanch: 3}                            | .hungKernel.lanch: unknown key; did you mean 'launch'?
          sensors: broken                                   | .sensors: expected one of absent, frozen, sentinel, live, found the text 'broken'
          throttle: {after: 1s, for: 0s, reason: hw-slowdown} | .throttle.for: expected more than 0
          throttle: {after: 1s, reason: cold}               | .throttle.reason: expected one of sw-power-cap, sw-thermal-slowdown, hw-slowdown, hw-thermal-slowdown, hw-power-brake-slowdown, found the text 'cold'
          throttle: {after: 1s, reason: hw-slowdown}        | .throttle: only working sensors tell of it; add '- sensors: live'
          slowLink: {bytesPerSecond: 0}                     | .slowLink.bytesPerSecond: expected at least 1, found the number 0
          slowLink: {bytesPerSecond: 1.5}                   | .slowLink.bytesPerSecond: expected a whole number, found 1.5
          slowLink: {bytesPerSecond: 1e9, latency: slow}    | .slowLink.latency: expected text such as 200ms, 5us, found the text 'slow'
          sensor: {name: power, is: frozen}                 | .sensor.name: expected one of powerInstant, powerAverage, powerUsage, energy, temperature, memoryTemperature, clock, memoryClock, timeBusy, memoryTimeBusy, eventReasons, pcieSent, pcieReceived, eccCorrected, eccUncorrected, retiredPages, remappedRows, throttledByPower, throttledByHeat, powerLimit, performanceState, found the text 'power'
          sensor: {name: clock}                             | .sensor: missing key 'is', 'reads', 'takes' or 'updates'
          sensor: {is: frozen}                              | .sensor: missing key 'name'
          sensor: {name: clock, is: gone}                   | .sensor.is: expected one of refused, no-permission, too-old, sentinel, frozen, found the text 'gone'
          sensor: {name: clock, is: frozen, reads: 1}       | .sensor.reads: 'is' says what it answers; leave one out
          sensor: {name: clock, reads: 4294967296}          | .sensor.reads: expected at most 4294967295 for this sensor
          sensor: {name: energy, reads: 18446744073709551616} | .sensor.reads: expected at most 18446744073709551615 for this sensor
          sensor: {name: energy, reads: -1}                 | .sensor.reads: expected at least 0, found the number -1
          sensor: {name: energy, reads: 1e3}                | .sensor.reads: expected a number without exponent, found 1e3
          sensor: {name: clock, takes: 0s}                  | .sensor.takes: expected more than 0
          sensor: {name: clock, updates: often}             | .sensor.updates: expected text such as 200ms, 5us, found the text 'often'
          sensor: {name: clock, is: frozen}                 | .sensor: only working sensors tell of it; add '- sensors: live'
          oldDriver: {}                                     | .oldDriver: expected at least 1 key
          oldDriver: {cuda: 12}                             | .oldDriver.cuda: expected a version such as 12.2, found 12
          oldDriver: {cuda: new}                            | .oldDriver.cuda: expected text or a number such as 12.2, found the text 'new'
          oldDriver: {lacks: [cuInot]}                      | .oldDriver.lacks[0]: unknown function 'cuInot'; did you mean 'cuInit'?
          lostDevise: {after: 1s}                           | .lostDevise: unknown key; did you mean 'lostDevice'?
          {}                                                | : expected at least 1 key
          just text                                         | : expected a mapping, found the text 'just text'
          """)
  void aMistakeIsOneLineWithItsPlace(String fault, String expected) {
    assertEquals(
        temp.resolve("script.yaml") + ":3: faults[0]" + expected, message(() -> fault(fault)));
  }

  @Test
  void mistakesOfTheWholeAreAtTheirLine() {
    Path file = temp.resolve("script.yaml");
    assertEquals(
        file + ":5: faults[1].sensors: a second one, after line 4",
        message(
            () -> read("schema: 1\nprocess: 1\nfaults:\n- sensors: live\n- sensors: absent\n")));
    assertEquals(
        file + ":5: faults[2].sensor: a second one of clock, after line 4",
        message(() ->
            read(
                """
                schema: 1
                faults:
                - sensors: live
                - sensor: {name: clock, is: frozen}
                - sensor: {name: clock, takes: 1ms}
                """)));
    assertEquals(
        file + ":2: process: expected at least 1, found the number 0",
        message(() -> read("schema: 1\nprocess: 0\nfaults:\n- sensors: live\n")));
    assertEquals(
        file
            + ":4: faults[0].oldDriver: a driver is that of every process; leave out 'process' or 'oldDriver'",
        message(() -> read("schema: 1\nprocess: 1\nfaults:\n- oldDriver: {cuda: 12.2}\n")));
    assertEquals(
        file + ":2: faults: expected at least 1 item",
        message(() -> read("schema: 1\nfaults: []\n")));
    assertEquals(
        file + ":1: missing key 'schema'", message(() -> read("faults:\n- sensors: live\n")));
    assertEquals(
        file + ":4: faults[0]: expected at most 1 key",
        message(() -> read("schema: 1\n\nfaults:\n- sensors: live\n  hungKernel: {launch: 1}\n")));
    assertEquals(
        "unknown fault script 'lost-devise'; did you mean 'lost-device'?",
        message(() -> new ConfigReader(CONFIGS).faults("lost-devise", WORDS)));
  }

  @Test
  void noMutationOfAScriptIsABug() throws IOException {
    var random = new Random(20261121);
    byte[] whole = WHOLE.getBytes(StandardCharsets.UTF_8);
    Path file = temp.resolve("mutated.yaml");
    var reader = new ConfigReader(CONFIGS);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] mutated = whole.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(mutated.length);
        mutated[at] =
            random.nextBoolean()
                ? (byte) "{}[]:,-#\"'\n 019.eE".charAt(random.nextInt(18))
                : (byte) random.nextInt(256);
      }
      Files.write(file, mutated);
      try {
        reader.faults(file.toString(), WORDS);
      } catch (ConfigException e) {
        refused++;
        String text = String.valueOf(e.getMessage());
        assertTrue(text.startsWith(file + ":"), text);
        assertEquals(1, text.lines().count(), text);
      }
    }
    assertTrue(refused > 150, refused + " of 300");
  }
}
