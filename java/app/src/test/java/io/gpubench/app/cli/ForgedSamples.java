// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.Forgery.Act;
import io.gpubench.app.cli.Forgery.Source;
import io.gpubench.measure.result.RawSamples;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Forgeries of samples, alone or with some of what follows: edited, exchanged, in other units. */
final class ForgedSamples {
  private static final String PROCESS = "/records/0/processes/0";

  private ForgedSamples() {}

  static Stream<Forgery> all() {
    return Stream.of(samples(), swapped(), units()).flatMap(all -> all);
  }

  private static Stream<Forgery> both(String name, Act act, String... flaws) {
    return ForgedValues.both(name, Source.SUITE, act, flaws);
  }

  private static Act change(UnaryOperator<RawSamples> change) {
    return run -> run.samples(0, 0, change);
  }

  private static Stream<Forgery> samples() {
    return Stream.of(
            both("a duration", change(duration(7, 10)), "statistic"),
            both("a start", change(start(7, -1_000_000_000)), "samples|backwards"),
            both("a start before its time", change(start(7, -100_000)), "samples|backwards"),
            both("a sample added", change(ForgedSamples::withOneMore), "record"),
            both("a sample taken out", change(raw -> without(raw, 7)), "truncated", "statistic"),
            both(
                "the first sample taken out",
                change(raw -> without(raw, 0)),
                "truncated",
                "samples"),
            both(
                "a sample's line taken out",
                run ->
                    run.edit(
                        run.at(PROCESS + "/samples").asString(),
                        text -> text.replaceFirst("\n7,.*", "")),
                "samples"),
            both(
                "another heading",
                run ->
                    run.edit(
                        run.at(PROCESS + "/samples").asString(),
                        text -> text.replace("duration_ns", "duration_us")),
                "samples"),
            Stream.of(
                Forgery.of(
                    "a start, by a nanosecond",
                    Source.SUITE,
                    change(start(7, 1)),
                    ForgedValues.BYTES),
                Forgery.of(
                    "the first samples left out, and all that follows",
                    Source.SUITE,
                    run -> run.samples(0, 0, raw -> without(raw, 0)).derive().seal(),
                    "samples"),
                Forgery.of(
                    "the slower half left out, and all that follows",
                    Source.SUITE,
                    run -> run.samples(0, 0, ForgedSamples::quickerHalf).derive().seal(),
                    "record"),
                Forgery.of(
                    "a scaled sample file, and all that follows but the histogram",
                    Source.SUITE,
                    run -> {
                      byte[] log = Forger.bytes(run.histogramFile(0));
                      run.samples(0, 0, raw -> times(raw, 0.9, 1)).derive();
                      run.write(run.histogramFile(0), log).seal();
                    },
                    "histogram")))
        .flatMap(all -> all);
  }

  private static Stream<Forgery> swapped() {
    return Stream.of(
        Forgery.of(
            "sample files of two records exchanged", Source.SUITE, exchange(0, 0, 1, 0), "swapped"),
        Forgery.of("sample files of two records exchanged", Source.SUITE, exchange(0, 0, 1, 0))
            .resealed("swapped"),
        Forgery.of("sample files of two processes exchanged", Source.SUITE, exchange(0, 0, 0, 1))
            .resealed("swapped"),
        Forgery.of(
            "histograms exchanged",
            Source.SUITE,
            run -> exchange(run, run.histogramFile(0), run.histogramFile(1)),
            "swapped",
            "histogram"),
        Forgery.of(
                "histograms exchanged",
                Source.SUITE,
                run -> exchange(run, run.histogramFile(0), run.histogramFile(1)))
            .resealed("histogram"),
        Forgery.of(
                "samples and statistics of two records exchanged",
                Source.SUITE,
                run -> {
                  exchange(0, 0, 1, 0).on(run);
                  run.swap(PROCESS + "/statistics", "/records/1/processes/0/statistics");
                })
            .resealed("histogram", "statistic"),
        Forgery.of(
            "samples of two records exchanged, and all that follows",
            Source.SUITE,
            run -> {
              exchange(0, 0, 1, 0).on(run);
              exchange(0, 1, 1, 1).on(run);
              run.derive().seal();
            },
            "overfull"),
        Forgery.of(
                "the file of another process",
                Source.SUITE,
                run -> run.set(PROCESS + "/samples", run.at("/records/0/processes/1/samples")))
            .resealed("record", "unlisted"),
        Forgery.of(
            "samples of one process twice, and all that follows",
            Source.SUITE,
            run ->
                run.write(run.samplesFile(0, 1), Forger.bytes(run.samplesFile(0, 0)))
                    .derive()
                    .seal(),
            "replayed"));
  }

