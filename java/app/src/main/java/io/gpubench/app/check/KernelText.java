// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.measure.ConfigException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the text of a kernel tells of the block that it is made for: how large the shared arrays are
 * that each thread writes its own element of, by how much loops over rows advance, and constants
 * with telling names. It is no parser, and what it does not understand it says nothing of.
 * Immutable.
 */
final class KernelText {
  /** Of a kernel whose text is not known. */
  static final KernelText UNKNOWN = new KernelText("", Map.of());

  private static final int MOST_THREADS = 1024;
  private static final Pattern DEFINE =
      Pattern.compile("(?m)^\\s*#\\s*define\\s+(\\w+)[ \\t]+(.+)$");
  private static final Pattern CONSTANTS =
      Pattern.compile("\\b(?:const|constexpr|enum)\\b[^;()]*;|\\benum\\b[^;]*;");
  private static final Pattern VALUE = Pattern.compile("(\\w+)\\s*=\\s*([^,;{}]+)");
  private static final Pattern SHARED = Pattern.compile("\\b__shared__\\b([^;]*);");
  private static final Pattern ARRAY = Pattern.compile("(\\w+)((?:\\s*\\[[^\\[\\]]*\\])+)");
  private static final Pattern EXTENT = Pattern.compile("\\[([^\\[\\]]*)\\]");
  private static final Pattern OWN =
      Pattern.compile(
          "\\b(\\w+)\\s*=\\s*(?:\\(\\w+\\))?\\s*(threadIdx\\.[xyz](?:\\s*\\+\\s*\\w+)?)\\s*(?=[;,])");
  private static final Pattern FROM_THREAD =
      Pattern.compile("\\b(\\w+)\\s*=[^=;,][^;,]*threadIdx\\.([xyz])");
  private static final Pattern LOOP =
      Pattern.compile("\\bfor\\s*\\(([^;]*);[^;]*;\\s*(\\w+)\\s*\\+=\\s*(\\w+)\\s*\\)");
  private static final Pattern TILED =
      Pattern.compile(
          "blockIdx\\.([xyz])\\s*\\*\\s*(\\w+)\\s*\\+\\s*threadIdx\\.\\1|threadIdx\\.([xyz])\\s*\\+\\s*blockIdx\\.\\3\\s*\\*\\s*(\\w+)");
  private static final Pattern TELLING =
      Pattern.compile(
          "\\b(?:[A-Z]+_)?(?:N?THREADS(?:_PER_BLOCK)?|BLOCK_?SIZE|BLOCK_?DIM|BLOCK|TPB|TILE(?:_?SIZE|_?DIM|_?WIDTH)?)(?:_([XYZ]))?\\b");

  private final String body;
  private final Map<String, Long> constants;
  private final int[] extents = new int[3];

  private KernelText(String body, Map<String, Long> constants) {
    this.body = body;
    this.constants = constants;
    if (!body.isEmpty()) {
      sharedArrays();
      loops();
      tiles();
      names();
    }
  }

  /** One thread's place: an axis, and what is added to it. */
  private record Place(int axis, long added) {}

  /**
   * The text of a kernel.
   *
   * @param lines of its file
   * @param line where it is, counted from 1
   * @param name without namespaces
   * @param defines macros of the command line, {@code NAME} or {@code NAME=VALUE}
   */
  static KernelText of(List<String> lines, int line, String name, List<String> defines) {
    if (line < 1 || line > lines.size()) {
      return UNKNOWN;
    }
    String rest = bare(String.join("\n", lines.subList(line - 1, lines.size())));
    Matcher begin = Pattern.compile("\\b" + Pattern.quote(name) + "\\s*\\(").matcher(rest);
    if (!begin.find()) {
      return UNKNOWN;
    }
    int open = rest.indexOf('{', begin.end());
    if (open < 0 || rest.substring(begin.end(), open).indexOf(';') >= 0) {
      return UNKNOWN;
    }
    int depth = 0;
    int end = open;
    for (; end < rest.length(); end++) {
      char character = rest.charAt(end);
      depth += character == '{' ? 1 : character == '}' ? -1 : 0;
      if (depth == 0) {
        break;
      }
    }
    return new KernelText(
        rest.substring(open, end), constants(bare(String.join("\n", lines)), defines));
  }

  /** Without comments and texts in quotes. */
  private static String bare(String text) {
    return text.replaceAll("(?s)\"(?:[^\"\\\\\n]|\\\\.)*\"|//[^\n]*|/\\*.*?\\*/", " ");
  }

