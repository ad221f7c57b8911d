// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value in a YAML file that knows its place. A tree without cycles and without shared parts. */
public sealed interface Yaml {
  Place.InFile place();

  /** What it is, in the words of an error message: {@code a list}, {@code the number 5}. */
  String describe();

  /** Keys in the order written; the place of a value is the line of its key. */
  record Mapping(Place.InFile place, Map<String, Yaml> entries) implements Yaml {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    // The accessors below are for documents that agree with a schema which promises the key.

    /** Whether the key is there. */
    public boolean has(String key) {
      return entries.containsKey(key);
    }

    /** The mapping that is promised at a key. */
    public Mapping mapping(String key) {
      return (Mapping) get(key);
    }

    /** The list that is promised at a key. */
    public Sequence sequence(String key) {
      return (Sequence) get(key);
    }

    /** The single value that is promised at a key. */
    public Scalar scalar(String key) {
      return (Scalar) get(key);
    }

    /** The text at a key, or another where the key is absent. */
    public String textOr(String key, String otherwise) {
      return entries.containsKey(key) ? scalar(key).text() : otherwise;
    }

    private Yaml get(String key) {
      Yaml value = entries.get(key);
      if (value == null) {
        throw new IllegalStateException("no '" + key + "' at " + place);
      }
      return value;
    }

    @Override
    public String describe() {
      return "a mapping";
    }
  }

  /** Items in the order written. */
  record Sequence(Place.InFile place, List<Yaml> items) implements Yaml {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String describe() {
      return "a list";
    }
  }

  /**
   * A single value.
   *
   * @param text as written, without quotes
   * @param value a String, BigInteger, Double or Boolean; null for nothing
   */
  record Scalar(Place.InFile place, String text, @Nullable Object value) implements Yaml {
    /** A number that the schema promises to be an integer, and how large; {@code 1e6} is one. */
    public long wholeValue() {
      return number().longValue();
    }

    /** A number that the schema promises. */
    public double decimalValue() {
      return number().doubleValue();
    }

    /**
     * What a schema promises to look like a duration.
     *
     * @throws ConfigException when it is none that {@link Durations#parse} accepts
     */
    public Duration duration() {
      try {
        return Durations.parse(text);
      } catch (ConfigException e) {
        throw place.error(String.valueOf(e.getMessage()), e);
      }
    }

    private Number number() {
      if (value instanceof Number number) {
        return number;
      }
      throw new IllegalStateException("no number at " + place);
    }

    @Override
    public String describe() {
      String shown = text.length() <= 60 ? text : text.substring(0, 60) + "…";
      return switch (value) {
        case null -> "nothing";
        case String _ -> "the text '" + shown + "'";
        case Number _ -> "the number " + shown;
        default -> shown;
      };
    }
  }
}
