// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel is accused of. Immutable.
 *
 * @param what the kind, in a fixed word or two, such as {@code race}
 * @param detail in words; may be empty
 * @param place where; null if that is not known
 * @param block whose; null if that is not known
 * @param thread of the block
 * @param places others that the detail names
 * @param seed with which it was found
 */
public record Finding(
    String what,
    String detail,
    @Nullable Place place,
    @Nullable String block,
    @Nullable String thread,
    List<Place> places,
    long seed) {
  private static final Pattern REPORT =
      Pattern.compile(
          "kernel .+?(?:, (?<file>[^,]+):(?<line>\\d+))?"
              + "(?:, block \\((?<block>[\\d,]+)\\), thread \\((?<thread>[\\d,]+)\\))?: (?<what>[^:]+?)(?:: (?<detail>.*))?",
          Pattern.DOTALL);
  private static final Pattern OTHER_PLACE = Pattern.compile("([^\\s,:()'\"]+):(\\d+)");

  public Finding {
    places = List.copyOf(places);
  }

  /**
   * A line of a source.
   *
   * @param file as a user would name it
   * @param line counted from 1
   * @param text of the line, without blanks around it; null where it cannot be read
   */
  public record Place(String file, int line, @Nullable String text) {
    /** As compilers write it. */
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /** Where files lie that reports name without their folders. */
  record Sources(Path source, List<Path> folders) {
    private Place place(String file, String line) {
      int number = Integer.parseInt(line);
      Path path = found(file);
      return new Place(path == null ? file : path.toString(), number, text(path, number));
    }

    private @Nullable Path found(String file) {
      var candidates = new ArrayList<Path>();
      candidates.add(source.resolveSibling(file));
      candidates.add(Path.of(file));
      folders.forEach(folder -> candidates.add(folder.resolve(file)));
      return candidates.stream().filter(Files::isRegularFile).findFirst().orElse(null);
    }

    private static @Nullable String text(@Nullable Path path, int line) {
      if (path == null || line < 1) {
        return null;
      }
      try (var lines = Files.lines(path)) {
        return lines.skip(line - 1L).findFirst().map(String::strip).orElse(null);
      } catch (java.io.IOException | java.io.UncheckedIOException _) {
        return null;
      }
    }
  }

  /** From the simulated device's report, which has one line. */
  static Finding of(String report, Sources sources, long seed) {
    Matcher matcher = REPORT.matcher(report.strip());
    if (!matcher.matches()) {
      return lost("failed", report.strip(), seed);
    }
    String detail = matcher.group("detail") == null ? "" : matcher.group("detail");
    String file = matcher.group("file");
    Place place = file == null ? null : sources.place(file, matcher.group("line"));
    var places = new ArrayList<Place>();
    Matcher other = OTHER_PLACE.matcher(detail);
    while (other.find() && other.group(2).length() < 9) {
      Place found = sources.place(other.group(1), other.group(2));
      if (found.text() != null && !found.equals(place) && !places.contains(found)) {
        places.add(found);
      }
    }
    return new Finding(
        matcher.group("what"),
        detail,
        place,
        matcher.group("block"),
        matcher.group("thread"),
        places,
        seed);
  }

  /** Of a kernel that took its process with it, or had no end. */
  static Finding lost(String what, String detail, long seed) {
    return new Finding(what, detail, null, null, null, List.of(), seed);
  }

  /** Kind and detail. */
  public String text() {
    return detail.isEmpty() ? what : what + ": " + detail;
  }
}
