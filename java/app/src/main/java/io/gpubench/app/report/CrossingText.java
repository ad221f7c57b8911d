// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Crossing.Sides;
import io.gpubench.app.report.Crossing.Size;
import io.gpubench.app.report.Placement.Direction;
import io.gpubench.app.report.Placement.On;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.result.RunDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where migrations cross a limit of time, for a person. Pure. */
final class CrossingText {
  /** A migration below it is what is claimed. */
  static final Duration LIMIT = Duration.ofMillis(1);

  private static final String UNCERTAIN = "?";

  private CrossingText() {}

  /** Of a run, behind its curves: a table for each direction of which sizes were swept, or none. */
  static String of(RunDocument run) {
    List<Crossing> swept =
        Crossing.of(run, LIMIT.toNanos()).stream().filter(one -> one.sizes() > 1).toList();
    return swept.isEmpty() ? "" : "\n" + of(swept, LIMIT);
  }

  /** Lines that end with a line feed; empty for none. */
  static String of(List<Crossing> crossings, Duration limit) {
    record Block(On on, Direction direction) {}
    var blocks = new LinkedHashMap<Block, List<Crossing>>();
    crossings.forEach(one ->
        blocks
            .computeIfAbsent(new Block(one.on(), one.direction()), _ -> new ArrayList<>())
            .add(one));
    var text = new StringBuilder();
    blocks.forEach((block, ways) ->
        text.append(text.isEmpty() ? "" : "\n")
            .append(table(block.on, block.direction, ways, limit)));
    if (text.indexOf(UNCERTAIN) >= 0) {
      text.append(
          "? its interval reaches across the limit or has no such end, one process alone measured it, or it is in doubt%n"
              .formatted());
    }
    return text.toString();
  }

  private static String table(On on, Direction direction, List<Crossing> ways, Duration limit) {
    String time = Durations.format(limit);
    var table =
        new TextTable()
            .column("way", Align.LEFT)
            .column("of", Align.LEFT)
            .column("median at most", Align.RIGHT)
            .column("above", Align.RIGHT)
            .column("p95 at most", Align.RIGHT)
            .column("above", Align.RIGHT);
    for (Crossing way : ways) {
      table.row(
          List.of(
              way.name(),
              of(way),
              size(way.median().below()),
              size(way.median().above()),
              size(way.p95().below()),
              size(way.p95().above())));
    }
    return "limit %s: %s on %s; the largest measured size that takes at most %s, the smallest that takes longer%n%s"
            .formatted(time, direction.text(), place(on), time, table)
        + unordered(ways);
  }

  /** A curve that comes back below the limit is said to do so. */
  private static String unordered(List<Crossing> ways) {
    var text = new StringBuilder();
    for (Crossing way : ways) {
      text.append(unordered(way, "median", way.median())).append(unordered(way, "p95", way.p95()));
    }
    return text.toString();
  }

  private static String unordered(Crossing way, String quantile, Sides sides) {
    Size below = sides.below();
    Size above = sides.above();
    return below == null || above == null || sides.ordered()
        ? ""
        : "%s, %s: %s by the %s takes longer, and the larger %s does not%n"
            .formatted(way.name(), of(way), size(above), quantile, size(below));
  }

  private static String of(Crossing way) {
    Long pageBytes = way.pageBytes();
    return pageBytes == null
        ? way.pages() + (Long.valueOf(1).equals(way.pages()) ? " page" : " pages")
        : "pages of " + PageMove.size(pageBytes);
  }

  private static String size(@Nullable Size size) {
    return size == null ? "none" : PageMove.size(size.bytes()) + (size.certain() ? "" : UNCERTAIN);
  }

  /** Who moves pages, and by which clock. */
  static String place(On on) {
    return "%s, clock %s%s"
        .formatted(
            Place.of(on.engine(), on.device(), on.synthetic()),
            on.clock(),
            on.cache().equals("hot") ? "" : ", caches " + on.cache());
  }
}
