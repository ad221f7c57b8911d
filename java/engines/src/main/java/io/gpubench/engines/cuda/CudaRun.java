// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaException;
import io.gpubench.gpu.NativeException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.PreparedRun;
import java.util.Map;
import java.util.function.Supplier;

/** A prepared run whose native failures are engine failures. Owns the run it wraps. */
final class CudaRun implements PreparedRun {
  private final PreparedRun run;

  private CudaRun(PreparedRun run) {
    this.run = run;
  }

  /** Prepares a run; what cannot be had ends in an {@link EngineException}. */
  static PreparedRun of(Supplier<PreparedRun> preparation) {
    try {
      return new CudaRun(preparation.get());
    } catch (NativeException e) {
      throw failure(e);
    }
  }

  static EngineException failure(NativeException cause) {
    boolean lost = cause instanceof CudaException failed && failed.contextLost();
    return new EngineException(
        lost ? EngineException.Kind.LOST_DEVICE : EngineException.Kind.FAILED,
        String.valueOf(cause.getMessage()),
        null,
        cause);
  }

  @Override
  public Clock clock() {
    return run.clock();
  }

  @Override
  public void stage(long sample) {
    try {
      run.stage(sample);
    } catch (NativeException e) {
      throw failure(e);
    }
  }

  @Override
  public void execute() {
    try {
      run.execute();
    } catch (NativeException e) {
      throw failure(e);
    }
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
  public long digest() {
    try {
      return run.digest();
    } catch (NativeException e) {
      throw failure(e);
    }
  }

  @Override
  public Work work() {
    return run.work();
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
    try {
      run.close();
    } catch (NativeException e) {
      throw failure(e);
    }
  }
}
