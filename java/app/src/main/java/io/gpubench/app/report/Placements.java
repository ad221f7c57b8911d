// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Placement.Candidate;
import io.gpubench.app.report.Placement.Decision;
import io.gpubench.app.report.Placement.Direction;
import io.gpubench.app.report.Placement.NotTried;
import io.gpubench.app.report.Placement.On;
import io.gpubench.app.report.Placement.Time;
import io.gpubench.app.report.Placement.Verdict;
import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides from the records of a run which path moves which pages fastest. Pure. */
final class Placements {
  /** A path that fewer have measured is compared with no other: they may differ by chance. */
  static final int FEWEST_PROCESSES = 2;

  /** Pages that are moved by several paths. */
  private record Group(On on, Direction direction, long pageBytes, long pages, long bytes) {
    Group asked() {
      return new Group(on, direction.asked(), pageBytes, pages, bytes);
    }
  }

  /** A group as it grows. */
  private static final class Growing {
    final List<Candidate> candidates = new ArrayList<>();
    final List<NotTried> ended = new ArrayList<>();
    final Set<String> planned = new LinkedHashSet<>();
    Map<String, Object> parameters = Map.of();

    boolean measured() {
      return candidates.stream().anyMatch(candidate -> candidate.median() != null);
    }
  }

  private Placements() {}

  /** All of a run; those of a direction together, by the bytes that they move. */
  static List<Placement> of(RunDocument run, LeftPaths paths) {
    var groups = new LinkedHashMap<Group, Growing>();
    for (ResultRecord record : run.records()) {
      PageMove move = PageMove.of(record);
      if (move != null) {
        Growing growing = groups.computeIfAbsent(group(on(record), move), _ -> new Growing());
        growing.planned.add(record.path());
        growing.candidates.add(candidate(record, move, growing.candidates));
        growing.parameters = record.parameters();
      }
    }
    for (RunDocument.Planned planned : run.planned()) {
      PageMove move = PageMove.of(planned.workload(), planned.parameters());
      boolean ended = run.records().stream().noneMatch(one -> one.id().equals(planned.id()));
      if (move != null && ended) {
        Growing growing = groups.computeIfAbsent(group(on(run, planned), move), _ -> new Growing());
        growing.planned.add(planned.path());
        growing.ended.add(
            new NotTried(move.way(planned.path()), "the run ended before it was its turn"));
        growing.parameters = planned.parameters();
      }
    }
    // what was skipped never opened its files: it stands beside those that did
    List<Group> open = groups.keySet().stream().filter(group -> files(group, groups)).toList();
    for (Group opened : open) {
      Growing untold = groups.get(opened.asked());
      if (untold != null) {
        Growing told = Objects.requireNonNull(groups.get(opened));
        told.candidates.addAll(untold.candidates);
        told.ended.addAll(untold.ended);
        told.planned.addAll(untold.planned);
      }
    }
    open.forEach(opened -> groups.remove(opened.asked()));
    var placements = new ArrayList<Placement>();
    groups.forEach((group, growing) -> placements.add(placement(run, group, growing, paths)));
    return ordered(placements);
  }

  /** Whether it knows what its files are, and another one may not. */
  private static boolean files(Group group, Map<Group, Growing> groups) {
    Growing untold = groups.get(group.asked());
    return !group.equals(group.asked()) && untold != null && !untold.measured();
  }

  /** Directions in the order of the run, each by the bytes that move. */
  private static List<Placement> ordered(List<Placement> placements) {
    var blocks = new LinkedHashMap<List<Object>, List<Placement>>();
    placements.forEach(one ->
        blocks
            .computeIfAbsent(List.of(one.on(), one.direction()), _ -> new ArrayList<>())
            .add(one));
    return blocks.values().stream()
        .flatMap(block ->
            block.stream()
                .sorted(
                    Comparator.comparingLong(Placement::bytes)
                        .thenComparingLong(Placement::pageBytes)))
        .toList();
  }

  private static Group group(On on, PageMove move) {
    return new Group(on, move.direction(), move.pageBytes(), move.pages(), move.bytes());
  }

  /** Who measured it. */
  static On on(ResultRecord record) {
    return new On(
        record.engine(),
        record.device(),
        record.synthetic(),
        record.clock(),
        cache(record.cache()));
  }

  private static On on(RunDocument run, RunDocument.Planned planned) {
    RunDocument.EngineChoice engine = run.engine(planned.engine()).orElse(null);
    return new On(
        planned.engine(),
        engine == null ? null : engine.device(),
        engine != null && engine.synthetic(),
        planned.clock() == null ? "host" : planned.clock(),
        cache(planned.cache()));
  }

  private static String cache(@Nullable String word) {
    return word == null ? Mode.Cache.HOT.word() : word;
  }

