// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.telemetry.Column.Pace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks sensors on a thread of its own while samples are taken on another. Owns the thread, which
 * opens, reads and closes the sensors; {@link #close} ends it. All methods are called by the thread
 * that measures and return at once, but for {@link #last}.
 *
 * <p>How often a sensor is asked depends on what it costs, which is found out when it is opened:
 * cheap ones at every poll, as many as fit into {@value #POLL_NANOS} ns, in the order in which they
 * are named; the others, and dearer ones, once a second or at the ends, and what blocks for longer
 * never. It polls only while samples are being taken, so that whoever measures in turn with another
 * disturbs nobody in between.
 */
public final class Recorder implements AutoCloseable {
  /** What a poll of all sensors that are asked each time may cost, in nanoseconds. */
  static final long POLL_NANOS = 100_000;

  /** Between two polls while samples count. */
  public static final long EVERY_NANOS = 50_000_000;

  /** Between two polls while warming up, to find out how often sensors change. */
  public static final long EVERY_NANOS_IN_WARMUP = 5_000_000;

  /** A gap for a sensor whose reading blocks for longer than is good. */
  static final String TOO_SLOW = "too-slow";

  /** A gap for all of them when the last poll was not answered. */
  static final String NO_ANSWER = "no-answer";

  private static final Set<String> FOR_EVER =
      Set.of(
          Sensors.NOT_SUPPORTED,
          Sensors.NO_PERMISSION,
          Sensors.TOO_OLD,
          Sensors.ABSENT,
          Sensors.UNKNOWN_DEVICE);
  private static final long MOST_EACH_NANOS = 50_000;
  private static final long MOST_A_SECOND_NANOS = 5_000_000;
  private static final long MOST_AT_ENDS_NANOS = 15_000_000;
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int TRIES = 4;
  private static final long LOOK_NANOS = 1_000_000;
  private static final long DOZE_AFTER_NANOS = 100_000_000;
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST_POLLS = 1 << 14;

  private final Sensors.Source source;
  private final LongSupplier clock;
  private final Thread thread;
  private final Object lock = new Object();
  private volatile boolean busy;
  private volatile boolean dozing;
  private volatile boolean ended;
  private volatile long everyNanos = EVERY_NANOS_IN_WARMUP;

  // Guarded by the lock.
  private List<Column> columns = List.of();
  private Polls polls = new Polls(0);
  private long reasonsSeen;
  private int lastsWanted;
  private int lastsDone;

  /** For the recording thread alone. */
  private int throttledBy = -1;

  /**
   * Ready to start.
   *
   * @param clock of the samples, in nanoseconds; any thread may ask it
   */
  public Recorder(Sensors.Source source, LongSupplier clock) {
    this.source = source;
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("telemetry").unstarted(this::record);
  }

  /** Starts its thread; to be called once. */
  public void start() {
    thread.start();
  }

  /** Whether samples are being taken from now on. */
  public void busy(boolean now) {
    busy = now;
    if (now && dozing) {
      LockSupport.unpark(thread);
    }
  }

  /** How long to wait between two polls from now on, in nanoseconds. */
  public void every(long nanos) {
    if (nanos != everyNanos) {
      everyNanos = nanos;
      LockSupport.unpark(thread);
    }
  }

  /** Takes what was noted since the last time. */
  public Recorded drain() {
    synchronized (lock) {
      Polls taken = polls;
      polls = new Polls(columns.size());
      return new Recorded(columns, taken);
    }
  }

  /**
   * Why the device was slower than its settings ask for at any poll since this was called before;
   * empty where it was not, or does not tell.
   */
  public List<String> throttledBy() {
    synchronized (lock) {
      long bits = reasonsSeen;
      reasonsSeen = 0;
      List<String> words =
          bits == 0
              ? List.of()
              : columns.stream()
                  .map(Column::sensor)
                  .filter(sensor -> sensor.id().equals(Sensor.THROTTLED_BY))
                  .findFirst()
                  .map(Sensor::words)
                  .orElse(List.of());
      return words(bits, words);
    }
  }

  /** The words of the bits that are set. */
  static List<String> words(long bits, List<String> words) {
    var set = new ArrayList<String>();
    for (int bit = 0; bit < words.size(); bit++) {
      if ((bits >>> bit & 1) != 0) {
        set.add(words.get(bit));
      }
    }
    return set;
  }

  /** Asks every sensor once more and takes what was noted; waits a second at most. */
  public Recorded last() {
    synchronized (lock) {
      int wanted = ++lastsWanted;
      LockSupport.unpark(thread);
      long begin = System.nanoTime();
      try {
        long left = LAST_NANOS;
        while (lastsDone < wanted && left > 0 && thread.isAlive()) {
          TimeUnit.NANOSECONDS.timedWait(lock, left);
          left = LAST_NANOS - (System.nanoTime() - begin);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      if (lastsDone < wanted) {
        polls.begin(clock.getAsLong());
        for (int i = 0; i < columns.size(); i++) {
          polls.set(i, Double.NaN, columns.get(i).pace() == Pace.NEVER ? null : NO_ANSWER);
        }
      }
      return drain();
    }
  }

  /** Ends the thread, and does not wait for a sensor that does not answer. */
  @Override
  public void close() {
    ended = true;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.NANOSECONDS.toMillis(LAST_NANOS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void record() {
    try (Sensors sensors = source.open()) {
      new Round(sensors).go();
    }
  }

  /** What the recording thread does with open sensors. */
  private final class Round {
    private final Sensors sensors;
    private final Pace[] paces;
    private final double[] values;
    private final @Nullable String[] gaps;
    private final boolean[] due;
    private long polledAt;
    private long secondAt;
    private long busyAt;

    Round(Sensors sensors) {
      this.sensors = sensors;
      int count = sensors.all().size();
      paces = new Pace[count];
      values = new double[count];
      gaps = new String[count];
      due = new boolean[count];
    }

    void go() {
      open();
      busyAt = clock.getAsLong();
      while (!ended) {
        long now = clock.getAsLong();
        int wanted = lastsWanted();
        if (wanted > lastsDone()) {
          poll(now, Pace.ENDS);
          done(wanted);
        } else if (busy) {
          busyAt = now;
          long left = everyNanos - (now - polledAt);
          if (left > 0) {
            LockSupport.parkNanos(left);
          } else {
            boolean second = now - secondAt >= SECOND_NANOS;
            poll(now, second ? Pace.SECOND : Pace.EACH);
          }
        } else {
          rest(now);
        }
      }
    }

    /** Looks again soon, or when it is woken where nothing has happened for a while. */
    private void rest(long now) {
      if (now - busyAt < DOZE_AFTER_NANOS) {
        LockSupport.parkNanos(LOOK_NANOS);
        return;
      }
      dozing = true;
      if (!busy && !ended && lastsWanted() == lastsDone()) {
        LockSupport.park();
      }
      dozing = false;
      busyAt = clock.getAsLong();
    }

    /** Reads each sensor a few times, to learn what it costs; the last time is the first poll. */
    private void open() {
      List<Sensor> all = sensors.all();
      var columnsOpened = new ArrayList<Column>();
      long begin = clock.getAsLong();
      long[] cost = new long[all.size()];
      for (int i = 0; i < all.size(); i++) {
        cost[i] = read(i);
        for (int more = 0; more < (cost[i] > MOST_AT_ENDS_NANOS ? 1 : TRIES); more++) {
          cost[i] = Math.min(cost[i], read(i));
        }
        paces[i] = pace(cost[i], gaps[i]);
        if (cost[i] > MOST_AT_ENDS_NANOS && gaps[i] == null) {
          gaps[i] = TOO_SLOW;
          values[i] = Double.NaN;
        }
      }
      fit(cost);
      for (int i = 0; i < all.size(); i++) {
        columnsOpened.add(new Column(all.get(i), cost[i], paces[i]));
        if (all.get(i).id().equals(Sensor.THROTTLED_BY)) {
          throttledBy = i;
        }
      }
      Arrays.fill(due, true);
      polledAt = begin;
      secondAt = begin;
      synchronized (lock) {
        columns = List.copyOf(columnsOpened);
        polls = new Polls(all.size());
        note(begin, clock.getAsLong() - begin);
      }
    }

    /** What does not fit into a poll beside those before it is asked less often. */
    private void fit(long[] cost) {
      long sum = 0;
      for (int i = 0; i < cost.length; i++) {
        if (paces[i] == Pace.EACH) {
          sum += cost[i];
          if (sum > POLL_NANOS) {
            paces[i] = Pace.SECOND;
            sum -= cost[i];
          }
        }
      }
    }

    private void poll(long at, Pace rarest) {
      for (int i = 0; i < paces.length; i++) {
        due[i] = paces[i].compareTo(rarest) <= 0;
        if (due[i]) {
          read(i);
        }
      }
      polledAt = at;
      if (rarest != Pace.EACH) {
        secondAt = at;
      }
      long took = clock.getAsLong() - at;
      synchronized (lock) {
        note(at, took);
      }
    }

    /** With the lock held. */
    private void note(long at, long took) {
      if (polls.count() >= MOST_POLLS) {
        return; // nobody has drained it for minutes
      }
      polls.begin(at);
      polls.took(took);
      for (int i = 0; i < paces.length; i++) {
        if (due[i]) {
          polls.set(i, values[i], gaps[i]);
        }
      }
      if (throttledBy >= 0 && due[throttledBy] && !Double.isNaN(values[throttledBy])) {
        reasonsSeen |= (long) values[throttledBy];
      }
    }

    /** How long it took, in nanoseconds. */
    private long read(int sensor) {
      long begin = clock.getAsLong();
      double value = sensors.read(sensor);
      values[sensor] = value;
      gaps[sensor] = Double.isNaN(value) ? sensors.gap() : null;
      return clock.getAsLong() - begin;
    }

    private int lastsWanted() {
      synchronized (lock) {
        return lastsWanted;
      }
    }

    private int lastsDone() {
      synchronized (lock) {
        return lastsDone;
      }
    }

    private void done(int wanted) {
      synchronized (lock) {
        lastsDone = wanted;
        lock.notifyAll();
      }
    }
  }

  private static Pace pace(long cost, @Nullable String gap) {
    if ((gap != null && FOR_EVER.contains(gap)) || cost > MOST_AT_ENDS_NANOS) {
      return Pace.NEVER;
    }
    if (cost > MOST_A_SECOND_NANOS) {
      return Pace.ENDS;
    }
    return cost > MOST_EACH_NANOS ? Pace.SECOND : Pace.EACH;
  }
}
