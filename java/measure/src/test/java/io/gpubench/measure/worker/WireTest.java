// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.measure.spi.MachineFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
  static Stream<Request> requests() {
    return Stream.of(
        new Request.Hello(1, 4, null),
        new Request.Hello(1, 1, "a \"card\"\n"),
        new Request.SelfCheck(),
        new Request.Prepare(
            "w",
            "call",
            null,
            null,
            Map.of("n", 5, "x", 0.25),
            null,
            new MachineFacts(2, 1 << 20, 0)),
        new Request.Prepare(
            "w", "graph", "device", "cold", Map.of(), "inputs", new MachineFacts(1, 1, 1)),
        new Request.Prepare(
            "w", "call", null, null, Map.of(), null, new MachineFacts(1, 1, 1), 1.1),
        new Request.Verify(List.of()),
        new Request.Verify(List.of(0L, Long.MAX_VALUE)),
        new Request.Measure(0, 1, 0, 0),
        new Request.Measure(1L << 60, 5, Long.MAX_VALUE, 3),
        new Request.Measure(1, 2, 3, 4, true),
        new Request.Telemetry(),
        new Request.Bye());
  }

  static LongStream seeds() {
    return LongStream.range(0, 10);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void whatIsWrittenIsRead(Request request) {
    byte[] line = Wire.bytes(request);
    assertEquals(request, Wire.read(line, Request.class));
    for (byte one : line) {
      assertFalse(one == '\n', "a message is a line");
    }
  }

  /** Strangers' workers know nothing of it, and are told nothing of it. */
  @Test
  void warmingUpIsSaidWhereItIsMeant() {
    String plain = new String(Wire.bytes(new Request.Measure(0, 1, 0, 0)), UTF_8);
    String warming = new String(Wire.bytes(new Request.Measure(0, 1, 0, 0, true)), UTF_8);
    assertFalse(plain.contains("warmup"), plain);
    assertEquals(plain.replace("}", ",\"warmup\":true}"), warming);
  }

  /** A garbled message is another message, or an error in one line that quotes it. */
  @ParameterizedTest
  @MethodSource("seeds")
  void aGarbledMessageIsOneLine(long seed) {
    var random = new SplittableRandom(seed);
    List<Request> all = requests().toList();
    for (int i = 0; i < 200; i++) {
      byte[] line = Wire.bytes(all.get(random.nextInt(all.size())));
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        line[random.nextInt(line.length)] = (byte) random.nextInt(256);
      }
      for (Class<?> type : List.of(Request.class, Reply.class)) {
        try {
          assertNotNull(Wire.read(line, type));
        } catch (IllegalArgumentException e) {
          String message = String.valueOf(e.getMessage());
          assertEquals(1, message.lines().count(), message);
          assertFalse(message.isBlank());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'a\\nb'}",
        "{'type':'prepare','clock':'a\\nb'}",
        "{'type':'a\\r\\n\\tb'}",
        "{'type':'measure','startNanos':['a\\nb']}"
      })
  void whatIsQuotedStaysOnTheLine(String json) {
    byte[] line = json.replace('\'', '"').getBytes(StandardCharsets.US_ASCII);
    var error = assertThrows(IllegalArgumentException.class, () -> Wire.read(line, Reply.class));
    String message = String.valueOf(error.getMessage());
    assertEquals(1, message.lines().count(), message);
  }
}
