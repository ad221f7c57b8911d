// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpubench.measure.spi.Sensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What sensors said while one process measured, and what follows from that. All but what a {@link
 * Column} has follows from the file and the samples, see {@link Conclusions}.
 *
 * @param file the polls, relative to the run directory
 * @param polls how many there are
 * @param cost of polling
 * @param sensors by their ids, in the order of the file
 * @param gaps stretches in which a sensor had no reading, in the order of time
 * @param throttled samples that were taken while the device was slower than its settings ask for,
 *     in the order of time, a stretch for each reason
 * @param energy of a unit of work; null where it is not known
 * @param energyWhyNot why that is not known; null where it is
 * @param beside whether samples took longer while sensors were read; null where too few were
 */
public record TelemetryPart(
    String file,
    long polls,
    Cost cost,
    Map<String, SensorPart> sensors,
    List<Gap> gaps,
    List<Throttled> throttled,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Energy energy,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String energyWhyNot,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Beside beside) {
  /**
   * What polls cost on their thread, in nanoseconds.
   *
   * @param share of the time from the first to the last poll; 0 where there is one only
   */
  public record Cost(long medianNanos, long p99Nanos, long maxNanos, double share) {}

  /**
   * A sensor. What is said of its readings is of those between the begin of the first sample and
   * the end of the last; of all where no sample was kept.
   *
   * @param kind {@code level}, {@code counter} or {@code reasons}
   * @param lively see {@link Sensor#lively}
   * @param source who tells it
   * @param words of a sensor of reasons, by their bits; null for others
   * @param pace {@code each}, {@code second}, {@code ends} or {@code never}
   * @param readNanos what a reading cost when the sensor was opened
   * @param missing why none of these has a reading, a word; null where one has
   * @param readings how many there are
   * @param min of the readings; null for none
   * @param mean of the readings; null for none
   * @param max of the readings; null for none
   * @param increase of a counter, from its first to its last reading; null for others
   * @param seen how many readings had each reason; null for others
   * @param changes how often it read something else than before, over all polls
   * @param updateSeconds how often it is updated, as far as its changes tell, and no finer than it
   *     was asked; null where it changed too seldom to tell
   */
  public record SensorPart(
      String unit,
      String kind,
      boolean lively,
      String source,
      String about,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> words,
      String pace,
      long readNanos,
      @Nullable String missing,
      long readings,
      @Nullable Double min,
      @Nullable Double mean,
      @Nullable Double max,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double increase,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Long> seen,
      long changes,
      @Nullable Double updateSeconds) {
    /** How it was asked. */
    Column column(String id) {
      return new Column(
          new Sensor(
              id,
              unit,
              Sensor.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
              lively,
              source,
              about,
              words == null ? List.of() : words),
          readNanos,
          Column.Pace.valueOf(pace.toUpperCase(Locale.ROOT)));
    }
  }

  /**
   * A stretch without a reading.
   *
   * @param reason a word
   * @param polls in a row that had none
   * @param fromNanos time of the first of them, from the first sample
   * @param toNanos time of the last of them
   */
  public record Gap(String sensor, String reason, long polls, long fromNanos, long toNanos) {}

  /**
   * Samples in a row.
   *
   * @param reason a word of the sensor
   * @param first index of the first one
   * @param last index of the last one
   */
  public record Throttled(String reason, int first, int last) {}

  /**
   * Energy that a unit of work took.
   *
   * @param joulesPerUnit what the device drew on average, while it worked
   * @param lower bound: nothing is attributed to the work that may have been drawn between samples
   * @param upper bound
   * @param unit what is counted, such as {@code messages}
   * @param windowSeconds time between the two readings of the counter
   * @param joules drawn in that time
   * @param timedShare of that time, what belongs to samples
   * @param slackJoules by how much the counter may have lagged behind at each end
   */
  public record Energy(
      double joulesPerUnit,
      double lower,
      double upper,
      String unit,
      double windowSeconds,
      double joules,
      double timedShare,
      double slackJoules) {}

  /**
   * Samples during which sensors were read, compared with samples in the middle between two polls.
   *
   * @param samples how many of the former there are
   * @param ratio of the medians
   * @param lower bound; null where the samples are too few
   * @param upper bound; likewise
   */
  public record Beside(
      long samples, double ratio, @Nullable Double lower, @Nullable Double upper) {}

  /** The sensors and how they were asked, in the order of the file. */
  public List<Column> columns() {
    return sensors.entrySet().stream()
        .map(entry -> entry.getValue().column(entry.getKey()))
        .toList();
  }
}
