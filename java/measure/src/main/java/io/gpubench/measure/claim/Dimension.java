// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** In what a number is measured, and which units a target may have. */
public enum Dimension {
  /** In nanoseconds. */
  TIME("ns"),
  /** In a second. */
  RATE("/s"),
  /** Of the whole, 0 .. 1. */
  SHARE("");

  private static final Map<String, Double> TIMES =
      Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9);
  private static final Map<String, Double> PREFIXES = prefixes();
  private static final String OPERATIONS = "ops";

  private final String base;

  Dimension(String base) {
    this.base = base;
  }

  private static Map<String, Double> prefixes() {
    var prefixes = new LinkedHashMap<String, Double>();
    prefixes.put("", 1.0);
    prefixes.put("k", 1e3);
    prefixes.put("M", 1e6);
    prefixes.put("G", 1e9);
    prefixes.put("T", 1e12);
    return prefixes;
  }

  /** The unit in which values are kept; empty for a plain share. */
  public String base() {
    return base;
  }

  /**
   * How many of the base unit a unit is.
   *
   * @param unit such as {@code us}, {@code %}, {@code Gops/s} or {@code Gcomparisons/s}
   * @param amount what a rate counts; null for others
   * @throws ConfigException when there is no such unit of this dimension; one line with the nearest
   */
  public double factor(String unit, @Nullable String amount) {
    Map<String, Double> known = units(amount);
    Double factor = known.get(unit.replace(" ", ""));
    if (factor == null) {
      throw new ConfigException(Names.unknown("unit", unit, known.keySet()));
    }
    return factor;
  }

  private Map<String, Double> units(@Nullable String amount) {
    var units = new LinkedHashMap<String, Double>();
    switch (this) {
      case TIME -> {
        for (String unit : new String[] {"ns", "us", "ms", "s"}) {
          units.put(unit, TIMES.getOrDefault(unit, 1.0));
        }
      }
      case SHARE -> units.put("%", 0.01);
      case RATE -> {
        var counted = new ArrayList<String>();
        counted.add(OPERATIONS);
        if (amount != null) {
          counted.add(amount);
        }
        for (String what : counted) {
          PREFIXES.forEach((prefix, factor) -> units.put(prefix + what + "/s", factor));
        }
      }
    }
    return units;
  }
}
