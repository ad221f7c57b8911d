// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns {@code gpubench.run/1} into today's format. There, one process measured everything, and
 * what now belongs to a process was part of the record.
 */
final class OldRuns {
  static final String SCHEMA = "gpubench.run/1";

  private static final List<String> OF_PROCESS =
      List.of(
          "discards",
          "stop",
          "warmup",
          "timer",
          "startedAt",
          "prepareSeconds",
          "measureSeconds",
          "files");

  private OldRuns() {}

  /** The document in today's format; the one given is changed. */
  static JsonNode upgraded(JsonNode document) {
    var run = (ObjectNode) document;
    run.put("schema", RunDocument.SCHEMA);
    run.set(
        "conditions",
        RunJson.LINE.valueToTree(
            new Conditions(
                Conditions.IN_PROCESS, 1, null, null, null, List.of(), List.of(), null, null)));
    run.path("records").forEach(OldRuns::upgradedRecord);
    return run;
  }

  /** A record in today's format; the one given is changed. */
  static JsonNode upgradedRecord(JsonNode node) {
    var record = (ObjectNode) node;
    ObjectNode process = record.objectNode();
    process.put("repetition", 1);
    process.put("pid", 0);
    for (String shared : List.of("outcome", "reason", "sampleCount", "statistics")) {
      process.set(shared, record.path(shared).deepCopy());
    }
    process.put("startSeconds", 0).put("coolDownSeconds", 0);
    process.put("answersRight", record.path("verification").path("answersRight").asLong(0));
    for (String moved : OF_PROCESS) {
      process.set(moved, record.path(moved).deepCopy());
      record.remove(moved);
    }
    JsonNode files = process.remove("files");
    process.set("samples", files.path("samples").deepCopy());
    record.put("repetitions", 1);
    record.set("histogram", files.path("histogram").deepCopy());
    record.set("processes", record.arrayNode().add(process));
    return record;
  }
}
