// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.PreparedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueuedLoopTest {
  private static final long MOMENT = 100;

  /** A device whose work takes a while, and whose clock runs as fast as a test says. */
  private static class Device implements PreparedRun.Queued, Timer.Clock {
    final List<String> calls = new ArrayList<>();
    private final List<Long> queued = new ArrayList<>();
    private final int groupSize;
    private final double rate;
    long workNanos = 1_000;
    long wrong = Long.MAX_VALUE;
    int wasted;
    private long now = 5_000_000_000L;

    Device(int groupSize, double rate) {
      this.groupSize = groupSize;
      this.rate = rate;
    }

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public Clock clock() {
      return Clock.DEVICE;
    }

    @Override
    public int groupSize() {
      return groupSize;
    }

    @Override
    public void queue(long sample) {
      if (queued.size() == groupSize) {
        queued.clear();
      }
      queued.add(sample);
      calls.add("queue " + sample);
      now += MOMENT;
    }

    @Override
    public @Nullable String await() {
      calls.add("await");
      now += queued.size() * (workNanos + MOMENT) + MOMENT;
      String why = wasted-- > 0 ? "nobody let it begin" : null;
      released = List.copyOf(queued);
      queued.clear();
      return why;
    }

    private List<Long> released = List.of();

    @Override
    public long startNanos(int index) {
      return (long) (index * (workNanos + MOMENT) * rate);
    }

    @Override
    public long durationNanos(int index) {
      return (long) (workNanos * rate) + released.get(index) % 10;
    }

    @Override
    public long spanNanos() {
      return (long) (released.size() * (workNanos + MOMENT) * rate);
    }

    @Override
    public boolean verify(long sample) {
      calls.add("verify " + sample);
      return sample != wrong;
    }

    @Override
    public String mismatch(long sample) {
      return "word 0";
    }

    @Override
    public void stage(long sample) {
      throw new AssertionError("samples are queued");
    }

    @Override
    public void execute() {
      throw new AssertionError("samples are queued");
    }

    @Override
    public long digest() {
      return 0;
    }

    @Override
    public Work work() {
      return new Work(1, 1, 1);
    }

    @Override
    public long inputs() {
      return EACH_ITS_OWN;
    }

    @Override
    public Map<String, Object> verification() {
      return Map.of();
    }

    @Override
    public Map<String, Object> configuration() {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  private static SampleBatch take(Device device, long first, long samples, int discard) {
    return new SampleLoop(device, device).take(first, samples, Long.MAX_VALUE / 2, discard);
  }

  @Test
  void aGroupIsQueuedAsAWholeReadAndVerifiedThereafter() {
    var device = new Device(2, 1);
    SampleBatch batch = take(device, 7, 3, 0);
    assertEquals(
        List.of(
            "queue 7", "queue 8", "await", "verify 7", "verify 8", "queue 9", "await", "verify 9"),
        device.calls);
    assertArrayEquals(new long[] {1007, 1008, 1009}, batch.durations());
    assertEquals(3, batch.verified());
    assertNull(batch.mismatch());
    assertNull(batch.implausible());
  }

  /** Whatever the groups are, as many samples are kept as were asked for, in the order of time. */
  @ParameterizedTest
  @CsvSource({"1,1,0", "1,5,3", "4,1,0", "4,4,4", "4,9,2", "64,10,1", "64,1000,0", "3,65536,7"})
  void samplesAreCountedThroughAndNeverOverlap(int groupSize, int samples, int discard) {
    var device = new Device(groupSize, 1);
    SampleBatch batch = take(device, 100, samples, discard);
    assertEquals(samples, batch.count());
    assertEquals(samples + discard, batch.verified());
    assertEquals(
        LongStream.range(100 + discard, 100 + discard + samples).map(s -> 1000 + s % 10).sum(),
        LongStream.of(batch.durations()).sum());
    for (int i = 1; i < batch.count(); i++) {
      long before = batch.startNanos(i - 1) + batch.durationNanos(i - 1);
      assertTrue(batch.startNanos(i) >= before, "sample " + i);
    }
  }

  @Test
  void theTimeEndsItAfterAGroupAndNeverWithoutASample() {
    var device = new Device(4, 1);
    SampleBatch batch = new SampleLoop(device, device).take(0, 1_000, 0, 0);
    assertEquals(4, batch.count());
  }

  /** A group may be no larger than what is discarded, and the time over by then. */
  @ParameterizedTest
  @CsvSource({"1,1", "1,5", "4,4", "4,9", "8,1"})
  void norWithDiscardedSamplesAlone(int groupSize, int discard) {
    var device = new Device(groupSize, 1);
    SampleBatch batch = new SampleLoop(device, device).take(0, 1_000, 0, discard);
    assertTrue(batch.count() >= 1, "kept " + batch.count());
    assertTrue(batch.count() <= groupSize, "kept " + batch.count());
  }

  @Test
  void aWrongAnswerEndsItWithTheSamplesBeforeIt() {
    var device = new Device(8, 1);
    device.wrong = 11;
    SampleBatch batch = take(device, 0, 100, 2);
    assertEquals("sample 11: word 0", batch.mismatch());
    assertEquals(9, batch.count());
    assertEquals(11, batch.verified());
  }

  @Test
  void aGroupWhoseTimesDoNotCountIsCountedByItsReasonAndItsAnswersAreVerifiedAllTheSame() {
    var device = new Device(4, 1);
    device.wasted = 2;
    SampleBatch batch = take(device, 0, 4, 0);
    assertEquals(Map.of("nobody let it begin", 8L), batch.discards());
    assertEquals(4, batch.count());
    assertEquals(12, batch.verified());
    assertEquals("queue 8", device.calls.get(18));
    batch = new SampleLoop(device, device).take(50, 4, 0, 0);
    assertEquals(Map.of(), batch.discards());
  }

  @Test
  void timesThatNeverCountEndWithTheTime() {
    var device = new Device(4, 1);
    device.wasted = Integer.MAX_VALUE;
    SampleBatch batch = new SampleLoop(device, device).take(0, 1_000, 100_000, 0);
    assertEquals(0, batch.count());
    assertTrue(batch.discards().get("nobody let it begin") > 8);
  }

  @Test
  void aSampleCannotEndAfterItsGroup() {
    var device =
        new Device(4, 1) {
          @Override
          public long spanNanos() {
            return super.spanNanos() - 2 * MOMENT;
          }
        };
    assertEquals(
        "by the engine's clock the last of a group of samples ended after 4,303 ns, and the group after 4,200 ns",
        take(device, 0, 4, 0).implausible());
  }

  @Test
  void aWrongAnswerAmongTimesThatDoNotCountIsWrong() {
    var device = new Device(4, 1);
    device.wasted = 1;
    device.wrong = 2;
    assertEquals("sample 2: word 0", take(device, 0, 4, 0).mismatch());
  }

  @Test
  void aClockThatSaysMoreThanTheHostWaitedIsNotBelieved() {
    var device = new Device(4, 1.5);
    device.workNanos = 1_000_000;
    SampleBatch batch = take(device, 0, 4, 0);
    assertEquals(
        "by the engine's clock a group of samples took 6,000,600 ns, but the host waited for 4,000,500 ns",
        batch.implausible());
    assertEquals(0, batch.count());
  }
}
