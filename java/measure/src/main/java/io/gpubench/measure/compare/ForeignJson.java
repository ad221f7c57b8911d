// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.Printable;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A value in somebody else's JSON, and where it stands. Whatever is not as it has to be becomes one
 * line that names the file and the place. Immutable.
 *
 * @param place such as {@code [0].primaryMetric}; empty for the whole document
 */
record ForeignJson(Path file, String place, JsonNode node) {
  /** Larger than any result that anybody compares, in bytes. */
  private static final long LARGEST_FILE = 256L << 20;

  /** Characters of a value that a message shows. */
  private static final int SHOWN = 60;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // read, so as to be refused as what it is
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads a whole file.
   *
   * @throws ResultFormatException when it cannot be read or is no JSON
   */
  static ForeignJson read(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST_FILE) {
        throw new ResultFormatException(
            String.format(
                Locale.ROOT,
                "%s: %,d bytes; expected a result of %,d bytes at most",
                file,
                size,
                LARGEST_FILE));
      }
      return new ForeignJson(file, "", MAPPER.readTree(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new ResultFormatException(file + ": cannot be read: " + StoreErrors.text(e), e);
    } catch (JacksonException e) {
      TokenStreamLocation location = e.getLocation();
      String line = location == null || location.getLineNr() < 1 ? "" : ":" + location.getLineNr();
      throw new ResultFormatException(
          "%s%s: no whole JSON: %s"
              .formatted(
                  file,
                  line,
                  plain(Printable.line(e.getOriginalMessage().lines().findFirst().orElse("")))),
          e);
    }
  }

  /** Without what the library says of itself. */
  private static String plain(String message) {
    String brief =
        message
            .replaceFirst(" \\(start marker at .*", "")
            .replaceFirst(" \\(`?JsonToken.*", "")
            .replaceFirst(": not allowed as per .*", "")
            .strip();
    return brief.contains("Feature") || brief.contains("Source") || brief.isEmpty()
        ? "cut off or damaged"
        : brief;
  }

  /** What is wrong here. */
  ResultFormatException error(String problem) {
    return new ResultFormatException(
        Printable.line("%s: %s%s".formatted(file, place.isEmpty() ? "" : place + ": ", problem)));
  }

  private ResultFormatException expected(String what) {
    String text = node.isMissingNode() ? "nothing" : node.toString();
    return error(
        "expected %s, found %s"
            .formatted(what, text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text));
  }

  boolean isThere() {
    return !node.isMissingNode() && !node.isNull();
  }

  /** What stands under a key, which may be nothing. */
  ForeignJson get(String key) {
    return new ForeignJson(file, place.isEmpty() ? key : place + "." + key, node.path(key));
  }

  /** The same; empty where it is not there. */
  Optional<ForeignJson> find(String key) {
    return Optional.of(get(key)).filter(ForeignJson::isThere);
  }

  /** The elements of an array. */
  List<ForeignJson> elements() {
    if (!node.isArray()) {
      throw expected("a list");
    }
    var all = new ArrayList<ForeignJson>(node.size());
    for (int i = 0; i < node.size(); i++) {
      all.add(new ForeignJson(file, place + "[" + i + "]", node.get(i)));
    }
    return all;
  }

  /** The members of an object, in their order. */
  Map<String, ForeignJson> members() {
    if (!node.isObject()) {
      throw expected("an object");
    }
    var all = new LinkedHashMap<String, ForeignJson>();
    node.properties().forEach(member -> all.put(member.getKey(), get(member.getKey())));
    return all;
  }

  /** A text that is not empty, on one line. */
  String text() {
    if (!node.isString() || node.asString().isBlank()) {
      throw expected("a text");
    }
    return Printable.line(node.asString());
  }

  /** A text, number or truth as a text on one line. */
  String scalar() {
    if (!node.isValueNode() || node.isNull()) {
      throw expected("a text or a number");
    }
    return Printable.line(node.asString());
  }

  /** A number, also as a text, as some write what JSON cannot hold. */
  double number() {
    double value = Double.NaN;
    if (node.isNumber()) {
      value = node.asDouble();
    } else if (node.isString()) {
      try {
        value = Double.parseDouble(node.asString());
      } catch (NumberFormatException _) {
        throw expected("a number");
      }
    } else {
      throw expected("a number");
    }
    if (!Double.isFinite(value)) {
      throw expected("a finite number");
    }
    return value;
  }

  /** A whole number in that range. */
  long whole(long least, long most) {
    double value = number();
    if (value != Math.rint(value) || value < least || value > most) {
      throw expected("a whole number in %d .. %d".formatted(least, most));
    }
    return (long) value;
  }

  /**
   * A time.
   *
   * @param unitNanos how many nanoseconds its unit has
   * @return nanoseconds that a measurement can have
   */
  double nanos(double unitNanos) {
    double value = number() * unitNanos;
    if (!RecordedProcess.isTime(value)) {
      throw expected("a time of more than 0 and at most 104 days");
    }
    return value;
  }

  /**
   * A rate.
   *
   * @param unitNanos how many nanoseconds the unit has that it is per
   * @return nanoseconds of one operation
   */
  double nanosOfRate(double unitNanos) {
    double value = unitNanos / number();
    if (!RecordedProcess.isTime(value)) {
      throw expected("a rate of more than 0 that something can have");
    }
    return value;
  }
}
