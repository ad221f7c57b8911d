// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.MappedBuffer;

/**
 * Copies over the link, one way: from page-locked memory of the host to the device's, or back. A
 * kernel writes the words of a key to the source and another compares the target with them; where
 * that is the host's memory they work over the link, in place, so that no copy vouches for another.
 * Owns its memory. Confined to the context's thread.
 */
final class LinkCopy implements AutoCloseable {
  /** Makes of a key one whose words an output is filled with before it is written. */
  private static final long POISON = 0x5F0A_C3E1_9B76_D248L;

  /** Which way. */
  enum Direction {
    TO_DEVICE,
    FROM_DEVICE
  }

  private final Closer closer = new Closer();
  private final Direction direction;
  private final long words;
  private final int separate;
  private final SampleWords sampleWords;
  private final MappedBuffer[] hosts;
  private final DeviceBuffer[] devices;
  private final KernelLaunch fill;
  private final KernelLaunch check;

  /**
   * Allocates everything.
   *
   * @param bytes of a copy, a multiple of 8, at least 8
   * @param separate positions with memory of their own
   * @param positions in all
   */
  LinkCopy(CudaKernels kernels, Direction direction, long bytes, int separate, int positions) {
    this.direction = direction;
    this.separate = separate;
    words = bytes / Long.BYTES;
    hosts = new MappedBuffer[separate];
    devices = new DeviceBuffer[separate];
    CudaContext context = kernels.context();
    try {
      sampleWords =
          closer.closes(new SampleWords(context, kernels.function("ceiling_begin"), positions));
      for (int i = 0; i < separate; i++) {
        hosts[i] = closer.closes(context.allocateMapped(bytes));
        devices[i] = closer.closes(context.allocate(bytes));
      }
      CudaFunction fills = kernels.function("ceiling_fill");
      fill = fills.launch(kernels.shape(fills, words), devices[0], words, 0L);
      CudaFunction checks = kernels.function("ceiling_check_words");
      check =
          checks.launch(
              kernels.shape(checks, words), devices[0], words, 0L, sampleWords.verdict(0));
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** Enqueues the writing of the source and the poisoning of the target. */
  void input(CudaStream stream, long sample, int position, long key) {
    sampleWords.begin(stream, sample, position, key, 0);
    fill(stream, source(position), key);
    fill(stream, target(position), key ^ POISON);
  }

  private void fill(CudaStream stream, DeviceMemory memory, long key) {
    fill.arguments().set(0, memory);
    fill.arguments().set(2, key);
    fill.enqueue(stream);
  }

  private DeviceMemory source(int position) {
    int array = position % separate;
    return direction == Direction.TO_DEVICE ? hosts[array].onDevice() : devices[array];
  }

  private DeviceMemory target(int position) {
    int array = position % separate;
    return direction == Direction.TO_DEVICE ? devices[array] : hosts[array].onDevice();
  }

  /** Enqueues the copy. */
  void work(CudaStream stream, int position) {
    int array = position % separate;
    if (direction == Direction.TO_DEVICE) {
      devices[array].uploadAsync(stream, 0, hosts[array].segment());
    } else {
      devices[array].downloadAsync(stream, 0, hosts[array].segment());
    }
  }

  /** Enqueues the comparison of the target. */
  void check(CudaStream stream, int position, long key) {
    check.arguments().set(0, target(position));
    check.arguments().set(2, key);
    check.arguments().set(3, sampleWords.verdict(position));
    sampleWords.empty(stream, position);
    check.enqueue(stream);
    sampleWords.fetch(stream, position);
  }

  boolean right(int position, long key) {
    return sampleWords.right(position, key, words);
  }

  String mismatch(int position, long key) {
    return sampleWords.mismatch(position, key, words, word -> "word " + word);
  }

  /** A sum of the words of the target, 0 or 1. */
  long sum(int position, int which) {
    return sampleWords.sum(position, which);
  }

  @Override
  public void close() {
    closer.close();
  }
}
