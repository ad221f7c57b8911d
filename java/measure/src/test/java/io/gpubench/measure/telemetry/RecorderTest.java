// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.telemetry.Column.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RecorderTest {
  private final List<Recorder> open = new ArrayList<>();

  /** Sensors whose readings and costs a test sets. */
  private static class Fake implements Sensors {
    final long[] costNanos;
    final String[] gaps;
    final AtomicInteger[] asked;
    final AtomicBoolean closed = new AtomicBoolean();
    final AtomicReference<Thread> thread = new AtomicReference<>();
    volatile long reasons;
    private String gap = "";

    Fake(long... costNanos) {
      this.costNanos = costNanos;
      gaps = new String[costNanos.length];
      asked = new AtomicInteger[costNanos.length];
      for (int i = 0; i < asked.length; i++) {
        asked[i] = new AtomicInteger();
      }
    }

    @Override
    public List<Sensor> all() {
      var all = new ArrayList<Sensor>();
      for (int i = 0; i < costNanos.length - 1; i++) {
        all.add(Sensor.of("s" + i, "", Kind.LEVEL, false, "fake", ""));
      }
      all.add(
          new Sensor(
              Sensor.THROTTLED_BY, "", Kind.REASONS, false, "fake", "", List.of("hot", "hungry")));
      return all;
    }

    @Override
    public double read(int index) {
      thread.set(Thread.currentThread());
      asked[index].incrementAndGet();
      long end = System.nanoTime() + costNanos[index];
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      String missing = gaps[index];
      if (missing != null) {
        gap = missing;
        return Double.NaN;
      }
      return index == costNanos.length - 1 ? reasons : index + asked[index].get();
    }

    @Override
    public String gap() {
      return gap;
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }

  private Recorder recorder(Fake sensors) {
    var recorder = new Recorder(() -> sensors, System::nanoTime);
    open.add(recorder);
    recorder.start();
    return recorder;
  }

  @AfterEach
  void close() {
    open.forEach(Recorder::close);
  }

  private static Recorded awaitOpen(Recorder recorder) {
    recorder.awaitOpen();
    return recorder.drain();
  }

  private static int awaitPolls(Recorder recorder, int wanted) throws InterruptedException {
    int polls = 0;
    while (polls < wanted) {
      polls += recorder.drain().polls().count();
      Thread.sleep(1);
    }
    return polls;
  }

  /** The first poll has all of them, also those that are never asked again. */
  @Test
  void whatASensorCostsDecidesHowOftenItIsAsked() throws InterruptedException {
    var sensors = new Fake(0, 400_000, 8_000_000, 20_000_000, 0, 0);
    sensors.gaps[4] = Sensors.NOT_SUPPORTED;
    Recorder recorder = recorder(sensors);
    Recorded first = awaitOpen(recorder);
    assertEquals(
        List.of(Pace.SECOND, Pace.ENDS, Pace.NEVER, Pace.NEVER),
        first.columns().subList(1, 5).stream().map(Column::pace).toList());
    assertEquals(1, first.polls().count());
    assertEquals(Recorder.TOO_SLOW, first.polls().gap(0, 3));
    assertEquals(Sensors.NOT_SUPPORTED, first.polls().gap(0, 4));
    assertTrue(first.columns().get(1).readNanos() >= 400_000);
    recorder.every(1_000_000);
    recorder.busy(true);
    awaitPolls(recorder, 20);
    recorder.busy(false);
    assertTrue(sensors.asked[0].get() >= 20);
    assertEquals(2, sensors.asked[3].get(), "to learn that it is so slow, and never again");
    int dear = sensors.asked[2].get();
    Recorded last = recorder.last();
    assertEquals(dear + 1, sensors.asked[2].get(), "at the end once more");
    assertFalse(Double.isNaN(last.polls().value(last.polls().count() - 1, 2)));
  }

  @Test
  void nothingIsAskedWhileNoSamplesAreTaken() throws InterruptedException {
    var sensors = new Fake(0, 0);
    Recorder recorder = recorder(sensors);
    awaitOpen(recorder);
    recorder.every(1_000_000);
    int before = sensors.asked[0].get();
    Thread.sleep(250); // longer than it takes to doze off
    assertEquals(before, sensors.asked[0].get());
    recorder.busy(true);
    awaitPolls(recorder, 3);
    recorder.busy(false);
  }

  @Test
  void itHasAThreadOfItsOwnWhichClosesTheSensors() {
    var sensors = new Fake(0, 0);
    Recorder recorder = recorder(sensors);
    awaitOpen(recorder);
    Thread thread = sensors.thread.get();
    assertFalse(thread.equals(Thread.currentThread()));
    assertTrue(thread.isDaemon());
    recorder.close();
    assertTrue(sensors.closed.get());
    assertFalse(thread.isAlive());
  }

  /** Between two questions of whoever discards throttled samples no reason gets lost. */
  @Test
  void reasonsAreKeptUntilTheyAreAskedFor() {
    var sensors = new Fake(0, 0);
    Recorder recorder = recorder(sensors);
    awaitOpen(recorder);
    recorder.throttledBy();
    sensors.reasons = 2;
    recorder.last();
    sensors.reasons = 0;
    recorder.last();
    assertEquals(List.of("hungry"), recorder.throttledBy());
    assertEquals(List.of(), recorder.throttledBy());
  }

  /** What was seen while warming up says nothing of samples. */
  @Test
  void reasonsOfAnotherPhaseAreForgotten() {
    var sensors = new Fake(0, 0);
    Recorder recorder = recorder(sensors);
    awaitOpen(recorder);
    sensors.reasons = 1;
    recorder.last();
    recorder.every(Recorder.EVERY_NANOS);
    assertEquals(List.of(), recorder.throttledBy());
  }

  @Test
  void sensorsThatDoNotOpenAreAGapToo() {
    var recorder =
        new Recorder(
            () -> {
              throw new IllegalStateException("a source with a bug");
            },
            System::nanoTime);
    open.add(recorder);
    recorder.start();
    recorder.awaitOpen();
    Recorded last = recorder.last();
    assertEquals("sensors", last.columns().getFirst().sensor().id());
    assertEquals(Recorder.NO_ANSWER, last.polls().gap(0, 0));
  }

  @Test
  void aSensorThatDoesNotAnswerHoldsNobodyUp() {
    var stuck = new CountDownLatch(1);
    var hangs = new AtomicBoolean();
    var sensors =
        new Fake(0, 0) {
          @Override
          public double read(int index) {
            if (hangs.get()) {
              try {
                stuck.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            }
            return super.read(index);
          }
        };
    Recorder recorder = recorder(sensors);
    awaitOpen(recorder);
    hangs.set(true);
    long begin = System.nanoTime();
    Recorded last = recorder.last();
    assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(20));
    assertEquals(Recorder.NO_ANSWER, last.polls().gap(last.polls().count() - 1, 0));
    stuck.countDown();
  }

  @Test
  void aDeviceWithoutSensorsRecordsNothing() {
    var recorder = new Recorder(Sensors.NONE, System::nanoTime);
    open.add(recorder);
    recorder.start();
    recorder.busy(true);
    recorder.busy(false);
    assertEquals(List.of(), recorder.last().columns());
    assertEquals(List.of(), recorder.throttledBy());
  }
}
