// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.engines.tornado.TornadoConsensusTuning.Shape;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TornadoConsensusTuningTest {
  private static final String ID = ConsensusWorkload.ID;
  private static final TornadoEngine ENGINE = new TornadoEngine(TornadoBackend.CUDA);
  private static final Shape PROCESSORS = new Shape(true, 2, 4096);
  private static final Shape GPU = new Shape(false, 132, 1024);

  /** As a user sets them: {@code name=value name=value}. */
  private static ParameterValues values(String settings) {
    ParameterValues values = new ConsensusWorkload().defaults();
    for (String setting : settings.strip().split(" +")) {
      String[] parts = setting.split("=", -1);
      if (parts.length == 2) {
        Parameter parameter =
            ENGINE.tuning(ID, TornadoPlan.LAUNCH).stream()
                .filter(one -> one.name().equals(parts[0]))
                .findAny()
                .orElseThrow();
        values = values.withTuning(parts[0], parameter.parse(parts[1]));
      }
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "block=100 | block=100 is not a multiple of 64: 64 and 128 are",
        "api=loop variant=grid | variant is for api=kernel: of loops TornadoVM chooses the threads",
        "api=loop block=64 | block is for api=kernel: of loops TornadoVM chooses the threads",
        "api=loop groups=2 | groups is for api=kernel: of loops TornadoVM chooses the threads",
        "variant=group groups=2 | variant=group has one group of threads, not groups=2: variant=grid has",
      })
  void whatContradictsItselfIsRefusedInOneLine(String settings, String message) {
    for (String path : new String[] {TornadoPlan.LAUNCH, TornadoPlan.GRAPH}) {
      assertEquals(
          message,
          assertThrows(
                  ConfigException.class, () -> ENGINE.check(ID, Mode.of(path), values(settings)))
              .getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1082, 1, 64, 1, 512, 1",
    "'', 2048, 1, 64, 1, 512, 1",
    "'', 2049, 3, 64, 2, 128, 17",
    "'', 1700000, 3, 64, 2, 128, 1056",
    "variant=grid, 0, 3, 64, 1, 128, 1",
    "variant=group, 100000, 1, 64, 1, 512, 1",
    "groups=5, 100, 3, 64, 5, 128, 5",
    "block=256, 100, 1, 256, 1, 256, 1",
  })
  void roundsAndDevicesDecideWhereNobodyElseDoes(
      String settings,
      int messages,
      int launches,
      int block,
      int groups,
      int ofGpu,
      int gpuGroups) {
    ParameterValues values = values(settings);
    assertDoesNotThrow(() -> ENGINE.check(ID, Mode.of(TornadoPlan.LAUNCH), values));
    assertEquals(
        new TornadoConsensusTuning(false, launches, block, groups),
        TornadoConsensusTuning.of(values, PROCESSORS, messages));
    assertEquals(
        new TornadoConsensusTuning(false, launches, ofGpu, gpuGroups),
        TornadoConsensusTuning.of(values, GPU, messages));
  }

  @Test
  void loopsAreThreeLaunches() {
    TornadoConsensusTuning tuning = TornadoConsensusTuning.of(values("api=loop"), GPU, 10);
    assertEquals(3, tuning.launches());
    assertEquals(true, tuning.loop());
  }
}
