// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.gpu.CudaEvent;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import java.util.List;

/** Two events around a very short piece of work, enqueued in three ways. */
final class LaunchGapsExperiment implements Experiment {
  private static final int SHORT_BYTES = 1 << 10;
  private static final int GROUP = 32;
  private static final int FILLS_THAT_HOLD = 8;

  private final String device;

  LaunchGapsExperiment(String device) {
    this.device = device;
  }

  @Override
  public String id() {
    return "launch-gaps";
  }

  @Override
  public String question() {
    return "How long does a device take to fill 1 KiB, between two events?";
  }

  @Override
  public boolean usesDevice() {
    return true;
  }

  /** How samples reach the device. */
  private enum Way {
    EACH_AWAITED,
    ENQUEUED,
    HELD
  }

  @Override
  public List<Row> run(Size size) {
    boolean simulated = device.equals("sim");
    CudaDriver driver = simulated ? CudaDriver.openSimulator() : CudaDriver.open();
    int longBytes = simulated || size == Size.TINY ? 1 << 20 : 1 << 28;
    int groups = size.of(2, simulated ? 20 : 300);
    try (var context = CudaContext.open(driver.device(simulated ? "0" : device));
        var stream = context.newStream();
        var buffer = context.allocate(longBytes)) {
      return List.of(
          row(
              "each awaited, and its events read, before the next is enqueued",
              context,
              stream,
              buffer,
              groups,
              Way.EACH_AWAITED),
          row(
              "32 enqueued at once to an idle stream, events read at the end",
              context,
              stream,
              buffer,
              groups,
              Way.ENQUEUED),
          row(
              "32 enqueued at once behind work that holds the stream, events read at the end",
              context,
              stream,
              buffer,
              groups,
              Way.HELD));
    }
  }

  private static Row row(
      String text,
      CudaContext context,
      CudaStream stream,
      DeviceBuffer buffer,
      int groups,
      Way way) {
    long[] nanos = new long[groups * GROUP];
    var events = new CudaEvent[2 * GROUP];
    try {
      for (int i = 0; i < events.length; i++) {
        events[i] = context.newEvent();
      }
      for (int group = 0; group < groups; group++) {
        for (int i = 0; way == Way.HELD && i < FILLS_THAT_HOLD; i++) {
          buffer.fillAsync(stream, 0, buffer.bytes(), (byte) i);
        }
        for (int i = 0; i < GROUP; i++) {
          events[2 * i].record(stream);
          buffer.fillAsync(stream, 0, SHORT_BYTES, (byte) i);
          events[2 * i + 1].record(stream);
          if (way == Way.EACH_AWAITED) {
            events[2 * i + 1].synchronize();
          }
        }
        stream.synchronize();
        for (int i = 0; i < GROUP; i++) {
          nanos[group * GROUP + i] = Math.round(events[2 * i + 1].nanosSince(events[2 * i]));
        }
      }
    } finally {
      for (CudaEvent event : events) {
        if (event != null) {
          event.close();
        }
      }
    }
    return new Row(
        text,
        "median %s, p99 %s".formatted(Shown.time(nanos), Shown.time(Shown.quantile(nanos, 0.99))));
  }
}
