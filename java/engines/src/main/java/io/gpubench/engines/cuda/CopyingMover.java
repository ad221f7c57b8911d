// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CopyBatch;
import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaEvent;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.NativeUnavailableException;
import io.gpubench.measure.EngineException;
import org.jspecify.annotations.Nullable;

/**
 * Moves pages with the copy engines of the device: by a call for each page, or by one for all, or
 * for many where two batches take turns. A second batch has a stream of its own, which begins when
 * the other stream has come to the work and for which that stream waits at the end.
 */
final class CopyingMover implements PageMover {
  /** Both ways are enqueued in turns of so many copies, so that neither begins late. */
  private static final int MOST_IN_TURN = 128;

  private final Closer closer = new Closer();
  private final CudaStream side;
  private final CudaEvent forked;
  private final CudaEvent joined;
  private final int ways;
  private final int pages;
  private final long pageBytes;

  /** By way, and then the parts of it that are enqueued in turns; null for a call for each page. */
  private final CopyBatch @Nullable [][] lists;

  private CopyingMover(
      CudaContext context, int ways, int pages, long pageBytes, @Nullable Boolean overlap) {
    this.ways = ways;
    this.pages = pages;
    this.pageBytes = pageBytes;
    try {
      lists = overlap == null ? null : lists(context, overlap);
      side = closer.closes(context.newStream());
      forked = closer.closes(context.newUntimedEvent());
      joined = closer.closes(context.newUntimedEvent());
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private CopyBatch[][] lists(CudaContext context, boolean overlap) {
    int part = ways == 1 ? pages : Math.min(pages, MOST_IN_TURN);
    var all = new CopyBatch[ways][Math.ceilDiv(pages, part)];
    for (CopyBatch[] ofWay : all) {
      for (int i = 0; i < ofWay.length; i++) {
        int copies = Math.min(part, pages - i * part);
        ofWay[i] = closer.closes(context.newCopyBatch(copies, overlap));
      }
    }
    return all;
  }

  /** A call for each page. */
  static CopyingMover eachPage(CudaContext context, int ways, int pages, long pageBytes) {
    return new CopyingMover(context, ways, pages, pageBytes, null);
  }

  /**
   * A call for all pages of a batch.
   *
   * @param overlap whether the driver is asked to copy beside kernels
   * @throws EngineException absent, when the driver has no such call
   */
  static CopyingMover batched(
      CudaContext context, int ways, int pages, long pageBytes, boolean overlap) {
    try {
      return new CopyingMover(context, ways, pages, pageBytes, overlap);
    } catch (NativeUnavailableException e) {
      throw new EngineException(
          EngineException.Kind.ABSENT, String.valueOf(e.getMessage()), e.remedy(), e);
    }
  }

  @Override
  public void enqueue(CudaStream stream, Batch[] batches) {
    if (lists != null) {
      for (int way = 0; way < ways; way++) { // before the first call, so that none waits for this
        set(lists[way], batches[way]);
      }
    }
    if (ways == 1) {
      if (lists != null) {
        lists[0][0].enqueue(stream);
      } else {
        for (int page = 0; page < pages; page++) {
          one(stream, batches[0], page);
        }
      }
      return;
    }
    forked.record(stream);
    side.waitFor(forked);
    if (lists != null) {
      for (int i = 0; i < lists[0].length; i++) {
        lists[1][i].enqueue(side);
        lists[0][i].enqueue(stream);
      }
    } else {
      for (int page = 0; page < pages; page++) { // in turns, so that neither begins late
        one(side, batches[1], page);
        one(stream, batches[0], page);
      }
    }
    joined.record(side);
    stream.waitFor(joined);
  }

  private void one(CudaStream stream, Batch batch, int page) {
    CudaPages from = batch.from();
    CudaPages to = batch.to();
    int source = batch.source().frame(page);
    int target = batch.target().frame(page);
    if (from.onHost()) {
      to.frames().uploadAsync(stream, to.offset(target), from.page(source));
    } else if (to.onHost()) {
      from.frames().downloadAsync(stream, from.offset(source), to.page(target));
    } else {
      to.frames()
          .copyAsync(stream, to.offset(target), from.frames(), from.offset(source), pageBytes);
    }
  }

  private void set(CopyBatch[] parts, Batch batch) {
    CudaPages from = batch.from();
    CudaPages to = batch.to();
    int page = 0;
    for (CopyBatch part : parts) {
      for (int i = 0; i < part.copies(); i++, page++) {
        part.set(
            i,
            to.frames(),
            to.offset(batch.target().frame(page)),
            from.frames(),
            from.offset(batch.source().frame(page)),
            pageBytes);
      }
    }
  }

  /** {@inheritDoc} The driver refuses batches of copies. */
  @Override
  public boolean capturable() {
    return lists == null;
  }

  @Override
  public void close() {
    closer.close();
  }
}
