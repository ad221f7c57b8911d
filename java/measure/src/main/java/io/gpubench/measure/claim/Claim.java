// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.plan.Place;
import io.gpubench.measure.plan.Reference;
import io.gpubench.measure.plan.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A promise about performance, as somebody made it, and what has to be measured to judge it. Names
 * are not yet looked up.
 *
 * @param id one word, unique in its file
 * @param statement in the words of who makes it
 * @param source where it stands
 * @param place of it in its file
 * @param workload what is measured
 * @param engines each of which it is judged on; empty for the best that there is
 * @param paths each of which it is judged by; empty for the engine's preferred one
 * @param clock what times it; null for the path's preferred clock
 * @param cache what the caches hold before a sample; null for what the path prefers
 * @param settings each combination of the values is judged
 * @param metric what is promised something of
 * @param metricPlace where the metric is written
 * @param target what is promised of it
 * @param confidence with which it is judged: the probability, in (0.5, 1), that a verdict which
 *     rests on one bound is right
 * @param minimumSamples so many values has the metric of each process to rest on at least: samples,
 *     or readings of a sensor; null for {@link #FEWEST_SAMPLES}
 * @param processes so many processes, or duets, have to measure; null for what there is, if it is
 *     enough for a bound
 * @param requires hardware that it is about
 * @param baseline what a relative claim compares with; null for others
 */
public record Claim(
    String id,
    String statement,
    String source,
    Place place,
    Reference workload,
    List<Reference> engines,
    List<Reference> paths,
    @Nullable Reference clock,
    @Nullable Reference cache,
    List<Setting> settings,
    Metric metric,
    Place metricPlace,
    Target target,
    double confidence,
    @Nullable Long minimumSamples,
    @Nullable Integer processes,
    Requirement requires,
    @Nullable Baseline baseline) {
  /** In each process, where a claim does not say. */
  public static final long FEWEST_SAMPLES = 1_000;

  /** A claim. */
  public Claim {
    engines = List.copyOf(engines);
    paths = List.copyOf(paths);
    settings = List.copyOf(settings);
  }

  /**
   * The other side of a relative claim: what it says differs from the claim's own side, the rest is
   * the same.
   *
   * @param engine null for that of the claim
   * @param path null for that of the claim where the engine is the same, else the engine's
   *     preferred one
   * @param settings values of parameters, one each
   */
  public record Baseline(
      Place place,
      @Nullable Reference engine,
      @Nullable Reference path,
      @Nullable Reference clock,
      @Nullable Reference cache,
      List<Setting> settings) {
    public Baseline {
      settings = List.copyOf(settings);
    }
  }

  /** The values that the metric of each process has to rest on at least. */
  public long fewestSamples() {
    return minimumSamples == null ? FEWEST_SAMPLES : minimumSamples;
  }

  /**
   * The fewest processes of which a bound exists at a confidence: with n, the outermost bound of a
   * signed-rank interval errs with probability 2^-n on its side.
   */
  public static int fewestProcesses(double confidence) {
    int processes = 1;
    while (Math.scalb(1.0, -processes) > 1 - confidence) {
      processes++;
    }
    return processes;
  }

  /** The fewest processes of which this claim can be judged. */
  public int fewestProcesses() {
    int least = fewestProcesses(confidence);
    return processes == null ? least : Math.max(least, processes);
  }
}
