// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Checks YAML against one JSON Schema and says what is wrong in the words of the person who wrote
 * the YAML. Loading this class loads the validator, which is slow; nothing else does. Never opens a
 * network connection.
 */
final class SchemaCheck {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final JsonNode json;
  private final Schema schema;

  private SchemaCheck(JsonNode json, Schema schema) {
    this.json = json;
    this.schema = schema;
  }

  /**
   * Reads a schema.
   *
   * @throws ConfigException when there is no such file or it is no schema
   */
  static SchemaCheck read(Path file) {
    var place = new Place.InFile(file, 0, "");
    if (!Files.isRegularFile(file)) {
      throw place.error("schema does not exist; the configuration folder is incomplete");
    }
    try {
      JsonNode json = JsonMapper.shared().readTree(file);
      var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
      return new SchemaCheck(json, registry.getSchema(json));
    } catch (JacksonException | SchemaException e) {
      throw place.error("is not a usable schema: " + e.getMessage(), e);
    }
  }

  /**
   * Checks a document.
   *
   * @throws ConfigException for the first mistake in the file; names file, line and key
   */
  void check(Yaml.Mapping document) {
    schema.validate(json(document)).stream()
        .map(error -> mistake(error, document))
        .min(FIRST)
        .ifPresent(first -> {
          throw first.place.error(first.problem);
        });
  }

  private record Mistake(Place.InFile place, String problem, boolean missing) {
    Mistake(Yaml value, String problem) {
      this(value.place(), problem, false);
    }
  }

  /** A misspelt key is also a missing key; the misspelling is what helps. */
  private static final Comparator<Mistake> FIRST =
      Comparator.comparing(Mistake::missing).thenComparingInt(mistake -> mistake.place.line());

  private Mistake mistake(Error error, Yaml.Mapping document) {
    Yaml value = find(error.getInstanceLocation(), document);
    String limit = error.getSchemaNode().asString("");
    String found = ", found " + value.describe();
    return switch (error.getKeyword()) {
      case "required" ->
          new Mistake(value.place(), "missing key '" + error.getProperty() + "'", true);
      case "additionalProperties" -> unknownKey(error, (Yaml.Mapping) value);
      case "type", "pattern" -> new Mistake(value, "expected " + wanted(rule(error)) + found);
      case "const" -> new Mistake(value, "expected " + limit + found);
      case "minimum" -> new Mistake(value, "expected at least " + limit + found);
      case "maximum" -> new Mistake(value, "expected at most " + limit + found);
      case "minItems" -> new Mistake(value, "expected at least " + limit + " item");
      case "maxItems" -> new Mistake(value, "expected at most " + limit + " items");
      case "minProperties" -> new Mistake(value, "expected at least " + limit + " key");
      case "maxProperties" -> new Mistake(value, "expected at most " + limit + " key");
      case "enum" -> new Mistake(value, "expected " + choices(rule(error)) + found);
      case "minLength" -> new Mistake(value, "expected text" + found);
      case "maxLength" -> new Mistake(value, "expected at most " + limit + " characters");
      default -> new Mistake(value, String.valueOf(error.getMessage()));
    };
  }

  private Mistake unknownKey(Error error, Yaml.Mapping mapping) {
    String key = error.getProperty();
    List<String> known = List.copyOf(rule(error).path("properties").propertyNames());
    String hint =
        Names.nearest(key, known)
            .map(near -> "did you mean '" + near + "'?")
            .orElseGet(() -> "known: " + String.join(", ", known));
    Yaml value = Objects.requireNonNull(mapping.entries().get(key));
    return new Mistake(value, "unknown key; " + hint);
  }

  /** The part of the schema that holds the violated keyword, with what else it says. */
  private JsonNode rule(Error error) {
    String pointer = error.getSchemaLocation().getFragment().toString();
    return json.at(pointer.substring(0, pointer.lastIndexOf('/')));
  }

  private static String wanted(JsonNode rule) {
    String types = typeNames(rule.path("type"));
    String examples =
        rule.path("examples")
            .valueStream()
            .map(example -> example.isString() ? example.stringValue() : example.toString())
            .collect(Collectors.joining(", "));
    return examples.isEmpty() ? types : types + " such as " + examples;
  }

  private static String choices(JsonNode rule) {
    return rule.path("enum")
        .valueStream()
        .map(JsonNode::asString)
        .collect(Collectors.joining(", ", "one of ", ""));
  }

  private static String typeNames(JsonNode types) {
    return types.isArray()
        ? types.valueStream().map(SchemaCheck::typeName).collect(Collectors.joining(" or "))
        : typeName(types);
  }

  private static String typeName(JsonNode type) {
    return switch (type.asString()) {
      case "object" -> "a mapping";
      case "array" -> "a list";
      case "string" -> "text";
      case "integer" -> "an integer";
      case "number" -> "a number";
      default -> type.asString();
    };
  }

  private static Yaml find(NodePath path, Yaml.Mapping document) {
    Yaml at = document;
    for (int i = 0; i < path.getNameCount(); i++) {
      Object step = path.getElement(i);
      at =
          switch (at) {
            case Yaml.Mapping mapping ->
                Objects.requireNonNull(mapping.entries().get(step.toString()));
            case Yaml.Sequence sequence -> sequence.items().get((Integer) step);
            case Yaml.Scalar scalar -> scalar;
          };
    }
    return at;
  }

  private static JsonNode json(Yaml yaml) {
    return switch (yaml) {
      case Yaml.Mapping mapping -> {
        var object = JSON.objectNode();
        mapping.entries().forEach((key, value) -> object.set(key, json(value)));
        yield object;
      }
      case Yaml.Sequence sequence -> {
        var array = JSON.arrayNode();
        sequence.items().forEach(item -> array.add(json(item)));
        yield array;
      }
      case Yaml.Scalar scalar ->
          switch (scalar.value()) {
            case null -> JSON.nullNode();
            case String text -> JSON.stringNode(text);
            case BigInteger integer -> JSON.numberNode(integer);
            case Double number -> JSON.numberNode(number);
            case Boolean flag -> JSON.booleanNode(flag);
            case Object other -> throw new IllegalStateException("scalar of " + other.getClass());
          };
    };
  }
}
