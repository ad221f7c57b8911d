// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One value for each parameter of a workload, in the workload's order, and then for each tuning
 * parameter of the engine that was set. Immutable.
 *
 * @param asMap from the parameter's name to a Long, Double or String
 */
public record ParameterValues(Map<String, Object> asMap) {
  public ParameterValues {
    asMap = Collections.unmodifiableMap(new LinkedHashMap<>(asMap));
  }

  public long whole(String name) {
    return (Long) get(name);
  }

  public double decimal(String name) {
    return (Double) get(name);
  }

  public String choice(String name) {
    return (String) get(name);
  }

  /** Whether a tuning parameter was set; always true of a workload's own. */
  public boolean has(String name) {
    return asMap.containsKey(name);
  }

  /** The value of a tuning parameter, or the engine's own choice where it was not set. */
  public long whole(String name, long otherwise) {
    return has(name) ? whole(name) : otherwise;
  }

  /** The same of a word. */
  public String choice(String name, String otherwise) {
    return has(name) ? choice(name) : otherwise;
  }

  /** These values with one replaced. */
  public ParameterValues with(String name, Object value) {
    get(name);
    return withTuning(name, value);
  }

  /** These values with a tuning parameter set. */
  public ParameterValues withTuning(String name, Object value) {
    var changed = new LinkedHashMap<>(asMap);
    changed.put(name, value);
    return new ParameterValues(changed);
  }

  private Object get(String name) {
    Object value = asMap.get(name);
    if (value == null) {
      throw new IllegalStateException("no parameter '" + name + "' among " + asMap.keySet());
    }
    return value;
  }

  /** {@code validators=1000 byzantine=0.33 ...}: the same text for the same values, always. */
  @Override
  public String toString() {
    return asMap.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
