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
                Conditions.IN_PROCESS,
                1,
                null,
                null,
                null,
                List.of(),
                List.of(),
                null,
                null,
                null)));
    if (run.path("records").isArray()) {
      run.path("records").forEach(OldRuns::upgradedRecord);
    }
    return run;
  }

  /** A record in today's format; the one given is changed. What is no record stays what it is. */
  static JsonNode upgradedRecord(JsonNode node) {
    if (!(node instanceof ObjectNode record)) {
      return node;
    }
    ObjectNode process = record.objectNode();
    process.put("repetition", 1);
    process.put("pid", 0);
    for (String shared : List.of("outcome", "reason", "sampleCount", "statistics")) {
      copy(record, shared, process);
    }
    process.put("startSeconds", 0).put("coolDownSeconds", 0);
    process.put("answersRight", record.path("verification").path("answersRight").asLong(0));
    for (String moved : OF_PROCESS) {
      copy(record, moved, process);
      record.remove(moved);
    }
    if (process.remove("files") instanceof ObjectNode files) {
      copy(files, "samples", process);
      copy(files, "histogram", record);
    }
    record.put("repetitions", 1);
    record.set("processes", record.arrayNode().add(process));
    return record;
  }

  /** Where it is there; what is missing is noticed later, as in any document. */
  private static void copy(ObjectNode from, String key, ObjectNode to) {
    JsonNode value = from.get(key);
    if (value != null) {
      to.set(key, value.deepCopy());
    }
  }
}
