// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.Forgery.Act;
import io.gpubench.app.cli.Forgery.Source;
import java.util.Map;
import java.util.stream.Stream;

/** Forgeries of values that follow from others. */
final class ForgedValues {
  private static final String PROCESS = "/records/0/processes/0";
  static final String BYTES = "altered|truncated";

  private ForgedValues() {}

  static Stream<Forgery> all() {
    return Stream.concat(statistics(), duets());
  }

  /** As it was sealed, and sealed anew. */
  static Stream<Forgery> both(String name, Source source, Act act, String... flaws) {
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
                "answers that nobody compared",
                run -> {
                  long compared = run.at(PROCESS + "/answersRight").asLong();
                  run.set(PROCESS + "/answersRight", 0)
                      .add("/records/0/verification/answersRight", -compared);
                },
                "record"),
            both(
                "a wrong answer among the right ones",
                run -> run.set("/records/0/verification/answersWrong", 1),
                "record"),
            both(
                "stopped by a wrong answer, and measured",
                run -> run.set(PROCESS + "/stop", "mismatch"),
                "record"),
            both(
                "a crash that measured",
                run ->
                    run.set(
                        PROCESS + "/failure",
                        Map.of("kind", "crash", "step", "measure", "stderr", "")),
                "record"),
            both(
                "a clock that hardly ever advanced",
                run -> run.set(PROCESS + "/discards", Map.of("the clock did not advance", 10_000)),
                "timer"),
            both(
                "throttling that no device told of",
                run ->
                    run.set(PROCESS + "/discards", Map.of("throttled: hw-slowdown", 3))
                        .add(PROCESS + "/answersRight", 3)
                        .add("/records/0/verification/answersRight", 3),
                "record"),
            both(
                "a rule that it did not have",
                run -> run.set(PROCESS + "/stop", "entropy"),
                "record"),
            both("no warm-up", run -> run.set(PROCESS + "/warmup", null), "record"),
            both(
                "a warm-up that was cut short",
                run -> run.set(PROCESS + "/warmup/seconds", 0.0001),
                "record"),
            both(
                "a run that failed",
                run -> run.set("/status", "failed").set("/statusReason", "the disk was full"),
                "record"),
            both(
                "a run that has not ended",
                run ->
                    run.set("/status", "running")
                        .set("/endedAt", null)
                        .set("/elapsedSeconds", null),
                "record"),
            both("a run without an end", run -> run.set("/endedAt", null), "redated"),
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
}
