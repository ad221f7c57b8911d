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
        times == null ? null : time(times.median(), times.intervals().median(), pieces),
        times == null ? null : time(times.p95(), times.intervals().p95(), pieces),
        rate == null ? null : rate.median(),
        share == null ? null : share.ceiling(),
        share == null ? null : share.share());
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

  /** Who is the fastest by a quantile. */
  static Decision decision(
      List<Candidate> candidates, Function<Candidate, @Nullable Time> quantile) {
    record Timed(Candidate candidate, Time time) {}
    var timed = new ArrayList<Timed>();
    for (Candidate candidate : candidates) {
      Time time = quantile.apply(candidate);
      if (time != null) {
        timed.add(new Timed(candidate, time));
      }
    }
    if (timed.isEmpty()) {
      return undecided(Verdict.NONE);
    }
    if (timed.stream().anyMatch(one -> one.candidate.doubt() != null)) {
      return undecided(Verdict.DOUBTED);
    }
    timed.sort(Comparator.comparingDouble(one -> one.time.nanos()));
    Timed first = timed.getFirst();
    if (timed.size() == 1) {
      return new Decision(
          Verdict.ONLY.word(), List.of(first.candidate.name()), null, null, null, null);
    }
    Timed second = timed.get(1);
    List<String> fastest =
        timed.stream()
            .filter(one -> one.time.overlaps(first.time))
            .map(one -> one.candidate.name())
            .toList();
    Verdict verdict = fastest.size() == 1 ? Verdict.FASTEST : Verdict.NO_DIFFERENCE;
    return new Decision(
        verdict.word(),
        fastest,
        second.candidate.name(),
        ratio(second.time.nanos(), first.time.nanos()),
        ratio(second.time.lower(), first.time.upper()),
        ratio(second.time.upper(), first.time.lower()));
  }

  private static Decision undecided(Verdict verdict) {
    return new Decision(verdict.word(), List.of(), null, null, null, null);
  }

  private static @Nullable Double ratio(@Nullable Double above, @Nullable Double below) {
    return above == null || below == null || !(below > 0) ? null : (Double) (above / below);
  }
}
