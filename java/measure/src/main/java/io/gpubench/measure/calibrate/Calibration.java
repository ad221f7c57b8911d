// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.stats.SignedRankInterval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How often gates on one workload are wrong on one machine, and what they find. Everything but the
 * first parts follows from the gates, and is derived anew by {@link #recomputed}.
 *
 * @param subject what was measured
 * @param rule by which each gate was decided
 * @param asked how much was asked for
 * @param measuredAt when it began, in ISO 8601
 * @param seed of the simulations and of the order of the gates
 * @param ended {@value #COMPLETE}, {@value #INTERRUPTED}, {@value #TIME} when the time was up, or
 *     {@value #FAILED}
 * @param seconds how long it took
 * @param falseAlarms how often two sides that were the same were called different; null without a
 *     gate that counts
 * @param injected what became of slowdowns that were injected; null without a gate that counts
 * @param spreads of {@link TrialRule#METRICS}, by two sides that were the same; empty where there
 *     were too few duets
 * @param detectable null where there were too few duets, or it was interrupted
 * @param effort what a gate took; null without a gate that counts
 * @param gates in the order in which they were begun
 */
public record Calibration(
    Subject subject,
    Rule rule,
    Asked asked,
    String measuredAt,
    long seed,
    String ended,
    double seconds,
    @Nullable FalseAlarms falseAlarms,
    @Nullable Injected injected,
    Map<String, Spread> spreads,
    @Nullable Detectable detectable,
    @Nullable Effort effort,
    List<PlayedGate> gates) {
  /** All gates were played that were asked for. */
  public static final String COMPLETE = "complete";

  /** Somebody asked for the end. */
  public static final String INTERRUPTED = "interrupted";

  /** A gate could not be played, and those before it count. */
  public static final String FAILED = "failed";

  /** No gate was begun any more, as the time was up. */
  public static final String TIME = "time";

  /** An estimate costs time by the square of the duets; of more, each second or third is taken. */
  private static final int MOST_OF_ESTIMATE = 2_000;

  /** The share of false alarms below which a gate should be. */
  public static final double ALARMS_BELOW = 0.05;

  public Calibration {
    Objects.requireNonNull(subject, "subject");
    spreads = Collections.unmodifiableMap(new LinkedHashMap<>(spreads));
    gates = List.copyOf(gates);
  }

  /**
   * What was measured against itself.
   *
   * @param device name of the device; null for the processors
   * @param synthetic whether it only stands for the hardware that it names
   * @param side as it was asked for
   * @param threads that may work on one sample; null where it is not known
   * @param isolation {@code workers} or {@code in-process}
   * @param cpus to which workers were bound; null for all
   * @param samples wanted of each side in a duet
   * @param minSeconds not shorter even when the samples are there
   * @param sliceSeconds how long the sides measured in turn
   */
  public record Subject(
      String workload,
      String engine,
      String path,
      String clock,
      String cache,
      @Nullable String device,
      boolean synthetic,
      Map<String, Object> parameters,
      String side,
      @Nullable Integer threads,
      String isolation,
      @Nullable String cpus,
      long samples,
      double minSeconds,
      double sliceSeconds) {
    /** Everything that makes a difference, and not how it was asked for. */
    List<?> key() {
      return Arrays.asList(
          workload,
          engine,
          path,
          clock,
          cache,
          device,
          synthetic,
          words(parameters),
          threads,
          isolation,
          cpus,
          samples,
          minSeconds,
          sliceSeconds);
    }

    /** Numbers that were read may be of another type than those that were planned. */
    static Map<String, String> words(Map<String, Object> parameters) {
      var words = new TreeMap<String, String>();
      parameters.forEach((name, value) -> words.put(name, String.valueOf(value)));
      return words;
    }
  }

  /**
   * As {@link TrialRule} has it.
   *
   * @param tolerances of which that of the median is judged
   */
  public record Rule(
      double alpha, Map<String, Double> tolerances, List<Integer> looks, int confirmations) {
    private static final int MOST_DUETS = 10_000;

    /** One that makes no sense is refused. */
    public Rule {
      TrialRule trial = new TrialRule(alpha, new TreeMap<>(tolerances), looks, confirmations, null);
      if (!trial.tolerances().containsKey(TrialRule.MEDIAN) || trial.most() > MOST_DUETS) {
        throw new IllegalArgumentException(
            "a rule for %s by %d duets".formatted(tolerances.keySet(), trial.most()));
      }
    }

    /** The rule of a trial. */
    public static Rule of(TrialRule rule) {
      return new Rule(rule.alpha(), rule.tolerances(), rule.looks(), rule.confirmations());
    }

    /** As it decides. */
    TrialRule trial() {
      return new TrialRule(alpha, new TreeMap<>(tolerances), looks, confirmations, null);
    }
  }

  /**
   * How much was asked for.
   *
   * @param gates of two sides that are the same
   * @param injected of two sides of which one is slowed down
   * @param slowdown to how many times its own time; null where none is
   */
  public record Asked(int gates, int injected, @Nullable Double slowdown) {}

  /**
   * Gates of two sides that are the same.
   *
   * @param rate how often they were called different
   * @param same how often they were called the same
   * @param inconclusive how often neither
   * @param gatesNeeded how many gates would show, at 95 %, that it happens in less than 5 %, if it
   *     happened in no more of them than here
   */
  public record FalseAlarms(Rate rate, int same, int inconclusive, int gatesNeeded) {}

  /**
   * Gates of two sides of which one was slowed down.
   *
   * @param rate how often it was found: called slower, and that side
   * @param wrongSide how often the other side was called slower
   * @param same how often they were called the same
   * @param inconclusive how often neither
   * @param realised the slowdown as all duets together show it, the estimate of slow over fast
   * @param lower lower bound of its 95 % interval; null where so few duets have none
   * @param upper upper bound; null exactly where {@code lower} is
   */
  public record Injected(
      Rate rate,
      int wrongSide,
      int same,
      int inconclusive,
      double realised,
      @Nullable Double lower,
      @Nullable Double upper) {}

  /**
   * What gates took.
   *
   * @param duetsOfGate on average
   * @param secondsOfGate on average
   * @param secondsOfDuet on average, everything included
   */
  public record Effort(double duetsOfGate, double secondsOfGate, double secondsOfDuet) {}

  /**
   * What follows from gates.
   *
   * @param simulated whether the detectable slowdown is worth some seconds of all processors
   */
  public static Calibration of(
      Subject subject,
      TrialRule rule,
      Asked asked,
      String measuredAt,
      long seed,
      String ended,
      double seconds,
      List<PlayedGate> gates,
      boolean simulated) {
    List<PlayedGate> counting = gates.stream().filter(PlayedGate::counts).toList();
    List<PlayedGate> equal = counting.stream().filter(gate -> !gate.injected()).toList();
    List<PlayedGate> unequal = counting.stream().filter(PlayedGate::injected).toList();
    // a duet of a gate that was not played to its end is no worse than another
    List<LogRatios> duets =
        gates.stream()
            .filter(gate -> !gate.injected())
            .flatMap(gate -> gate.duets().stream())
            .toList();
    boolean enough = duets.size() >= Spread.FEWEST;
    var spreads = new LinkedHashMap<String, Spread>();
    if (enough) {
      spreads.put(TrialRule.MEDIAN, Spread.of(values(duets, LogRatios::median), seed));
      spreads.put(TrialRule.P95, Spread.of(values(duets, LogRatios::p95), seed));
    }
    return new Calibration(
        subject,
        Rule.of(rule),
        asked,
        measuredAt,
        seed,
        ended,
        seconds,
        equal.isEmpty() ? null : falseAlarms(equal),
        unequal.isEmpty() ? null : injected(unequal),
        spreads,
        enough && simulated ? Detectable.of(values(duets, LogRatios::median), rule, seed) : null,
        counting.isEmpty() ? null : effort(counting),
        gates);
  }

  /** Everything derived anew from the duets of the gates, verdicts included. */
  public Calibration recomputed() {
    TrialRule trial = rule.trial();
    return of(
        subject,
        trial,
        asked,
        measuredAt,
        seed,
        ended,
        seconds,
        gates.stream().map(gate -> gate.rejudged(trial)).toList(),
        true);
  }

  /**
   * With the gates of another one, as if they had been played one after the other.
   *
   * @param more of the same, by the same rule, measured later
   * @throws io.gpubench.measure.ConfigException when it is of something else
   */
  public Calibration plus(Calibration more) {
    if (!sameSubject(more) || !rule.equals(more.rule)) {
      throw new ConfigException(
          "gates of %s on %s cannot be added to those of something else"
              .formatted(more.subject.workload(), more.subject.engine()));
    }
    Double before = asked.slowdown;
    Double now = more.asked.slowdown;
    if (before != null && now != null && !before.equals(now)) {
      throw new ConfigException(
          "gates of %s slowed down to %s times their own time cannot be added to those slowed down to %s times"
              .formatted(more.subject.workload(), now, before));
    }
    var all = new ArrayList<>(gates);
    for (PlayedGate gate : more.gates) {
      all.add(gate.numbered(all.size() + 1));
    }
    return of(
        subject,
        rule.trial(),
        new Asked(
            asked.gates + more.asked.gates,
            asked.injected + more.asked.injected,
            more.asked.slowdown == null ? asked.slowdown : more.asked.slowdown),
        measuredAt,
        seed,
        more.ended,
        seconds + more.seconds,
        all,
        !more.ended.equals(INTERRUPTED));
  }

  /** Duets of two sides that were the same. */
  public int equalDuets() {
    return gates.stream()
        .filter(gate -> !gate.injected())
        .mapToInt(gate -> gate.duets().size())
        .sum();
  }

  /** Whether another one is of the same: workload, engine, parameters, and how thoroughly. */
  public boolean sameSubject(Calibration other) {
    return subject.key().equals(other.subject.key());
  }

  private static FalseAlarms falseAlarms(List<PlayedGate> gates) {
    int alarms = count(gates, PlayedGate::changed);
    return new FalseAlarms(
        Rate.of(alarms, gates.size()),
        count(gates, gate -> gate.verdict().equals("Same")),
        count(gates, gate -> gate.verdict().equals("Inconclusive")),
        Rate.needed(alarms, ALARMS_BELOW));
  }

  private static Injected injected(List<PlayedGate> gates) {
    double[] ratios =
        gates.stream()
            .flatMap(gate -> gate.injectedLogRatios().stream())
            .mapToDouble(Double::doubleValue)
            .toArray();
    int step = Math.ceilDiv(ratios.length, MOST_OF_ESTIMATE);
    SignedRankInterval centre =
        SignedRankInterval.of(
            IntStream.range(0, ratios.length)
                .filter(duet -> duet % step == 0)
                .mapToDouble(duet -> ratios[duet])
                .toArray(),
            Rate.CONFIDENCE);
    int found = count(gates, PlayedGate::found);
    return new Injected(
        Rate.of(found, gates.size()),
        count(gates, PlayedGate::changed) - found,
        count(gates, gate -> gate.verdict().equals("Same")),
        count(gates, gate -> gate.verdict().equals("Inconclusive")),
        Math.exp(centre.estimate()),
        centre.lower() == null ? null : (Double) Math.exp(centre.lower()),
        centre.upper() == null ? null : (Double) Math.exp(centre.upper()));
  }

  private static Effort effort(List<PlayedGate> gates) {
    double duets = gates.stream().mapToInt(gate -> gate.duets().size()).sum();
    double seconds = gates.stream().mapToDouble(PlayedGate::seconds).sum();
    return new Effort(duets / gates.size(), seconds / gates.size(), seconds / duets);
  }

  private static int count(List<PlayedGate> gates, Predicate<PlayedGate> what) {
    return (int) gates.stream().filter(what).count();
  }

  private static double[] values(List<LogRatios> duets, ToDoubleFunction<LogRatios> of) {
    return duets.stream().mapToDouble(of).toArray();
  }
}
