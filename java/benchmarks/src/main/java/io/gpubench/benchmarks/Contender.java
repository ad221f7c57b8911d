// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * An engine with a prepared run, measured in turns with others in one process, so that the sample
 * of each round is taken in the same minute as theirs.
 *
 * @param nanos of each round
 */
@SuppressWarnings("ArrayRecordComponent") // filled in place
record Contender(String name, Session session, PreparedRun run, double[] nanos)
    implements AutoCloseable {
  private static final int WARM_UP_SAMPLES = 20;

  /** Prepares one, with all threads. */
  static Contender open(
      String name,
      Engine engine,
      Workload workload,
      String path,
      ParameterValues values,
      MachineFacts facts,
      int rounds) {
    Session session = engine.open(new Engine.Options(facts.processors()));
    return new Contender(
        name, session, session.prepare(workload, Mode.of(path), values, facts), new double[rounds]);
  }

  /** Takes a sample of each in each round, in random order, after some that do not count. */
  static void inTurns(List<Contender> contenders, int rounds) {
    long[] next = new long[contenders.size()];
    var order = new ArrayList<Integer>();
    for (int i = 0; i < contenders.size(); i++) {
      order.add(i);
      for (int sample = 0; sample < WARM_UP_SAMPLES; sample++) {
        contenders.get(i).sample(next[i]++);
      }
    }
    var random = new Random(1);
    for (int round = 0; round < rounds; round++) {
      Collections.shuffle(order, random);
      for (int i : order) {
        contenders.get(i).nanos[round] = contenders.get(i).sample(next[i]++);
      }
    }
  }

  private double sample(long sample) {
    run.stage(sample);
    long before = System.nanoTime();
    run.execute();
    long duration = System.nanoTime() - before;
    if (!run.verify(sample)) {
      throw new IllegalStateException(name + ": " + run.mismatch(sample));
    }
    return duration;
  }

  /** In each round, how many times as long as another it took. */
  double[] over(Contender other) {
    double[] ratios = new double[nanos.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = nanos[i] / other.nanos[i];
    }
    return ratios;
  }

  @Override
  public void close() {
    run.close();
    session.close();
  }
}
