// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.PreparedRun;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run by the device's clock, as TornadoVM's profiler reads it: a sample is the time of all its
 * kernels, without what lies between them: the engine cuda, whose events are around all of them,
 * counts that too. TornadoVM waits for each execution, so that a group is one sample. Its profiler
 * tells durations and no points in time: a sample begins where its execution does, which is early.
 * Owns the run and closes it. Used by the thread that measures.
 */
public final class DeviceClockRun implements PreparedRun.Queued {
  private final TornadoRun run;
  private final ProfiledProgram program;
  private final Resolution resolution;
  private long kernelNanos;
  private long spanNanos;

  /**
   * Turns the profiler on.
   *
   * @param run is closed with this one
   * @param resolution of the profiler's times
   */
  public DeviceClockRun(TornadoRun run, Resolution resolution) {
    this.run = run;
    this.resolution = resolution;
    program = run.device().program();
    program.profiled(true);
  }

  @Override
  public Clock clock() {
    return Clock.DEVICE;
  }

  @Override
  public Resolution resolution() {
    return resolution;
  }

  @Override
  public int groupSize() {
    return 1;
  }

  @Override
  public void queue(long sample) {
    run.stage(sample);
  }

  /**
   * {@inheritDoc}
   *
   * @throws EngineException also when the profiler has no time for it
   */
  @Override
  public @Nullable String await() {
    run.execute();
    kernelNanos = program.kernelNanos();
    spanNanos = kernelNanos + program.copyInNanos() + program.copyOutNanos();
    if (kernelNanos <= 0) {
      program.check();
      throw new EngineException("TornadoVM's profiler has no time of the kernels");
    }
    return null;
  }

  @Override
  public long startNanos(int index) {
    return 0;
  }

  @Override
  public long durationNanos(int index) {
    return kernelNanos;
  }

  @Override
  public long spanNanos() {
    return spanNanos;
  }

  @Override
  public void stage(long sample) {
    run.stage(sample);
  }

  @Override
  public void execute() {
    run.execute();
  }

  @Override
  public boolean verify(long sample) {
    return run.verify(sample);
  }

  @Override
  public String mismatch(long sample) {
    return run.mismatch(sample);
  }

  @Override
  public void rest() {
    run.rest();
  }

  @Override
  public long digest() {
    return run.digest();
  }

  @Override
  public Work work() {
    return run.work();
  }

  @Override
  public Map<String, Double> demands() {
    return run.demands();
  }

  @Override
  public Map<String, Double> amounts() {
    return run.amounts();
  }

  @Override
  public Map<String, Long> stages() {
    return run.stages();
  }

  @Override
  public long inputs() {
    return run.inputs();
  }

  @Override
  public Map<String, Object> verification() {
    return run.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    return run.configuration();
  }

  @Override
  public void close() {
    run.close();
  }
}
