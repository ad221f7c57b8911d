// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CopyBatch;
import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaEvent;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.NativeUnavailableException;
import io.gpubench.measure.EngineException;

/**
 * Moves pages with the copy engines of the device: by a call for each page, or by one for all. A
 * second batch has a stream of its own, which begins when the other stream has come to the work and
 * for which that stream waits at the end.
 */
final class CopyingMover implements PageMover {
  private final Closer closer = new Closer();
  private final CudaStream side;
  private final CudaEvent forked;
  private final CudaEvent joined;
  private final int ways;
  private final int pages;
  private final long pageBytes;

  /** By way; empty for a call for each page. */
  private final CopyBatch[] lists;

  private CopyingMover(
      CudaContext context, int ways, int pages, long pageBytes, int listed, boolean overlap) {
    this.ways = ways;
    this.pages = pages;
    this.pageBytes = pageBytes;
    lists = new CopyBatch[listed];
    try {
      for (int i = 0; i < listed; i++) {
        lists[i] = closer.closes(context.newCopyBatch(pages, overlap));
      }
      side = closer.closes(context.newStream());
      forked = closer.closes(context.newUntimedEvent());
      joined = closer.closes(context.newUntimedEvent());
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** A call for each page. */
  static CopyingMover eachPage(CudaContext context, int ways, int pages, long pageBytes) {
    return new CopyingMover(context, ways, pages, pageBytes, 0, false);
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
      return new CopyingMover(context, ways, pages, pageBytes, ways, overlap);
    } catch (NativeUnavailableException e) {
      throw new EngineException(
          EngineException.Kind.ABSENT, String.valueOf(e.getMessage()), e.remedy(), e);
    }
  }

  @Override
  public void enqueue(CudaStream stream, Batch[] batches) {
    if (ways == 1) {
      if (lists.length > 0) {
        all(stream, 0, batches[0]);
      } else {
        for (int page = 0; page < pages; page++) {
          one(stream, batches[0], page);
        }
      }
      return;
    }
    forked.record(stream);
    side.waitFor(forked);
    if (lists.length > 0) {
      all(side, 1, batches[1]);
      all(stream, 0, batches[0]);
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

  private void all(CudaStream stream, int way, Batch batch) {
    CudaPages from = batch.from();
    CudaPages to = batch.to();
    CopyBatch list = lists[way];
    for (int page = 0; page < pages; page++) {
      list.set(
          page,
          to.frames(),
          to.offset(batch.target().frame(page)),
          from.frames(),
          from.offset(batch.source().frame(page)),
          pageBytes);
    }
    list.enqueue(stream);
  }

  /** {@inheritDoc} The driver refuses batches of copies. */
  @Override
  public boolean capturable() {
    return lists.length == 0;
  }

  @Override
  public void close() {
    closer.close();
  }
}
