// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.telemetry.Conclusions.Work;
import io.gpubench.measure.telemetry.TelemetryPart.Energy;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a unit of work took in energy, from the device's own counter. Between its first reading
 * after the first sample began and its last before the last ended, the counter grew by E in the
 * time T, of which D belongs to samples and the rest O = T - D to staging, verification and pauses.
 * What was drawn in O is not the work's, and nobody measured it apart, since sensors of power
 * average over longer times: it lies between nothing and O times the power limit. The counter lags
 * by one of its updates at most, u, at either end, in which no more than Pmax was drawn. So the
 * work took between E - u Pmax - O Plimit, or nothing where nobody tells the limit, and E + u Pmax;
 * at the mean power it took E D / T.
 */
final class EnergyOfWork {
  private final SampleTimes samples;
  private final Work work;
  private final Series counter;

  private EnergyOfWork(SampleTimes samples, Work work, Series counter) {
    this.samples = samples;
    this.work = work;
    this.counter = counter;
  }

  /** One of both, or neither where there is nothing to say. */
  record Answer(@Nullable Energy energy, @Nullable String whyNot) {}

  static Answer of(
      List<Column> columns, Polls polls, SampleTimes samples, @Nullable Work work, boolean inTurn) {
    if (samples.count() == 0 || work == null) {
      return new Answer(null, null);
    }
    int sensor = index(columns, Sensor.ENERGY);
    Series counter = sensor < 0 ? null : Series.of(polls, sensor);
    if (counter == null || counter.count() == 0) {
      return refused("no counter of energy has a reading");
    }
    if (inTurn) {
      return refused(
          "another run took samples in between, and the counter does not tell them apart");
    }
    for (int i = 1; i < counter.count(); i++) {
      if (counter.value(i) < counter.value(i - 1)) {
        return refused("its counter began anew");
      }
    }
    double most = 0;
    for (String id : List.of(Sensor.POWER_INSTANT, Sensor.POWER_AVERAGE)) {
      most = Math.max(most, highest(columns, polls, id));
    }
    double limit = highest(columns, polls, Sensor.POWER_LIMIT);
    return new EnergyOfWork(samples, work, counter).answer(Math.max(most, limit), limit);
  }

  /** 0 where there is no reading. */
  private static double highest(List<Column> columns, Polls polls, String id) {
    int sensor = index(columns, id);
    Series series = sensor < 0 ? null : Series.of(polls, sensor);
    return series == null || series.count() == 0 ? 0 : series.max();
  }

  private static int index(List<Column> columns, String id) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).sensor().id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  private static Answer refused(String why) {
    return new Answer(null, why);
  }

  /**
   * The answer.
   *
   * @param seen the highest power that is known of
   * @param limit of power; 0 where nobody tells it
   */
  private Answer answer(double seen, double limit) {
    Double update = counter.updateSeconds();
    if (update == null) {
      return refused("its counter changed too seldom to tell how often it is updated");
    }
    Series within = counter.between(samples.start(0), samples.endOfLast());
    long window = within.count() < 2 ? 0 : within.at(within.count() - 1) - within.at(0);
    double seconds = window / 1e9;
    if (seconds < update) {
      return refused(
          String.format(
              Locale.ROOT,
              "there are %.3f s between two readings of its counter, which is updated every %.3f s",
              seconds,
              update));
    }
    double joules = within.value(within.count() - 1) - within.value(0);
    if (!(joules > 0)) {
      return refused("its counter did not grow");
    }
    double most = Math.max(seen, Math.max(joules / seconds, fastest(update)));
    return energy(within, seconds, joules, update * most, limit);
  }

  /** The highest power that the counter itself shows over one of its updates or longer. */
  private double fastest(double update) {
    double most = 0;
    int from = 0;
    for (int i = 1; i < counter.count(); i++) {
      while (from + 1 < i && (counter.at(i) - counter.at(from + 1)) / 1e9 >= update) {
        from++;
      }
      double seconds = (counter.at(i) - counter.at(from)) / 1e9;
      if (seconds >= update) {
        most = Math.max(most, (counter.value(i) - counter.value(from)) / seconds);
      }
    }
    return most;
  }

  private Answer energy(Series within, double seconds, double joules, double slack, double limit) {
    long from = within.at(0);
    long to = within.at(within.count() - 1);
    double timed = 0;
    double done = 0;
    for (int i = 0; i < samples.count(); i++) {
      long overlap = Math.min(to, samples.end(i)) - Math.max(from, samples.start(i));
      if (overlap > 0) {
        timed += overlap / 1e9;
        done += (double) overlap / samples.duration(i);
      }
    }
    if (done == 0) {
      return refused("no sample was in progress between two readings of its counter");
    }
    double units = done * work.unitsPerSample();
    double outside = Math.max(0, seconds - timed);
    double lower = limit > 0 ? Math.max(0, joules - slack - outside * limit) : 0;
    double upper = joules + slack;
    double mean = Math.clamp(joules * timed / seconds, lower, upper);
    return new Answer(
        new Energy(
            mean / units,
            lower / units,
            upper / units,
            work.unit(),
            seconds,
            joules,
            timed / seconds,
            slack),
        null);
  }
}
