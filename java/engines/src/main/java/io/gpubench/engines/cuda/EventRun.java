// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaEvent;
import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.launch.Launch;
import java.util.Map;

/**
 * {@link Launch#EVENT}: an event is recorded in an idle stream and waited for. It takes the time,
 * as those do that measure. Confined to the context's thread.
 */
final class EventRun implements PreparedRun {
  private final Closer closer = new Closer();
  private final ParameterValues values;
  private final CudaStream stream;
  private final CudaEvent before;
  private final CudaEvent event;

  EventRun(CudaContext context, ParameterValues values) {
    this.values = values;
    try {
      stream = closer.closes(context.newStream());
      before = closer.closes(context.newEvent());
      event = closer.closes(context.newEvent());
      event.record(stream); // before any sample: too early for each
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  @Override
  public void stage(long sample) {
    before.record(stream);
    stream.synchronize();
  }

  @Override
  public void execute() {
    event.record(stream);
    event.synchronize();
  }

  /** Whether it has happened, and not before what came before it. */
  @Override
  public boolean verify(long sample) {
    return event.hasHappened() && event.nanosSince(before) >= 0;
  }

  @Override
  public String mismatch(long sample) {
    return "the event has not happened, or too early";
  }

  @Override
  public long digest() {
    return AnswerDigest.of(new long[0]);
  }

  @Override
  public Work work() {
    return Launch.EVENT.work(values);
  }

  @Override
  public long inputs() {
    return EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    return TokenPiece.verification(1.0);
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("event", "timed");
  }

  @Override
  public void close() {
    closer.close();
  }
}
