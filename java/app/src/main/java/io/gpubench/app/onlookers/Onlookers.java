// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.onlookers;

import io.gpubench.gpu.NativeException;
import io.gpubench.gpu.Nvtx;
import io.gpubench.measure.run.Onlooker;
import io.gpubench.measure.run.Phase;
import io.gpubench.measure.run.Phases;
import io.gpubench.measure.run.SampleBatch;
import java.util.Map;
import java.util.Optional;

/** Lets everybody look on who may want to: once in each process that measures. */
public final class Onlookers {
  /** The domain of the ranges. */
  public static final String DOMAIN = "gpubench";

  private static boolean admitted;
  private static Optional<String> problem = Optional.empty();

  private Onlookers() {}

  /**
   * Lets Java's flight recorder look on, whenever it is started, and the profiler that has started
   * this process, if one has. Does nothing the second time.
   *
   * @param environment variables of this process
   * @return why a profiler that is named does not get ranges, in one line; empty when none is named
   *     or it does
   */
  public static synchronized Optional<String> admit(Map<String, String> environment) {
    if (!admitted) {
      admitted = true;
      problem = shown(environment);
    }
    return problem;
  }

  private static Optional<String> shown(Map<String, String> environment) {
    var recorder = new FlightRecorderMarks();
    Phases.shown(recorder);
    if (!environment.containsKey(Nvtx.VARIABLE)) {
      return Optional.empty(); // every worker starts here: nothing else is loaded
    }
    try {
      Optional<Nvtx> profiler = Nvtx.attach(DOMAIN, environment);
      if (profiler.isPresent()) {
        Phases.shown(new Both(new NvtxMarks(profiler.get()), recorder));
      }
      return Optional.empty();
    } catch (NativeException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Two, of whom the first sees the other at work. */
  private record Both(Onlooker outer, Onlooker inner) implements Onlooker {
    @Override
    public Mark begin(Phase phase, Subject subject) {
      Mark first = outer.begin(phase, subject);
      return new Pair(first, inner.begin(phase, subject));
    }
  }

  private record Pair(Onlooker.Mark outer, Onlooker.Mark inner) implements Onlooker.Mark {
    @Override
    public void took(long first, int leftOut, SampleBatch batch) {
      inner.took(first, leftOut, batch);
      outer.took(first, leftOut, batch);
    }

    @Override
    public void discarded(String why) {
      inner.discarded(why);
      outer.discarded(why);
    }

    @Override
    public void close() {
      inner.close();
      outer.close();
    }
  }
}
