// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.Forgery.Act;
import io.gpubench.app.cli.Forgery.Source;
import io.gpubench.measure.result.RawSamples;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Forgeries by who keeps everything consistent and seals it: times that no work took, and dates.
 */
final class ForgedTimes {
  private static final String LARGE = "/records/1/processes/0";
  private static final Duration DAYS = Duration.ofDays(30);

  private ForgedTimes() {}

  static Stream<Forgery> all() {
    return Stream.of(slept(), quantised(), redated()).flatMap(all -> all);
  }

  private static Forgery samples(String name, UnaryOperator<RawSamples> change, String... flaws) {
    return Forgery.of(name, Source.SUITE, run -> run.samples(1, 0, change).derive().seal(), flaws);
  }

  private static Stream<Forgery> slept() {
    return Stream.of(
        Forgery.of("samples that were parked for", Source.SUITE, run -> sleep(run, false), "slept"),
        Forgery.of("samples that were slept for", Source.SUITE, run -> sleep(run, true), "slept"),
        Forgery.of(
            "processors that did next to nothing",
            Source.SUITE,
            run -> run.set(LARGE + "/processorSeconds", 0.01).seal(),
            "slept"),
        Forgery.of(
            "a first execution longer than all of preparing",
            Source.SUITE,
            run -> run.set(LARGE + "/stages", Map.of("firstExecution", 3_600_000_000_000L)).seal(),
            "overfull"),
        samples("one time for all", raw -> durations(raw, _ -> 600_000), "constant"),
        samples(
            "one time for almost all",
            raw -> durations(raw, time -> time % 200 == 7 ? time : 600_000),
            "constant"),
        samples("like clockwork", raw -> evenly(raw, true), "slept"),
        samples("from end to start like clockwork", raw -> evenly(raw, false), "slept"),
        Forgery.of(
            "a hundred times the work in the same time",
            Source.SUITE,
            run -> {
              var random = new SplittableRandom(1);
              for (int record = 0; record < 2; record++) {
                for (int process = 0; process < 2; process++) {
                  run.samples(record, process, raw -> invented(raw.count(), 2_000_000, random));
                  run.set(
                      "/records/%d/processes/%d/measureSeconds".formatted(record, process), 2.2);
                }
              }
              run.derive().seal();
            },
            "slept"));
  }

  /** Measures sleeping, as honestly as gpubench does, and puts that where work was measured. */
  private static void sleep(Forger run, boolean thread) throws InterruptedException {
    int count = run.at(LARGE + "/sampleCount").asInt();
    long[] starts = new long[count];
    long[] durations = new long[count];
    long begin = System.nanoTime();
    long worked = processorNanos();
    for (int i = 0; i < count; i++) {
      long before = System.nanoTime();
      if (thread) {
        Thread.sleep(0, 300_000);
      } else {
        LockSupport.parkNanos(300_000);
      }
      long after = System.nanoTime();
      starts[i] = before - begin;
      durations[i] = after - before;
    }
    long origin = starts[0];
    run.set(LARGE + "/processorSeconds", (processorNanos() - worked) / 1e9)
        .set(LARGE + "/measureSeconds", (System.nanoTime() - begin) / 1e9)
        .samples(
            1,
            0,
            _ ->
                RawSamples.of(
                    LongStream.of(starts).map(start -> start - origin).toArray(), durations))
        .derive()
        .seal();
  }

  /** Of this thread, since others of this process do other things. */
  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static RawSamples durations(RawSamples raw, LongUnaryOperator change) {
    return RawSamples.of(raw.starts(), LongStream.of(raw.durations()).map(change).toArray());
  }

  /** The durations that there are, cut to fit between starts, or gaps, that are all equal. */
  private static RawSamples evenly(RawSamples raw, boolean starts) {
    long[] begins = new long[raw.count()];
    long[] durations = new long[raw.count()];
    for (int i = 0; i < raw.count(); i++) {
      durations[i] = Math.min(raw.duration(i), 490_000 + i % 97);
      if (i > 0) {
        begins[i] = begins[i - 1] + (starts ? 500_000 : durations[i - 1] + 10_000);
      }
    }
    return RawSamples.of(begins, durations);
  }

  private static RawSamples invented(int count, long nanos, SplittableRandom random) {
    long[] starts = new long[count];
    long[] durations = new long[count];
    for (int i = 0; i < count; i++) {
      durations[i] = nanos + random.nextLong(nanos / 100);
      starts[i] = i == 0 ? 0 : starts[i - 1] + durations[i - 1] + random.nextLong(10_000, 90_000);
    }
    return RawSamples.of(starts, durations);
  }

