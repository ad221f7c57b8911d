// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.measure.EngineException;
import org.jspecify.annotations.Nullable;

/** A device of one word, beside the host's. Tells what was done, in order. */
final class FakeProgram implements ProfiledProgram, OnDevice {
  final StringBuilder log = new StringBuilder();
  long host;
  long device;
  long kernelNanos = 1_000;
  boolean profiled;
  @Nullable String failure;
  private long kernelOfLast;

  /** The work: to double the word. */
  void execute() {
    log.append(profiled ? 'X' : 'x');
    device *= 2;
    if (profiled) {
      kernelOfLast = kernelNanos;
    }
  }

  @Override
  public void next(long sample) {
    log.append('n').append(sample);
  }

  @Override
  public void toDevice() {
    log.append('>');
    device = host;
  }

  @Override
  public void fromDevice() {
    log.append('<');
    host = device;
  }

  @Override
  public FakeProgram program() {
    return this;
  }

  @Override
  public void profiled(boolean on) {
    profiled = on;
  }

  @Override
  public long kernelNanos() {
    return kernelOfLast;
  }

  @Override
  public long copyInNanos() {
    return 30;
  }

  @Override
  public long copyOutNanos() {
    return 40;
  }

  @Override
  public long tornadoCompileNanos() {
    return 50;
  }

  @Override
  public long driverCompileNanos() {
    return 60;
  }

  @Override
  public void check() {
    if (failure != null) {
      throw new EngineException(failure);
    }
  }
}
