// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.MigrationRatio;
import io.gpubench.benchmarks.Reading;
import java.util.List;

/**
 * Pages that are moved between tiers of memory on the processors: how near `host` comes to the
 * ceiling of copying that is measured next to it, and `java` in the same rounds.
 */
final class MigrationFigures {
  private static final String[] LARGE = {"pageBytes=2097152", "pages=64", "order=contiguous"};
  private static final String[] SMALL = {"pageBytes=4096", "pages=4096"};
  private static final String[] LOCKED = {"to=pinned", "pageBytes=2097152", "pages=64"};

  private static final Goal NEAR = Goal.atLeast(0.8, "0.8");

  static final List<Figure> ALL =
      List.of(
          share("", "`migration` on `host`, 64 pages of 2 MiB, share of `hostcopy`", LARGE),
          share("-locked", "the same into page-locked memory, scattered", LOCKED),
          share("-small", "the same, 4,096 scattered pages of 4 KiB, pageable", SMALL),
          new Figure(
              "migration-java",
              "`migration`, 64 pages of 2 MiB: speed of `host` over `java`, all threads",
              Goal.atLeast(1, "1"),
              bench -> Taken.of(line(bench, "time of java copies over host copies", LARGE))));

  private MigrationFigures() {}

  private static Figure share(String name, String what, String[] arguments) {
    return new Figure(
        "migration" + name,
        what + ", all threads",
        NEAR,
        bench ->
            Taken.of(line(bench, "share of the ceiling, host copies", arguments))
                .with("moved " + line(bench, "moved, host copies", arguments).brief())
                .with("ceiling " + line(bench, "rate, ceiling", arguments).brief()));
  }

  private static Reading line(Bench bench, String name, String[] arguments) {
    return Reading.parse(name, bench.java(MigrationRatio.class, arguments))
        .orElseThrow(() -> new LackingException("MigrationRatio has no " + name + " here"));
  }
}
