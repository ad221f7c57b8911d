// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.engines.host.HostEngine;
import io.gpubench.engines.java.JavaEngine;
import io.gpubench.measure.plan.Machine;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.ceiling.CeilingWorkload;
import io.gpubench.workloads.migration.MigrationWorkload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Migrations on the processors by each engine and path against each other and against the ceiling
 * of memory, with all threads, interleaved in one process as in {@link SynthesisRatio}: a ratio is
 * that of two samples of one round. Arguments: {@code [NAME=VALUE...] [rounds=N]}, where a name is
 * that of a parameter of the workload; from pageable to pageable memory unless it is set.
 */
public final class MigrationRatio {
  private static final String ROUNDS = "rounds=";
  private static final String CEILING = "ceiling";
  private static final long CEILING_BYTES = 256L << 20;

  private MigrationRatio() {}

  public static void main(String[] args) {
    Workload workload = new MigrationWorkload();
    MachineFacts facts = Machine.facts(null);
    int rounds = 51;
    ParameterValues values = workload.defaults().with("from", "pageable").with("to", "pageable");
    for (String argument : args) {
      if (argument.startsWith(ROUNDS)) {
        rounds = Integer.parseInt(argument.substring(ROUNDS.length()));
      } else {
        values = set(values, workload, argument);
      }
    }
    boolean files = values.toString().contains("file:");
    var contenders = new ArrayList<Contender>();
    for (Engine engine : List.of(new HostEngine(), new JavaEngine())) {
      for (String path : engine.paths(workload.id())) {
        if (path.equals("copies") || files) {
          contenders.add(
              Contender.open(
                  engine.id() + " " + path, engine, workload, path, values, facts, rounds));
        }
      }
    }
    Workload ceiling = new CeilingWorkload(Ceiling.HOSTCOPY);
    var size = new LinkedHashMap<>(ceiling.defaults().asMap());
    size.put("bytes", CEILING_BYTES);
    var host = new HostEngine();
    contenders.add(
        Contender.open(
            CEILING,
            host,
            ceiling,
            host.paths(ceiling.id()).getFirst(),
            new ParameterValues(size),
            facts,
            rounds));
    Contender.inTurns(contenders, rounds);
    print(contenders, values);
    for (Contender contender : contenders) {
      contender.close();
    }
  }

  private static ParameterValues set(ParameterValues values, Workload workload, String argument) {
    int at = argument.indexOf('=');
    String name = argument.substring(0, at);
    for (Parameter parameter : workload.parameters()) {
      if (parameter.name().equals(name)) {
        return values.with(name, parameter.parse(argument.substring(at + 1)));
      }
    }
    throw new IllegalArgumentException("migration has no parameter " + name);
  }

  private static void print(List<Contender> contenders, ParameterValues values) {
    System.out.println(MigrationWorkload.ID + " " + values);
    Contender ceiling = contenders.getLast();
    double ceilingBytes = ceiling.run().work().bytes();
    System.out.println(
        Reading.of(ceiling.nanos(), "ns").under(ceilingBytes, "GB/s").line("rate, " + CEILING));
    for (Contender contender : contenders.subList(0, contenders.size() - 1)) {
      PreparedRun.Work work = contender.run().work();
      Reading nanos = Reading.of(contender.nanos(), "ns");
      System.out.println(nanos.times(1e-6, "ms/sample").line("time, " + contender.name()));
      System.out.println(nanos.under(work.units(), "GB/s").line("moved, " + contender.name()));
      System.out.println(
          Reading.of(ceiling.over(contender), "")
              .times(work.bytes() / ceilingBytes, "")
              .line("share of the ceiling, " + contender.name()));
    }
    for (Contender other : contenders.subList(1, contenders.size() - 1)) {
      System.out.println(
          Reading.of(other.over(contenders.getFirst()), "")
              .line("time of %s over %s".formatted(other.name(), contenders.getFirst().name())));
    }
  }
}
