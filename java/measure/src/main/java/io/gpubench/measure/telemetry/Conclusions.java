// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.telemetry.TelemetryPart.Cost;
import io.gpubench.measure.telemetry.TelemetryPart.Gap;
import io.gpubench.measure.telemetry.TelemetryPart.SensorPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What follows from polls and samples. Pure: the same polls and samples give the same part, in the
 * run as in its verification.
 */
public final class Conclusions {
  /** A lively sensor that reads the same for so long, in so many readings, is broken. */
  static final long FROZEN_NANOS = 1_000_000_000;

  static final int FROZEN_READINGS = 10;

  /** The gap of such a sensor. */
  public static final String FROZEN = "frozen";

  /** Why a sensor that was read only before and after the samples has no number. */
  static final String NOT_BESIDE = "not-read-beside-samples";

  private final List<Column> columns;
  private final Polls polls;
  private final SampleTimes samples;

  private Conclusions(List<Column> columns, Polls polls, SampleTimes samples) {
    this.columns = columns;
    this.polls = polls;
    this.samples = samples;
  }

  /**
   * Work of the samples.
   *
   * @param unit what is counted
   * @param unitsPerSample how many of it a sample does
   */
  public record Work(String unit, double unitsPerSample) {}

  /**
   * Draws them.
   *
   * @param file where the polls lie
   * @param polls with times from the begin of the first sample
   * @param work null where it is not known
   * @param inTurn whether another run took samples in between
   */
  public static TelemetryPart of(
      String file,
      List<Column> columns,
      Polls polls,
      SampleTimes samples,
      @Nullable Work work,
      boolean inTurn) {
    return new Conclusions(columns, polls, samples).draw(file, work, inTurn);
  }

  /** Puts gaps where sensors that should change all the time do not. */
  public static void discreditFrozen(List<Column> columns, Polls polls) {
    for (int sensor = 0; sensor < columns.size(); sensor++) {
      if (columns.get(sensor).sensor().lively()) {
        discreditFrozen(polls, sensor);
      }
    }
  }

  private static void discreditFrozen(Polls polls, int sensor) {
    int first = -1;
    int last = -1;
    int readings = 0;
    for (int poll = 0; poll < polls.count(); poll++) {
      double value = polls.value(poll, sensor);
      if (Double.isNaN(value)) {
        continue;
      }
      if (first < 0 || value != polls.value(first, sensor)) {
        judge(polls, sensor, first, last, readings);
        first = poll;
        readings = 0;
      }
      last = poll;
      readings++;
    }
    judge(polls, sensor, first, last, readings);
  }

  private static void judge(Polls polls, int sensor, int first, int last, int readings) {
    if (readings >= FROZEN_READINGS && polls.atNanos(last) - polls.atNanos(first) >= FROZEN_NANOS) {
      polls.discredit(sensor, first, last, FROZEN);
    }
  }

  private TelemetryPart draw(String file, @Nullable Work work, boolean inTurn) {
    var sensors = new LinkedHashMap<String, SensorPart>();
    var gaps = new ArrayList<Gap>();
    for (int i = 0; i < columns.size(); i++) {
      sensors.put(columns.get(i).sensor().id(), sensor(i));
      gaps.addAll(gaps(i));
    }
    gaps.sort(Comparator.comparingLong(Gap::fromNanos)); // stable: then in the order of sensors
    EnergyOfWork.Answer energy = EnergyOfWork.of(columns, polls, samples, work, inTurn);
    return new TelemetryPart(
        file,
        polls.count(),
        cost(),
        sensors,
        gaps,
        ThrottledSamples.of(columns, polls, samples),
        energy.energy(),
        energy.whyNot(),
        BesidePolls.of(polls, samples));
  }

  private Cost cost() {
    int count = polls.count();
    if (count == 0) {
      return new Cost(0, 0, 0, 0);
    }
    long[] took = new long[count];
    long sum = 0;
    for (int poll = 0; poll < count; poll++) {
      took[poll] = polls.tookNanos(poll);
      sum += took[poll];
    }
    Arrays.sort(took);
    long span = polls.atNanos(count - 1) + polls.tookNanos(count - 1) - polls.atNanos(0);
    return new Cost(
        took[(count - 1) / 2],
        took[(int) Math.ceil(0.99 * count) - 1],
        took[count - 1],
        count == 1 || span == 0 ? 0 : (double) sum / span);
  }

  private SensorPart sensor(int index) {
    Column column = columns.get(index);
    Sensor sensor = column.sensor();
    Series all = Series.of(polls, index);
    Series within = samples.count() == 0 ? all : all.between(samples.start(0), samples.endOfLast());
    boolean reasons = sensor.kind() == Sensor.Kind.REASONS;
    boolean numbers = !reasons && within.count() > 0;
    return new SensorPart(
        sensor.unit(),
        sensor.kind().name().toLowerCase(Locale.ROOT),
        sensor.lively(),
        sensor.source(),
        sensor.about(),
        reasons ? sensor.words() : null,
        column.pace().name().toLowerCase(Locale.ROOT),
        column.readNanos(),
        all.count() == 0 ? missing(index) : within.count() == 0 ? NOT_BESIDE : null,
        within.count(),
        numbers ? (Double) within.min() : null,
        numbers ? (Double) within.mean() : null,
        numbers ? (Double) within.max() : null,
        sensor.kind() == Sensor.Kind.COUNTER ? within.increase() : null,
        reasons ? seen(sensor, within) : null,
        all.changes(),
        all.updateSeconds());
  }

  /** The word of the first gap. */
  private @Nullable String missing(int sensor) {
    for (int poll = 0; poll < polls.count(); poll++) {
      String gap = polls.gap(poll, sensor);
      if (gap != null) {
        return gap;
      }
    }
    return null;
  }

  private static Map<String, Long> seen(Sensor sensor, Series readings) {
    var seen = new TreeMap<String, Long>();
    for (int i = 0; i < readings.count(); i++) {
      for (String word : Recorder.words((long) readings.value(i), sensor.words())) {
        seen.merge(word, 1L, Long::sum);
      }
    }
    return seen;
  }

  private List<Gap> gaps(int sensor) {
    String id = columns.get(sensor).sensor().id();
    var gaps = new ArrayList<Gap>();
    for (int poll = 0; poll < polls.count(); poll++) {
      String reason = polls.gap(poll, sensor);
      if (reason == null) {
        if (!Double.isNaN(polls.value(poll, sensor))) {
          gaps.add(null); // ends the stretch
        }
        continue;
      }
      Gap last = gaps.isEmpty() ? null : gaps.getLast();
      if (last != null && last.reason().equals(reason)) {
        gaps.set(
            gaps.size() - 1,
            new Gap(id, reason, last.polls() + 1, last.fromNanos(), polls.atNanos(poll)));
      } else {
        gaps.add(new Gap(id, reason, 1, polls.atNanos(poll), polls.atNanos(poll)));
      }
    }
    gaps.removeIf(gap -> gap == null);
    return gaps;
  }
}
