// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.MappedBuffer;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pool in the memory of the device or of its peer. Kernels write and compare the pages where they
 * are; where they cannot access a peer, in a copy of the batch that the device has itself.
 */
final class StagedDeviceTier implements StagedTier {
  private static final int VERDICT = 0;

  private final Closer closer = new Closer();
  private final CudaKernels cuda;
  private final CudaPageKernels kernels;
  private final StagingShape shape;
  private final boolean scattered;
  private final boolean reachesTimedPages;
  private final CudaPages pool;
  private final CudaStream stream;
  private final SampleWords words;
  private final @Nullable Mirror mirror;
  private final CudaPageKernels.Fill fill;
  private final CudaPageKernels.Check check;
  private final Map<String, Object> notes = new LinkedHashMap<>();

  /** A batch in the device's own memory, its pieces one behind the other. */
  private record Mirror(CudaPages pages, FrameList list) {}

  /**
   * A tier.
   *
   * @param pool is closed with it
   * @param accessible whether kernels can access the pool
   * @param timedByKernels whether they may also do so while pages are moved
   */
  StagedDeviceTier(
      CudaKernels cuda,
      StagingShape shape,
      boolean scattered,
      CudaPages pool,
      boolean accessible,
      boolean timedByKernels) {
    this.cuda = cuda;
    this.shape = shape;
    this.scattered = scattered;
    this.pool = closer.closes(pool);
    reachesTimedPages = accessible && timedByKernels;
    try {
      kernels = new CudaPageKernels(cuda, shape.pieceWords(), shape.pieces());
      stream = closer.closes(cuda.context().newStream());
      words = closer.closes(new SampleWords(cuda.context(), kernels.begin(), 1));
      mirror = accessible ? null : mirror();
      CudaPages looked = mirror == null ? pool : mirror.pages();
      looked.prepare(stream, kernels);
      if (mirror != null) {
        pool.guard().copyAsync(stream, 0, looked.guard(), 0, CudaPages.GUARD_BYTES);
      }
      FrameList any = mirror == null ? anyList() : mirror.list();
      fill = kernels.fill(looked, any);
      check = kernels.check(looked, any, words.verdict(VERDICT));
      stream.synchronize();
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private Mirror mirror() {
    long bytes = shape.pieces() * shape.pieceBytes();
    CudaPages pages = closer.closes(CudaPages.onDevice(cuda.context(), bytes, shape.pieceBytes()));
    FrameList list = anyList();
    for (int i = 0; i < shape.pieces(); i++) {
      list.host().setAtIndex(ValueLayout.JAVA_INT, i, i);
    }
    return new Mirror(pages, list);
  }

  private FrameList anyList() {
    MappedBuffer memory =
        closer.closes(cuda.context().allocateMapped((long) shape.pieces() * Integer.BYTES));
    return new FrameList(memory.segment(), memory.onDevice());
  }

  @Override
  public void fill(PieceList list, long key) {
    if (mirror == null) {
      fill.enqueue(stream, pool, list.all(), key);
    } else {
      fill.enqueue(stream, mirror.pages(), mirror.list(), key);
      mirrored(mirror.pages(), list, true);
    }
    stream.synchronize();
  }

  private void mirrored(CudaPages own, PieceList list, boolean there) {
    DeviceMemory peer = pool.frames();
    long bytes = shape.pieceBytes();
    for (int i = 0; i < shape.pieces(); i++) {
      long inPeer = list.all().frame(i) * bytes;
      if (there) {
        peer.copyAsync(stream, inPeer, own.frames(), i * bytes, bytes);
      } else {
        own.frames().copyAsync(stream, i * bytes, peer, inPeer, bytes);
      }
    }
  }

  @Override
  public boolean check(PieceList list, long key) {
    words.empty(stream, VERDICT);
    if (mirror == null) {
      check.enqueue(stream, pool, list.all(), key, words.verdict(VERDICT));
    } else {
      mirrored(mirror.pages(), list, false);
      mirror.pages().guard().copyAsync(stream, 0, pool.guard(), 0, CudaPages.GUARD_BYTES);
      check.enqueue(stream, mirror.pages(), mirror.list(), key, words.verdict(VERDICT));
    }
    words.fetch(stream, VERDICT);
    stream.synchronize();
    return words.right(VERDICT, key, compared());
  }

  private long compared() {
    return kernels.batchWords() + CudaPageKernels.GUARD_WORDS;
  }

  @Override
  public String wrong(PieceList list, long key) {
    return words.mismatch(VERDICT, key, compared(), this::place);
  }

  private String place(long word) {
    long pageWords = shape.pieceWords() * shape.parts();
    return word < kernels.batchWords()
        ? "word %d of page %d".formatted(word % pageWords, word / pageWords)
        : "word %d behind the pool".formatted(word - kernels.batchWords());
  }

  @Override
  public long sum(int which) {
    return words.sum(VERDICT, which);
  }

  /** Where pages are copied to and from. */
  CudaPages pool() {
    return pool;
  }

  @Override
  public StagingEnd end(PieceList list, StagingSlots slots) {
    var manner = StagingDeviceEnd.Manner.of(scattered, reachesTimedPages, shape);
    var end = new StagingDeviceEnd(cuda, manner, pool.frames(), list, slots, shape);
    notes.put("deviceCopies", end.word());
    return end;
  }

  @Override
  public Map<String, Object> description() {
    return notes;
  }

  @Override
  public void close() {
    closer.close();
  }
}
