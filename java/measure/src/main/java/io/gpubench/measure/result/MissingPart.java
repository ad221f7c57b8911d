// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds out what JSON lacks before it is made a record: each component that is not {@link Nullable}
 * has to be there, and so does each element of a list and each value of a map, at any depth. What
 * is of the wrong kind, and numbers that are missing, Jackson notices by itself. Thread-safe.
 */
final class MissingPart {
  private static final ClassValue<List<Part>> PARTS =
      new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents())
              .map(part -> new Part(part.getName(), Shape.of(part.getAnnotatedType())))
              .toList();
        }
      };

  private MissingPart() {}

  /**
   * The place of the first, such as {@code planned[0].id}; empty when nothing is missing.
   *
   * @param document neither null nor missing itself
   * @param type that it is going to be
   */
  static Optional<String> of(JsonNode document, Class<? extends Record> type) {
    return Optional.ofNullable(find(document, new Shape(type, false, null), ""));
  }

  private record Part(String name, Shape shape) {}

  /**
   * What is expected at a place.
   *
   * @param optional whether nothing may be there
   * @param content of a list's elements and a map's values; null for what is neither
   */
  private record Shape(Class<?> type, boolean optional, @Nullable Shape content) {
    static Shape of(AnnotatedType annotated) {
      boolean nullable = annotated.isAnnotationPresent(Nullable.class);
      if (annotated instanceof AnnotatedParameterizedType generic
          && generic.getType() instanceof ParameterizedType raw) {
        AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
        return new Shape(
            (Class<?>) raw.getRawType(), nullable, of(arguments[arguments.length - 1]));
      }
      // an Object may be anything, and what is primitive Jackson demands
      return annotated.getType() instanceof Class<?> type
          ? new Shape(type, nullable || type.isPrimitive() || type == Object.class, null)
          : new Shape(Object.class, true, null);
    }
  }

  private static @Nullable String find(@Nullable JsonNode node, Shape shape, String place) {
    if (node == null || node.isNull() || node.isMissingNode()) {
      return shape.optional() ? null : place;
    }
    Shape content = shape.content();
    if (content != null) {
      return shape.type() == Map.class
          ? findInMap(node, content, place)
          : findInList(node, content, place);
    }
    if (!shape.type().isRecord() || !node.isObject()) {
      return null;
    }
    for (Part part : PARTS.get(shape.type())) {
      String missing =
          find(
              node.get(part.name()),
              part.shape(),
              place.isEmpty() ? part.name() : place + "." + part.name());
      if (missing != null) {
        return missing;
      }
    }
    return null;
  }

  private static @Nullable String findInList(JsonNode list, Shape content, String place) {
    for (int i = 0; list.isArray() && i < list.size(); i++) {
      String missing = find(list.get(i), content, place + "[" + i + "]");
      if (missing != null) {
        return missing;
      }
    }
    return null;
  }

  private static @Nullable String findInMap(JsonNode map, Shape content, String place) {
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String missing = find(entry.getValue(), content, place + "." + entry.getKey());
      if (missing != null) {
        return missing;
      }
    }
    return null;
  }
}
