// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Placement.Candidate;
import io.gpubench.app.report.Placement.Decision;
import io.gpubench.app.report.Placement.Direction;
import io.gpubench.app.report.Placement.NotTried;
import io.gpubench.app.report.Placement.On;
import io.gpubench.app.report.Placement.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Placements as CSV: one row each; an empty cell where there is no value. Times in ns. */
final class PlacementCsv {
  private static final List<String> SETTING =
      List.of(
          "run",
          "engine",
          "device",
          "synthetic",
          "clock",
          "cache",
          "from",
          "fromAccess",
          "fromFileSystem",
          "to",
          "toAccess",
          "toFileSystem",
          "ways",
          "order",
          "sync",
          "seed",
          "pageBytes",
          "pages",
          "bytes");
  private static final List<String> DECISION =
      List.of(
          "Verdict",
          "Why",
          "Fastest",
          "Shortest",
          "",
          "Lower",
          "Upper",
          "RunnerUp",
          "Margin",
          "MarginLower",
          "MarginUpper");

  private PlacementCsv() {}

  static String of(List<Placement> placements) {
    var header = new ArrayList<>(SETTING);
    Stream.of("median", "p95")
        .forEach(quantile -> DECISION.forEach(name -> header.add(quantile + name)));
    header.addAll(List.of("bytesPerSecond", "notMeasured"));
    var csv = new Csv();
    csv.row(header);
    placements.forEach(placement -> csv.row(row(placement)));
    return csv.toString();
  }

  private static List<@Nullable Object> row(Placement placement) {
    On on = placement.on();
    Direction direction = placement.direction();
    var row = new ArrayList<@Nullable Object>();
    row.add(placement.run());
    row.add(on.engine());
    row.add(on.device());
    row.addAll(List.of(on.synthetic(), on.clock(), on.cache(), direction.from()));
    row.add(direction.fromAccess());
    row.add(direction.fromFileSystem());
    row.add(direction.to());
    row.add(direction.toAccess());
    row.add(direction.toFileSystem());
    row.addAll(
        List.of(
            direction.ways(),
            direction.order(),
            direction.sync(),
            direction.seed(),
            placement.pageBytes(),
            placement.pages(),
            placement.bytes()));
    decision(row, placement, placement.median(), Candidate::median);
    decision(row, placement, placement.p95(), Candidate::p95);
    Candidate first = shortest(placement, placement.median());
    row.add(first == null ? null : first.bytesPerSecond());
    row.add(notMeasured(placement));
    return row;
  }

  private static void decision(
      List<@Nullable Object> row,
      Placement placement,
      Decision decision,
      Function<Candidate, @Nullable Time> quantile) {
    Candidate first = shortest(placement, decision);
    Time time = first == null ? null : quantile.apply(first);
    row.add(decision.verdict());
    row.add(decision.why());
    row.add(decision.fastest().isEmpty() ? null : String.join(" = ", decision.fastest()));
    row.add(decision.shortest());
    row.add(time == null ? null : time.nanos());
    row.add(time == null ? null : time.lower());
    row.add(time == null ? null : time.upper());
    row.add(decision.runnerUp());
    row.add(decision.margin());
    row.add(decision.marginLower());
    row.add(decision.marginUpper());
  }

  /** The one with the shortest time, whatever that decides; null where nothing was measured. */
  static @Nullable Candidate shortest(Placement placement, Decision decision) {
    return placement.candidates().stream()
        .filter(candidate -> candidate.name().equals(decision.shortest()))
        .findFirst()
        .orElse(null);
  }

  /** What has no time, and why. */
  private static @Nullable String notMeasured(Placement placement) {
    String text =
        Stream.concat(
                placement.candidates().stream()
                    .filter(candidate -> candidate.median() == null)
                    .map(candidate ->
                        "%s: %s: %s"
                            .formatted(candidate.name(), candidate.outcome(), candidate.reason())),
                placement.notTried().stream().map(PlacementCsv::text))
            .collect(Collectors.joining("; "));
    return text.isEmpty() ? null : text;
  }

  private static String text(NotTried left) {
    return left.path() + ": " + left.reason();
  }
}
