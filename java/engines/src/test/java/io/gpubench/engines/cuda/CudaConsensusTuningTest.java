// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.engines.cuda.CudaConsensusTuning.Variant;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaConsensusTuningTest {
  private static final String ID = ConsensusWorkload.ID;
  private static final CudaEngine ENGINE = new CudaEngine();

  /** As a user sets them: {@code name=value name=value}. */
  private static ParameterValues values(String path, String settings) {
    ParameterValues values = new ConsensusWorkload().defaults();
    for (String setting : settings.split(" ", -1)) {
      String name = setting.replaceFirst("=.*", "");
      String text = setting.replaceFirst(".*=", "");
      if (values.has(name)) {
        values = values.with(name, Long.parseLong(text));
      } else {
        Parameter parameter =
            ENGINE.tuning(ID, path).stream()
                .filter(one -> one.name().equals(name))
                .findAny()
                .orElseThrow();
        values = values.withTuning(name, parameter.parse(text));
      }
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "block=100 | block=100 is not a multiple of 32: 96 and 128 are",
        "grid=4 messagesPerThread=2 | grid=4 and messagesPerThread=2 both say how many blocks there are: set one of them",
        "validators=4097 variant=fused | variant=fused decides in one block, for at most 4,096 validators, not 4,097: variant=onepass and variant=split fit",
        "validators=100 variant=split unroll=2 | unroll=2 is for variant=onepass, not for variant=split, which has one message in flight",
        "messagesPerThread=2 unroll=4 | unroll=4 is more than messagesPerThread=2: a thread has no more in flight than it takes",
      })
  void whatContradictsItselfIsRefusedInOneLine(String settings, String message) {
    for (String path : List.of(CudaEngine.LAUNCH, CudaEngine.GRAPH)) {
      ParameterValues values = values(path, settings);
      assertEquals(
          message,
          assertThrows(ConfigException.class, () -> ENGINE.check(ID, Mode.of(path), values))
              .getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "validators=4096 variant=fused",
    "validators=1048576 variant=split block=512 grid=3",
    "variant=onepass unroll=4 messagesPerThread=4 block=64"
  })
  void whatFitsIsNot(String settings) {
    ParameterValues values = values(CudaEngine.LAUNCH, settings);
    assertDoesNotThrow(() -> ENGINE.check(ID, Mode.of(CudaEngine.LAUNCH), values));
  }

  @Test
  void theMailboxHasOneVariant() {
    assertEquals(
        List.of("block", "messagesPerThread", "grid"),
        ENGINE.tuning(ID, CudaLaunchAdapter.MAILBOX).stream().map(Parameter::name).toList());
    ParameterValues values = values(CudaLaunchAdapter.MAILBOX, "block=65");
    assertThrows(
        ConfigException.class, () -> ENGINE.check(ID, Mode.of(CudaLaunchAdapter.MAILBOX), values));
  }

  @Test
  void whatNobodySetsIsTheEnginesChoice() {
    assertEquals(
        CudaConsensusTuning.OWN, CudaConsensusTuning.of(new ConsensusWorkload().defaults()));
    assertEquals(
        new CudaConsensusTuning(Variant.SPLIT, 64, 7, 0, 1),
        CudaConsensusTuning.of(values(CudaEngine.GRAPH, "variant=split block=64 grid=7")));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1, 1000, 8, 1", // a thread for each message
    "0, 0, 1, 100000, 100, 8", // as many as fit
    "0, 0, 4, 1000, 2, 4",
    "3, 0, 1, 1000, 3, 3",
    "30, 0, 1, 1000, 8, 1", // at most
    "0, 5, 1, 1000, 2, 4",
    "0, 1, 1, 100000, 782, 1",
    "0, 1048576, 1, 1000, 1, 8",
    "0, 0, 1, 0, 1, 1"
  })
  void theGridFollowsFromTheMessages(
      int grid, int messagesPerThread, int unroll, int messages, int blocks, int each) {
    var tuning = new CudaConsensusTuning(Variant.ONEPASS, 128, grid, messagesPerThread, unroll);
    assertEquals(blocks, tuning.blocks(messages, 100));
    assertEquals(each, tuning.messagesPerThread(messages, blocks));
  }

  @Test
  void aResidentKernelHasToFit() {
    var each = new CudaConsensusTuning(Variant.ONEPASS, 128, 0, 1, 1);
    assertEquals(8, each.residentBlocks(1000, 8));
    assertEquals(
        "messagesPerThread=1 takes 8 blocks of 128 threads, of which 3 are on the device at once: messagesPerThread=3 fits",
        assertThrows(EngineException.class, () -> each.residentBlocks(1000, 3)).getMessage());
    assertEquals(3, new CudaConsensusTuning(Variant.ONEPASS, 128, 0, 3, 1).residentBlocks(1000, 3));
    assertEquals(3, new CudaConsensusTuning(Variant.ONEPASS, 128, 5, 0, 1).residentBlocks(1000, 3));
    assertEquals(3, CudaConsensusTuning.OWN.residentBlocks(1000, 3));
  }
}
