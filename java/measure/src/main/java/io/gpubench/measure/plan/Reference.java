// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import java.util.Map;

/**
 * The name of a workload, engine or path, and where it was written.
 *
 * @param name as written; it may name nothing
 */
public record Reference(String name, Place place) {
  /**
   * What is meant.
   *
   * @param kind for the message: "workload", "engine"
   * @throws ConfigException when the name is not known: the place, and the nearest name that is
   */
  public <T> T find(String kind, Map<String, T> known) {
    T found = known.get(name);
    if (found == null) {
      throw place.error(Names.unknown(kind, name, known.keySet()));
    }
    return found;
  }
}
