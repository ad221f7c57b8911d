// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Doubts about the dates of a run. Dates are from the machine's clock, which may be set while it
 * measures; spans of seconds are from one that is not.
 */
final class DateDoubts {
  /**
   * So far may a clock be set back or forth while a run goes on: synchronised clocks are corrected
   * by less than a second, after a virtual machine was held up perhaps by a few.
   */
  static final Duration CLOCK_SET = Duration.ofSeconds(5);

  /**
   * So much longer than its elapsed time may a run have lasted by its dates: it is created a moment
   * before the time begins, and a clock that has been corrected adds {@link #CLOCK_SET}; but a
   * machine that slept for a while has not measured.
   */
  static final Duration BEFORE_THE_TIME = Duration.ofSeconds(60);

  /** Clocks that belong to other machines may be a time zone off. */
  static final Duration FUTURE = Duration.ofDays(1);

  /** By which the two clocks of a machine, and spans rounded to milliseconds, may differ. */
  private static final double DRIFT = 0.01;

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final RunDocument run;
  private final Instant now;
  private final List<Finding> findings = new ArrayList<>();

  private DateDoubts(RunDocument run, Instant now) {
    this.run = run;
    this.now = now;
  }

  /**
   * What cannot be.
   *
   * @param sealedAt null when it is not sealed, or that is not known
   * @param now nothing is later, but for {@link #FUTURE}
   */
  static List<Finding> of(RunDocument run, @Nullable String sealedAt, Instant now) {
    var doubts = new DateDoubts(run, now);
    Instant started = doubts.date("startedAt", run.startedAt());
    Instant ended = doubts.date("endedAt", run.endedAt());
    Instant sealed = doubts.date("sealedAt", sealedAt);
    if (started != null) {
      doubts.id(started);
      doubts.end(started, ended);
      doubts.notBefore("the end", ended, "the start", started);
      doubts.notBefore("the seal", sealed, "the start", started);
      doubts.processes(started, ended);
    }
    if (ended != null) {
      doubts.notBefore("the seal", sealed, "the end", ended);
    }
    return doubts.findings;
  }

  private void add(String subject, String format, Object... arguments) {
    findings.add(Finding.of(Flaw.REDATED, subject, format, arguments));
  }

  private @Nullable Instant date(String what, @Nullable String text) {
    return date(run.id(), what, text);
  }

  private @Nullable Instant date(String subject, String what, @Nullable String text) {
    if (text == null) {
      return null;
    }
    Instant date = Spans.date(text);
    if (date == null) {
      add(subject, "%s is no date of our time: '%s'", what, text);
      return null;
    }
    if (date.isAfter(now.plus(FUTURE))) {
      add(subject, "%s is in the future: %s", what, text);
    }
    return date;
  }

  private void id(Instant started) {
    String stamp = STAMP.format(started);
    if (!run.id().startsWith(stamp + "-")) {
      add(run.id(), "it was started at %s, so its id should begin with %s-", started, stamp);
    }
  }

  private void notBefore(String late, @Nullable Instant later, String early, Instant earlier) {
    if (later != null && later.plus(CLOCK_SET).isBefore(earlier)) {
      add(run.id(), "%s, %s, is before %s, %s", late, later, early, earlier);
    }
  }

  private void end(Instant started, @Nullable Instant ended) {
    Double elapsed = run.elapsedSeconds();
    if (ended == null || elapsed == null || Spans.rescued(run)) {
      return;
    }
    double dated = seconds(Duration.between(started, ended));
    double slack = DRIFT * elapsed;
    if (dated < elapsed - seconds(CLOCK_SET) - slack
        || dated > elapsed + seconds(BEFORE_THE_TIME) + slack) {
      add(
          run.id(),
          "from %s to %s are %.3f s, but %.3f s are said to have passed",
          started,
          ended,
          dated,
          elapsed);
    }
  }

  private void processes(Instant started, @Nullable Instant ended) {
    for (ResultRecord record : run.records()) {
      for (ProcessPart part : record.processes()) {
        String subject = MeasuredProcess.subject(record, part);
        Instant begun = date(subject, "startedAt", part.startedAt());
        if (begun == null) {
          continue;
        }
        if (begun.plus(CLOCK_SET).isBefore(started)) {
          add(subject, "it was started at %s, before the run, %s", begun, started);
        }
        double own = Spans.of(part);
        Instant done = begun.plusMillis((long) (1e3 * own * (1 - DRIFT)));
        if (ended != null && done.isAfter(ended.plus(CLOCK_SET))) {
          add(
              subject,
              "it was started at %s and worked for %.3f s, but the run ended at %s",
              begun,
              own,
              ended);
        }
      }
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
