// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.measure.spi.PreparedRun;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A run of an engine on the processors whose kernels TornadoVM executes, by the host's clock: what
 * it stages goes to the device, and answers come from there before they are checked. While it is
 * prepared, a few executions are timed by TornadoVM's profiler; then it is off. Owns the run and
 * closes it. Used by the thread that measures.
 */
public final class TornadoRun implements PreparedRun {
  /** Executions with the profiler, and as many without, one after the other. */
  private static final int PROBES = 9;

  private static final String FIRST_COPY_IN = "firstCopyIn";

  private static final long PROBING_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final PreparedRun inner;
  private final OnDevice device;
  private final Map<String, Long> stages = new LinkedHashMap<>();
  private boolean fetched;

  /**
   * Executes it for the first time, and profiles a few executions.
   *
   * @param inner whose kernels are on the device; is closed with this one
   * @throws io.gpubench.measure.EngineException when TornadoVM or the device fails
   */
  public TornadoRun(PreparedRun inner, OnDevice device) {
    this.inner = inner;
    this.device = device;
    try {
      first();
      probe();
    } catch (RuntimeException | Error failure) {
      try (inner) {
        throw failure;
      }
    }
  }

  /**
   * The first execution, in which both compilers work and all inputs are copied. Its answer is not
   * looked at: TornadoVM may clear a device's memory meanwhile.
   */
  private void first() {
    ProfiledProgram program = device.program();
    program.profiled(true);
    inner.stage(0);
    device.next(0);
    long begin = System.nanoTime();
    device.toDevice();
    inner.execute();
    long copyIn = program.copyInNanos();
    device.fromDevice();
    stages.put("firstExecution", System.nanoTime() - begin);
    program.check();
    stages.put("tornadoCompile", program.tornadoCompileNanos());
    stages.put("driverCompile", program.driverCompileNanos());
    stages.put(FIRST_COPY_IN, copyIn);
  }

  private void probe() {
    ProfiledProgram program = device.program();
    var kernel = new long[PROBES];
    var copyIn = new long[PROBES];
    var copyOut = new long[PROBES];
    var cost = new long[PROBES];
    long begin = System.nanoTime();
    int count = 0;
    while (count < PROBES && (count == 0 || System.nanoTime() - begin < PROBING_NANOS)) {
      boolean profiledFirst = count % 2 == 0;
      program.profiled(profiledFirst);
      long one = executed(2L * count);
      if (profiledFirst) {
        read(program, count, kernel, copyIn, copyOut);
      }
      program.profiled(!profiledFirst);
      long other = executed(2L * count + 1);
      if (!profiledFirst) {
        read(program, count, kernel, copyIn, copyOut);
      }
      cost[count] = profiledFirst ? one - other : other - one;
      count++;
    }
    program.profiled(false);
    boolean replayed =
        median(kernel, count) == 0; // as a graph, of which the profiler tells nothing
    if (replayed) {
      stages.remove(FIRST_COPY_IN);
      return;
    }
    stages.put("copyIn", median(copyIn, count));
    stages.put("kernel", median(kernel, count));
    stages.put("copyOut", median(copyOut, count));
    stages.put("profiler", Math.max(0, median(cost, count)));
  }

  /** How long an execution takes by the host's clock. */
  private long executed(long sample) {
    stage(sample);
    long begin = System.nanoTime();
    inner.execute();
    return System.nanoTime() - begin;
  }

  private void read(ProfiledProgram program, int at, long[] kernel, long[] copyIn, long[] copyOut) {
    kernel[at] = program.kernelNanos();
    copyIn[at] = program.copyInNanos();
    device.fromDevice();
    copyOut[at] = program.copyOutNanos();
  }

  private static long median(long[] times, int count) {
    long[] sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }

  @Override
  public void stage(long sample) {
    inner.stage(sample);
    device.next(sample);
    device.toDevice();
    device.program().check();
    fetched = false;
  }

  @Override
  public void execute() {
    fetched = false;
    inner.execute();
  }

  private void fetch() {
    if (!fetched) {
      device.fromDevice();
      device.program().check();
      fetched = true;
    }
  }

  @Override
  public boolean verify(long sample) {
    fetch();
    return inner.verify(sample);
  }

  @Override
  public String mismatch(long sample) {
    fetch();
    return inner.mismatch(sample);
  }

  @Override
  public void rest() {
    inner.rest();
  }

  @Override
  public long digest() {
    fetch();
    return inner.digest();
  }

  @Override
  public Work work() {
    return inner.work();
  }

  /** The kernels of the run are on this. */
  OnDevice device() {
    return device;
  }

  @Override
  public Map<String, Double> demands() {
    return inner.demands();
  }

  @Override
  public Map<String, Double> amounts() {
    return inner.amounts();
  }

  /**
   * {@inheritDoc} The first execution is told by the host's clock, with all that it has to do once:
   * {@code tornadoCompile}, {@code driverCompile} and {@code firstCopyIn} are parts of it. Then
   * medians of up to nine executions: what each copies to the device, its kernels, what fetching
   * its answer copies, and by how much the profiler prolongs an execution by the host's clock.
   */
  @Override
  public Map<String, Long> stages() {
    return stages;
  }

  @Override
  public long inputs() {
    return inner.inputs();
  }

  @Override
  public Map<String, Object> verification() {
    return inner.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    return inner.configuration();
  }

  @Override
  public void close() {
    inner.close();
  }
}
