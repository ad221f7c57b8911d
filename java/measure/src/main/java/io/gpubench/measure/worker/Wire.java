// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/** Messages as JSON, one line each, without the line feed. Stateless. */
final class Wire {
  private static final int SHOWN = 120;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private Wire() {}

  static byte[] bytes(Object message) {
    byte[] line = message instanceof Reply.Measure measure ? MeasureLine.bytes(measure) : null;
    return line != null ? line : JSON.writeValueAsBytes(message);
  }

  /**
   * The message in a line.
   *
   * @throws IllegalArgumentException when it is none; the message says what is wrong with the line
   */
  static <T> T read(byte[] line, Class<T> type) {
    Reply.Measure measure = type.equals(Reply.class) ? MeasureLine.read(line) : null;
    if (measure != null) {
      return type.cast(measure);
    }
    try {
      T message = JSON.readValue(line, type);
      if (message == null) {
        throw new IllegalArgumentException("expected a JSON object: " + shown(line));
      }
      return message;
    } catch (ValueInstantiationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw refused(cause.getMessage() + " in ", line, e);
    } catch (InvalidTypeIdException e) {
      throw refused(
          (e.getTypeId() == null ? "\"type\" is missing" : "unknown type '" + e.getTypeId() + "'")
              + " in ",
          line,
          e);
    } catch (JacksonException e) {
      String first = e.getOriginalMessage().lines().findFirst().orElse("no JSON");
      throw refused(first + ": ", line, e);
    }
  }

  /** What is wrong may quote the message's own words, in which anything can be. */
  private static IllegalArgumentException refused(String why, byte[] line, JacksonException e) {
    return new IllegalArgumentException(why.replaceAll("\\p{Cntrl}", "?") + shown(line), e);
  }

  /** The beginning of a line as a person can read it. */
  static String shown(byte[] line) {
    String text = new String(line, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?").strip();
    return text.length() <= SHOWN ? "'" + text + "'" : "'" + text.substring(0, SHOWN) + "…'";
  }
}
