// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RawSamples;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.stats.Distribution;
import java.time.DateTimeException;
import java.time.Instant;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the histogram log of a record beside its processes: an interval for each, in their
 * order. Used by one thread, which closes it.
 */
final class HistogramCheck implements AutoCloseable {
  /** A log of the most processes that a run can have is smaller. */
  private static final int MOST_BYTES = 256 << 20;

  /** The log keeps milliseconds, and its reader rounds down. */
  private static final long SLACK_MILLIS = 2;

  private final String name;
  private final Findings findings;
  private final Distribution.@Nullable Log log;
  private boolean broken;

  HistogramCheck(ResultRecord record, SealedFiles files, Findings findings) {
    this.name = RunWriter.histogramName(record.id());
    this.findings = findings;
    boolean expected = record.processes().stream().anyMatch(part -> part.samples() != null);
    byte[] text = expected ? files.read(name, (_, in) -> in.readNBytes(MOST_BYTES)) : null;
    this.log = text == null ? null : new Distribution.Log(text);
    this.broken = log == null;
  }

  /** Compares the next interval with the samples of the next process that has some. */
  void next(ProcessPart part, RawSamples samples) {
    String tag = "process-" + part.repetition();
    Histogram interval = interval(tag);
    if (interval == null) {
      return;
    }
    if (!tag.equals(interval.getTag())) {
      found("after the last one comes %s, not %s".formatted(interval.getTag(), tag));
    } else if (!interval.equals(Distribution.of(samples.durations(), samples.count()))) {
      found("the interval %s does not hold the samples of its process".formatted(tag));
    } else {
      compareTimes(part, interval);
    }
  }

  private void compareTimes(ProcessPart part, Histogram interval) {
    try {
      long start = Instant.parse(part.startedAt()).toEpochMilli();
      long end = start + (long) (1e3 * (part.prepareSeconds() + part.measureSeconds()));
      if (Math.abs(interval.getStartTimeStamp() - start) > SLACK_MILLIS
          || Math.abs(interval.getEndTimeStamp() - end) > SLACK_MILLIS) {
        findings.add(
            Flaw.REDATED,
            name,
            "process %d is of %s .. %s here, and began at %s in run.json"
                .formatted(
                    part.repetition(),
                    Instant.ofEpochMilli(interval.getStartTimeStamp()),
                    Instant.ofEpochMilli(interval.getEndTimeStamp()),
                    part.startedAt()));
      }
    } catch (DateTimeException | ArithmeticException _) {
      // a date that is none is found elsewhere
    }
  }

  private @Nullable Histogram interval(String tag) {
    Histogram next = next();
    if (next == null && !broken) {
      found("it ends before " + tag);
    }
    return next;
  }

  private @Nullable Histogram next() {
    try {
      return log == null || broken ? null : log.next();
    } catch (ResultFormatException e) {
      found(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void found(String message) {
    broken = true;
    findings.add(Flaw.HISTOGRAM, name, message);
  }

  @Override
  public void close() {
    if (log != null) {
      if (next() != null) {
        found("it has more intervals than processes with samples");
      }
      log.close();
    }
  }
}
