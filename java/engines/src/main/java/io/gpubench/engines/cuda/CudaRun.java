// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaException;
import io.gpubench.gpu.NativeException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.PreparedRun;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A prepared run whose native failures are engine failures. Owns the run it wraps. */
class CudaRun implements PreparedRun {
  private final PreparedRun run;

  private CudaRun(PreparedRun run) {
    this.run = run;
  }

  /** Prepares a run; what cannot be had ends in an {@link EngineException}. */
  static PreparedRun of(Supplier<PreparedRun> preparation) {
    try {
      PreparedRun run = preparation.get();
      return switch (run) {
        case Queued queued -> new OfGroups(queued);
        case Paired paired -> new OfPairs(paired);
        default -> new CudaRun(run);
      };
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
  public final Clock clock() {
    return run.clock();
  }

  @Override
  public final @Nullable Resolution resolution() {
    return run.resolution();
  }

  @Override
  public final void stage(long sample) {
    try {
      run.stage(sample);
    } catch (NativeException e) {
      throw failure(e);
    }
  }

  @Override
  public final void execute() {
    try {
      run.execute();
    } catch (NativeException e) {
      throw failure(e);
    }
  }

  @Override
  public final boolean verify(long sample) {
    try {
      return run.verify(sample);
    } catch (NativeException e) {
      throw failure(e);
    }
  }

  @Override
  public final String mismatch(long sample) {
    try {
      return run.mismatch(sample);
    } catch (NativeException e) {
      throw failure(e);
    }
  }

  @Override
  public final long digest() {
    try {
      return run.digest();
    } catch (NativeException e) {
      throw failure(e);
    }
  }

  @Override
  public final void rest() {
    try {
      run.rest();
    } catch (NativeException e) {
      throw failure(e);
    }
  }

  @Override
  public final Work work() {
    return run.work();
  }

  @Override
  public final int pieces() {
    return run.pieces();
  }

  @Override
  public final Map<String, Double> demands() {
    return run.demands();
  }

  @Override
  public final Map<String, Double> amounts() {
    return run.amounts();
  }

  @Override
  public final long inputs() {
    return run.inputs();
  }

  @Override
  public final Map<String, Object> verification() {
    return run.verification();
  }

  @Override
  public final Map<String, Object> configuration() {
    return run.configuration();
  }

  @Override
  public final void close() {
    try {
      run.close();
    } catch (NativeException e) {
      throw failure(e);
    }
  }

  /** A run next to its baseline. */
  private static final class OfPairs extends CudaRun implements Paired {
    private final Paired run;

    OfPairs(Paired run) {
      super(run);
      this.run = run;
    }

    @Override
    public void executeBaseline() {
      try {
        run.executeBaseline();
      } catch (NativeException e) {
        throw failure(e);
      }
    }

    @Override
    public boolean verifyBaseline(long sample) {
      try {
        return run.verifyBaseline(sample);
      } catch (NativeException e) {
        throw failure(e);
      }
    }
  }

  /** One that times its samples itself. */
  private static final class OfGroups extends CudaRun implements Queued {
    private final Queued run;

    OfGroups(Queued run) {
      super(run);
      this.run = run;
    }

    @Override
    public int groupSize() {
      return run.groupSize();
    }

    @Override
    public void queue(long sample) {
      try {
        run.queue(sample);
      } catch (NativeException e) {
        throw failure(e);
      }
    }

    @Override
    public @Nullable String await() {
      try {
        return run.await();
      } catch (NativeException e) {
        throw failure(e);
      }
    }

    @Override
    public long spanNanos() {
      try {
        return run.spanNanos();
      } catch (NativeException e) {
        throw failure(e);
      }
    }

    @Override
    public long startNanos(int index) {
      try {
        return run.startNanos(index);
      } catch (NativeException e) {
        throw failure(e);
      }
    }

    @Override
    public long durationNanos(int index) {
      try {
        return run.durationNanos(index);
      } catch (NativeException e) {
        throw failure(e);
      }
    }
  }
}
