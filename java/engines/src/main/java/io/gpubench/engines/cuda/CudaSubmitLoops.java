// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.host.SubmitLoop;
import io.gpubench.engines.launch.SubmitLoops;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.gpu.NativeSubmission;
import io.gpubench.gpu.PinnedBuffer;
import io.gpubench.measure.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/**
 * Launches of a kernel that counts them: from Java through {@link KernelLaunch#enqueue}, as all of
 * this engine's launches are made, and from C through the driver's own function. What Java adds to
 * each call: a look whether module and stream are open and this is their thread, the change of the
 * thread's state from Java to native code and back, and the comparison of the code. Confined to the
 * context's thread.
 */
final class CudaSubmitLoops implements SubmitLoops {
  private static final int WARP = 32;

  private final CudaKernels kernels;
  private final Closer closer = new Closer();
  private final CudaStream stream;
  private final DeviceBuffer counter;
  private final MemorySegment host;
  private final KernelLaunch launch;
  private final NativeSubmission submission;

  /**
   * Allocates everything.
   *
   * @param kernels of launch.cu
   * @throws EngineException when there is no loop in C to compare with
   */
  CudaSubmitLoops(CudaKernels kernels) {
    this.kernels = kernels;
    if (!SubmitLoop.available()) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "the loop in C is in the library of the engine 'host', which is absent",
          "build it with './mvnw -DskipTests package'",
          null);
    }
    try {
      stream = closer.closes(kernels.context().newStream());
      counter = closer.closes(kernels.context().allocate(Long.BYTES));
      PinnedBuffer copy = closer.closes(kernels.context().allocatePinned(Long.BYTES));
      host = copy.segment();
      launch = kernels.function("launch_count").launch(LaunchShape.of(1, WARP), counter);
      submission = launch.submission(stream);
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  @Override
  public void reset(long count) {
    host.set(ValueLayout.JAVA_LONG, 0, count);
    counter.uploadAsync(stream, 0, host);
    stream.synchronize();
  }

  @Override
  public void fromJava(long calls) {
    for (long i = 0; i < calls; i++) {
      launch.enqueue(stream);
    }
    stream.synchronize();
  }

  @Override
  public void fromC(long calls) {
    LaunchShape shape = submission.shape();
    int code =
        SubmitLoop.run(
            submission.launch(),
            submission.synchronize(),
            submission.function(),
            shape.gridX(),
            shape.gridY(),
            shape.gridZ(),
            shape.blockX(),
            shape.blockY(),
            shape.blockZ(),
            shape.dynamicSharedBytes(),
            submission.stream(),
            submission.parameters(),
            calls);
    if (code != 0) {
      throw new EngineException("the loop in C failed: the driver's code is " + code);
    }
  }

  @Override
  public long count() {
    counter.downloadAsync(stream, 0, host);
    stream.synchronize();
    return host.get(ValueLayout.JAVA_LONG, 0);
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration(Map.of("blocks", 1L, "threadsPerBlock", (long) WARP));
  }

  @Override
  public void close() {
    closer.close();
  }
}