  private static Stream<Forgery> units() {
    return Stream.of(
        consistently(
            "1,000 times the durations", raw -> times(raw, 1000, 1), "backwards", "overfull"),
        consistently("1,000 times all times", raw -> times(raw, 1000, 1000), "overfull"),
        consistently("a thousandth of the durations", raw -> times(raw, 1e-3, 1), "timer"),
        consistently("a thousandth of all times", raw -> times(raw, 1e-3, 1e-3), "timer", "units"),
        Forgery.of(
            "a thousandth of all times of the larger record",
            Source.SUITE,
            run ->
                run.samples(1, 0, raw -> times(raw, 1e-3, 1e-3))
                    .samples(1, 1, raw -> times(raw, 1e-3, 1e-3))
                    .derive()
                    .seal(),
            "units"),
        Forgery.of(
                "statistics of a process in another unit",
                Source.SUITE,
                run -> allStatistics(run, PROCESS + "/statistics", 1e-3))
            .resealed("units"),
        Forgery.of(
                "statistics of a record in another unit",
                Source.SUITE,
                run -> allStatistics(run, "/records/0/statistics", 1e-6))
            .resealed("units"),
        Forgery.of(
                "throughput 1,000 times",
                Source.SUITE,
                run -> run.scale("/records/0/throughput/median", 1e3))
            .resealed("units"),
        Forgery.of("another unit of time", Source.SUITE, run -> run.set("/records/0/unit", "us"))
            .resealed("schema"),
        Forgery.of(
                "another unit of throughput",
                Source.SUITE,
                run -> run.set("/records/0/throughput/unit", "kilomessages/s"))
            .resealed("units"),
        Forgery.of("ten times the work", Source.SUITE, run -> run.scaleWork("units", 10))
            .resealed("statistic"),
        Forgery.of("1,000 times the work", Source.SUITE, run -> run.scaleWork("units", 1e3))
            .resealed("units"),
        Forgery.of(
            "a million times the operations",
            Source.SUITE,
            run -> run.scaleWork("operations", 1e6).derive().seal(),
            "bound"));
  }

  private static Forgery consistently(
      String name, UnaryOperator<RawSamples> change, String... flaws) {
    return Forgery.of(
        name + ", and all that follows",
        Source.SUITE,
        run -> run.allSamples(change).derive().seal(),
        flaws);
  }

  private static void allStatistics(Forger run, String pointer, double factor) {
    for (String name :
        new String[] {"median", "p50", "p95", "p99", "p999", "mean", "stdDev", "mad"}) {
      run.scale(pointer + "/" + name, factor);
    }
  }

  private static Act exchange(int record, int process, int otherRecord, int otherProcess) {
    return run ->
        exchange(run, run.samplesFile(record, process), run.samplesFile(otherRecord, otherProcess));
  }

  private static void exchange(Forger run, Path one, Path other) {
    byte[] first = Forger.bytes(one);
    run.write(one, Forger.bytes(other)).write(other, first);
  }

  static RawSamples times(RawSamples raw, double durations, double starts) {
    return RawSamples.of(
        LongStream.of(raw.starts()).map(start -> (long) (start * starts)).toArray(),
        LongStream.of(raw.durations())
            .map(duration -> Math.max(1, (long) (duration * durations)))
            .toArray());
  }

  private static UnaryOperator<RawSamples> duration(int index, long more) {
    return raw -> {
      long[] durations = raw.durations().clone();
      durations[index] += more;
      return RawSamples.of(raw.starts(), durations);
    };
  }

  private static UnaryOperator<RawSamples> start(int index, long more) {
    return raw -> {
      long[] starts = raw.starts().clone();
      starts[index] = Math.max(0, starts[index] + more);
      return RawSamples.of(starts, raw.durations());
    };
  }

  private static RawSamples withOneMore(RawSamples raw) {
    int last = raw.count() - 1;
    return RawSamples.of(
        LongStream.concat(
                LongStream.of(raw.starts()), LongStream.of(raw.start(last) + raw.duration(last)))
            .toArray(),
        LongStream.concat(LongStream.of(raw.durations()), LongStream.of(raw.duration(last)))
            .toArray());
  }

  private static RawSamples without(RawSamples raw, int index) {
    return RawSamples.of(without(raw.starts(), index), without(raw.durations(), index));
  }

  private static long[] without(long[] values, int index) {
    return LongStream.concat(
            LongStream.of(values).limit(index), LongStream.of(values).skip(index + 1L))
        .toArray();
  }

  private static RawSamples quickerHalf(RawSamples raw) {
    long median =
        LongStream.of(raw.durations()).sorted().skip(raw.count() / 2).findFirst().orElse(0);
    int[] kept =
        IntStream.range(0, raw.count()).filter(i -> i == 0 || raw.duration(i) <= median).toArray();
    return RawSamples.of(
        Arrays.stream(kept).mapToLong(raw::start).toArray(),
        Arrays.stream(kept).mapToLong(raw::duration).toArray());
  }
}
