// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaException;
import io.gpubench.gpu.CudaGraph;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.NativeException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Mode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work with what every clock needs around it: the stream, the graphs of a replayed path,
 * the gate that holds the stream, the sweep of a cold run. Before it is timed the piece is put to
 * the proof: an answer that nobody worked on must be wrong, and the work must stay in its stream.
 * Owns all of it, the piece included; its creator closes it, on the context's thread.
 */
final class PieceRig implements AutoCloseable {
  /** How long a stream is held at most. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /** From here on samples are numbered that only prove something; timed ones stay below. */
  static final long PROOFS = 1L << 40;

  /** Time for what has left the stream to be done while that is held. */
  private static final Duration ASTRAY = Duration.ofMillis(2);

  final DevicePiece piece;
  final CudaContext context;
  final TimingKernels kernels;
  final CudaStream stream;
  final StreamGate gate;
  private final Closer closer = new Closer();
  private final Mode mode;
  private final @Nullable CacheSweep sweep;
  private final @Nullable CudaGraph[] graphs;
  private @Nullable String doubt;

  /** Whether the stream was held until all of the proof was enqueued: a queue may be too short. */
  private boolean heldToTheEnd = true;

  /**
   * Sets it up and proves the piece.
   *
   * @param piece is closed with the rig, and if there is none
   * @param patience how long a stream is held at most
   */
  PieceRig(TimingKernels kernels, DevicePiece piece, Mode mode, Duration patience) {
    this.piece = closer.closes(piece);
    this.kernels = kernels;
    this.mode = mode;
    context = kernels.context();
    try {
      stream = closer.closes(context.newStream());
      gate = closer.closes(new StreamGate(kernels, patience));
      sweep = mode.cache() == Mode.Cache.COLD ? closer.closes(new CacheSweep(kernels)) : null;
      graphs = new CudaGraph[mode.path().equals(CudaEngine.GRAPH) ? piece.positions() : 0];
      rehearse();
      capture();
      prove();
    } catch (RuntimeException | Error failure) {
      throw closing(failure);
    }
  }

  /** Closes all because of a failure, also when the stream is held. */
  RuntimeException closing(Throwable failure) {
    if (gateIsThere()) {
      gate.release();
      try {
        context.synchronize(); // what is enqueued still uses what is closed now
      } catch (NativeException second) {
        failure.addSuppressed(second);
      }
    }
    return closer.closing(failure);
  }

  @SuppressWarnings("ConstantValue") // a constructor may have failed before
  private boolean gateIsThere() {
    return gate != null;
  }

  /**
   * All of a sample once with nothing held, and the gate itself: whatever is loaded at its first
   * use, in the piece or in the driver, is loaded then.
   */
  private void rehearse() {
    gate.hold(stream);
    gate.release();
    stream.synchronize();
    input(PROOFS, 0);
    piece.work(stream, 0);
    piece.check(stream, PROOFS, 0);
    stream.synchronize();
    if (sweep != null) {
      sweep.require();
    }
  }

  /**
   * Captures the work, for each position if it is replayed. What waits for the stream elsewhere,
   * and is not waited for, the driver does not accept in a capture. Work that cannot be captured
   * for another reason is only held, by {@link #prove}.
   */
  private void capture() {
    if (!piece.capturable()) {
      return;
    }
    try {
      if (graphs.length == 0) {
        try (var probe = context.capture(stream, () -> piece.work(stream, 0))) {
          requireNodes(probe);
        }
      }
      for (int position = 0; position < graphs.length; position++) {
        int at = position;
        CudaGraph graph = closer.closes(context.capture(stream, () -> piece.work(stream, at)));
        requireNodes(graph);
        graph.upload(stream);
        graphs[at] = graph;
      }
      stream.synchronize();
    } catch (CudaException e) {
      if (e.contextLost()) {
        throw e;
      }
      doubt = "the work cannot be captured, so it does not stay in its stream: " + e.getMessage();
    }
  }

  private void requireNodes(CudaGraph graph) {
    if (graph.nodes() == 0 && piece.answers()) {
      doubt = "the work enqueues nothing in its stream";
    }
  }

  /** That a wrong answer is found, and that the right one is made in the stream. */
  private void prove() {
    if (doubt != null || !piece.answers()) {
      return;
    }
    piece.input(stream, PROOFS + 1, 0);
    piece.check(stream, PROOFS + 1, 0);
    context.synchronize();
    if (piece.right(PROOFS + 1, 0)) {
      doubt = "an answer counts as right that nothing has worked on";
      return;
    }
    gate.hold(stream);
    piece.input(stream, PROOFS + 2, 0);
    work(0);
    piece.check(stream, PROOFS + 2, 0);
    sleep(ASTRAY);
    gate.release();
    context.synchronize();
    heldToTheEnd = !gate.gaveUp();
    if (!piece.right(PROOFS + 2, 0)) {
      doubt = "with its stream held until all was enqueued: " + piece.mismatch(PROOFS + 2, 0);
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("interrupted while a stream was held", e);
    }
  }

  /** Why no answer of the piece can be believed; null when they can. */
  @Nullable String doubt() {
    return doubt;
  }

  /** Whether the answer at a position is right for a sample, when the device is idle. */
  boolean right(long sample, int position) {
    return doubt == null && piece.right(sample, position);
  }

  /** What is wrong, after {@link #right} said false. */
  String mismatch(long sample, int position) {
    return doubt == null ? piece.mismatch(sample, position) : doubt;
  }

  /** Before a sample, or a group of them, is enqueued. */
  void begin() {
    if (sweep != null) {
      sweep.forgetPersisting();
    }
  }

  /** Enqueues the input, the poison and, in a cold run, the sweep. */
  void input(long sample, int position) {
    piece.input(stream, sample, position);
    if (sweep != null) {
      sweep.enqueue(stream);
    }
  }

  /** Enqueues the work by its path; directly where it could not be captured. */
  void work(int position) {
    CudaGraph graph = graphs.length == 0 ? null : graphs[position];
    if (graph == null) {
      piece.work(stream, position);
    } else {
      graph.launch(stream);
    }
  }

  /** Adds to what is said of the run. */
  Map<String, Object> configuration() {
    var map = new LinkedHashMap<>(piece.configuration());
    map.put("separatePositions", (long) piece.separatePositions());
    if (sweep != null) {
      map.put("sweptBytes", sweep.bytes());
    }
    if (!heldToTheEnd) {
      map.put(
          "streamProof", "the device's queue had no room for all of a sample behind a held stream");
    }
    return map;
  }

  Mode mode() {
    return mode;
  }

  @Override
  public void close() {
    gate.release();
    closer.close();
  }
}
