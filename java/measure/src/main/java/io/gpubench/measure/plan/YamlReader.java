// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads one YAML 1.2 document, a mapping, into a tree that knows its lines. Files are bounded in
 * size and depth; aliases and tags, which could make a small file mean a large one, are refused.
 * Builds the tree from parser events, so that nesting is bounded before it can exhaust the stack.
 */
final class YamlReader {
  /** The largest file that is read, in bytes. */
  static final int BYTES_LIMIT = 1 << 20;

  private static final int DEPTH_LIMIT = 32;
  private static final int NUMBER_LENGTH_LIMIT = 64;

  private final Path file;
  private final String text;
  private final Iterator<Event> events;
  private final ScalarResolver resolver;
  private int line;

  private YamlReader(Path file, String text) {
    this.file = file;
    this.text = text;
    var schema = new CoreSchema();
    this.resolver = schema.getScalarResolver();
    var settings = LoadSettings.builder().setLabel(file.toString()).setSchema(schema).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException when it cannot be read or is not such a document; names file and line
   */
  static Yaml.Mapping read(Path file) {
    return new YamlReader(file, readText(file)).document();
  }

  private static String readText(Path file) {
    var whole = new Place.InFile(file, 0, "");
    byte[] bytes;
    try {
      if (Files.isDirectory(file)) {
        throw whole.error("is a folder; expected a YAML file");
      }
      try (var in = Files.newInputStream(file)) {
        bytes = in.readNBytes(BYTES_LIMIT + 1);
      }
    } catch (NoSuchFileException _) {
      throw whole.error("file does not exist");
    } catch (AccessDeniedException _) {
      throw whole.error("no permission to read the file");
    } catch (IOException e) {
      throw whole.error("cannot be read: " + e, e);
    }
    if (bytes.length > BYTES_LIMIT) {
      throw whole.error("is too large; expected at most " + ByteSizes.format(BYTES_LIMIT));
    }
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length);
    CoderResult decoded = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    out.flip();
    if (decoded.isError()) {
      int line = 1 + (int) out.chars().filter(c -> c == '\n').count();
      throw new Place.InFile(file, line, "").error("is not UTF-8 text");
    }
    String text = out.toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text; // a byte order mark
  }

  private Yaml.Mapping document() {
    next(); // the stream starts
    if (next().getEventId() == Event.ID.StreamEnd) {
      throw new Place.InFile(file, 1, "").error("is empty; expected a mapping of keys to values");
    }
    Event first = next();
    Yaml root = value(first, new Place.InFile(file, line(first), ""), 0);
    if (!(root instanceof Yaml.Mapping mapping)) {
      throw root.place().error("expected a mapping of keys to values, found " + root.describe());
    }
    next(); // the document ends
    Event last = next();
    if (last.getEventId() != Event.ID.StreamEnd) {
      throw new Place.InFile(file, line(last), "").error("a second document; expected only one");
    }
    return mapping;
  }

  private Yaml value(Event event, Place.InFile place, int depth) {
    refuseReferences(event, place);
    if (depth > DEPTH_LIMIT) {
      throw place.error("nested more than " + DEPTH_LIMIT + " deep");
    }
    return switch (event.getEventId()) {
      case Scalar -> scalar((ScalarEvent) event, place);
      case SequenceStart -> sequence(place, depth);
      case MappingStart -> mapping(place, depth);
      default -> throw new IllegalStateException("event " + event + " where a value begins");
    };
  }

  private Yaml.Sequence sequence(Place.InFile place, int depth) {
    var items = new ArrayList<Yaml>();
    for (Event item = next(); item.getEventId() != Event.ID.SequenceEnd; item = next()) {
      items.add(value(item, place.item(items.size(), line(item)), depth + 1));
    }
    return new Yaml.Sequence(place, items);
  }

