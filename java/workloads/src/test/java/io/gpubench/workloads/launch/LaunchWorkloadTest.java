// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Work;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LaunchWorkloadTest {
  private static final MachineFacts FACTS = new MachineFacts(2, 1L << 33, 32 << 20);

  @Test
  void oneForEachKind() {
    assertEquals(
        List.of(
            "launch.empty",
            "launch.event",
            "launch.graph",
            "launch.mailbox",
            "launch.copy",
            "launch.ffm"),
        LaunchWorkload.all().stream().map(Workload::id).toList());
    assertEquals(Optional.of(Launch.COPY), Launch.of("launch.copy"));
    assertEquals(Optional.empty(), Launch.of("launch"));
  }

  @Test
  void answers() {
    long key = 77;
    long token = Words.word(key, 0);
    ParameterValues empty = values(Launch.EMPTY);
    assertEquals(0, Launch.EMPTY.answer(empty, key).length);
    assertArrayEquals(new long[] {token}, Launch.EMPTY.answer(empty.with("work", "touch"), key));
    assertArrayEquals(
        new long[] {Words.mix64(token)}, Launch.MAILBOX.answer(values(Launch.MAILBOX), key));
    assertArrayEquals(
        new long[] {Words.mix64(Words.mix64(Words.mix64(token)))},
        Launch.GRAPH.answer(values(Launch.GRAPH).with("nodes", 3L), key));
    assertArrayEquals(new long[] {token + 1000}, Launch.FFM.answer(values(Launch.FFM), key));
    assertEquals(0, Launch.EVENT.answer(values(Launch.EVENT), key).length);
    long next = Words.word(key, 1);
    assertArrayEquals(
        new long[] {token + next, token + 3 * next},
        Launch.COPY.answer(values(Launch.COPY).with("bytes", 16L), key));
  }

  @Test
  void theWorkOfAPiece() {
    assertEquals(new Work(1, 0, 0), Launch.GRAPH.work(values(Launch.GRAPH)));
    assertEquals(new Work(1, 16, 0), Launch.COPY.work(values(Launch.COPY)));
    assertEquals(new Work(1000, 0, 0), Launch.FFM.work(values(Launch.FFM)));
  }

  @Test
  void copiesAreOfWholeWords() {
    var workload = new LaunchWorkload(Launch.COPY);
    ParameterValues wrong = values(Launch.COPY).with("bytes", 12L);
    assertThrows(ConfigException.class, () -> workload.check(wrong));
  }

  @ParameterizedTest
  @EnumSource(Launch.class)
  void footprintsAndInputs(Launch launch, @TempDir Path folder) throws IOException {
    var workload = new LaunchWorkload(launch);
    ParameterValues values = values(launch);
    workload.check(values);
    String size = workload.sizeParameter();
    long least = workload.footprintBytes(values.with(size, 8L), FACTS);
    assertTrue(workload.footprintBytes(values.with(size, 1L << 20), FACTS) >= least);
    Path file = folder.resolve("keys.bin");
    Workload.Inputs inputs = workload.writeInputs(values, FACTS, file);
    assertEquals(24 + 8L * LaunchWorkload.SLOTS, Files.size(file));
    for (int sample = 0; sample < 2; sample++) {
      long key = new SampleKeys(1).of(sample, 0);
      long right = AnswerDigest.of(launch.answer(values, key));
      assertEquals(right, inputs.digests()[sample]);
      assertEquals(right, workload.answerDigest(values, sample));
    }
    boolean answered = launch != Launch.EVENT && launch != Launch.EMPTY;
    assertEquals(answered, inputs.digests()[0] != inputs.digests()[1]);
    if (answered) {
      assertNotEquals(inputs.digests()[0], workload.answerDigest(values.with("seed", 2L), 0));
    }
  }

  private static ParameterValues values(Launch launch) {
    return new LaunchWorkload(launch).defaults();
  }
}
