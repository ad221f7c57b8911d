// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.ceiling;

import io.gpubench.measure.result.MeasuredCeiling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The contents of a file of kept ceilings.
 *
 * @param schema {@value #SCHEMA}
 * @param identity of the hardware when they were measured: all of them hold for it alone
 * @param ceilings at most one for each id and engine, in alphabetical order
 */
public record KeptCeilings(
    String schema, HardwareIdentity identity, List<MeasuredCeiling> ceilings) {
  /** Name and version of the format. */
  public static final String SCHEMA = "gpubench.ceilings/1";

  private static final Comparator<MeasuredCeiling> ORDER =
      Comparator.comparing(MeasuredCeiling::id).thenComparing(MeasuredCeiling::engine);

  public KeptCeilings {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(identity, "identity");
    ceilings = List.copyOf(ceilings);
  }

  /** None of some hardware. */
  public static KeptCeilings none(HardwareIdentity identity) {
    return new KeptCeilings(SCHEMA, identity, List.of());
  }

  /** With others, each in the place of the one with its id and engine. */
  KeptCeilings with(Collection<MeasuredCeiling> measured) {
    var all = new ArrayList<>(ceilings);
    for (MeasuredCeiling one : measured) {
      all.removeIf(other -> ORDER.compare(one, other) == 0);
      all.add(one);
    }
    all.sort(ORDER);
    return new KeptCeilings(SCHEMA, identity, all);
  }
}
