// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.engines.host.HostEngine;
import io.gpubench.engines.java.JavaEngine;
import io.gpubench.measure.plan.Machine;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The consensus engines against each other, interleaved in one process, since this is the only way
 * in which a noisy machine gives a ratio that can be believed: in each round every engine and
 * number of threads takes a slice of some milliseconds, in random order. A ratio is that of the
 * medians of two slices of one round; what is printed is the median over all rounds with its 95 %
 * interval. Arguments: {@code [validators [siphash|none [rounds]]]}.
 */
public final class EngineRatio {
  private static final int SLICE = 25;

  /** Samples at the start of a slice in which other threads may still spin. */
  private static final int DISCARDED = 8;

  private EngineRatio() {}

  private record Contender(String name, Session session, PreparedRun run, double[] medians) {}

  public static void main(String[] args) {
    long validators = args.length > 0 ? Long.parseLong(args[0]) : 10_000;
    String tags = args.length > 1 ? args[1] : "siphash";
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 400;
    var workload = new ConsensusWorkload();
    MachineFacts facts = Machine.facts(null);
    ParameterValues values = defaults(workload).with("validators", validators).with("tags", tags);

    var contenders = new ArrayList<Contender>();
    for (Engine engine : List.of(new HostEngine(), new JavaEngine())) {
      for (int threads = 1; threads <= Math.min(2, facts.processors()); threads++) {
        Session session = engine.open(new Engine.Options(threads));
        PreparedRun run =
            session.prepare(
                workload, Mode.of(engine.paths(workload.id()).getFirst()), values, facts);
        String name = engine.id() + ", threads " + threads;
        contenders.add(new Contender(name, session, run, new double[rounds]));
      }
    }
    long[] next = new long[contenders.size()];
    for (int i = 0; i < contenders.size(); i++) {
      long end = System.nanoTime() + 2_000_000_000L;
      while (System.nanoTime() < end) {
        slice(contenders.get(i), next, i);
      }
    }
    var order = new ArrayList<Integer>();
    for (int i = 0; i < contenders.size(); i++) {
      order.add(i);
    }
    var random = new Random(1);
    for (int round = 0; round < rounds; round++) {
      Collections.shuffle(order, random);
      for (int i : order) {
        contenders.get(i).medians[round] = slice(contenders.get(i), next, i);
      }
    }
    print(contenders, values);
    for (Contender contender : contenders) {
      contender.run.close();
      contender.session.close();
    }
  }

  /** The median of one slice, in nanoseconds. */
  private static double slice(Contender contender, long[] next, int index) {
    long[] nanos = new long[SLICE - DISCARDED];
    for (int i = 0; i < SLICE; i++) {
      long sample = next[index]++;
      contender.run.stage(sample);
      long before = System.nanoTime();
      contender.run.execute();
      long duration = System.nanoTime() - before;
      if (!contender.run.verify(sample)) {
        throw new IllegalStateException(contender.name + ": " + contender.run.mismatch(sample));
      }
      if (i >= DISCARDED) {
        nanos[i - DISCARDED] = duration;
      }
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2];
  }

  private static void print(List<Contender> contenders, ParameterValues values) {
    System.out.println(values);
    PreparedRun.Work work = contenders.getFirst().run.work();
    for (Contender contender : contenders) {
      Reading nanos = Reading.of(contender.medians, "ns");
      String name = contender.name;
      System.out.println(nanos.times(1e-3, "us/round").line("round, " + name));
      System.out.println(nanos.times(1 / work.units(), "ns/message").line("message, " + name));
      System.out.println(nanos.under(1e3 * work.units(), "M messages/s").line("rate, " + name));
      System.out.println(nanos.under(work.operations(), "G operations/s").line("work, " + name));
      System.out.println(nanos.under(work.bytes(), "GB/s").line("memory, " + name));
    }
    for (int a = 0; a < contenders.size(); a++) {
      for (int b = a + 1; b < contenders.size(); b++) {
        Contender fast = contenders.get(a);
        Contender slow = contenders.get(b);
        double[] ratios = new double[fast.medians.length];
        for (int i = 0; i < ratios.length; i++) {
          ratios[i] = slow.medians[i] / fast.medians[i];
        }
        System.out.println(
            Reading.of(ratios, "").line("time of %s over %s".formatted(slow.name, fast.name)));
      }
    }
  }

  private static ParameterValues defaults(ConsensusWorkload workload) {
    return workload.defaults();
  }
}
