// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.run.StoppingRule.Criterion;
import io.gpubench.measure.stats.EntropyTrend;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How thoroughly a suite is measured. Which {@link Criterion} a process stops at follows from the
 * numbers, as in a {@link io.gpubench.measure.run.StoppingRule}.
 *
 * @param name of its file, without the extension
 * @param description one line for a person; may be empty
 * @param budget time for the whole suite, shared equally by all repetitions of its runs
 * @param repetitions how many fresh processes measure each run, 1 .. {@link #MOST_REPETITIONS}; an
 *     interval over processes needs 6
 * @param minSamples below so many samples in a process a record is marked {@code underSampled}
 * @param maxSamples a process never takes more samples
 * @param relativePrecision half the width of the median's 95 % interval over the median at which a
 *     run may stop, 0 .. 1; 0 for never
 * @param entropy at which the distribution of a process's samples counts as flat, so that it may
 *     stop; null for never
 * @param minMeasuring a run never stops for precision or entropy before this time has passed
 * @param minWarmupSamples fewest warm-up samples
 * @param minWarmup shortest warm-up
 * @param minPlace where {@code minSamples} is written, for mistakes that show in a plan only
 */
public record Profile(
    String name,
    String description,
    Duration budget,
    int repetitions,
    long minSamples,
    long maxSamples,
    double relativePrecision,
    EntropyTrend.@Nullable Limits entropy,
    Duration minMeasuring,
    long minWarmupSamples,
    Duration minWarmup,
    Place minPlace) {
  private static final int USUAL_REPETITIONS = 6;

  /** The most processes of one run. */
  public static final int MOST_REPETITIONS = 1_000;

  /** A profile that stops for its precision, or never early, and stands in no file. */
  public Profile(
      String name,
      String description,
      Duration budget,
      int repetitions,
      long minSamples,
      long maxSamples,
      double relativePrecision,
      Duration minMeasuring,
      long minWarmupSamples,
      Duration minWarmup) {
    this(
        name,
        description,
        budget,
        repetitions,
        minSamples,
        maxSamples,
        relativePrecision,
        null,
        minMeasuring,
        minWarmupSamples,
        minWarmup,
        new Place.OnCommandLine(""));
  }

  /** What a process of it stops for. */
  public Criterion criterion() {
    if (minSamples == maxSamples) {
      return Criterion.COUNT;
    }
    if (entropy != null) {
      return Criterion.ENTROPY;
    }
    return relativePrecision > 0 ? Criterion.PRECISION : Criterion.TIME;
  }

  /** From a document that agrees with the profile schema; checks what the schema cannot say. */
  static Profile of(String name, Yaml.Mapping document) {
    Yaml.Mapping samples = document.mapping("samples");
    Yaml.Mapping warmup = document.mapping("warmup");
    Criterion criterion =
        Criterion.valueOf(
            samples.textOr("stop", Criterion.PRECISION.word()).toUpperCase(Locale.ROOT));
    checkKeys(samples, criterion);
    Yaml.Scalar min = samples.scalar("min");
    Yaml.Scalar max = criterion == Criterion.COUNT ? min : samples.scalar("max");
    if (max.wholeValue() < min.wholeValue()) {
      throw max.place().error("expected at least min, " + min.text() + ", found " + max.text());
    }
    Duration budget = document.scalar("budget").duration();
    if (budget.isZero()) {
      throw document.scalar("budget").place().error("expected more than 0");
    }
    return new Profile(
        name,
        document.textOr("description", ""),
        budget,
        repetitions(document),
        min.wholeValue(),
        max.wholeValue(),
        criterion == Criterion.PRECISION ? samples.scalar("relativePrecision").decimalValue() : 0,
        criterion == Criterion.ENTROPY ? limits(samples) : null,
        stopsEarly(criterion) ? samples.scalar("minTime").duration() : Duration.ZERO,
        warmup.scalar("minSamples").wholeValue(),
        warmup.scalar("minTime").duration(),
        min.place());
  }

  private static boolean stopsEarly(Criterion criterion) {
    return criterion == Criterion.PRECISION || criterion == Criterion.ENTROPY;
  }

  /** Each criterion has keys of its own; another's would be ignored in silence. */
  private static void checkKeys(Yaml.Mapping samples, Criterion criterion) {
    List<String> needed =
        switch (criterion) {
          case PRECISION -> List.of("max", "relativePrecision", "minTime");
          case ENTROPY -> List.of("max", "minTime");
          case COUNT -> List.of();
          case TIME -> List.of("max");
        };
    for (String key : List.of("max", "relativePrecision", "minTime", "entropy")) {
      Yaml value = samples.entries().get(key);
      boolean optional = key.equals("entropy") && criterion == Criterion.ENTROPY;
      if (value == null && needed.contains(key)) {
        throw samples
            .place()
            .error("missing key '%s', which 'stop: %s' needs".formatted(key, criterion.word()));
      }
      if (value != null && !needed.contains(key) && !optional) {
        throw value
            .place()
            .error("'stop: %s' does not use it; leave it out".formatted(criterion.word()));
      }
    }
  }

  private static EntropyTrend.Limits limits(Yaml.Mapping samples) {
    EntropyTrend.Limits usual = EntropyTrend.Limits.USUAL;
    if (!samples.entries().containsKey("entropy")) {
      return usual;
    }
    Yaml.Mapping given = samples.mapping("entropy");
    return new EntropyTrend.Limits(
        (int) number(given, "window", usual.window()),
        number(given, "maxSlope", usual.maxSlope()),
        number(given, "maxResidual", usual.maxResidual()));
  }

  private static double number(Yaml.Mapping mapping, String key, double otherwise) {
    return mapping.entries().containsKey(key) ? mapping.scalar(key).decimalValue() : otherwise;
  }

  private static int repetitions(Yaml.Mapping document) {
    return document.entries().containsKey("repetitions")
        ? (int) document.scalar("repetitions").wholeValue()
        : USUAL_REPETITIONS;
  }
}
