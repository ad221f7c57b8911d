// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes about {@code --faults}: one line, before anything is started. */
class FaultOptionsTest {
  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run --faults lost-device                          | --faults lost-device: only the simulated device can have faults, and none was asked for; measure with the device sim
          run --faults lost-device --device 0               | --faults lost-device: only the simulated device can have faults, and the device 0 is another; measure with the device sim
          run --faults lost-device --engine host            | --faults lost-device: only the simulated device can have faults, and none was asked for; measure with the device sim
          run --faults lost-device --device sim --engine java | --faults lost-device: only the simulated device can have faults, and the engine 'java' does not use it
          run --faults lost-device --device sim --engine example-cpp | --faults lost-device: only the simulated device can have faults, and the engine 'example-cpp' does not use it
          plan --faults lost-device                         | --faults lost-device: only the simulated device can have faults, and none was asked for; measure with the device sim
          run --faults lost-device --device sim --in-process | --faults is about workers, and --in-process has none; leave one of them out
          run --faults lost-devise --device sim             | unknown fault script 'lost-devise'; did you mean 'lost-device'?
          run --faults ./none.yaml --device sim             | ./none.yaml: file does not exist
          duet engine=host engine=java --faults ecc-error   | --faults ecc-error: only the simulated device can have faults, and none was asked for; measure with the device sim
          duet engine=cuda,device=sim engine=cuda,device=0 --faults ecc-error | --faults ecc-error: only the simulated device can have faults, and the device 0 is another; measure with the device sim
          duet engine=cuda,device=sim engine=cuda,device=sim --duets 1 --faults ecc-error | --faults ecc-error: they are for process 2 of each run, and there is one only
          """)
  void aMistakeIsOneLine(String command, String message) {
    assertMistake(message, command.split(" "));
  }

  @Test
  void aMistakeInTheScriptHasItsPlace() throws Exception {
    Path script = temp.resolve("script.yaml");
    Files.writeString(
        script,
        "schema: 1\nfaults:\n- sensors: live\n- fail: {function: cuMemAloc, call: 1, code: 2}\n");
    assertMistake(
        script
            + ":4: faults[1].fail.function: unknown function 'cuMemAloc'; did you mean 'cuMemAlloc_v2'?",
        "run",
        "--device=sim",
        "--faults=" + script);
    Files.writeString(
        script,
        "schema: 1\nfaults:\n- fail:\n    call: 1\n    code: CUDA_ERROR_ECC_UNCORECTABLE\n");
    assertMistake(
        script
            + ":5: faults[0].fail.code: unknown code 'CUDA_ERROR_ECC_UNCORECTABLE'; did you mean"
            + " 'CUDA_ERROR_ECC_UNCORRECTABLE'?",
        "run",
        "--device=sim",
        "--faults=" + script);
  }

  private void assertMistake(String message, String... command) {
    var all = new ArrayList<>(Arrays.asList(command));
    if (!all.contains("plan")) {
      all.addAll(List.of("--no-key", "--out=" + temp.resolve("store")));
    }
    Answer answer = Evidence.execute(all.toArray(String[]::new));
    assertEquals(2, answer.exit(), answer.err());
    assertEquals("gpubench: " + message + "\n", answer.err());
    assertEquals("", answer.out());
    assertTrue(Files.notExists(temp.resolve("store")));
  }
}
