// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusRound;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * What stays on the device over many rounds: weights, keys, and the workspace that each round
 * leaves as it needs it. Owns its buffers; its creator closes it, on the context's thread.
 */
final class CudaConsensusEpoch implements AutoCloseable {
  private static final long TOTALS_BYTES = 256;
  private static final long TURN_BYTES = 16;
  private static final long NULL_POINTER = 0;

  private final Closer closer = new Closer();
  private final DeviceBuffer weights;
  private final @Nullable DeviceBuffer keys;
  private final DeviceBuffer workspace;

  CudaConsensusEpoch(CudaContext context, CudaStream stream, ConsensusEpoch epoch) {
    try (var scratch = Arena.ofConfined()) {
      weights =
          uploaded(context, stream, scratch.allocateFrom(ValueLayout.JAVA_INT, epoch.weights()));
      keys =
          epoch.authenticated()
              ? uploaded(context, stream, scratch.allocateFrom(ValueLayout.JAVA_LONG, epoch.keys()))
              : null;
      workspace = closer.closes(context.allocate(workspaceBytes(epoch.bitmapWords())));
      clear(stream);
      stream.synchronize();
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private DeviceBuffer uploaded(CudaContext context, CudaStream stream, MemorySegment data) {
    DeviceBuffer buffer = closer.closes(context.allocate(data.byteSize()));
    buffer.uploadAsync(stream, 0, data);
    return buffer;
  }

  /**
   * As consensus.cu lays it out: twice totals, two words for each validator, a bitmap per proposal
   * and two more; then whose turn it is.
   */
  private static long workspaceBytes(long bitmapWords) {
    long validatorWords = Long.SIZE * bitmapWords;
    return 2
            * (TOTALS_BYTES
                + 2 * Integer.BYTES * validatorWords
                + (ConsensusRound.MAX_PROPOSALS + 2) * Long.BYTES * bitmapWords)
        + TURN_BYTES;
  }

  /** Enqueues that the workspace is as it was at first, whatever a round has left there. */
  void clear(CudaStream stream) {
    workspace.fillAsync(stream, 0, workspace.bytes(), (byte) 0);
  }

  DeviceBuffer weights() {
    return weights;
  }

  /** An argument for a kernel: the keys, or a null pointer without tags. */
  Object keys() {
    return keys == null ? NULL_POINTER : keys;
  }

  DeviceBuffer workspace() {
    return workspace;
  }

  @Override
  public void close() {
    closer.close();
  }
}
