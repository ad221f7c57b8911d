// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaEvent;
import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.spi.PreparedRun;
import java.util.Map;

/** A piece of work that does what another one does, or cheats in one of the known ways. Owns it. */
final class CheatingPiece implements DevicePiece {
  /** So many calls prove a piece and begin to warm it up. */
  private static final int WARM = 20;

  private static final int FIRST = 0;

  /** The known ways. */
  enum Cheat {
    /** None. */
    HONEST,
    /** Enqueues nothing. */
    DOES_NOTHING,
    /** Leaves, every third time, what lies there from the sample before. */
    REPLAYS,
    /** Enqueues the work elsewhere, at once, and something that looks like work where it should. */
    ANOTHER_STREAM,
    /** Enqueues the work elsewhere, behind the input, and does not wait for it. */
    FORKS,
    /** Works while it makes the input, before the time begins. */
    WORKS_AHEAD,
    /** Works when its answer is checked, after the time has ended. */
    ANSWERS_LATE,
    /** Finds every answer right, its own and others. */
    VOUCHES_FOR_ITSELF,
    /** Works every second time. */
    EVERY_SECOND,
    /** Works until it has warmed up. */
    WORKS_IN_WARM_UP_ONLY,
    /** Waits for the device, so that the stream cannot be held. */
    WAITS
  }

  private final Cheat cheat;
  private final DevicePiece honest;
  private final CudaStream elsewhere;
  private final CudaEvent fork;
  private int calls;

  CheatingPiece(Cheat cheat, CudaContext context, DevicePiece honest) {
    this.cheat = cheat;
    this.honest = honest;
    elsewhere = context.newStream();
    fork = context.newEvent();
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    honest.input(stream, sample, position);
    if (cheat == Cheat.WORKS_AHEAD) {
      honest.work(stream, position);
    }
  }

  @Override
  public void work(CudaStream stream, int position) {
    calls++;
    switch (cheat) {
      case HONEST, VOUCHES_FOR_ITSELF -> honest.work(stream, position);
      case DOES_NOTHING -> {}
      case REPLAYS -> workIf(calls < WARM || calls % 3 != 0, stream, position);
      case ANOTHER_STREAM -> {
        // the first call is that of the rehearsal, which makes the first input there is
        honest.work(calls == 1 ? stream : elsewhere, FIRST);
        fork.record(stream);
      }
      case FORKS -> {
        fork.record(stream);
        elsewhere.waitFor(fork);
        honest.work(elsewhere, FIRST);
      }
      case WORKS_AHEAD, ANSWERS_LATE -> fork.record(stream);
      case EVERY_SECOND -> workIf(calls < WARM || calls % 2 == 0, stream, position);
      case WORKS_IN_WARM_UP_ONLY -> workIf(calls < WARM, stream, position);
      case WAITS -> {
        honest.work(stream, position);
        if (calls > 3) {
          stream.synchronize();
        }
      }
    }
  }

  private void workIf(boolean reallyDoes, CudaStream stream, int position) {
    if (reallyDoes) {
      honest.work(stream, position);
    } else {
      fork.record(stream);
    }
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    if (cheat == Cheat.ANSWERS_LATE) {
      honest.work(stream, position);
    }
    honest.check(stream, sample, position);
  }

  @Override
  public boolean right(long sample, int position) {
    return cheat == Cheat.VOUCHES_FOR_ITSELF || honest.right(sample, position);
  }

  @Override
  public String mismatch(long sample, int position) {
    return honest.mismatch(sample, position);
  }

  @Override
  public long digest(int position) {
    return honest.digest(position);
  }

  @Override
  public int positions() {
    return honest.positions();
  }

  @Override
  public int separatePositions() {
    return honest.separatePositions();
  }

  @Override
  public PreparedRun.Work amount() {
    return honest.amount();
  }

  @Override
  public long inputs() {
    return honest.inputs();
  }

  @Override
  public Map<String, Object> verification() {
    return honest.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    return honest.configuration();
  }

  @Override
  public void close() {
    try (honest;
        elsewhere;
        fork) {
      calls = 0;
    }
  }
}
