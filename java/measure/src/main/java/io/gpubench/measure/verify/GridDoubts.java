// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Doubts about durations that take too few values: all equal, or on a grid far coarser than the
 * steps of the clock.
 *
 * <p>A grid is judged by the intervals of its width around its points. Where nothing is rounded,
 * the most frequent value of an interval is at the grid's point by chance only, once in as many
 * times as there are steps of the clock in the interval, however the samples are distributed: a
 * hundred thousand equal samples say no more than one. So the number of intervals that have most of
 * their samples at the grid's point is at most binomial, and the evidence against chance is the
 * Chernoff bound of its tail, in bits.
 */
final class GridDoubts {
  /** With fewer samples, equal ones are not yet strange. */
  private static final int FEW = 10;

  /** Among so many samples, a few others do not make equal ones less strange. */
  private static final int MANY = 100;

  private static final double ALMOST_ALL = 0.99;

  // The steadiest work scatters by half a thousandth (standard deviation). That ten samples of
  // 4,000
  // steps are equal then, or a hundred of 400, has odds of 1 to a million.
  private static final long STEPS_BY_SAMPLES = 40_000;
  private static final long FEWEST_STEPS = 100;

  /**
   * A grid has to be so many times coarser than the coarsest steps that the clock can have. The
   * evidence takes care of chance; this is for clocks that step more coarsely than they seem to.
   */
  private static final long COARSER = 5;

  /** Odds of 1 to 10^12 for a process that rounds nothing, for each grid. */
  private static final double BITS = 40;

  /** For multiples of a round number, 1 to 10^9, and where there is nothing else, to a million. */
  private static final double BITS_OF_ROUND = 30;

  private static final double BITS_OF_ALL_ROUND = 20;

  private static final int SAMPLES_OF_ROUND = 20;

  /** A clock whose steps are no whole nanoseconds meets some residues somewhat more often. */
  private static final double UNEVEN = 1.2;

  /** Where some samples are not rounded, intervals of fewer can be led by any of them. */
  private static final int CROWD = 4;

  /** So many samples are looked at before all are. */
  private static final int SCOUTS = 512;

  private static final double SCOUTS_ON_GRID = 0.45;

  private final MeasuredProcess process;
  private final long step;
  private final long[] sorted;
  private final long modeValue;
  private final int modeCount;

  private GridDoubts(MeasuredProcess process) {
    this.process = process;
    this.step = ClockStep.nanos(process);
    this.sorted = process.samples().durations().clone();
    Arrays.sort(sorted);
    long value = sorted[0];
    int most = 0;
    for (int from = 0; from < sorted.length; ) {
      int to = endOfEqual(from);
      if (to - from > most) {
        most = to - from;
        value = sorted[from];
      }
      from = to;
    }
    this.modeValue = value;
    this.modeCount = most;
  }

  /** At most one: that they are constant, or on a grid. */
  static List<Finding> of(MeasuredProcess process) {
    if (process.samples().count() < FEW) {
      return List.of();
    }
    var doubts = new GridDoubts(process);
    Finding found = doubts.constant();
    if (found == null) {
      found = doubts.quantised();
    }
    return found == null ? List.of() : List.of(found);
  }

  private int endOfEqual(int from) {
    int to = from + 1;
    while (to < sorted.length && sorted[to] == sorted[from]) {
      to++;
    }
    return to;
  }

  private @Nullable Finding constant() {
    int count = sorted.length;
    boolean all = modeCount == count;
    boolean almost = count >= MANY && modeCount >= ALMOST_ALL * count;
    long steps = Math.max(FEWEST_STEPS, STEPS_BY_SAMPLES / count);
    if (!(all || almost) || modeValue / steps < step) {
      return null;
    }
    return Finding.of(
        Flaw.CONSTANT,
        process.subject(),
        "%,d of %,d samples took exactly %,d ns, on a clock that steps by %,d ns at most: no work is that even",
        modeCount,
        count,
        modeValue,
        step);
  }

  private @Nullable Finding quantised() {
    for (long width : widths()) {
      for (long offset : offsets(width)) {
        Grid grid = grid(width, offset);
        if (grid.convincing()) {
          return Finding.of(
              Flaw.QUANTISED,
              process.subject(),
              "%,d of %,d durations are multiples of %,d ns%s, and lead in %,d of %,d intervals of that width, but the clock steps by %,d ns at most",
              grid.on,
              sorted.length,
              width,
              offset == 0 ? "" : " plus " + offset,
              grid.led,
              grid.intervals,
              step);
        }
      }
    }
    return null;
  }