  private static Stream<Forgery> quantised() {
    return Stream.of(
        Forgery.of(
            "to 100 ns, on a fine clock",
            Source.SUITE,
            run ->
                run.set(LARGE + "/timer/resolutionNanos", 10)
                    .set(LARGE + "/timer/overheadNanos", 20)
                    .samples(1, 0, raw -> durations(raw, time -> time / 100 * 100))
                    .derive()
                    .seal(),
            "quantised"),
        samples("to 1 us", raw -> durations(raw, time -> time / 1_000 * 1_000), "quantised"),
        samples(
            "to 10 us plus 1,234 ns",
            raw -> durations(raw, time -> time / 10_000 * 10_000 + 1_234),
            "quantised"),
        samples("to 4,096 ns", raw -> durations(raw, time -> time / 4_096 * 4_096), "quantised"),
        samples(
            "mostly to 5 us",
            raw -> durations(raw, time -> time % 10 == 3 ? time : time / 5_000 * 5_000),
            "quantised"),
        samples(
            "to 1 ms",
            raw -> durations(raw, time -> Math.max(1, time / 1_000_000) * 1_000_000),
            "quantised|constant"));
  }

  private static Forgery dated(String name, Act act, String... flaws) {
    return Forgery.of(
        name,
        Source.SUITE,
        run -> {
          act.on(run);
          run.seal();
        },
        flaws);
  }

  private static Stream<Forgery> redated() {
    return Stream.of(
        Forgery.of(
            "its start",
            Source.SUITE,
            run -> shift(run, "/startedAt", DAYS),
            "redated",
            "altered|truncated"),
        dated("its start", run -> shift(run, "/startedAt", DAYS), "redated"),
        dated("its end", run -> shift(run, "/endedAt", DAYS), "redated"),
        dated(
            "its end, by a minute",
            run -> shift(run, "/endedAt", Duration.ofSeconds(-70)),
            "redated"),
        dated("how long it took", run -> run.set("/elapsedSeconds", 500.0), "redated"),
        dated("how long it took, too short", run -> run.set("/elapsedSeconds", 0.5), "overfull"),
        dated("a process", run -> shift(run, LARGE + "/startedAt", DAYS.negated()), "redated"),
        dated("no date", run -> run.set("/startedAt", "yesterday"), "schema"),
        dated(
            "a day that there is not",
            run -> run.set("/endedAt", "2026-02-30T00:00:00Z"),
            "redated"),
        Forgery.of(
            "the seal before the run",
            Source.SUITE,
            run -> run.seal(null, Instant.parse(run.at("/startedAt").asString()).minus(DAYS) + ""),
            "redated"),
        Forgery.of(
            "its histogram",
            Source.SUITE,
            run -> {
              shift(run, LARGE + "/startedAt", DAYS).derive();
              byte[] log = Forger.bytes(run.histogramFile(1));
              shift(run, LARGE + "/startedAt", DAYS.negated()).derive();
              run.write(run.histogramFile(1), log).seal();
            },
            "redated"),
        Forgery.of(
            "everything but its id",
            Source.SUITE,
            run -> ForgedTimes.everything(run, DAYS.negated(), false),
            "redated"),
        Forgery.of(
            "everything, into the future",
            Source.SUITE,
            run -> ForgedTimes.everything(run, DAYS, true),
            "redated"));
  }

  static Forger shift(Forger run, String pointer, Duration by) {
    return run.set(pointer, Instant.parse(run.at(pointer).asString()).plus(by).toString());
  }

  /** All dates alike, with all that follows. */
  static void everything(Forger run, Duration by, boolean id) {
    Instant sealed =
        Instant.parse(
            CommandLineFixture.json(CommandLineFixture.read(run.file("manifest.json")))
                .path("sealedAt")
                .asString());
    shift(run, "/startedAt", by);
    shift(run, "/endedAt", by);
    JsonNode records = run.at("/records");
    for (int i = 0; i < records.size(); i++) {
      for (int j = 0; j < records.get(i).path("processes").size(); j++) {
        shift(run, "/records/%d/processes/%d/startedAt".formatted(i, j), by);
      }
    }
    if (id) {
      String stamp =
          run.at("/startedAt").asString().replaceAll("[-:]", "").replaceFirst("\\..*", "Z");
      String renamed = run.at("/id").asString().replaceFirst("^[^-]*", stamp);
      run.set("/id", renamed).rename(renamed);
    }
    run.derive().seal(null, sealed.plus(by).toString());
  }
}