  private static Map<String, Long> constants(String text, List<String> defines) {
    var found = new HashMap<String, Long>();
    DEFINE.matcher(text).results().forEach(each -> put(found, each.group(1), each.group(2)));
    CONSTANTS
        .matcher(text)
        .results()
        .forEach(statement ->
            VALUE
                .matcher(statement.group())
                .results()
                .forEach(each -> put(found, each.group(1), each.group(2))));
    for (String define : defines) {
      int at = define.indexOf('=');
      if (at > 0) {
        put(found, define.substring(0, at), define.substring(at + 1));
      }
    }
    return Map.copyOf(found);
  }

  private static void put(Map<String, Long> found, String name, String text) {
    Long value = value(text, found);
    if (value != null) {
      found.put(name, value);
    }
  }

  private static @Nullable Long value(String text, Map<String, Long> constants) {
    String plain = text.strip().replaceAll("\\b(\\d+)[uUlL]+\\b", "$1");
    if (plain.matches("\\([^()]*\\)")) {
      plain = plain.substring(1, plain.length() - 1);
    }
    Matcher shift = Pattern.compile("1\\s*<<\\s*(\\d{1,2})").matcher(plain);
    if (shift.matches()) {
      return 1L << Math.min(Integer.parseInt(shift.group(1)), 40);
    }
    try {
      return Length.of(plain, constants);
    } catch (ConfigException _) {
      return null;
    }
  }

  /** Whether nothing is known of it. */
  private boolean unknown() {
    return body.isEmpty();
  }

  /** Whether every thread does the same, as far as can be seen. */
  boolean sameForAll() {
    return !unknown() && !body.contains("Idx") && !body.matches("(?s).*\\w\\s*\\(.*");
  }

  /** For how many threads along an axis, 0 to 2, it is made. */
  OptionalInt extent(int axis) {
    return extents[axis] == 0 ? OptionalInt.empty() : OptionalInt.of(extents[axis]);
  }

  private void tell(int axis, long extent) {
    if (extent >= 1 && extent <= MOST_THREADS) {
      extents[axis] = extents[axis] == 0 ? (int) extent : (int) Math.min(extents[axis], extent);
    }
  }

  /** The arrays of which each thread writes an element at its own place. */
  private void sharedArrays() {
    var own = new HashMap<String, Place>();
    String outsideLoops = body.replaceAll("\\bfor\\s*\\([^;]*;", "for (;");
    OWN.matcher(outsideLoops)
        .results()
        .forEach(each -> {
          Place place = place(each.group(2), Map.of());
          if (place != null) {
            own.put(each.group(1), place);
          }
        });
    SHARED
        .matcher(body)
        .results()
        .forEach(statement ->
            ARRAY
                .matcher(statement.group(1))
                .results()
                .forEach(array -> sharedArray(array.group(1), values(array.group(2)), own)));
  }

  private List<@Nullable Long> values(String brackets) {
    var values = new ArrayList<@Nullable Long>();
    EXTENT.matcher(brackets).results().forEach(each -> values.add(value(each.group(1), constants)));
    return values;
  }

  private void sharedArray(String name, List<@Nullable Long> sizes, Map<String, Place> own) {
    Matcher write =
        Pattern.compile(
                "\\b"
                    + Pattern.quote(name)
                    + "((?:\\s*\\[[^\\[\\]]*\\]){"
                    + sizes.size()
                    + "})\\s*=(?!=)")
            .matcher(body);
    while (write.find()) {
      List<String> indices =
          EXTENT.matcher(write.group(1)).results().map(each -> each.group(1)).toList();
      if (indices.size() == 1 && linear(indices.getFirst(), sizes.getFirst(), own)) {
        continue;
      }
      for (int i = 0; i < indices.size(); i++) {
        Place place = place(indices.get(i), own);
        Long size = sizes.get(i);
        if (place != null && size != null && !onlySome(write.start(), place, own)) {
          tell(place.axis(), withoutPadding(size, sizes) - 2 * place.added());
        }
      }
    }
  }

  /** Whether only the first threads of the block come to a place of the text. */
  private boolean onlySome(int at, Place place, Map<String, Place> own) {
    int begin = Math.max(body.lastIndexOf(';', at), body.lastIndexOf('}', at)) + 1;
    Matcher condition =
        Pattern.compile("\\bif\\s*\\(\\s*([\\w.]+)\\s*<").matcher(body.substring(begin, at));
    Place bounded = condition.find() ? term(condition.group(1), own) : null;
    return bounded != null && bounded.axis() == place.axis();
  }

