// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.Forgery.Act;
import io.gpubench.app.cli.Forgery.Source;
import io.gpubench.measure.result.RawSamples;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Forgeries of values and of samples, and of both where they do not fit each other. */
final class ForgedValues {
  private static final String PROCESS = "/records/0/processes/0";
  private static final String BYTES = "altered|truncated";

  private ForgedValues() {}

  static Stream<Forgery> all() {
    return Stream.of(statistics(), duets(), samples(), swapped(), units()).flatMap(all -> all);
  }

  /** As it was sealed, and sealed anew. */
  private static Stream<Forgery> both(String name, Source source, Act act, String... flaws) {
    Forgery plain = Forgery.of(name, source, act, flaws);
    return Stream.of(
        new Forgery(
            name,
            source,
            act,
            Stream.concat(Stream.of(flaws), Stream.of(BYTES)).toList(),
            plain.options()),
        plain.resealed(flaws));
  }

  private static Stream<Forgery> both(String name, Act act, String... flaws) {
    return both(name, Source.SUITE, act, flaws);
  }

  private static Stream<Forgery> scaled(String pointer, double factor) {
    return both(pointer + " times " + factor, run -> run.scale(pointer, factor), "statistic");
  }

  private static Stream<Forgery> statistics() {
    return Stream.of(
            scaled(PROCESS + "/statistics/median", 0.97),
            scaled(PROCESS + "/statistics/p99", 0.999),
            scaled(PROCESS + "/statistics/lag1", 0.5),
            scaled(PROCESS + "/statistics/drift", 0.5),
            scaled(PROCESS + "/statistics/intervals/median/lower", 0.99),
            scaled(PROCESS + "/statistics/outliers/mad/mean", 1.0001),
            scaled("/records/1/statistics/median", 1 + 1e-7),
            scaled("/records/1/statistics/p999", 0.9),
            scaled("/records/1/statistics/cv", 0.1),
            scaled("/records/1/variation/within", 0.1),
            scaled("/records/0/variation/smallestMedianNanos", 0.9),
            scaled("/records/0/throughput/median", 1.03),
            both("min, one less", run -> run.add(PROCESS + "/statistics/min", -1), "statistic"),
            both(
                "outliers, one less",
                run -> run.add(PROCESS + "/statistics/outliers/mad/count", -1),
                "statistic"),
            both(
                "an interval that there is not",
                run ->
                    run.set("/records/0/statistics/intervals/median/lower", 1.0)
                        .set("/records/0/statistics/intervals/median/upper", 2.0),
                "statistic"),
            both(
                "a throughput's bounds",
                run ->
                    run.set("/records/0/throughput/lower", 1.0)
                        .set("/records/0/throughput/upper", 2e12),
                "statistic"),
            both(
                "median above p95",
                run -> run.scale(PROCESS + "/statistics/median", 50),
                "statistic",
                "order"),
            both(
                "a doubtful process, a record beyond doubt",
                run ->
                    run.set(PROCESS + "/outcome", "Rejected")
                        .set(PROCESS + "/reason", "implausible"),
                "record"),
            both(
                "the reason taken away",
                run -> run.set(PROCESS + "/outcome", "Rejected"),
                "record"),
            both(
                "under-sampled, or not",
                run ->
                    run.set(
                        "/records/0/underSampled", !run.at("/records/0/underSampled").asBoolean()),
                "record"),
            both(
                "more samples in the record",
                run -> run.add("/records/0/sampleCount", 1),
                "record"),
            both(
                "more samples in the process",
                run -> run.add(PROCESS + "/sampleCount", 1),
                "truncated"),
            both(
                "fewer samples in the process",
                run -> run.add(PROCESS + "/sampleCount", -1),
                "record"),
            both(
                "more right answers",
                run -> run.add("/records/0/verification/answersRight", 1),
                "record"),
            both(
                "another seed than planned",
                run -> run.set("/records/0/parameters/seed", 2),
                "record"),
            both(
                "another size than planned",
                run -> run.set("/records/0/parameters/validators", 4000),
                "record"),
            both(
                "another size than was named, in plan and record",
                run ->
                    run.set("/records/0/parameters/validators", 4000)
                        .set("/planned/0/parameters/validators", 4000),
                "record"),
            both(
                "a property that no run has",
                run -> run.set("/records/0/certified", true),
                "schema"))
        .flatMap(all -> all);
  }

  private static Stream<Forgery> duets() {
    return Stream.of(
            both(
                "the ratio of a duet",
                Source.DUET,
                run -> run.scale("/duets/0/played/0/logRatios/median", 0.9),
                "statistic"),
            both(
                "the ratio of a comparison",
                Source.DUET,
                run -> run.scale("/duets/0/summary/median/ratio", 0.97),
                "statistic"),
            both(
                "the spread of a comparison",
                Source.DUET,
                run -> run.scale("/duets/0/summary/p95/spread", 0.1),
                "statistic"),
            both(
                "how many duets there were",
                Source.DUET,
                run -> run.add("/duets/0/summary/duets", 1),
                "statistic"),
            both(
                "the sides exchanged",
                Source.DUET,
                run -> run.swap("/duets/0/a/record", "/duets/0/b/record"),
                "statistic"))
        .flatMap(all -> all);
  }

  private static Act change(UnaryOperator<RawSamples> change) {
    return run -> run.samples(0, 0, change);
  }

  private static Stream<Forgery> samples() {
    return Stream.of(
            both("a duration", change(duration(7, 10)), "statistic"),
            both("a start", change(start(7, -1_000_000_000)), "samples|backwards"),
            both("a start before its time", change(start(7, -100_000)), "samples|backwards"),
            both("a sample added", change(ForgedValues::withOneMore), "record"),
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
                Forgery.of("a start, by a nanosecond", Source.SUITE, change(start(7, 1)), BYTES),
                Forgery.of(
                    "the first samples left out, and all that follows",
                    Source.SUITE,
                    run -> run.samples(0, 0, raw -> without(raw, 0)).derive().seal(),
                    "samples"),
                Forgery.of(
                    "the slower half left out, and all that follows",
                    Source.SUITE,
                    run -> run.samples(0, 0, ForgedValues::quickerHalf).derive().seal(),
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
        Forgery.of(
                "ten times the work", Source.SUITE, run -> run.scale("/records/0/work/units", 10))
            .resealed("statistic"),
        Forgery.of(
                "1,000 times the work",
                Source.SUITE,
                run -> run.scale("/records/0/work/units", 1e3))
            .resealed("units"),
        Forgery.of(
            "a million times the operations",
            Source.SUITE,
            run -> run.scale("/records/0/work/operations", 1e6).derive().seal(),
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

  private static void exchange(Forger run, java.nio.file.Path one, java.nio.file.Path other) {
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
        java.util.stream.IntStream.range(0, raw.count())
            .filter(i -> i == 0 || raw.duration(i) <= median)
            .toArray();
    return RawSamples.of(
        java.util.Arrays.stream(kept).mapToLong(raw::start).toArray(),
        java.util.Arrays.stream(kept).mapToLong(raw::duration).toArray());
  }
}
