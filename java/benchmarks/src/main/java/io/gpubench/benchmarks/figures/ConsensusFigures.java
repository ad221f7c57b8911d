// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.EngineRatio;
import io.gpubench.benchmarks.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The consensus engines of the processors, interleaved in one process. */
final class ConsensusFigures {
  private static final String[] USUAL = {"10000", "siphash", "300"};
  private static final String[] SMALL = {"1000", "siphash", "300"};
  private static final String[] NO_TAGS = {"10000", "none", "300"};

  private static final int FLOOR_TIMES = 3;

  /** Numbers of the line of consensus_floor: ns a message, and ns a SipHash. */
  private static final int STREAMED = 3;

  private static final int FLOOR = 4;

  private static final Goal TWICE = Goal.atLeast(2, "2");

  static final List<Figure> ALL =
      List.of(
          new Figure(
              "consensus-host",
              "`consensus` on `host`, 10,000 validators, 1 thread",
              Goal.none(
                  "12 SipRounds of 14 operations, eight messages to an instruction: 5.3 cycles a"
                      + " message where four units take 512 bits, 10.5 where they take 256"),
              bench -> message(bench, "host, threads 1", USUAL)),
          new Figure(
              "consensus-host-2",
              "the same, 2 threads",
              Goal.none("half of it"),
              bench -> message(bench, "host, threads 2", USUAL)),
          new Figure(
              "consensus-threads",
              "its speed with 2 threads over 1",
              Goal.atLeast(1.8, "1.8"),
              bench ->
                  Taken.of(
                      line(bench, "time of host, threads 2 over host, threads 1", USUAL)
                          .under(1, "times"))),
          new Figure(
              "consensus-java",
              "speed of `host` over `java`, 10,000 validators, 1 thread each",
              TWICE,
              bench -> hostOverJava(bench, 1)),
          new Figure(
              "consensus-java-2",
              "the same, 2 threads each",
              TWICE,
              bench -> hostOverJava(bench, 2)),
          new Figure(
              "consensus-small",
              "`consensus` on `host`, 1,000 validators",
              Goal.none("that of 10,000 with 1 thread; a second one costs more than it saves"),
              bench ->
                  message(bench, "host, threads 1", SMALL)
                      .with(line(bench, "round, host, threads 1", SMALL).brief())),
          new Figure(
              "consensus-no-tags",
              "`consensus` on `host`, 10,000 validators, tags `none`, 1 thread",
              Goal.none("memory: 36 bytes a message"),
              bench -> message(bench, "host, threads 1", NO_TAGS)),
          new Figure(
              "consensus-no-tags-2",
              "the same without tags, 2 threads",
              Goal.none("half of it"),
              bench -> message(bench, "host, threads 2", NO_TAGS)),
          streamed("10,000", "10000"),
          streamed("1,000", "1000"));

  private ConsensusFigures() {}

  private static Taken message(Bench bench, String who, String[] arguments) {
    return Taken.of(line(bench, "message, " + who, arguments))
        .with(line(bench, "rate, " + who, arguments).brief())
        .with(line(bench, "memory, " + who, arguments).brief());
  }

  /** Of those messages that reach the check of the tag, which alone have this floor. */
  private static Figure streamed(String validators, String argument) {
    return new Figure(
        "consensus-streamed-" + argument,
        "`consensus` on `host`, path `streamed`, %s validators, all threads, share of its arithmetic floor"
            .formatted(validators),
        Goal.atLeast(0.8, "0.8"),
        bench -> streamed(bench, argument));
  }

  private static Taken streamed(Bench bench, String validators) {
    Path program = bench.nativeProgram(List.of("consensus_floor"), "consensus_floor");
    String threads = String.valueOf(Runtime.getRuntime().availableProcessors());
    double[] shares = new double[FLOOR_TIMES];
    double[] nanos = new double[FLOOR_TIMES];
    double[] floors = new double[FLOOR_TIMES];
    for (int time = 0; time < FLOOR_TIMES; time++) {
      // the time is an argument only to have it run again
      String turns = String.valueOf(301 + 2 * time);
      double[] numbers =
          CeilingFigures.numbers(
              bench.lines(Map.of(), List.of(program.toString(), validators, threads, turns)),
              "share ");
      shares[time] = numbers[0];
      nanos[time] = numbers[STREAMED];
      floors[time] = numbers[FLOOR];
    }
    return Taken.of(Reading.of(shares, ""))
        .with(Reading.of(nanos, "ns/message").brief())
        .with("a SipHash " + Reading.of(floors, "ns").brief());
  }

  private static Taken hostOverJava(Bench bench, int threads) {
    String java = "java, threads " + threads;
    return Taken.of(
            line(bench, "time of " + java + " over host, threads " + threads, USUAL)
                .times(1, "times"))
        .with("`java` " + line(bench, "message, " + java, USUAL).brief());
  }

  private static Reading line(Bench bench, String name, String[] arguments) {
    return Reading.parse(name, bench.java(EngineRatio.class, arguments))
        .orElseThrow(() -> new LackingException("EngineRatio has no " + name + " here"));
  }
}
