// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import java.time.Duration;

/**
 * How thoroughly a suite is measured.
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
 * @param minMeasuring a run never stops for its precision before this time has passed
 * @param minWarmupSamples fewest warm-up samples
 * @param minWarmup shortest warm-up
 */
public record Profile(
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
  private static final int USUAL_REPETITIONS = 6;

  /** The most processes of one run. */
  public static final int MOST_REPETITIONS = 1_000;

  /** From a document that agrees with the profile schema; checks what the schema cannot say. */
  static Profile of(String name, Yaml.Mapping document) {
    Yaml.Mapping samples = document.mapping("samples");
    Yaml.Mapping warmup = document.mapping("warmup");
    Yaml.Scalar max = samples.scalar("max");
    if (max.wholeValue() < samples.scalar("min").wholeValue()) {
      throw max.place()
          .error(
              "expected at least min, " + samples.scalar("min").text() + ", found " + max.text());
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
        samples.scalar("min").wholeValue(),
        max.wholeValue(),
        samples.scalar("relativePrecision").decimalValue(),
        samples.scalar("minTime").duration(),
        warmup.scalar("minSamples").wholeValue(),
        warmup.scalar("minTime").duration());
  }

  private static int repetitions(Yaml.Mapping document) {
    return document.entries().containsKey("repetitions")
        ? (int) document.scalar("repetitions").wholeValue()
        : USUAL_REPETITIONS;
  }
}
