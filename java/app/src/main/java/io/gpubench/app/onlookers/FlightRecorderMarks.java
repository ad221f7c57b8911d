// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.onlookers;

import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.run.Onlooker;
import io.gpubench.measure.run.Phase;
import io.gpubench.measure.run.SampleBatch;
import jdk.jfr.FlightRecorder;

/**
 * Phases as events of Java's flight recorder. While it has not been started, nothing of it is
 * touched, not even the events' classes.
 */
final class FlightRecorderMarks implements Onlooker {
  @Override
  public Mark begin(Phase phase, Subject subject) {
    if (!FlightRecorder.isInitialized()) {
      return Mark.NONE;
    }
    return phase == Phase.BATCH ? batch(subject) : phase(phase, subject);
  }

  private static Mark phase(Phase phase, Subject subject) {
    var event = new PhaseEvent();
    if (!event.isEnabled()) {
      return Mark.NONE;
    }
    event.phase = phase.word();
    event.record = id(subject);
    event.workload = subject.workload();
    event.engine = subject.engine();
    event.begin();
    return event::commit;
  }

  private static Mark batch(Subject subject) {
    var event = new BatchEvent();
    if (!event.isEnabled()) {
      return Mark.NONE;
    }
    event.record = id(subject);
    event.begin();
    return new BatchMark(event);
  }

  /** Empty while nothing is prepared. */
  private static String id(Onlooker.Subject subject) {
    return subject.mode() == null
        ? ""
        : PlannedRun.id(subject.workload(), subject.engine(), subject.mode(), subject.parameters());
  }

  /** Its time ends before its event is written. */
  private record BatchMark(BatchEvent event) implements Mark {
    @Override
    public void took(long first, int leftOut, SampleBatch batch) {
      event.end();
      event.first = first;
      event.samples = batch.count();
      event.leftOut = leftOut;
      batch
          .discards()
          .forEach((why, count) -> {
            event.discarded += count;
            event.why += (event.why.isEmpty() ? "" : ", ") + why;
          });
    }

    @Override
    public void discarded(String why) {
      event.discarded += event.samples;
      event.samples = 0;
      event.why = why;
    }

    @Override
    public void close() {
      event.commit();
    }
  }
}
