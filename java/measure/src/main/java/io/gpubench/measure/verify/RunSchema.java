// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.measure.ConfigException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema of {@code run.json}. Thread-safe. Never opens a network connection. */
public final class RunSchema {
  private final Schema schema;

  private RunSchema(Schema schema) {
    this.schema = schema;
  }

  /**
   * Reads it.
   *
   * @param file {@code configs/schemas/run.schema.json}
   * @throws ConfigException when it is not there or no schema
   */
  public static RunSchema read(Path file) {
    try {
      JsonNode json = JsonMapper.shared().readTree(file);
      var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
      return new RunSchema(registry.getSchema(json));
    } catch (JacksonException | SchemaException e) {
      throw new ConfigException(file + ": is not a usable schema: " + e.getMessage(), e);
    }
  }

  /** The first thing in a document that is against the schema, in words. */
  Optional<String> mistake(JsonNode document) {
    return schema.validate(document).stream().findFirst().map(RunSchema::text);
  }

  private static String text(Error error) {
    String place = error.getInstanceLocation().toString();
    return (place.isEmpty() ? "/" : place) + ": " + error.getMessage();
  }
}
