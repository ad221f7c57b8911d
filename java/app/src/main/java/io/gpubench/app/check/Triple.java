// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.measure.ConfigException;
import java.util.ArrayList;
import java.util.List;

/** The size of a grid or of a block, each 1 at least. */
public record Triple(int x, int y, int z) {
  /**
   * From {@code X}, {@code X,Y} or {@code X,Y,Z}.
   *
   * @throws ConfigException when it is none of these
   */
  public static Triple parse(String text) {
    String[] parts = text.strip().split("[,x]", -1);
    List<Integer> sizes = new ArrayList<>();
    for (String part : parts) {
      if (!part.matches("[1-9]\\d{0,9}") || Long.parseLong(part) > Integer.MAX_VALUE) {
        sizes.clear();
        break;
      }
      sizes.add(Integer.parseInt(part));
    }
    if (sizes.isEmpty() || sizes.size() > 3) {
      throw new ConfigException(
          "'" + text + "' is no size; expected X, X,Y or X,Y,Z, each 1 or more");
    }
    while (sizes.size() < 3) {
      sizes.add(1);
    }
    return new Triple(sizes.get(0), sizes.get(1), sizes.get(2));
  }

  /** The product; {@link Long#MAX_VALUE} where it is larger than that. */
  long count() {
    long plane = (long) x * y;
    return Math.multiplyHigh(plane, z) == 0 && plane * z >= 0 ? plane * z : Long.MAX_VALUE;
  }

  /** As it is parsed, without ones at the end. */
  @Override
  public String toString() {
    return z != 1 ? x + "," + y + "," + z : y != 1 ? x + "," + y : Integer.toString(x);
  }
}
