// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which path moves a batch of pages fastest, as one run has measured it: paths are compared with
 * each other only within a run, since machines differ more from hour to hour than paths do.
 *
 * @param run its id
 * @param bytes that move, of both ways together
 * @param median which path has the shortest median
 * @param p95 which has the shortest 95th percentile
 * @param candidates every way that was planned, in the order of the run
 * @param notTried paths of the engine for which nothing was planned or nothing came of it
 */
public record Placement(
    String run,
    On on,
    Direction direction,
    long pageBytes,
    long pages,
    long bytes,
    Decision median,
    Decision p95,
    List<Candidate> candidates,
    List<NotTried> notTried) {

  /**
   * Who moves pages, and by which clock.
   *
   * @param device its name; null for the processors
   * @param synthetic whether it only stands for the hardware that it names
   * @param clock {@code host}, {@code device} or {@code batch}
   * @param cache what caches hold before a sample: {@code hot} or {@code cold}
   */
  public record On(
      String engine, @Nullable String device, boolean synthetic, String clock, String cache) {}

  /**
   * From where to where, and how.
   *
   * @param from a tier as it was asked for
   * @param fromAccess of a file: {@code direct}, {@code page cache} or {@code memory}, of which
   *     only the first is storage; null where it is no file or was not opened
   * @param fromFileSystem its type; null likewise
   * @param ways {@code one} or {@code both}
   * @param order {@code scattered} or {@code contiguous}
   * @param sync {@code none} or {@code data}
   */
  public record Direction(
      String from,
      @Nullable String fromAccess,
      @Nullable String fromFileSystem,
      String to,
      @Nullable String toAccess,
      @Nullable String toFileSystem,
      String ways,
      String order,
      String sync,
      long seed) {
    /** With what its files turned out to be. */
    Direction found(
        @Nullable String accessOfFrom,
        @Nullable String fileSystemOfFrom,
        @Nullable String accessOfTo,
        @Nullable String fileSystemOfTo) {
      return new Direction(
          from,
          accessOfFrom,
          fileSystemOfFrom,
          to,
          accessOfTo,
          fileSystemOfTo,
          ways,
          order,
          sync,
          seed);
    }

    /** As it was asked for. */
    Direction asked() {
      return found(null, null, null, null);
    }

    /** For a person. */
    String text() {
      return "%s %s %s, order %s%s%s"
          .formatted(
              PageMove.tier(from, fromAccess, fromFileSystem),
              ways.equals("both") ? "<->" : "->",
              PageMove.tier(to, toAccess, toFileSystem),
              order,
              sync.equals("none") ? "" : ", sync " + sync,
              seed == 1 ? "" : ", seed " + seed);
    }
  }

  /** What can be said of the fastest. */
  public enum Verdict {
    /** One, whose interval lies below all others. */
    FASTEST("fastest"),
    /** Several cannot be told apart: their intervals overlap that of the shortest. */
    NOT_DISTINGUISHED("not-distinguished"),
    /** One alone was measured. */
    ONLY("only"),
    /** Too little was measured: by one process, or without an interval. */
    UNDECIDED("undecided"),
    /** What one of them measured is in doubt. */
    DOUBTED("doubted"),
    /** Nothing was measured. */
    NONE("none");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    /** As it stands in the report. */
    public String word() {
      return word;
    }
  }

  /**
   * Who is the fastest.
   *
   * @param verdict the word of a {@link Verdict}
   * @param why nothing is decided; null where something is, or nothing was measured
   * @param fastest names of candidates, the shortest first: one, or several that cannot be told
   *     apart; none where nothing is decided
   * @param shortest the name of the one with the shortest time, whether or not that decides
   *     anything; null where nothing was measured
   * @param runnerUp the name of the one with the second shortest time; null where there is none
   * @param margin its time over the shortest, at least 1; null likewise
   * @param marginLower the least that this can be as far as both intervals tell; below 1 where they
   *     overlap, null where a bound is missing
   * @param marginUpper the most
   */
  public record Decision(
      String verdict,
      @Nullable String why,
      List<String> fastest,
      @Nullable String shortest,
      @Nullable String runnerUp,
      @Nullable Double margin,
      @Nullable Double marginLower,
      @Nullable Double marginUpper) {}

  /**
   * A way to move these pages.
   *
   * @param name the path, with what was set of its tuning
   * @param tuning what was set
   * @param record the id of its record
   * @param outcome the word of an {@link io.gpubench.measure.result.Outcome}
   * @param reason why it is not {@code Measured}
   * @param doubt why nothing may rest on what it measured; null for nothing
   * @param processes how many processes measured it
   * @param median null where nothing was measured that counts
   * @param p95 likewise
   * @param bytesPerSecond at the median
   * @param ceiling the id of the ceiling that binds; null where that is not known
   * @param ceilingShare how near the median comes to it, 1 at the ceiling
   */
  public record Candidate(
      String name,
      String path,
      Map<String, Object> tuning,
      String record,
      String outcome,
      @Nullable String reason,
      @Nullable String doubt,
      int processes,
      @Nullable Time median,
      @Nullable Time p95,
      @Nullable Double bytesPerSecond,
      @Nullable String ceiling,
      @Nullable Double ceilingShare) {}

  /**
   * A quantile with its 95 % interval, in nanoseconds, of one migration.
   *
   * @param lower null where too little was measured for a bound
   * @param upper likewise
   */
  public record Time(double nanos, @Nullable Double lower, @Nullable Double upper) {
    /** Whether its interval lies below another; null where a bound is missing that would tell. */
    @Nullable Boolean below(Time other) {
      if (upper == null || other.lower == null) {
        return null;
      }
      return upper < other.lower;
    }
  }

  /**
   * A path of the engine without a record.
   *
   * @param reason why, in one line
   */
  public record NotTried(String path, String reason) {}
}