  private Yaml.Mapping mapping(Place.InFile place, int depth) {
    var entries = new LinkedHashMap<String, Yaml>();
    for (Event key = next(); key.getEventId() != Event.ID.MappingEnd; key = next()) {
      refuseReferences(key, new Place.InFile(file, line(key), place.key()));
      if (!(key instanceof ScalarEvent name)) {
        throw new Place.InFile(file, line(key), place.key()).error("expected a name as the key");
      }
      Place.InFile at = place.key(shown(name.getValue()), line(key));
      Yaml earlier = entries.get(name.getValue());
      if (earlier != null) {
        throw at.error("duplicate key; first given in line " + earlier.place().line());
      }
      entries.put(name.getValue(), value(next(), at, depth + 1));
    }
    return new Yaml.Mapping(place, entries);
  }

  private Yaml.Scalar scalar(ScalarEvent event, Place.InFile place) {
    String written = event.getValue();
    Tag tag = event.isPlain() ? resolver.resolve(written, true) : Tag.STR;
    boolean number = tag.equals(Tag.INT) || tag.equals(Tag.FLOAT);
    if (number && written.length() > NUMBER_LENGTH_LIMIT) {
      throw place.error("a number of more than " + NUMBER_LENGTH_LIMIT + " characters");
    }
    @Nullable Object value;
    if (tag.equals(Tag.INT)) {
      value = integer(written);
    } else if (tag.equals(Tag.FLOAT)) {
      value = finite(written, place);
    } else if (tag.equals(Tag.BOOL)) {
      value = Boolean.valueOf(written);
    } else {
      value = tag.equals(Tag.NULL) ? null : written;
    }
    return new Yaml.Scalar(place, written, value);
  }

  private static BigInteger integer(String written) {
    if (written.startsWith("0x")) {
      return new BigInteger(written.substring(2), 16);
    }
    return written.startsWith("0o")
        ? new BigInteger(written.substring(2), 8)
        : new BigInteger(written);
  }

  private static Double finite(String written, Place.InFile place) {
    // YAML's .inf and .nan are no numbers to Double.parseDouble
    double value = written.matches(".*\\d.*") ? Double.parseDouble(written) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw place.error("expected a finite number, found " + written);
    }
    return value;
  }

  private static void refuseReferences(Event event, Place.InFile place) {
    if (event instanceof AliasEvent alias) {
      throw place.error("alias *" + alias.getAlias() + " is not allowed; write the value out");
    }
    Optional<String> tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent collection -> collection.getTag();
          default -> Optional.empty();
        };
    if (tag.isPresent()) {
      throw place.error("tag " + tag.get() + " is not allowed");
    }
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw place.error("anchor &" + node.getAnchor().get() + " is not allowed");
    }
  }

  /** The next event; every way in which the parser can fail becomes an error with a line. */
  private Event next() {
    try {
      Event event = events.next();
      line = line(event);
      return event;
    } catch (MarkedYamlEngineException e) {
      int at =
          e.getProblemMark().or(e::getContextMark).map(mark -> mark.getLine() + 1).orElse(line);
      throw invalid(at, problem(e), e);
    } catch (ReaderException e) {
      var before = text.codePoints().limit(e.getPosition());
      int at = 1 + (int) before.filter(c -> c == '\n').count();
      throw invalid(at, String.format("character U+%04X is not allowed", e.getCodePoint()), e);
    } catch (YamlEngineException e) {
      throw invalid(line, String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // the parser lets these escape, for instance at an escape sequence that is no character
      throw invalid(line, "a malformed character or number in or after this line", e);
    }
  }

  private static String problem(MarkedYamlEngineException e) {
    String problem = String.valueOf(e.getProblem());
    if (problem.contains("(TAB)")) {
      return "a tab where YAML wants spaces";
    }
    return e.getContext() == null ? problem : e.getContext() + ", " + problem;
  }

  private ConfigException invalid(int at, String problem, RuntimeException cause) {
    return new Place.InFile(file, at, "").error("not valid YAML: " + problem, cause);
  }

  private static int line(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  /** A key as it may stand in a message: quoted when it is no plain word, and never long. */
  private static String shown(String key) {
    String brief = key.length() <= 60 ? key : key.substring(0, 60) + "…";
    return brief.matches("[A-Za-z0-9_$-]+")
        ? brief
        : "'" + brief.replaceAll("\\p{Cntrl}", " ") + "'";
  }
}
