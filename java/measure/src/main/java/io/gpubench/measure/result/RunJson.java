// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.ResultFormatException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as gpubench writes it: properties in the order of their declaration, no unknown ones dropped
 * in silence.
 */
public final class RunJson {
  /** On one line. Thread-safe. */
  static final JsonMapper LINE =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Indented, for files that a person opens. Thread-safe. */
  private static final JsonMapper PRETTY =
      LINE.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

  private RunJson() {}

  /** A value as indented JSON text, with a line feed at the end. */
  public static String pretty(Object value) {
    return PRETTY.writeValueAsString(value) + "\n";
  }

  /**
   * What a document says that it is: the text of its {@code schema}; empty where it has none.
   *
   * @throws ResultFormatException when it is no JSON
   */
  public static String schema(Path file, byte[] json) {
    try {
      return LINE.readTree(json).path("schema").asString("");
    } catch (JacksonException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * A document with everything that it has to have, and nothing else.
   *
   * @throws ResultFormatException when it is not
   */
  public static <T extends Record> T read(Path file, byte[] json, Class<T> type) {
    try {
      JsonNode tree = LINE.readTree(json);
      MissingPart.of(tree, type)
          .ifPresent(place -> {
            throw new ResultFormatException(
                "%s: not readable: %s is missing".formatted(file, place));
          });
      return LINE.treeToValue(tree, type);
    } catch (JacksonException e) {
      throw unreadable(file, e);
    }
  }

  /** A value as a tree, with the numbers that its text would have. */
  public static JsonNode tree(@Nullable Object value) {
    return LINE.valueToTree(value);
  }

  /** One line for what Jackson could not read. */
  static ResultFormatException unreadable(Path file, JacksonException problem) {
    TokenStreamLocation location = problem.getLocation();
    String place = location == null || location.getLineNr() < 1 ? "" : ":" + location.getLineNr();
    return new ResultFormatException(
        String.format(
            Locale.ROOT, "%s%s: not a readable result: %s", file, place, firstLine(problem)),
        problem);
  }

  private static String firstLine(JacksonException problem) {
    return problem.getOriginalMessage().lines().findFirst().orElse("no text");
  }
}
