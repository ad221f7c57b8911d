// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.telemetry.Column.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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

  /** In place of sensors that did not open. */
  private static final Column UNOPENED =
      new Column(
          Sensor.of("sensors", "", Sensor.Kind.LEVEL, false, "", "they could not be opened"),
          0,
          Pace.NEVER);

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
  private static final int SLOW_IN_A_ROW = 3;
  private static final int CHEAP_IN_A_ROW = 2;

  /** A poll that was due before samples began comes at most so much later, at random. */
  private static final int LATE_NANOS = 2_000_000;

  private static final long LOOK_NANOS = 10_000_000;
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST_POLLS = 1 << 16;

  private final Sensors.Source source;
  private final LongSupplier clock;
  private final Thread thread;
  private final Object lock = new Object();
  private volatile boolean busy;
  private volatile boolean dozing;
  private volatile boolean ended;
  private volatile long everyNanos = EVERY_NANOS_IN_WARMUP;
  private volatile long pollingSince;

  // Guarded by the lock.
  private List<Column> columns = List.of();
  private Polls polls = new Polls(0);
  private long reasonsSeen;
  private boolean opened;
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
      throttledBy(); // of another phase
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

  /** Waits until the sensors are open, a second at most: so that opening disturbs no sample. */
  public void awaitOpen() {
    synchronized (lock) {
      await(() -> opened);
    }
  }

  /** Asks every sensor once more and takes what was noted; waits a second at most. */
  public Recorded last() {
    synchronized (lock) {
      int wanted = ++lastsWanted;
      LockSupport.unpark(thread);
      await(() -> lastsDone >= wanted);
      if (lastsDone < wanted) {
        unanswered();
      }
      return drain();
    }
  }

  /** With the lock held; returns early when the thread has ended. */
  private void await(BooleanSupplier condition) {
    long begin = System.nanoTime();
    try {
      long left = LAST_NANOS;
      while (!condition.getAsBoolean() && left > 0 && thread.isAlive()) {
        TimeUnit.NANOSECONDS.timedWait(lock, Math.min(left, LOOK_NANOS));
        left = LAST_NANOS - (System.nanoTime() - begin);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** With the lock held: a gap since the poll that does not end began, or for want of sensors. */
  private void unanswered() {
    if (!opened) {
      columns = List.of(UNOPENED);
      polls = new Polls(1);
      opened = true;
    }
    long now = clock.getAsLong();
    long stuck = pollingSince;
    for (long at : stuck == 0 ? new long[] {now} : new long[] {stuck, now}) {
      polls.begin(at);
      for (int i = 0; i < columns.size(); i++) {
        boolean asked = columns.get(i).pace() != Pace.NEVER || columns.get(i).equals(UNOPENED);
        polls.set(i, Double.NaN, asked ? NO_ANSWER : null);
      }
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
    private long notBefore;
    private final SplittableRandom random = new SplittableRandom();
    private final long[] costs;
    private final int[] inARow;

    Round(Sensors sensors) {
      this.sensors = sensors;
      int count = sensors.all().size();
      paces = new Pace[count];
      values = new double[count];
      gaps = new String[count];
      due = new boolean[count];
      costs = new long[count];
      inARow = new int[count];
    }

    void go() {
      open();
      while (!ended) {
        long now = clock.getAsLong();
        int wanted = lastsWanted();
        if (wanted > lastsDone()) {
          poll(now, Pace.ENDS);
          done(wanted);
        } else if (!busy) {
          rest();
        } else {
          long left = Math.max(everyNanos - (now - polledAt), notBefore - now);
          if (left > 0) {
            LockSupport.parkNanos(left);
          } else {
            poll(now, now - secondAt >= SECOND_NANOS ? Pace.SECOND : Pace.EACH);
          }
        }
      }
    }

    /**
     * Sleeps until samples are taken; then not always at their begin, which differs from others.
     */
    private void rest() {
      dozing = true;
      if (!busy && !ended && lastsWanted() == lastsDone()) {
        LockSupport.park();
      }
      dozing = false;
      notBefore = clock.getAsLong() + random.nextInt(LATE_NANOS);
    }

    /** Reads each sensor a few times, to learn what it costs, and then makes the first poll. */
    private void open() {
      List<Sensor> all = sensors.all();
      for (int i = 0; i < all.size(); i++) {
        costs[i] = read(i);
        for (int more = 0; more < (costs[i] > MOST_AT_ENDS_NANOS ? 1 : TRIES); more++) {
          costs[i] = Math.min(costs[i], read(i));
        }
        paces[i] = pace(costs[i], gaps[i]);
        if (costs[i] > MOST_AT_ENDS_NANOS && gaps[i] == null) {
          gaps[i] = TOO_SLOW;
          values[i] = Double.NaN;
        }
      }
      fit();
      var columnsOpened = new ArrayList<Column>();
      for (int i = 0; i < all.size(); i++) {
        columnsOpened.add(new Column(all.get(i), costs[i], paces[i]));
        if (all.get(i).id().equals(Sensor.THROTTLED_BY)) {
          throttledBy = i;
        }
      }
      synchronized (lock) {
        if (!opened) { // else nobody waits for them any more
          columns = List.copyOf(columnsOpened);
          polls = new Polls(all.size());
        }
      }
      poll(clock.getAsLong(), Pace.NEVER);
      synchronized (lock) {
        opened = true;
        lock.notifyAll();
      }
    }

    /** What does not fit into a poll beside those before it is asked less often. */
    private void fit() {
      long sum = 0;
      for (int i = 0; i < paces.length; i++) {
        if (paces[i] == Pace.EACH) {
          sum += costs[i];
          if (sum > POLL_NANOS) {
            paces[i] = Pace.SECOND;
            sum -= costs[i];
          }
        }
      }
    }

    /** Asks what is due; at the very first one, what is never asked again shows why. */
    private void poll(long at, Pace rarest) {
      pollingSince = at;
      for (int i = 0; i < paces.length; i++) {
        due[i] = paces[i].compareTo(rarest) <= 0;
        if (due[i] && paces[i] != Pace.NEVER) {
          costs[i] = read(i);
          adapt(i);
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
      pollingSince = 0;
    }

    /**
     * A sensor may cost more while the device is busy than when it was opened, or less when warm.
     */
    private void adapt(int sensor) {
      boolean each = paces[sensor] == Pace.EACH;
      boolean cheap = costs[sensor] <= MOST_EACH_NANOS;
      boolean other = each ? !cheap : paces[sensor] == Pace.SECOND && cheap;
      inARow[sensor] = other ? inARow[sensor] + 1 : 0;
      if (inARow[sensor] < (each ? SLOW_IN_A_ROW : CHEAP_IN_A_ROW)) {
        return;
      }
      inARow[sensor] = 0;
      if (each || fits(sensor)) {
        paces[sensor] = each ? Pace.SECOND : Pace.EACH;
        synchronized (lock) {
          if (columns.size() == paces.length) {
            var changed = new ArrayList<>(columns);
            changed.set(
                sensor, new Column(columns.get(sensor).sensor(), costs[sensor], paces[sensor]));
            columns = List.copyOf(changed);
          }
        }
      }
    }

    /** Whether there is room for it in a poll. */
    private boolean fits(int sensor) {
      long sum = costs[sensor];
      for (int i = 0; i < paces.length; i++) {
        sum += paces[i] == Pace.EACH ? costs[i] : 0;
      }
      return sum <= POLL_NANOS;
    }

    /** With the lock held. */
    private void note(long at, long took) {
      if (throttledBy >= 0 && due[throttledBy] && !Double.isNaN(values[throttledBy])) {
        reasonsSeen |= (long) values[throttledBy];
      }
      if (polls.count() >= MOST_POLLS || polls.sensors() != paces.length) {
        return; // nobody has drained it for an hour, or it was given up before it was open
      }
      polls.begin(at);
      polls.took(took);
      for (int i = 0; i < paces.length; i++) {
        if (due[i]) {
          polls.set(i, values[i], gaps[i]);
        }
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
