// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MonitorTextTest {
  private static final Window WINDOW = new Window(24, 80);

  private final FakeSensors sensors =
      new FakeSensors()
          .with(FakeSensors.POWER, 96.25)
          .with(FakeSensors.ENERGY, 1000)
          .with(FakeSensors.MEMORY_HEAT, Sensors.NOT_SUPPORTED)
          .with(FakeSensors.THROTTLED, 3)
          .with(FakeSensors.STEAL, 1.5);

  @Test
  void aBlockSaysWhatEachSensorSays() {
    try (var watch = new Watch(List.of(sensors.gpu()))) {
      assertEquals(
          """
          gpu 0, A GPU, GPU-1
            powerInstantWatts            96.3 W
            energyJoules                 1000 J
            memoryTemperatureCelsius     not measured (not-supported)
            throttledBy                  sw-power-cap hw-slowdown
            stealSeconds                 1.5 s
          """,
          String.join("\n", MonitorText.block(watch.read(), null, WINDOW)) + "\n");
    }
  }

  @Test
  void countersSayWhatTheyCountInASecond() {
    Watched gpu = sensors.gpu();
    Snapshot before;
    Snapshot after;
    try (var watch = new Watch(List.of(gpu))) {
      before = new Snapshot(gpu, 0, watch.read().getFirst().readings());
      sensors.with(FakeSensors.ENERGY, 1050).with(FakeSensors.STEAL, 1.75);
      after = new Snapshot(gpu, 500_000_000, watch.read().getFirst().readings());
    }
    List<String> lines = MonitorText.block(List.of(after), List.of(before), WINDOW);
    assertEquals("  energyJoules                 1050 J (100 W)", lines.get(2));
    assertEquals("  stealSeconds                 1.8 s (0.500 s a second)", lines.get(5));
    assertEquals("  powerInstantWatts            96.3 W", lines.get(1), "no rate of a level");
  }

  @Test
  void aLineHasEverything() {
    try (var watch = new Watch(List.of(sensors.gpu(), new FakeSensors().gpu()))) {
      assertEquals(
          "gpu 0: powerInstantWatts 96.3 W, energyJoules 1000 J, throttledBy sw-power-cap hw-slowdown,"
              + " stealSeconds 1.5 s, not measured (not-supported): memoryTemperatureCelsius; gpu 0: ",
          MonitorText.line(watch.read()));
    }
  }

  @Test
  void noLineIsLongerThanATerminal() {
    var longer = new FakeSensors().with(FakeSensors.level("x".repeat(100), "W", "long"), 1);
    try (var watch = new Watch(List.of(longer.gpu()))) {
      List<String> lines = MonitorText.block(watch.read(), null, WINDOW);
      assertEquals(79, lines.get(1).length());
      assertTrue(lines.get(1).endsWith("…"));
    }
  }

  @Test
  void aBlockIsNotHigherThanATerminal() {
    try (var watch = new Watch(List.of(sensors.gpu()))) {
      List<Snapshot> now = watch.read();
      assertEquals(6, MonitorText.block(now, null, new Window(7, 80)).size());
      List<String> cut = MonitorText.block(now, null, new Window(6, 40));
      assertEquals(5, cut.size());
      assertEquals("... 2 more lines; --device chooses one", cut.getLast());
      assertTrue(cut.stream().allMatch(line -> line.length() <= 39), cut.toString());
    }
  }

  @Test
  void whatIsNeverToldIsAskedForOnce() {
    sensors.with(FakeSensors.POWER, Sensors.SENTINEL);
    try (var watch = new Watch(List.of(sensors.gpu()))) {
      watch.read();
      watch.read();
      watch.read();
    }
    assertEquals(1, sensors.asked.stream().filter(Sensor.MEMORY_TEMPERATURE::equals).count());
    assertEquals(3, sensors.asked.stream().filter(Sensor.POWER_INSTANT::equals).count());
    assertTrue(sensors.closed);
  }

  private String shown(boolean redraw, long count) throws InterruptedException {
    var out = new StringWriter();
    try (var watch = new Watch(List.of(new FakeSensors().with(FakeSensors.POWER, 7).gpu()))) {
      new Monitor(Duration.ofMillis(1), count, () -> false)
          .show(watch, new PrintWriter(out), redraw ? WINDOW : null);
    }
    return out.toString();
  }

  @Test
  void onATerminalABlockIsDrawnOverTheOneBefore() throws InterruptedException {
    String block = "gpu 0, A GPU, GPU-1\n  powerInstantWatts            7 W\n";
    assertEquals(block + "\u001b[2A\u001b[J" + block, shown(true, 2));
  }

  @Test
  void elsewhereEachReadingIsALine() throws InterruptedException {
    String text = shown(false, 3);
    assertTrue(
        text.matches("(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z gpu 0: powerInstantWatts 7 W\n){3}"), text);
  }

  @Test
  void anEndThatIsAskedForComesSoon() throws InterruptedException {
    var out = new StringWriter();
    long start = System.nanoTime();
    try (var watch = new Watch(List.of(sensors.gpu()))) {
      new Monitor(Duration.ofMinutes(10), 5, () -> out.getBuffer().length() > 0)
          .show(watch, new PrintWriter(out), null);
    }
    assertEquals(1, out.toString().lines().count());
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(30).toNanos());
  }

  @Test
  void bytesAreReadable() {
    Sensor sent = Sensor.of("pcieSentBytes", "B", Sensor.Kind.COUNTER, false, "nvml", "bytes sent");
    Watched gpu = new FakeSensors().with(sent, 64L << 20).gpu();
    try (var watch = new Watch(List.of(gpu))) {
      var now = new Snapshot(gpu, 1_000_000_000, watch.read().getFirst().readings());
      var before = new Snapshot(gpu, 0, List.of(new Snapshot.Reading(sent, 32L << 20, "")));
      assertEquals(
          "  pcieSentBytes                64 MiB (at least 32 MiB/s)",
          MonitorText.block(List.of(now), List.of(before), WINDOW).getLast());
    }
  }

  @Test
  void aCounterThatBeganAnewHasNoRate() {
    Sensor sent = Sensor.of("pcieSentBytes", "B", Sensor.Kind.COUNTER, false, "nvml", "bytes sent");
    Watched gpu = new FakeSensors().with(sent, 1).gpu();
    try (var watch = new Watch(List.of(gpu))) {
      var now = new Snapshot(gpu, 1_000_000_000, watch.read().getFirst().readings());
      var before = new Snapshot(gpu, 0, List.of(new Snapshot.Reading(sent, 32L << 20, "")));
      assertEquals(
          "  pcieSentBytes                1 B",
          MonitorText.block(List.of(now), List.of(before), WINDOW).getLast());
    }
  }
}
