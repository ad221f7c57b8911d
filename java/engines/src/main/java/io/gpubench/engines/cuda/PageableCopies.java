// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceMemory;
import java.lang.foreign.MemorySegment;

/**
 * Moves a batch between a device and pageable memory of the host with a copy call for each page:
 * what a program does that has not locked its memory. The driver copies each page to page-locked
 * memory of its own, or from there, before the call returns. Two batches take turns, page by page,
 * with a stream each; how far they are under way at once is up to the driver.
 */
final class PageableCopies implements AutoCloseable {
  private final Closer closer = new Closer();
  private final Way[] ways;
  private final int pages;
  private final long pageBytes;
  private final MemorySegment[] frames;
  private final DeviceMemory device;

  /** A batch. */
  private record Way(boolean toDevice, FrameList ofHost, FrameList ofDevice, CudaStream stream) {}

  /**
   * Prepares it.
   *
   * @param host the frames in memory of the host, of {@code pageBytes} each
   * @param device those of the device
   * @param toDevice of way 0
   * @param lists of the source of way 0, of its target, and of way 1 likewise if there is one
   */
  PageableCopies(
      CudaContext context,
      StagingShape shape,
      MemorySegment host,
      DeviceMemory device,
      boolean toDevice,
      PieceList[] lists) {
    pages = shape.pieces();
    pageBytes = shape.pieceBytes();
    this.device = device;
    frames = new MemorySegment[(int) (host.byteSize() / pageBytes)];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = host.asSlice(i * pageBytes, pageBytes);
    }
    ways = new Way[lists.length / 2];
    try {
      for (int way = 0; way < ways.length; way++) {
        boolean there = toDevice == (way == 0);
        FrameList source = lists[2 * way].all();
        FrameList target = lists[2 * way + 1].all();
        ways[way] =
            new Way(
                there,
                there ? source : target,
                there ? target : source,
                closer.closes(context.newStream()));
      }
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** Moves the pages by the frames that stand in the lists now; returns when they are there. */
  void move() {
    try {
      copy();
    } catch (RuntimeException failure) {
      for (Way way : ways) { // what is under way still uses the pages
        try {
          way.stream().synchronize();
        } catch (RuntimeException second) {
          failure.addSuppressed(second);
        }
      }
      throw failure;
    }
  }

  private void copy() {
    for (int page = 0; page < pages; page++) {
      for (Way way : ways) {
        MemorySegment ofHost = frames[way.ofHost().frame(page)];
        long onDevice = way.ofDevice().frame(page) * pageBytes;
        if (way.toDevice()) {
          device.uploadAsync(way.stream(), onDevice, ofHost);
        } else {
          device.downloadAsync(way.stream(), onDevice, ofHost);
        }
      }
    }
    for (Way way : ways) {
      way.stream().synchronize();
    }
  }

  @Override
  public void close() {
    closer.close();
  }
}
