// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import io.gpubench.measure.ResultFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * A manifest as JSON. What is read is as strict as the schema, and nothing is built from a document
 * that is not a manifest, so that reading takes no more memory than its size warrants.
 */
final class ManifestJson {
  private static final String FORMAT = "gpubench.manifest/";
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern MILLISECONDS =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

  /** Thread-safe. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .withCoercionConfig(
              LogicalType.Textual,
              texts -> {
                for (CoercionInputShape shape : CoercionInputShape.values()) {
                  texts.setCoercion(shape, CoercionAction.Fail);
                }
              })
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private ManifestJson() {}

  static byte[] write(Manifest manifest) {
    return (MAPPER.writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads one.
   *
   * @param file only to name it
   * @throws ManifestException when it is not one that gpubench wrote
   * @throws ResultFormatException when it is of a newer format
   */
  static Manifest read(byte[] json, Path file) throws ManifestException {
    try {
      demandSchema(json, file);
      Manifest manifest = MAPPER.readValue(json, Manifest.class);
      check(manifest);
      return manifest;
    } catch (DatabindException e) {
      throw foreign(misfit(e), e);
    } catch (JacksonException e) {
      TokenStreamLocation location = e.getLocation();
      String place = location == null || location.getLineNr() < 1 ? "" : ":" + location.getLineNr();
      String problem = e.getOriginalMessage().lines().findFirst().orElse("no text");
      throw new ManifestException(Manifest.FILE + place + ": not whole: " + problem, e);
    }
  }

  /** What is wrong with a document that is JSON; Jackson's own words are about classes. */
  private static String misfit(DatabindException e) {
    var path = new StringBuilder();
    for (JacksonException.Reference step : e.getPath()) {
      String name = step.getPropertyName();
      path.append(name == null ? "[" + step.getIndex() + "]" : "." + name);
    }
    String place = path.isEmpty() ? "it" : path.substring(path.charAt(0) == '.' ? 1 : 0);
    return place
        + (e instanceof UnrecognizedPropertyException
            ? " is unknown"
            : " lacks something, or is of another kind");
  }

  private static void demandSchema(byte[] json, Path file) throws ManifestException {
    String schema = schema(json);
    if (schema.equals(Manifest.SCHEMA)) {
      return;
    }
    if (schema.matches(Pattern.quote(FORMAT) + "[1-9][0-9]{0,5}")) {
      throw ResultFormatException.newer(
          file + ": written in the format " + schema + "; this version reads " + Manifest.SCHEMA);
    }
    throw foreign("no \"schema\": \"" + Manifest.SCHEMA + "\"", null);
  }

  /** The schema that a document names; empty when it names none. */
  private static String schema(byte[] json) {
    try (JsonParser parser = MAPPER.createParser(json)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          boolean found = parser.currentName().equals("schema");
          JsonToken value = parser.nextToken();
          if (found) {
            return value == JsonToken.VALUE_STRING ? parser.getString() : "";
          }
          parser.skipChildren();
        }
      }
      return "";
    }
  }

  /** Everything that the types alone do not say. */
  private static void check(Manifest manifest) throws ManifestException {
    demandAll("run, tool, seeds", manifest.run(), manifest.tool(), manifest.seeds());
    demandAll("kernels", manifest.kernels());
    demandAll("files", manifest.files());
    demand(isInstant(manifest.sealedAt()), "sealedAt is not a time in UTC to the millisecond");
    String signer = manifest.signer();
    demand(
        signer == null || signer.matches(SignerKey.FINGERPRINT_PATTERN),
        "signer is not a fingerprint");
    Manifest.Tool tool = manifest.tool();
    demandAll("tool", tool.name(), tool.version(), tool.commit());
    for (Manifest.Kernel kernel : manifest.kernels()) {
      demandAll("kernels", kernel.engine(), kernel.image());
      demand(isSha256(kernel.sha256()), "kernels: not a SHA-256 in lower-case hexadecimal");
    }
    demandAll("seeds.inputs", manifest.seeds().inputs());
    checkFiles(manifest);
  }

  private static void checkFiles(Manifest manifest) throws ManifestException {
    var seen = new HashSet<String>();
    String last = "";
    for (Manifest.Entry entry : manifest.files()) {
      String path = entry.path();
      demandAll("files", path);
      demand(FolderListing.isPlain(path), "files: '" + path + "' is not a path below the run");
      demand(seen.add(path), "files: '" + path + "' is listed twice");
      demand(last.compareTo(path) < 0, "files: '" + path + "' is not in the order of the paths");
      demand(entry.bytes() >= 0, "files: '" + path + "' has a negative size");
      demand(isSha256(entry.sha256()), "files: '" + path + "' has no SHA-256");
      last = path;
    }
  }

  private static boolean isInstant(@Nullable String text) {
    try {
      return text != null
          && MILLISECONDS.matcher(text).matches()
          && !Instant.parse(text).equals(Instant.MIN);
    } catch (DateTimeException _) {
      return false;
    }
  }

  private static boolean isSha256(@Nullable String text) {
    return text != null && SHA256.matcher(text).matches();
  }

  private static void demandAll(String what, @Nullable Object... values) throws ManifestException {
    for (Object value : values) {
      demand(
          value != null
              && !(value instanceof Collection<?> all && all.stream().anyMatch(Objects::isNull)),
          what + ": a value is null");
    }
  }

  private static void demand(boolean holds, String otherwise) throws ManifestException {
    if (!holds) {
      throw foreign(otherwise, null);
    }
  }

  private static ManifestException foreign(String problem, @Nullable Throwable cause) {
    return new ManifestException(Manifest.FILE + ": not a manifest of gpubench: " + problem, cause);
  }
}
