// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ceilings of the processors: `host` next to loops as in STREAM, and `java` against `host` in a
 * duet.
 */
final class CeilingFigures {
  private static final double GIGA = 1e9;
  private static final int STREAM_TIMES = 3;
  private static final String ARRAY_BYTES = "268435456";
  private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");

  /** The last number of a line of stream_bench: the library over the better loop, of medians. */
  private static final int RATIO = 7;

  /** The median of the library, in GB/s. */
  private static final int LIBRARY = 5;

  static final List<Figure> ALL =
      List.of(
          stream("read", "ceiling.hostread"),
          stream("copy", "ceiling.hostcopy"),
          stream("triad", "ceiling.triad"),
          java("hostread", GIGA, "GB/s"),
          java("hostcopy", GIGA, "GB/s"),
          java("triad", GIGA, "GB/s"),
          java("l2", GIGA, "GB/s"),
          java("fp32", GIGA, "GFLOP/s"),
          java("int32", GIGA, "G operations/s"),
          java("atomic", 1e6, "M operations/s"));

  private CeilingFigures() {}

  private static Figure stream(String loop, String workload) {
    return new Figure(
        "stream-" + loop,
        "`%s` on `host`, 2 threads, over the better of two programs as STREAM in the same minute"
            .formatted(workload),
        Goal.atLeast(0.9, "0.9"),
        bench -> stream(bench, loop));
  }

  private static Taken stream(Bench bench, String loop) {
    Path program = bench.nativeProgram(List.of("stream_bench"), "stream_bench");
    double[] ratios = new double[STREAM_TIMES];
    double[] rates = new double[STREAM_TIMES];
    for (int time = 0; time < STREAM_TIMES; time++) {
      // the time is an argument only to have it run again: rounds are odd, for a median
      String rounds = String.valueOf(11 + 2 * time);
      double[] numbers =
          numbers(
              bench.lines(Map.of(), List.of(program.toString(), "2", "256", rounds)), loop + " ");
      ratios[time] = numbers[RATIO];
      rates[time] = numbers[LIBRARY];
    }
    return Taken.of(Reading.of(ratios, "")).with(Reading.of(rates, "GB/s").brief());
  }

  /** The numbers in the line that begins so. */
  static double[] numbers(List<String> lines, String begin) {
    String line =
        lines.stream()
            .filter(one -> one.startsWith(begin))
            .findFirst()
            .orElseThrow(() -> new FailedException("no line begins with " + begin));
    var numbers = new ArrayList<Double>();
    Matcher matcher = NUMBERS.matcher(line);
    while (matcher.find()) {
      numbers.add(Double.parseDouble(matcher.group()));
    }
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Figure java(String ceiling, double scale, String unit) {
    return new Figure(
        "java-" + ceiling,
        "`ceiling.%s`: speed of `java` over `host`, all threads".formatted(ceiling),
        Goal.atLeast(0.8, "0.8"),
        bench -> {
          RunDocument run = duet(bench);
          String workload = "ceiling." + ceiling;
          ResultRecord host =
              run.records().stream()
                  .filter(one -> one.workload().equals(workload) && one.engine().equals("host"))
                  .findFirst()
                  .orElseThrow(() -> new FailedException("no record of host"));
          // A is java, B is host: B's time over A's is A's speed over B's
          return Taken.of(Records.duet(run, Records.record(run, workload, Map.of())))
              .with("`host` " + Records.rate(host, scale, unit).brief());
        });
  }

  private static RunDocument duet(Bench bench) {
    var command = new ArrayList<>(List.of("duet", "engine=java", "engine=host"));
    for (String ceiling :
        List.of("hostread", "hostcopy", "triad", "l2", "fp32", "int32", "atomic")) {
      command.add("ceiling." + ceiling);
    }
    for (String setting :
        List.of(
            "hostread.bytes=" + ARRAY_BYTES,
            "hostcopy.bytes=" + ARRAY_BYTES,
            "triad.bytes=" + ARRAY_BYTES,
            "l2.bytes=1048576",
            "l2.passes=64",
            "fp32.chains=131072",
            "fp32.steps=8192",
            "int32.chains=131072",
            "int32.steps=8192",
            "atomic.cells=65536",
            "atomic.operations=1048576")) {
      command.addAll(List.of("--set", "ceiling." + setting));
    }
    command.addAll(List.of("--duets", "6", "--samples", "40"));
    return bench.run(command.toArray(String[]::new));
  }
}
