// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RawSamples;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.util.List;
import java.util.Map;

/**
 * One process with its samples, and what is known of who measured.
 *
 * @param foreign whether the engine is not one of our own; the timer is then not that of its clock
 * @param operationsPerSecond what the hardware cannot exceed; infinite when it is not known
 * @param bounds what it cannot exceed either, from a ceiling's id to its unit per second
 * @param samples at least one
 */
record MeasuredProcess(
    ResultRecord record,
    ProcessPart part,
    boolean foreign,
    double operationsPerSecond,
    Map<String, Double> bounds,
    RawSamples samples) {
  private static final String MEASURED = new Outcome.Measured().word();

  /**
   * A process of a run. Where a duet has two engines of one id, the one counts that allows for
   * more.
   */
  static MeasuredProcess of(
      RunDocument run, ResultRecord record, ProcessPart part, RawSamples samples) {
    List<RunDocument.EngineChoice> engines = Engines.of(run, record);
    double most = 0;
    for (RunDocument.EngineChoice engine : engines) {
      Double bound = engine.operationsPerSecond();
      most = Math.max(most, bound == null ? Double.POSITIVE_INFINITY : bound);
    }
    return new MeasuredProcess(
        record,
        part,
        Engines.foreign(engines),
        engines.isEmpty() ? Double.POSITIVE_INFINITY : most,
        Engines.bounds(engines),
        samples);
  }

  /** What a finding about it is about. */
  String subject() {
    return subject(record, part);
  }

  static String subject(ResultRecord record, ProcessPart part) {
    return record.id() + "." + part.repetition();
  }

  /** Whether its numbers are said to count. */
  boolean measured() {
    return part.outcome().equals(MEASURED);
  }
}