  private static Candidate candidate(ResultRecord record, PageMove move, List<Candidate> before) {
    Statistics times =
        record.outcomeValue() instanceof Outcome.Measured ? record.statistics() : null;
    int pieces = record.piecesOfSample();
    ResultRecord.Throughput rate = times == null ? null : record.throughput();
    CeilingShare share = times == null ? null : record.ceiling();
    String way = move.way(record.path());
    boolean twice = before.stream().anyMatch(candidate -> candidate.name().equals(way));
    return new Candidate(
        twice ? way + " (" + record.id() + ")" : way,
        record.path(),
        move.tuning(),
        record.id(),
        record.outcome(),
        record.reason(),
        times == null ? null : RunTable.doubt(record),
        processes(record),
        times == null ? null : time(times.median(), times.intervals().median(), pieces),
        times == null ? null : time(times.p95(), times.intervals().p95(), pieces),
        rate == null ? null : rate.median(),
        share == null ? null : share.ceiling(),
        share == null ? null : share.share());
  }

  /** How many processes measured a record. */
  static int processes(ResultRecord record) {
    return (int) record.processes().stream().filter(part -> part.statistics() != null).count();
  }

  /** A quantile of one migration. */
  static Time time(double nanos, QuantileInterval interval, int pieces) {
    return new Time(
        nanos / pieces, divided(interval.lower(), pieces), divided(interval.upper(), pieces));
  }

  private static @Nullable Double divided(@Nullable Double nanos, int pieces) {
    return nanos == null ? null : (Double) (nanos / pieces);
  }

  private static Placement placement(
      RunDocument run, Group group, Growing growing, LeftPaths paths) {
    var left = new ArrayList<NotTried>(growing.ended);
    left.addAll(paths.of(group.on.engine(), growing.parameters, growing.planned));
    return new Placement(
        run.id(),
        group.on,
        group.direction,
        group.pageBytes,
        group.pages,
        group.bytes,
        decision(growing.candidates, Candidate::median),
        decision(growing.candidates, Candidate::p95),
        List.copyOf(growing.candidates),
        List.copyOf(left));
  }

  private record Timed(Candidate candidate, Time time) {
    String name() {
      return candidate.name();
    }
  }

  /** Who is the fastest by a quantile. */
  static Decision decision(
      List<Candidate> candidates, Function<Candidate, @Nullable Time> quantile) {
    var timed = new ArrayList<Timed>();
    for (Candidate candidate : candidates) {
      Time time = quantile.apply(candidate);
      if (time != null) {
        timed.add(new Timed(candidate, time));
      }
    }
    timed.sort(Comparator.comparingDouble(one -> one.time.nanos()));
    if (timed.isEmpty()) {
      return new Decision(Verdict.NONE.word(), null, List.of(), null, null, null, null, null);
    }
    for (Timed one : timed) {
      if (one.candidate.doubt() != null) {
        return decision(
            Verdict.DOUBTED, one.name() + ": " + one.candidate.doubt(), timed, List.of());
      }
    }
    if (timed.size() == 1) {
      return decision(Verdict.ONLY, null, timed, List.of(timed.getFirst()));
    }
    String why = tooLittle(timed);
    if (why != null) {
      return decision(Verdict.UNDECIDED, why, timed, List.of());
    }
    Timed first = timed.getFirst();
    List<Timed> fastest =
        timed.stream()
            .filter(one -> one.equals(first) || !Boolean.TRUE.equals(first.time.below(one.time)))
            .toList();
    return decision(
        fastest.size() == 1 ? Verdict.FASTEST : Verdict.NOT_DISTINGUISHED, null, timed, fastest);
  }

  /** Why they cannot be compared; null where they can. */
  private static @Nullable String tooLittle(List<Timed> timed) {
    Time first = timed.getFirst().time;
    for (Timed one : timed) {
      if (one.candidate.processes() < FEWEST_PROCESSES) {
        return one.name()
            + " was measured by one process, which says nothing of how processes differ";
      }
    }
    for (Timed other : timed.subList(1, timed.size())) {
      if (first.below(other.time) == null) {
        return "too little was measured for an interval of "
            + (first.upper() == null ? timed.getFirst() : other).name();
      }
    }
    return null;
  }

  private static Decision decision(
      Verdict verdict, @Nullable String why, List<Timed> timed, List<Timed> fastest) {
    Timed first = timed.getFirst();
    Timed second = timed.size() == 1 ? null : timed.get(1);
    return new Decision(
        verdict.word(),
        why,
        fastest.stream().map(Timed::name).toList(),
        first.name(),
        second == null ? null : second.name(),
        second == null ? null : ratio(second.time.nanos(), first.time.nanos()),
        second == null ? null : ratio(second.time.lower(), first.time.upper()),
        second == null ? null : ratio(second.time.upper(), first.time.lower()));
  }

  private static @Nullable Double ratio(@Nullable Double above, @Nullable Double below) {
    return above == null || below == null || !(below > 0) ? null : (Double) (above / below);
  }
}
