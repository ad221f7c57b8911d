// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import io.gpubench.measure.StoreException;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.compare.TwoStage;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.DuetComparison.Trial;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Measurement;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.stats.DuetSummary;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.suite.Repetition;
import io.gpubench.measure.suite.Turn;
import io.gpubench.measure.suite.Workbench;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plays the duets of each comparison, one after the other, each with a fresh measurer a side, and
 * keeps what becomes of them, whatever that is: a record for each side, with a process for each
 * duet, and the ratios. Who is started first and who measures first is random. A duet of which one
 * side failed counts for neither, and the others go on; but after a wrong answer, where an engine
 * has not what its side asks for, or after {@value #MOST_FAILURES} failed duets in a row, the rest
 * of the comparison is left out. With a {@link TrialRule} duets are played until it is decided,
 * those that failed replaced. Owns nothing but the measurers it opens: its caller closes the
 * writer. Used by one thread.
 */
public final class DuetRunner {
  static final int MOST_FAILURES = 3;

  /** So many failed duets in all, and a comparison that is made until it is decided is given up. */
  static final int MOST_FAILURES_OF_TRIAL = 8;

  private final Workbench bench;
  private final DuetListener listener;
  private final SplittableRandom random;
  private int index;
  private boolean timeUp;

  /**
   * Sets it up.
   *
   * @param bench gives measurers by the runs of {@link DuetPlan}, whose ids tell the sides apart
   * @param seed of the roles; the same seed gives the same
   */
  public DuetRunner(Workbench bench, DuetListener listener, long seed) {
    this.bench = bench;
    this.listener = listener;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Makes all comparisons, or as many as come before the cancellation is requested, and finishes
   * the run directory.
   *
   * @return the finished document
   * @throws StoreException when the store fails; what was measured is in {@link
   *     RunWriter#document()}
   */
  public RunDocument run(List<DuetPlan> plans) {
    List<Comparison> all = plans.stream().map(Comparison::new).toList();
    return bench.run(() -> {
      long begin = System.nanoTime();
      for (Comparison one : all) {
        if (one.plan.trial() == null) {
          playUntil(one, one.plan.duets(), begin);
        }
      }
      decide(all.stream().filter(one -> one.plan.trial() != null).toList(), begin);
      return !bench.cancelled();
    });
  }

  /** The first stage of all, look by look, so that what drifts meets all; then the second. */
  private void decide(List<Comparison> trials, long begin) {
    while (trials.stream().anyMatch(Comparison::inFirstStage) && !bench.cancelled()) {
      for (Comparison one : trials) {
        if (one.inFirstStage()) {
          playUntil(one, one.nextLook(), begin);
          index += one.look();
        }
      }
    }
    for (Comparison one : trials) {
      if (one.suspect()) {
        playUntil(one, one.counting() + one.rule().confirmations(), begin);
      }
      if (!bench.cancelled()) {
        one.decided();
        bench.writer().compared(one.build());
      }
    }
  }

  /** Plays duets until so many count, as far as there is time, hope and nobody asks for the end. */
  private void playUntil(Comparison comparison, int counting, long begin) {
    DuetPlan plan = comparison.plan;
    int most = plan.trial() == null ? plan.duets() : Integer.MAX_VALUE;
    while (comparison.counting() < counting
        && comparison.played.size() < most
        && !bench.cancelled()
        && comparison.ended == null) {
      if (timeUp) {
        comparison.ended = Trial.TIME;
        return;
      }
      long before = System.nanoTime();
      Played played = play(plan, comparison.played.size() + 1, comparison);
      index++;
      listener.ended(plan, played);
      int left = plan.duets() - comparison.played.size();
      if (comparison.hopeless() && (left > 0 || plan.trial() != null)) {
        comparison.ended = Trial.FAILED;
        if (left > 0) {
          listener.leftOut(plan, left);
          index += left;
        }
      } else if (plan.trial() != null) {
        Duration limit = plan.trial().maxTime();
        long now = System.nanoTime();
        if (limit != null && now - begin + (now - before) > limit.toNanos()) {
          timeUp = true; // the next one would not end in time
        }
      }
    }
  }

  private Played play(DuetPlan plan, int number, Comparison comparison) {
    Observer progress = listener.started(plan, number, index);
    Side startedFirst = side();
    Side begins = side();
    Repetition a = bench.repetition(new Turn(plan.a().run(), number));
    Repetition b = bench.repetition(new Turn(plan.b().run(), number));
    Duet.Result result = null;
    try (a;
        b) {
      if (start(startedFirst.of(a, b), startedFirst.other().of(a, b))) {
        Measurement ofA = a.measurement(progress);
        Measurement ofB = b.measurement(progress);
        result = new Duet(ofA, ofB, plan.rule(), begins, bench.cancellation()).play();
        settle(a, result.a());
        settle(b, result.b());
      }
    }
    String wrong = whatWentWrong(a, b);
    String reason = wrong == null && interrupted(result) ? "stopped on request" : wrong;
    if (reason != null) {
      leave(a, reason, wrong != null);
      leave(b, reason, wrong != null);
    }
    LogRatios ratios = reason == null ? comparison.count(a, b) : null;
    var played =
        new Played(
            number,
            startedFirst.word(),
            begins.word(),
            result == null ? 0 : result.slices(),
            reason,
            ratios);
    record(a, b);
    comparison.add(played, a, b);
    bench.writer().compared(comparison.build());
    return played;
  }

  /**
   * Starts both sides, and prepares them; both at a time where they are processes of their own, as
   * neither measures yet.
   */
  private boolean start(Repetition first, Repetition second) {
    if (!bench.startsTogether()) {
      return first.start() && second.start();
    }
    var other = new FutureTask<>(second::start);
    Thread.ofPlatform().name("gpubench-second-side").start(other);
    boolean started = false;
    boolean both;
    try {
      started = first.start();
    } finally { // its measurer is closed by who closes the first one's
      both = finished(other) && started;
    }
    return both;
  }

  /** An interrupt of this thread ends the run, and what was started is waited for. */
  private boolean finished(FutureTask<Boolean> start) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return start.get();
        } catch (InterruptedException _) {
          interrupted = true;
          bench.cancellation().request();
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException bug) {
            throw bug;
          }
          throw new IllegalStateException("a side could not be started", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What one side measured is given to the store also when that has not taken the other's. */
  private static void record(Repetition a, Repetition b) {
    try {
      a.record();
    } catch (StoreException e) {
      try {
        b.record();
      } catch (StoreException again) {
        again.addSuppressed(e);
        throw again; // it tells of the last one
      }
      throw e;
    }
    b.record();
  }

  private Side side() {
    return random.nextBoolean() ? Side.A : Side.B;
  }

  /** Judges what a side measured; one that had no turn yet is left for the other's reason. */
  private static void settle(Repetition side, Duet.Part part) {
    Measurement.Result result = part.result();
    if (part.failure() != null) {
      side.failed(part.failure());
    } else if (result != null
        && (result.stop() != Measurement.Stop.INTERRUPTED || result.samples().count() > 0)) {
      side.ended(result);
    }
  }

  /** What ended a side, and so the duet; null when both measured. */
  private static @Nullable String whatWentWrong(Repetition a, Repetition b) {
    for (Side side : Side.values()) {
      Outcome outcome = side.of(a, b).outcome();
      if (outcome != null && !(outcome instanceof Outcome.Measured)) {
        return "%s: %s: %s".formatted(side.word(), outcome.word(), outcome.reasonText());
      }
    }
    return null;
  }

  /** Whoever did nothing wrong in a duet that does not count; samples of a request to stop stay. */
  private static void leave(Repetition side, String reason, boolean evenMeasured) {
    if (side.outcome() == null || (evenMeasured && side.outcome() instanceof Outcome.Measured)) {
      side.end(new Outcome.Skipped("the duet does not count; " + reason));
    }
  }

  private static boolean interrupted(Duet.@Nullable Result result) {
    return result == null
        || Stream.of(result.a().result(), result.b().result())
            .anyMatch(side -> side == null || side.stop() == Measurement.Stop.INTERRUPTED);
  }

  /** A comparison that grows. */
  private static final class Comparison {
    private final DuetPlan plan;
    private final List<Played> played = new ArrayList<>();
    private final List<Statistics> ofA = new ArrayList<>();
    private final List<Statistics> ofB = new ArrayList<>();
    private int failuresInRow;
    private boolean wrong;
    private boolean absent;

    /** Duets of the first stage; null while it goes on. */
    private @Nullable Integer firstStage;

    /** As in {@link Trial}; null while it goes on. */
    private @Nullable String ended;

    Comparison(DuetPlan plan) {
      this.plan = plan;
    }

    TrialRule rule() {
      return Objects.requireNonNull(plan.trial());
    }

    /** How many duets count. */
    int counting() {
      return ofA.size();
    }

    /** Counts a duet of which both sides measured. */
    LogRatios count(Repetition a, Repetition b) {
      ofA.add(Objects.requireNonNull(a.statistics()));
      ofB.add(Objects.requireNonNull(b.statistics()));
      return LogRatios.of(ofA.getLast(), ofB.getLast());
    }

    void add(Played duet, Repetition a, Repetition b) {
      played.add(duet);
      failuresInRow = duet.logRatios() == null ? failuresInRow + 1 : 0;
      wrong |= a.outcome() instanceof Outcome.Incorrect || b.outcome() instanceof Outcome.Incorrect;
      absent |= a.absent() || b.absent();
    }

    boolean hopeless() {
      int failed = played.size() - counting();
      return wrong
          || absent
          || failuresInRow >= MOST_FAILURES
          || (plan.trial() != null && failed >= MOST_FAILURES_OF_TRIAL);
    }

    boolean inFirstStage() {
      return firstStage == null && ended == null;
    }

    /** How many duets have to count before the first stage is looked at again. */
    int nextLook() {
      return rule().looks().stream().filter(look -> look > counting()).findFirst().orElseThrow();
    }

    /**
     * Ends the first stage where it is over.
     *
     * @return how many of the duets that were planned for it are not needed
     */
    int look() {
      if (ended != null || counting() == 0 || !TwoStage.firstStageOver(build())) {
        return 0;
      }
      firstStage = played.size();
      int spared = rule().mostOfFirst() - counting();
      return suspect() ? spared : spared + rule().confirmations();
    }

    /** Whether the first stage is over, and there is something to confirm. */
    boolean suspect() {
      return ended == null && firstStage != null && TwoStage.suspect(build());
    }

    void decided() {
      if (ended == null) {
        ended = Trial.DECIDED;
      }
    }

    DuetComparison build() {
      return new DuetComparison(
          new DuetComparison.Side(plan.a().name(), plan.a().run().id()),
          new DuetComparison.Side(plan.b().name(), plan.b().run().id()),
          plan.duets(),
          plan.rule().sliceNanos() / 1e9,
          List.copyOf(played),
          ofA.isEmpty() ? null : DuetSummary.of(ofA, ofB),
          plan.trial() == null ? null : trial(plan.trial()));
    }

    private Trial trial(TrialRule rule) {
      return new Trial(
          rule.alpha(),
          rule.tolerances(),
          rule.looks(),
          rule.confirmations(),
          firstStage == null ? played.size() : firstStage,
          ended);
    }
  }
}
