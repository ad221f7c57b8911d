// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeType;

/**
 * A place where two JSON trees differ.
 *
 * @param path such as {@code intervals.median.lower}; empty for the root
 * @param stated null in JSON where it is absent
 * @param derived null in JSON where it is absent
 */
record TreeDifference(String path, JsonNode stated, JsonNode derived) {
  /**
   * Floating-point numbers so close are equal: logarithms may differ in the last digit from one
   * machine to another.
   */
  private static final double TOLERANCE = 1e-9;

  /** All differences, in the order of the stated tree. An absent property and null are equal. */
  static List<TreeDifference> between(JsonNode stated, JsonNode derived) {
    var found = new ArrayList<TreeDifference>();
    compare("", stated, derived, found);
    return found;
  }

  private static void compare(
      String path, JsonNode stated, JsonNode derived, List<TreeDifference> found) {
    if (stated.isObject() && derived.isObject()) {
      var names = new LinkedHashSet<>(stated.propertyNames());
      names.addAll(derived.propertyNames());
      for (String name : names) {
        String below = path.isEmpty() ? name : path + "." + name;
        compare(below, stated.path(name), derived.path(name), found);
      }
    } else if (stated.isArray() && derived.isArray() && stated.size() == derived.size()) {
      for (int i = 0; i < stated.size(); i++) {
        compare(path + "[" + i + "]", stated.path(i), derived.path(i), found);
      }
    } else if (!same(stated, derived)) {
      found.add(new TreeDifference(path, stated, derived));
    }
  }

  private static boolean same(JsonNode one, JsonNode other) {
    if (absent(one) || absent(other)) {
      return absent(one) && absent(other);
    }
    if (one.getNodeType() == JsonNodeType.NUMBER && other.getNodeType() == JsonNodeType.NUMBER) {
      if (one.isIntegralNumber() && other.isIntegralNumber()) {
        return one.bigIntegerValue().equals(other.bigIntegerValue());
      }
      double a = one.doubleValue();
      double b = other.doubleValue();
      return a == b || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
    }
    return one.equals(other);
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /** The last name of the path. */
  String last() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** The path without its last name, below another one. */
  String above(String root) {
    int dot = path.lastIndexOf('.');
    return dot < 0 ? root : root + "." + path.substring(0, dot);
  }

  /** The stated number over the derived one; NaN where one is no number, or 0. */
  double factor() {
    return stated.isNumber() && derived.isNumber() && derived.doubleValue() != 0
        ? stated.doubleValue() / derived.doubleValue()
        : Double.NaN;
  }

  /** In words: {@code statistics.median is 1, and the samples give 2}. */
  String text(String above) {
    return "%s is %s, and the samples give %s"
        .formatted(path.isEmpty() ? above : above + "." + path, brief(stated), brief(derived));
  }

  private static String brief(JsonNode node) {
    String text = absent(node) ? "null" : node.toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }
}
