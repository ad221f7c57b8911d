// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.ceiling;

import static io.gpubench.workloads.ceiling.CeilingOracleTest.small;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Work;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.words.SampleKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CeilingWorkloadTest {
  private static final MachineFacts FACTS = new MachineFacts(2, 1L << 33, 32 << 20);

  @Test
  void oneForEachCeiling() {
    assertEquals(
        List.of(
            "ceiling.read",
            "ceiling.copy",
            "ceiling.triad",
            "ceiling.l2",
            "ceiling.fp32",
            "ceiling.int32",
            "ceiling.atomic",
            "ceiling.h2d",
            "ceiling.d2h",
            "ceiling.bidir",
            "ceiling.hostread",
            "ceiling.hostcopy"),
        CeilingWorkload.all().stream().map(Workload::id).toList());
    assertEquals(Optional.of(Ceiling.L2), Ceiling.of("ceiling.l2"));
    assertEquals(Optional.empty(), Ceiling.of("consensus"));
  }

  @ParameterizedTest
  @CsvSource({
    "TRIAD, bytes, 12",
    "HOSTREAD, bytes, 9",
    "L2, bytes, 4095",
    "ATOMIC, cells, 3",
    "ATOMIC, operations, 65537"
  })
  void valuesThatDoNotFitAreRefused(Ceiling ceiling, String name, long value) {
    var workload = new CeilingWorkload(ceiling);
    workload.check(CeilingOracleTest.values(ceiling));
    ParameterValues wrong = CeilingOracleTest.values(ceiling).with(name, value);
    var refused = assertThrows(ConfigException.class, () -> workload.check(wrong));
    assertTrue(refused.getMessage().contains(name + "=" + value), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "TRIAD, bytes, 7",
    "HOSTREAD, bytes, 0",
    "HOSTREAD, bytes, 274877906945",
    "L2, passes, 0",
    "FP32, chains, 67108865",
    "FP32, steps, 16777217",
    "ATOMIC, cells, 0",
    "ATOMIC, operations, 17179869185"
  })
  void valuesOutOfRangeAreRefused(Ceiling ceiling, String name, String text) {
    Parameter parameter =
        ceiling.parameters().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    assertThrows(ConfigException.class, () -> parameter.parse(text));
  }

  @Test
  void theWorkOfASample() {
    assertEquals(new Work(800, 800, 100), work(Ceiling.HOSTREAD, "bytes", 800));
    assertEquals(new Work(1600, 1600, 0), work(Ceiling.COPY, "bytes", 800));
    assertEquals(new Work(2400, 2400, 0), work(Ceiling.TRIAD, "bytes", 800));
    assertEquals(new Work(64 * 800, 64 * 800, 64 * 100), work(Ceiling.L2, "bytes", 800));
    assertEquals(new Work(800, 1600, 0), work(Ceiling.H2D, "bytes", 800));
    assertEquals(new Work(1600, 3200, 0), work(Ceiling.BIDIR, "bytes", 800));
    assertEquals(new Work(200 * 8_192, 400, 0), work(Ceiling.FP32, "chains", 100));
    assertEquals(new Work(100 * 8_192, 400, 100 * 8_192), work(Ceiling.INT32, "chains", 100));
    assertEquals(new Work(1 << 20, 64, 1 << 20), work(Ceiling.ATOMIC, "cells", 8));
  }

  private static Work work(Ceiling ceiling, String name, long value) {
    return ceiling.work(CeilingOracleTest.values(ceiling).with(name, value));
  }

  @ParameterizedTest
  @EnumSource(Ceiling.class)
  void theFootprintIsThatOfTheRotationOrMoreAndNeverFalls(Ceiling ceiling) {
    var workload = new CeilingWorkload(ceiling);
    Parameter.Whole size =
        (Parameter.Whole)
            workload.parameters().stream()
                .filter(p -> p.name().equals(workload.sizeParameter()))
                .findFirst()
                .orElseThrow();
    boolean onProcessors =
        !List.of(Ceiling.READ, Ceiling.COPY, Ceiling.H2D, Ceiling.D2H, Ceiling.BIDIR)
            .contains(ceiling);
    for (long cache : new long[] {0, 1 << 10, 1 << 20, 32 << 20, 4L << 30}) {
      var facts = new MachineFacts(8, 1L << 33, cache);
      long last = 0;
      for (long n = size.min(); n <= size.max(); n += n) {
        ParameterValues values = CeilingOracleTest.values(ceiling).with(size.name(), n);
        long bytes = workload.footprintBytes(values, facts);
        assertTrue(bytes >= last && bytes > 0, "at " + n);
        last = bytes;
        var rotation = new CeilingRotation(ceiling, values, facts);
        long taken = rotation.bytes() + ceiling.outputBytes(values);
        assertTrue(!onProcessors || taken <= bytes, taken + " bytes at " + n + ", bound " + bytes);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HOSTREAD, 8, 32768, 4096, false",
    "HOSTREAD, 65536, 32768, 1025, true",
    "HOSTREAD, 268435456, 32768, 2, true",
    "TRIAD, 65536, 32768, 513, true",
    "TRIAD, 65536, 0, 2049, false",
    "TRIAD, 1048576, 2097152, 513, false",
    "L2, 1048576, 32768, 8, false",
  })
  void inputsExceedTwiceTheCacheWhereTheyMay(
      Ceiling ceiling, long bytes, long cacheKibibytes, int slots, boolean exceeds) {
    var facts = new MachineFacts(2, 1L << 33, cacheKibibytes << 10);
    ParameterValues values = CeilingOracleTest.values(ceiling).with("bytes", bytes);
    var rotation = new CeilingRotation(ceiling, values, facts);
    assertEquals(slots, rotation.slots());
    assertEquals(exceeds, rotation.exceedsCache());
    assertTrue(!exceeds || rotation.bytes() > 2 * facts.lastLevelCacheBytes());
    assertEquals(exceeds, rotation.verification().get("exceedsLastLevelCache"));
  }

  @ParameterizedTest
  @EnumSource(Ceiling.class)
  void theInputFileHoldsTheKeysOfEachSlot(Ceiling ceiling, @TempDir Path folder)
      throws IOException {
    var workload = new CeilingWorkload(ceiling);
    ParameterValues values = small(ceiling);
    Path file = folder.resolve("keys.bin");
    var facts = new MachineFacts(2, 1L << 33, 1 << 10);
    Workload.Inputs inputs = workload.writeInputs(values, facts, file);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    bytes.get(magic);
    assertEquals("GBKEYS01", new String(magic, java.nio.charset.StandardCharsets.US_ASCII));
    assertEquals(inputs.digests().length, bytes.getLong());
    assertEquals(ceiling.streams(), bytes.getLong());
    for (int slot = 0; slot < inputs.digests().length; slot++) {
      for (int stream = 0; stream < ceiling.streams(); stream++) {
        assertEquals(new SampleKeys(1).of(slot, stream), bytes.getLong());
      }
    }
    assertFalse(bytes.hasRemaining());
    assertEquals(workload.answerDigest(values, 0), inputs.digests()[0]);
    assertEquals(workload.answerDigest(values, 1), inputs.digests()[1]);
    assertEquals(ceiling.work(values), inputs.work());
    assertThrows(FileAlreadyExistsException.class, () -> workload.writeInputs(values, FACTS, file));
  }
}
