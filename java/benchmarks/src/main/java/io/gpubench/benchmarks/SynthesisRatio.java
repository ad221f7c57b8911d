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
import io.gpubench.workloads.ceiling.CeilingWorkload;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisWorkload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The engines on the processors against each other and against the ceiling of memory, with all
 * threads, interleaved in one process, since this is the only way in which a noisy machine gives a
 * ratio that can be believed: in each round each of them has a sample that counts, in random order.
 * A ratio is that of two samples of one round; what is printed is the median over all rounds with
 * its 95 % interval. Arguments: {@code match|expand|rewrite [NAME=VALUE...] [rounds=N]}, where a
 * name is that of a parameter of the workload or of a tuning parameter.
 */
public final class SynthesisRatio {
  private static final String ROUNDS = "rounds=";
  private static final String CEILING = "ceiling";
  private static final long CEILING_BYTES = 256L << 20;

  private SynthesisRatio() {}

  public static void main(String[] args) {
    Workload workload = workload("synthesis." + args[0], SynthesisWorkload.all().stream());
    MachineFacts facts = Machine.facts(null);
    int rounds = 101;
    ParameterValues values = workload.defaults();
    for (String argument : List.of(args).subList(1, args.length)) {
      if (argument.startsWith(ROUNDS)) {
        rounds = Integer.parseInt(argument.substring(ROUNDS.length()));
      } else {
        values = set(values, workload, argument);
      }
    }
    boolean read = workload.id().equals(Synthesis.MATCH.id());
    Workload ceiling =
        workload(read ? "ceiling.hostread" : "ceiling.hostcopy", CeilingWorkload.all().stream());
    var size = new LinkedHashMap<>(ceiling.defaults().asMap());
    size.put("bytes", CEILING_BYTES);

    var contenders = new ArrayList<Contender>();
    for (Engine engine : List.of(new HostEngine(), new JavaEngine())) {
      if (!engine.paths(workload.id()).isEmpty()) {
        contenders.add(open(engine.id(), engine, workload, values, facts, rounds));
      }
    }
    contenders.add(
        open(CEILING, new HostEngine(), ceiling, new ParameterValues(size), facts, rounds));
    Contender.inTurns(contenders, rounds);
    print(contenders, workload, values);
    for (Contender contender : contenders) {
      contender.close();
    }
  }

  private static Workload workload(String id, Stream<Workload> all) {
    return all.filter(workload -> workload.id().equals(id)).findFirst().orElseThrow();
  }

  private static ParameterValues set(ParameterValues values, Workload workload, String argument) {
    int at = argument.indexOf('=');
    String name = argument.substring(0, at);
    String text = argument.substring(at + 1);
    for (Parameter parameter : workload.parameters()) {
      if (parameter.name().equals(name)) {
        return values.with(name, parameter.parse(text));
      }
    }
    return values.withTuning(name, text);
  }

  private static Contender open(
      String name,
      Engine engine,
      Workload workload,
      ParameterValues values,
      MachineFacts facts,
      int rounds) {
    String path = engine.paths(workload.id()).getFirst();
    return Contender.open(name, engine, workload, path, values, facts, rounds);
  }

  private static void print(List<Contender> contenders, Workload workload, ParameterValues values) {
    System.out.println(workload.id() + " " + values);
    Contender ceiling = contenders.getLast();
    double ceilingBytes = ceiling.run().work().bytes();
    System.out.println(
        Reading.of(ceiling.nanos(), "ns").under(ceilingBytes, "GB/s").line("rate, " + CEILING));
    for (Contender contender : contenders.subList(0, contenders.size() - 1)) {
      PreparedRun.Work work = contender.run().work();
      Reading nanos = Reading.of(contender.nanos(), "ns");
      System.out.println(nanos.times(1e-6, "ms/sample").line("time, " + contender.name()));
      System.out.println(
          nanos
              .under(1e3 * work.units(), "M " + workload.unitOfWork() + "/s")
              .line("rate, " + contender.name()));
      for (Map.Entry<String, Double> amount : contender.run().amounts().entrySet()) {
        System.out.println(
            nanos.under(amount.getValue(), "G/s").line(amount.getKey() + ", " + contender.name()));
      }
      double[] shares = ceiling.over(contender);
      System.out.println(
          Reading.of(shares, "")
              .times(work.bytes() / ceilingBytes, "")
              .line("share of the ceiling, " + contender.name()));
    }
    for (int a = 0; a < contenders.size() - 1; a++) {
      for (int b = a + 1; b < contenders.size() - 1; b++) {
        System.out.println(
            Reading.of(contenders.get(b).over(contenders.get(a)), "")
                .line(
                    "time of %s over %s"
                        .formatted(contenders.get(b).name(), contenders.get(a).name())));
      }
    }
  }
}
