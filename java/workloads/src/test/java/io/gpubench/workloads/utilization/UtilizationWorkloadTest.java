// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.utilization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Work;
import io.gpubench.workloads.ceiling.Ceiling;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UtilizationWorkloadTest {
  private static final MachineFacts FACTS = new MachineFacts(2, 1L << 33, 32 << 20);
  private static final UtilizationWorkload WORKLOAD = new UtilizationWorkload();

  @Test
  void bytesAndOperationsOfASample() {
    var setting = UtilizationParameters.of(values(Map.of("bytes", 1L << 20, "passes", 10L)));
    assertEquals(new UtilizationParameters(1 << 17, 10, 32, 1), setting);
    double operations = (1 << 17) * 10.0 * 32;
    assertEquals(new Work(operations, 10.0 * (1 << 20), operations), setting.work());
    assertEquals(4.0, setting.operations() / setting.bytesMoved(), "the intensity");
    assertEquals(1 << 19, setting.arrayBytes());
  }

  /** What a cache can keep from one pass to the next need not come from memory. */
  @ParameterizedTest
  @CsvSource({"1024, 10475520", "1048575, 10", "1048576, -1", "2097152, -1", "0, -1"})
  void memoryOwesWhatNoCacheSaves(long cacheBytes, double moved) {
    var setting = UtilizationParameters.of(values(Map.of("bytes", 1L << 20, "passes", 10L)));
    Map<String, Double> expected =
        moved < 0
            ? Map.of("ceiling.int32", setting.operations())
            : Map.of("ceiling.int32", setting.operations(), "ceiling.copy", moved);
    assertEquals(expected, setting.demands(Ceiling.COPY, cacheBytes));
  }

  @ParameterizedTest
  @CsvSource({
    "bytes, 12, bytes=12 is not a multiple of 8",
    "intensity, 0.3, 'intensity=0.3 is not a multiple of 0.125 operations per byte, which is one for each word'",
    "intensity, 0.1875, 'intensity=0.1875 is not a multiple of 0.125 operations per byte, which is one for each word'",
    "intensity, 0, 0 is out of range; expected 0.125 .. 1024",
    "intensity, -4, -4 is out of range; expected 0.125 .. 1024",
    "intensity, 1025, 1025 is out of range; expected 0.125 .. 1024",
    "intensity, NaN, 'NaN' is not a number; expected 0.125 .. 1024",
    "passes, 0, 0 is out of range; expected 1 .. 512",
    "passes, 513, 513 is out of range; expected 1 .. 512",
    "bytes, 0, 0 is out of range; expected 8 .. 274877906944",
    "bytes, 1e9, '''1e9'' is not an integer; expected 8 .. 274877906944'",
    "seed, -1, -1 is out of range; expected an integer from 0"
  })
  void badInputInOneLine(String name, String text, String message) {
    Parameter parameter =
        WORKLOAD.parameters().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();
    var refused =
        assertThrows(
            ConfigException.class,
            () -> WORKLOAD.check(values(Map.of(name, parameter.parse(text)))));
    assertTrue(refused.getMessage().replace("'", "").endsWith(message.replace("'", "")), message);
    assertFalse(refused.getMessage().contains("\n"));
  }

  @Test
  void theFootprintGrowsWithTheSize() {
    long small = WORKLOAD.footprintBytes(values(Map.of("bytes", 8L)), FACTS);
    long large = WORKLOAD.footprintBytes(values(Map.of("bytes", 1L << 38)), FACTS);
    assertTrue(small < 1 << 24, "" + small);
    assertEquals((1L << 38) - 8, large - small);
  }

  @Test
  void inputsForAnotherLanguage(@TempDir Path folder) throws IOException {
    ParameterValues values = values(Map.of("bytes", 808L, "passes", 3L, "intensity", 0.625));
    Path file = folder.resolve("keys");
    var inputs = WORKLOAD.writeInputs(values, FACTS, file);
    var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(8, inputs.digests().length);
    assertEquals(24 + 8 * 2 * 8, bytes.capacity());
    long[] keys = UtilizationParameters.of(values).keys(5);
    assertEquals(keys[0], bytes.getLong(24 + 8 * 10));
    assertEquals(keys[1], bytes.getLong(24 + 8 * 11));
    assertEquals(WORKLOAD.answerDigest(values, 5), inputs.digests()[5]);
    assertEquals(new Work(101 * 3 * 5, 3 * 808, 101 * 3 * 5), inputs.work());
  }

  private static ParameterValues values(Map<String, ?> changed) {
    var values = new LinkedHashMap<String, Object>(WORKLOAD.defaults().asMap());
    values.putAll(changed);
    return new ParameterValues(values);
  }
}
