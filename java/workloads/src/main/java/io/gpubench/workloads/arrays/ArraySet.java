// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.arrays;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The memory of all arrays of a workload; whoever allocated it frees it. Immutable itself. */
public final class ArraySet {
  private final Map<String, MemorySegment> byName;

  /**
   * Takes memory for each array.
   *
   * @param allocate gives at least the bytes of an array, aligned to 64 bytes
   */
  public ArraySet(List<ArraySpec> specs, Function<ArraySpec, MemorySegment> allocate) {
    var all = new LinkedHashMap<String, MemorySegment>();
    for (ArraySpec spec : specs) {
      if (all.put(spec.name(), allocate.apply(spec).asSlice(0, spec.bytes())) != null) {
        throw new IllegalArgumentException("two arrays have the name " + spec.name());
      }
    }
    byName = Collections.unmodifiableMap(all);
  }

  /**
   * All of an array, for elements of its type.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public MemorySegment of(String name) {
    MemorySegment array = byName.get(name);
    if (array == null) {
      throw new IllegalArgumentException("no array '%s' among %s".formatted(name, byName.keySet()));
    }
    return array;
  }
}
