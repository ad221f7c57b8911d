// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

/**
 * Whether the distribution of the samples still changes as they become more. Of the first {@code n}
 * durations, sorted into bins {@code k} with {@code c[k]} samples each, the entropy in bits is
 *
 * <pre>H(n) = -sum c[k]/n log2(c[k]/n) = log2(n) - 1/n sum c[k] log2(c[k])</pre>
 *
 * <p>(Shannon, "A Mathematical Theory of Communication", 1948). Each time that {@code n} has grown
 * by a sixteenth, {@code H(n)} is kept; through the latest of these, against {@code log2(n)}, goes
 * the line of least squares. Its slope says by how many bits the entropy grows while the samples
 * double: 1 when each is alone in its bin, 0 when more samples only repeat what is known. The root
 * mean square of the residuals says whether the line is one at all. The distribution has become
 * flat when both are small.
 *
 * <p>That a measurement may stop when the entropy of its samples no longer grows is the idea of
 * nvbench's criterion {@code entropy} (github.com/NVIDIA/nvbench, {@code
 * nvbench/detail/entropy_criterion.cxx}). That one gives each different duration a bin of its own,
 * recomputes the whole sum for each sample, regresses over the last few hundred samples against
 * their number, and asks for a small slope and a good R². This one differs in three ways. Bins are
 * relative, 2<sup>-10</sup> to 2<sup>-11</sup> of the duration and never finer than a nanosecond,
 * so that a clock of fine steps does not make every sample a new one. The abscissa is logarithmic,
 * so that the slope does not become small only because there are many samples already. And a line
 * without any slope has no R²; its residuals are what has to be small.
 *
 * <p>A sample costs an addition to the sum, so O(1), and the fit, with O(window), comes at every
 * sixteenth only. Owns 220 KB of counters and allocates nothing afterwards. For one thread.
 */
public final class EntropyTrend {
  private static final int SUB_BITS = 10;
  private static final int SUB = 1 << SUB_BITS;
  private static final int BINS = (Long.SIZE - 1 - SUB_BITS + 1) * SUB;
  private static final int GROWTH = 16;
  private static final double LN_2 = Math.log(2);

  private final Limits limits;
  private final int[] counts = new int[BINS];
  private final double[] logs;
  private final double[] entropies;
  private long count;
  private long next = 1;
  private long kept;
  private double sum;

  /**
   * When a distribution counts as flat.
   *
   * @param window how many of the latest entropies are looked at, {@value #SHORTEST_WINDOW} ..
   *     {@value #LONGEST_WINDOW}; 24 are from a quarter of the samples to all of them
   * @param maxSlope by how many bits the entropy may still grow or fall while the samples double, 0
   *     .. 1
   * @param maxResidual how far the entropies may be from their line, as a root mean square in bits,
   *     0 .. 1
   */
  public record Limits(int window, double maxSlope, double maxResidual) {
    public static final int SHORTEST_WINDOW = 4;
    public static final int LONGEST_WINDOW = 256;

    /** What holds unless something else is asked for. */
    public static final Limits USUAL = new Limits(24, 0.05, 0.05);

    public Limits {
      if (window < SHORTEST_WINDOW
          || window > LONGEST_WINDOW
          || !(maxSlope >= 0 && maxSlope <= 1)
          || !(maxResidual >= 0 && maxResidual <= 1)) {
        throw new IllegalArgumentException(
            "window %d, slope %s, residual %s".formatted(window, maxSlope, maxResidual));
      }
    }
  }

  /** Without samples. */
  public EntropyTrend(Limits limits) {
    this.limits = limits;
    this.logs = new double[limits.window()];
    this.entropies = new double[limits.window()];
  }

  /**
   * One more sample.
   *
   * @param nanos its duration, at least 0
   */
  public void add(long nanos) {
    int bin = bin(nanos);
    int before = counts[bin]++;
    sum += ofCount(before + 1) - ofCount(before);
    count++;
    if (count >= next) {
      next = count + Math.max(1, count / GROWTH);
      int slot = (int) (kept % limits.window());
      logs[slot] = log2((double) count);
      entropies[slot] = entropy();
      kept++;
    }
  }

  /** How many samples were added. */
  public long count() {
    return count;
  }

  /** The entropy of all samples so far, in bits; 0 without any. */
  double entropy() {
    return count == 0 ? 0 : Math.max(0, log2((double) count) - sum / count);
  }

  /** Whether the window is full, and slope and residual are within their limits. */
  public boolean flat() {
    return flat(0);
  }

  /**
   * As {@link #flat()}, with a margin for who computes it anew.
   *
   * @param margin added to both limits, in bits, at least 0
   */
  public boolean flat(double margin) {
    if (!fits()) {
      return false;
    }
    Fit fit = fit();
    return Math.abs(fit.slope()) <= limits.maxSlope() + margin
        && fit.residual() <= limits.maxResidual() + margin;
  }

  /** Whether the window is full. */
  public boolean fits() {
    return kept >= limits.window();
  }

  /**
   * The line through the entropies of the window.
   *
   * @param slope bits per doubling of the samples
   * @param residual root mean square of the distances from the line, in bits
   */
  public record Fit(double slope, double residual) {}

  /**
   * The line through the latest entropies.
   *
   * @throws IllegalStateException when the window is not full
   */
  public Fit fit() {
    int used = limits.window();
    if (!fits()) {
      throw new IllegalStateException("%d entropies of %d".formatted(kept, used));
    }
    double meanLog = 0;
    double mean = 0;
    for (int i = 0; i < used; i++) {
      meanLog += logs[i] / used;
      mean += entropies[i] / used;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < used; i++) {
      double x = logs[i] - meanLog;
      double y = entropies[i] - mean;
      xx += x * x;
      xy += x * y;
      yy += y * y;
    }
    // the abscissas are all different, so that xx is not 0
    return new Fit(xy / xx, Math.sqrt(Math.max(0, yy - xy * xy / xx) / used));
  }

  /** Each value below 1,024 has its own; above, each octave has as many. */
  private static int bin(long nanos) {
    if (nanos < SUB) {
      return (int) Math.max(0, nanos);
    }
    int shift = Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(nanos);
    return (shift << SUB_BITS) + (int) (nanos >>> shift);
  }

  private static double ofCount(int samples) {
    return samples == 0 ? 0 : samples * log2(samples);
  }

  private static double log2(double value) {
    return Math.log(value) / LN_2;
  }
}
