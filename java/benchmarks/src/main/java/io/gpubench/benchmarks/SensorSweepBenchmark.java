// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.engines.cuda.NvmlSource;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.measure.spi.Sensors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one sample of all sensors costs through FFM. The simulated device, which has none, refuses
 * each call at once, so that what is left is our own part: {@code -p device=0} measures NVML's, of the
 * device that has this number there. With {@code -prof gc} there is no garbage.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class SensorSweepBenchmark {
  private static final String SIMULATED = "sim";

  /** Number of a device in NVML, or the simulated one. */
  @Param(SIMULATED)
  public String device;

  private Sensors sensors;
  private int count;

  /** Opens them on the thread that reads. */
  @Setup
  public void open() {
    sensors = open(device);
    count = sensors.all().size();
  }

  static Sensors open(String device) {
    if (device.equals(SIMULATED)) {
      CudaDriver.openSimulator();
      return NvmlSource.at(0, true).open();
    }
    return NvmlSource.at(Integer.parseInt(device), false).open();
  }

  /** All of them. */
  @Benchmark
  public double sweep() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += sensors.read(i);
    }
    return sum;
  }

  /** Closes them. */
  @TearDown
  public void close() {
    sensors.close();
  }
}