  /** Rows are often one or two elements longer than they need be, for the banks' sake. */
  private static long withoutPadding(long size, List<@Nullable Long> sizes) {
    for (Long other : sizes) {
      if (other != null && other < size && size - other <= 2) {
        return other;
      }
    }
    return size;
  }

  private boolean linear(String index, @Nullable Long size, Map<String, Place> own) {
    Matcher parts =
        Pattern.compile("\\s*([\\w.]+)\\s*\\*\\s*(\\w+)\\s*\\+\\s*([\\w.]+)\\s*").matcher(index);
    if (size == null || !parts.matches()) {
      return false;
    }
    Place row = place(parts.group(1), own);
    Place column = place(parts.group(3), own);
    Long width = value(parts.group(2), constants);
    if (row == null || column == null || width == null || width < 1) {
      return false;
    }
    tell(column.axis(), width);
    tell(row.axis(), size / width);
    return true;
  }

  private @Nullable Place place(String index, Map<String, Place> own) {
    String[] terms = index.replaceAll("\\(\\w+\\)|\\s", "").split("\\+", 3);
    if (terms.length > 2) {
      return null;
    }
    Place place = term(terms[0], own);
    if (terms.length == 1) {
      return place;
    }
    Place second = term(terms[1], own);
    Long added = value(place != null ? terms[1] : terms[0], constants);
    Place known = place != null ? place : second;
    return known == null || added == null ? null : new Place(known.axis(), known.added() + added);
  }

  private static @Nullable Place term(String term, Map<String, Place> own) {
    return term.matches("threadIdx\\.[xyz]")
        ? new Place(term.charAt(term.length() - 1) - 'x', 0)
        : own.get(term);
  }

  /** Loops in which the threads of a block do rows together. */
  private void loops() {
    var derived = new ArrayList<Set<String>>();
    for (char axis = 'x'; axis <= 'z'; axis++) {
      derived.add(new HashSet<>(Set.of("threadIdx." + axis)));
    }
    FROM_THREAD
        .matcher(body)
        .results()
        .forEach(each -> derived.get(each.group(2).charAt(0) - 'x').add(each.group(1)));
    boolean[] before = {extents[0] != 0, extents[1] != 0, extents[2] != 0};
    LOOP.matcher(body)
        .results()
        .forEach(loop -> {
          Long step = value(loop.group(3), constants);
          for (int axis = 0; step != null && step > 1 && axis < derived.size(); axis++) {
            String variable = Pattern.quote(loop.group(2));
            boolean starts = loop.group(1).contains("threadIdx." + (char) ('x' + axis));
            boolean added =
                derived.get(axis).stream()
                    .map(Pattern::quote)
                    .anyMatch(name ->
                        Pattern.compile(
                                "\\b%s\\s*\\+\\s*%s\\b|\\b%s\\s*\\+\\s*%s\\b"
                                    .formatted(name, variable, variable, name))
                            .matcher(body)
                            .find());
            if (starts || (added && !(axis == 0 && before[0]))) {
              tell(axis, step);
            }
          }
        });
  }

  /** {@code blockIdx.x * 32 + threadIdx.x}. */
  private void tiles() {
    int[] before = extents.clone();
    TILED
        .matcher(body)
        .results()
        .forEach(each -> {
          String axis = each.group(1) != null ? each.group(1) : each.group(3);
          Long size = value(each.group(1) != null ? each.group(2) : each.group(4), constants);
          if (size != null && before[axis.charAt(0) - 'x'] == 0) {
            tell(axis.charAt(0) - 'x', size);
          }
        });
  }

  private void names() {
    if (extents[0] != 0 || extents[1] != 0 || extents[2] != 0) {
      return;
    }
    boolean flat = !body.contains("threadIdx.y");
    TELLING
        .matcher(body)
        .results()
        .forEach(each -> {
          Long value = constants.get(each.group());
          if (value == null || value < 8 || (flat && value < 32)) {
            return;
          }
          if (each.group(1) != null) {
            tell(each.group(1).charAt(0) - 'X', value);
          } else {
            tell(0, value);
            if (!flat) {
              tell(1, value);
            }
          }
        });
  }
}