  /** Of the grids that come into question, the coarsest first. */
  private List<Long> widths() {
    long span = sorted[sorted.length - 1] - sorted[0];
    var widths = new TreeSet<Long>();
    for (long power = 1; power <= span; power *= 10) {
      widths.addAll(List.of(power, 2 * power, 5 * power));
    }
    for (long power = 1; power <= span; power *= 2) {
      widths.add(power);
    }
    widths.add(divisorOfDifferences(1));
    widths.add(divisorOfDifferences(Math.max(2, modeCount / 4)));
    return List.copyOf(
        widths.descendingSet().stream()
            .filter(width -> width <= span && width / COARSER >= step)
            .toList());
  }

  /** Of the values that occur so often; 0 where there are not two. */
  private long divisorOfDifferences(int occurrences) {
    long divisor = 0;
    for (int from = 0; from < sorted.length && divisor != 1; ) {
      int to = endOfEqual(from);
      if (to - from >= occurrences) {
        divisor = ClockStep.greatestCommonDivisor(divisor, Math.abs(sorted[from] - modeValue));
      }
      from = to;
    }
    return divisor;
  }

  /** Where the points of a grid can lie: at its multiples, or where most samples are. */
  private Set<Long> offsets(long width) {
    int stride = Math.max(1, sorted.length / SCOUTS);
    var candidates = new ArrayList<>(List.of(0L, modeValue % width, commonest(width, stride)));
    var offsets = new LinkedHashSet<Long>();
    for (long offset : candidates) {
      int on = 0;
      int looked = 0;
      for (int i = 0; i < sorted.length; i += stride) {
        looked++;
        on += sorted[i] % width == offset ? 1 : 0;
      }
      if (on >= SCOUTS_ON_GRID * looked) {
        offsets.add(offset);
      }
    }
    return offsets;
  }

  /** The remainder that more than half of the samples have, if there is one; else any. */
  private long commonest(long width, int stride) {
    long candidate = 0;
    int lead = 0;
    for (int i = 0; i < sorted.length; i += stride) {
      long remainder = sorted[i] % width;
      if (lead == 0) {
        candidate = remainder;
      }
      lead += remainder == candidate ? 1 : -1;
    }
    return candidate;
  }

  private Grid grid(long width, long offset) {
    var grid = new Grid(width, offset);
    long interval = Long.MIN_VALUE;
    int in = 0;
    int at = 0;
    for (long value : sorted) {
      long next = Math.floorDiv(value - offset + width / 2, width);
      if (next != interval) {
        grid.add(in, at);
        interval = next;
        in = 0;
        at = 0;
      }
      in++;
      at += value % width == offset ? 1 : 0;
    }
    grid.add(in, at);
    return grid;
  }

  /** How the samples lie on one grid. */
  private final class Grid {
    private final long width;
    private final long offset;
    private int on;
    private int intervals;
    private int led;
    private int crowded;
    private int crowdedLed;

    Grid(long width, long offset) {
      this.width = width;
      this.offset = offset;
    }

    void add(int samples, int atPoint) {
      if (samples > 0) {
        on += atPoint;
        intervals++;
        int lead = 2 * atPoint > samples ? 1 : 0;
        led += lead;
        if (samples >= CROWD) {
          crowded++;
          crowdedLed += lead;
        }
      }
    }

    boolean convincing() {
      if (2 * on < sorted.length) {
        return false;
      }
      // At multiples of a round number anybody would look first. To any other grid a value has led
      // that was there already: it says nothing about it.
      boolean round = offset == 0 && round();
      int given = round ? 0 : 1;
      boolean all = on == sorted.length && sorted.length >= SAMPLES_OF_ROUND;
      double bits = round ? (all ? BITS_OF_ALL_ROUND : BITS_OF_ROUND) : BITS;
      return bits(led - given, intervals) >= bits || bits(crowdedLed - given, crowded) >= bits;
    }

    private boolean round() {
      long rest = width;
      while (rest % 10 == 0) {
        rest /= 10;
      }
      return rest == 1 || rest == 2 || rest == 5;
    }

    private double bits(int leading, int of) {
      double chance = UNEVEN * step / width;
      double share = (double) leading / of;
      if (!(share > chance)) {
        return 0;
      }
      double others = share == 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - chance));
      return of * (share * Math.log(share / chance) + others) / Math.log(2);
    }
  }
}
