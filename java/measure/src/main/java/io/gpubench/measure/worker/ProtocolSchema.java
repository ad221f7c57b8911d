// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.measure.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of the worker protocol, {@code configs/schemas/worker.schema.json}: says what is wrong
 * with a message in all detail, where {@link Worker} says no more than it needs. Loading this class
 * loads the validator, which is slow. Used by one thread. Never opens a network connection.
 */
public final class ProtocolSchema {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private final ObjectNode protocol;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private ProtocolSchema(ObjectNode protocol) {
    this.protocol = protocol;
  }

  /**
   * Reads the schema.
   *
   * @throws ConfigException when it is not there or no schema
   */
  public static ProtocolSchema read(Path file) {
    try {
      if (JSON.readTree(file) instanceof ObjectNode protocol) {
        protocol.remove("anyOf"); // what a message may be is known where it is checked
        protocol.remove("$id"); // one registry holds one schema for each part
        return new ProtocolSchema(protocol);
      }
      throw ConfigException.at(file, 0, "", "is no schema");
    } catch (JacksonException e) {
      throw new ConfigException(file + ": is not a usable schema: " + e.getOriginalMessage(), e);
    }
  }

  /** What is wrong with a request of gpubench's; empty when nothing is. */
  public List<String> requestMistakes(Step step, String line) {
    return mistakes(name(step) + "Request", line);
  }

  /** What is wrong with a reply, other than an error; empty when nothing is. */
  public List<String> replyMistakes(Step step, String line) {
    return mistakes(name(step) + "Reply", line);
  }

  /** What is wrong with an error; empty when nothing is. */
  public List<String> errorMistakes(String line) {
    return mistakes("error", line);
  }

  private static String name(Step step) {
    return step == Step.SELF_CHECK ? "selfCheck" : step.name().toLowerCase(Locale.ROOT);
  }

  private List<String> mistakes(String definition, String line) {
    JsonNode message;
    try {
      message = JSON.readTree(line);
    } catch (JacksonException e) {
      return List.of("it is no JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
    if (!message.isObject()) {
      return List.of("it is no JSON object");
    }
    return schema(definition).validate(message).stream()
        .map(error -> place(error.getInstanceLocation().toString()) + error.getMessage())
        .sorted()
        .toList();
  }

  private static String place(String pointer) {
    return pointer.isEmpty() ? "" : pointer.substring(1).replace('/', '.') + ": ";
  }

  private Schema schema(String definition) {
    try {
      ObjectNode part = protocol.deepCopy().put("$ref", "#/$defs/" + definition);
      return registry.getSchema(part);
    } catch (SchemaException e) {
      throw new ConfigException("the schema of the protocol is unusable: " + e.getMessage(), e);
    }
  }
}
