// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ResultFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Documents that somebody changed by hand: read, or refused in one line. */
class DamagedRunTest {
  private static final Path FILE = Path.of("run.json");

  private static JsonNode whole(String format) throws IOException {
    if (format.equals("1")) {
      try (var in = DamagedRunTest.class.getResourceAsStream("/runs/run-1.json")) {
        return RunJson.LINE.readTree(in);
      }
    }
    return RunJson.tree(
        Fixtures.document("run-1", Long.MAX_VALUE, "a")
            .withRecord(Fixtures.record("a", Fixtures.samples(100)))
            .ended(RunDocument.COMPLETE, null, "2026-11-21T03:57:22.125Z", 1.0));
  }

  private static void parse(String json) {
    RunReader.parse(FILE, json.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(String message, String json) {
    var error = assertThrows(ResultFormatException.class, () -> parse(json), json);
    assertEquals("run.json: not a readable result: " + message, error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "'', id, id",
    "'', status, status",
    "'', tool, tool",
    "'', conditions, conditions",
    "'', engines, engines",
    "'', planned, planned",
    "'', records, records",
    "/tool, commit, tool.commit",
    "/conditions, notes, conditions.notes",
    "/conditions, overridden, conditions.overridden",
    "/engines/0, description, engines[0].description",
    "/planned/0, parameters, planned[0].parameters",
    "/records/0, clock, records[0].clock",
    "/records/0, verification, records[0].verification",
    "/records/0/processes/0, discards, records[0].processes[0].discards",
    "/records/0/statistics/intervals, p95, records[0].statistics.intervals.p95"
  })
  void whatIsMissingIsNamed(String above, String key, String place) throws IOException {
    for (boolean there : new boolean[] {true, false}) {
      JsonNode run = whole("2");
      var object = (ObjectNode) run.at(above);
      assertTrue(object.has(key), place);
      object.remove(key);
      if (there) {
        object.putNull(key);
      }
      assertRefused(place + " is missing", run.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/engines, engines[0]",
    "/planned, planned[0]",
    "/records, records[0]",
    "/records/0/processes, records[0].processes[0]",
    "/conditions/notes, conditions.notes[0]",
    "/argv, argv[0]"
  })
  void anElementThatIsNullIsNamed(String list, String place) throws IOException {
    JsonNode run = whole("2");
    ((ArrayNode) run.at(list)).removeAll().addNull();
    assertRefused(place + " is missing", run.toString());
  }

  @Test
  void aCountThatIsNullIsNamed() throws IOException {
    JsonNode run = whole("2");
    ((ObjectNode) run.at("/records/0/processes/0/discards")).putNull("late");
    assertRefused("records[0].processes[0].discards.late is missing", run.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void nothingThatIsLostOrOfAnotherKindIsMoreThanALine(String format) throws IOException {
    parse(whole(format).toString());
    List<String> pointers = new ArrayList<>();
    collect("", whole(format), pointers);
    assertTrue(pointers.size() > 50, pointers.toString());
    for (String pointer : pointers) {
      int last = pointer.lastIndexOf('/');
      String key = pointer.substring(last + 1);
      for (String value : List.of("null", "1", "\"x\"", "[]", "{}", "[1]", "{\"x\": null}")) {
        JsonNode run = whole(format);
        JsonNode replacement = RunJson.LINE.readTree(value);
        switch (run.at(pointer.substring(0, last))) {
          case ObjectNode object -> object.set(key, replacement);
          case ArrayNode array -> array.set(Integer.parseInt(key), replacement);
          default -> throw new AssertionError(pointer);
        }
        try {
          parse(run.toString());
        } catch (ResultFormatException e) {
          assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e.getMessage());
        }
      }
    }
  }

  private static void collect(String pointer, JsonNode node, List<String> pointers) {
    if (!pointer.isEmpty() && !pointer.contains("~")) {
      pointers.add(pointer);
    }
    node.properties()
        .forEach(entry -> collect(pointer + "/" + entry.getKey(), entry.getValue(), pointers));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(pointer + "/" + i, node.get(i), pointers);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schema\":\"gpubench.run/1\"}",
        "{\"schema\":\"gpubench.run/1\",\"records\":[1]}",
        "{\"schema\":\"gpubench.run/1\",\"records\":{\"a\":1}}",
        "{\"schema\":\"gpubench.run/1\",\"records\":[{}],\"conditions\":5}",
        "{\"schema\":\"gpubench.run/2\"}"
      })
  void aDocumentOfAlmostNothingIsRefused(String json) {
    assertRefused("id is missing", json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "[]", "{}", "{\"processes\":[null]}", "\"x\""})
  void aRecordOfARunThatWasCutOffIsCheckedToo(String line, @TempDir Path store) throws IOException {
    var document = Fixtures.document("run-1", Long.MAX_VALUE, "a");
    try (var writer = RunWriter.create(store, store, document, null)) {
      Files.writeString(writer.directory().resolve(RunWriter.RECORDS_FILE), line + "\n");
      var error =
          assertThrows(ResultFormatException.class, () -> RunReader.read(writer.directory()));
      assertEquals(1, String.valueOf(error.getMessage()).lines().count());
    }
  }

  @Test
  void aDateThatIsNoneIsNoBug(@TempDir Path store) throws IOException {
    var document = Fixtures.document("run-1", Long.MAX_VALUE, "a");
    try (var writer = RunWriter.create(store, store, document, null)) {
      Path file = writer.directory().resolve(RunWriter.RUN_FILE);
      Files.writeString(
          file, Files.readString(file).replace(document.startedAt(), "the day before"));
      assertEquals("unfinished", RunReader.status(RunReader.read(writer.directory())));
    }
  }
}
