// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;

/**
 * The launches of migration.cu for batches of one size: what writes the pages of a batch, moves
 * them, and compares them with what their key gives. Enqueueing allocates nothing. Owns nothing but
 * its arguments, which live as long as the module; one thread, the context's.
 */
final class CudaPageKernels {
  /** The family of kernels. */
  static final String FAMILY = "migration";

  /** Words behind a pool that a comparison looks at too. */
  static final int GUARD_WORDS = (int) (CudaPages.GUARD_BYTES / Long.BYTES);

  private final CudaKernels kernels;
  private final long pageWords;
  private final int pages;

  /**
   * Loads the kernels.
   *
   * @param kernels of {@link #FAMILY}
   * @param pages of a batch
   */
  CudaPageKernels(CudaKernels kernels, long pageWords, int pages) {
    this.kernels = kernels;
    this.pageWords = pageWords;
    this.pages = pages;
  }

  /** The words of a batch, without the guard's. */
  long batchWords() {
    return pages * pageWords;
  }

  /** The kernel that comes before a sample; see {@link SampleWords}. */
  CudaFunction begin() {
    return kernels.function("migration_begin");
  }

  /**
   * Enqueues the first writing of a pool.
   *
   * @param frames whether also of its frames, else only of what lies behind them
   */
  void prepare(CudaStream stream, CudaPages pool, boolean frames) {
    CudaFunction function = kernels.function("migration_prepare");
    long words = frames ? pool.frames().bytes() / Long.BYTES : 0;
    function
        .launch(kernels.shape(function, words), pool.frames(), words, pool.guard())
        .enqueue(stream);
  }

  /** A writing of the pages of batches in a pool. */
  Fill fill(CudaPages pool, FrameList frames) {
    CudaFunction function = kernels.function("migration_fill");
    return new Fill(
        function.launch(
            kernels.shape(function, batchWords()),
            pool.frames(),
            frames.device(),
            pages,
            pageWords,
            0L));
  }

  /** A comparison of the pages of batches in a pool. */
  Check check(CudaPages pool, FrameList frames, DeviceMemory verdict) {
    CudaFunction function = kernels.function("migration_check");
    return new Check(
        function.launch(
            kernels.shape(function, batchWords()),
            pool.frames(),
            pool.guard(),
            frames.device(),
            pages,
            pageWords,
            0L,
            verdict));
  }

  /**
   * A move of batches.
   *
   * @param ways how many at once, 1 or 2
   * @param from the pool that they come from, and the lists of the first way
   */
  Move move(
      int ways,
      LaunchShape shape,
      CudaPages from,
      CudaPages to,
      FrameList source,
      FrameList target) {
    return new Move(
        kernels
            .function("migration_move")
            .launch(
                shape,
                ways,
                pages,
                pageWords,
                from.frames(),
                to.frames(),
                source.device(),
                target.device(),
                to.frames(),
                from.frames(),
                target.device(),
                source.device()));
  }

  /** Writes batches, each with a key of its own. */
  record Fill(KernelLaunch launch) {
    /** Enqueues the writing of a batch. */
    void enqueue(CudaStream stream, CudaPages pool, FrameList frames, long key) {
      var arguments = launch.arguments();
      arguments.set(0, pool.frames());
      arguments.set(1, frames.device());
      arguments.set(4, key);
      launch.enqueue(stream);
    }
  }

  /** Compares batches; the verdict must be empty before. */
  record Check(KernelLaunch launch) {
    /** Enqueues the comparison of a batch. */
    void enqueue(
        CudaStream stream, CudaPages pool, FrameList frames, long key, DeviceMemory verdict) {
      var arguments = launch.arguments();
      arguments.set(0, pool.frames());
      arguments.set(1, pool.guard());
      arguments.set(2, frames.device());
      arguments.set(5, key);
      arguments.set(6, verdict);
      launch.enqueue(stream);
    }
  }

  /** Moves batches between two pools. */
  record Move(KernelLaunch launch) {
    private static final int OF_WAY = 4;
    private static final int FIRST = 3;

    /** Sets the pools and lists of a way of the next launch. */
    void way(int way, CudaPages from, CudaPages to, FrameList source, FrameList target) {
      var arguments = launch.arguments();
      int at = FIRST + way * OF_WAY;
      arguments.set(at, from.frames());
      arguments.set(at + 1, to.frames());
      arguments.set(at + 2, source.device());
      arguments.set(at + 3, target.device());
    }

    /** Enqueues the move as it was set. */
    void enqueue(CudaStream stream) {
      launch.enqueue(stream);
    }
  }
}
