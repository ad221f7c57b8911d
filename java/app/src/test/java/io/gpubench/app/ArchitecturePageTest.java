// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code java/README.md} draws the arrows that the POMs have, and names what there is. */
class ArchitecturePageTest {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("gpubench.root")));
  private static final Path JAVA = ROOT.resolve("java");

  private static final Pattern ARROW = Pattern.compile("(?m)^ *(\\w+) --> (\\w+)$");
  private static final Pattern MODULE = Pattern.compile("<module>java/(\\w+)</module>");

  /** What brings classes along: of type {@code pom} is what shall only be built before. */
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<groupId>io.gpubench</groupId>\\s*<artifactId>gpubench-(\\w+)</artifactId>(?!\\s*<version>[^<]*</version>\\s*<type>pom)");

  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?io\\.gpubench\\.(\\w+)");
  private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");
  private static final Pattern TYPE = Pattern.compile("([A-Z]\\w+)(?:\\.(\\w+))?");
  private static final Pattern EXCEPTION = Pattern.compile("\\b[A-Z]\\w+Exception\\b");
  private static final Pattern ROOM =
      Pattern.compile("(?:app|measure|engines|workloads|gpu)\\.\\w+");

  private final String page;
  private final Map<String, String> sources = sources();

  ArchitecturePageTest() throws IOException {
    page = Files.readString(JAVA.resolve("README.md"));
  }

  @Test
  void theArrowsAreThoseOfThePoms() throws IOException {
    var arrows = new TreeSet<String>();
    for (String module : modules()) {
      String pom = Files.readString(JAVA.resolve(module).resolve("pom.xml"));
      for (String imported : matches(DEPENDENCY, pom)) {
        arrows.add(module + " --> " + imported);
      }
    }
    assertEquals(drawn(), arrows);
  }

  @Test
  void theArrowsAreThoseOfTheImports() throws IOException {
    var arrows = new TreeSet<String>();
    for (String module : modules()) {
      try (Stream<Path> files = Files.walk(JAVA.resolve(module).resolve("src/main"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          for (String room : matches(IMPORT, Files.readString(file))) {
            String imported = room.equals("ffi") ? "bindings" : room;
            if (!imported.equals(module)) {
              arrows.add(module + " --> " + imported);
            }
          }
        }
      }
    }
    assertEquals(drawn(), arrows);
  }

  private Set<String> drawn() {
    return ARROW
        .matcher(page)
        .results()
        .map(arrow -> arrow.group(1) + " --> " + arrow.group(2))
        .collect(toCollection(TreeSet::new));
  }

  private static List<String> modules() throws IOException {
    return matches(MODULE, Files.readString(ROOT.resolve("pom.xml")));
  }

  @Test
  void theTypesExistAndHaveWhatIsNamedOfThem() {
    var missing = new TreeSet<String>();
    for (String quoted : matches(QUOTED, page)) {
      var type = TYPE.matcher(quoted);
      if (type.matches() && !exists(type.group(1), type.group(2))) {
        missing.add(quoted);
      }
    }
    assertEquals(Set.of(), missing);
    assertFalse(sources.isEmpty());
  }

  @Test
  void theExceptionsExist() {
    assertEquals(
        List.of(), matches(EXCEPTION, page).stream().filter(name -> !exists(name, null)).toList());
  }

  @Test
  void theRoomsAndFoldersExist() {
    var missing = new TreeSet<String>();
    for (String quoted : matches(QUOTED, page)) {
      if (ROOM.matcher(quoted).matches()) {
        String module = quoted.substring(0, quoted.indexOf('.'));
        Path room =
            JAVA.resolve(module)
                .resolve("src/main/java/io/gpubench")
                .resolve(quoted.replace('.', '/'));
        if (!Files.exists(room.resolve("package-info.java"))) {
          missing.add(quoted);
        }
      } else if (quoted.indexOf('/') > 0 && !Files.exists(ROOT.resolve(quoted))) {
        missing.add(quoted);
      }
    }
    assertEquals(Set.of(), missing);
  }

  /** Whether there is a type of that name, and a word in its source where one is named after it. */
  private boolean exists(String type, String member) {
    String source = sources.get(type);
    if (source != null) {
      return member == null || Pattern.compile("\\b" + member + "\\b").matcher(source).find();
    }
    return member == null && (inTheJdk(type) || nested(type));
  }

  private static boolean inTheJdk(String type) {
    try {
      Class.forName("java.lang." + type);
      return true;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  /** An outcome, such as Measured, may be named without the type that it is part of. */
  private boolean nested(String type) {
    return Pattern.compile("record " + type + "\\(")
        .matcher(Objects.requireNonNull(sources.get("Outcome")))
        .find();
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> group(match)).distinct().toList();
  }

  private static String group(MatchResult match) {
    return match.groupCount() == 0 ? match.group() : match.group(1);
  }

  /**
   * The text of every source, tests included, by the name of its type; a name may be there twice.
   */
  private static Map<String, String> sources() {
    var sources = new HashMap<String, String>();
    try (Stream<Path> files = Files.walk(JAVA)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (!file.toString().contains("/target/") && file.toString().contains("/src/")) {
          String name = file.getFileName().toString();
          sources.merge(
              name.substring(0, name.length() - 5), Files.readString(file), String::concat);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sources;
  }
}
