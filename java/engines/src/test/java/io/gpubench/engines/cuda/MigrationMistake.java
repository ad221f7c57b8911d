// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.cuda.PageMover.Batch;
import io.gpubench.gpu.CudaStream;

/** What a mover of pages may do wrong, and what is said of it. */
enum MigrationMistake {
  NOTHING_AT_ALL,
  LAST_PAGE,
  ONE_WAY,
  WRONG_FRAME,
  SWAPPED,
  SOURCE_CHANGED,
  BEHIND_THE_POOL;

  /** How the mismatch tells of it, with 6 pages of 4,104 bytes. */
  String said(String from, String to) {
    String there = from + " -> " + to + ", target: ";
    String back = to + " -> " + from + ", target: ";
    return switch (this) {
      case NOTHING_AT_ALL -> there + "3078 of 3086 are wrong, the first is word 0 of page 0";
      case LAST_PAGE -> there + "513 of 3086 are wrong, the first is word 0 of page 5";
      case ONE_WAY -> back + "3078 of 3086 are wrong";
      case WRONG_FRAME -> there + "513 of 3086 are wrong, the first is word 0 of page 2";
      case SWAPPED -> there + "1026 of 3086 are wrong, the first is word 0 of page 0";
      case SOURCE_CHANGED -> from + " -> " + to + ", source: ";
      case BEHIND_THE_POOL -> "the first is word 0 behind the pool";
    };
  }

  /** The work with the mistake, for 6 pages of 4,104 bytes, both ways. */
  void work(PageMover mover, CudaStream stream, Batch[] batches) {
    switch (this) {
      case NOTHING_AT_ALL -> {}
      case LAST_PAGE -> {
        for (Batch batch : batches) {
          for (int page = 0; page < 5; page++) {
            copy(stream, batch, page, batch.target().frame(page));
          }
        }
      }
      case ONE_WAY -> {
        for (int page = 0; page < 6; page++) {
          copy(stream, batches[0], page, batches[0].target().frame(page));
        }
      }
      case WRONG_FRAME -> {
        for (Batch batch : batches) {
          for (int page = 0; page < 6; page++) {
            copy(stream, batch, page, page == 2 ? unused(batches) : batch.target().frame(page));
          }
        }
      }
      case SWAPPED -> {
        for (Batch batch : batches) {
          for (int page = 0; page < 6; page++) {
            int instead = page == 0 ? 1 : page == 1 ? 0 : page;
            copy(stream, batch, page, batch.target().frame(instead));
          }
        }
      }
      case SOURCE_CHANGED -> {
        mover.enqueue(stream, batches);
        Batch batch = batches[0];
        batch
            .from()
            .frames()
            .fillWordsAsync(stream, batch.from().offset(batch.source().frame(3)) + 16, 1, 5);
      }
      case BEHIND_THE_POOL -> {
        mover.enqueue(stream, batches);
        batches[0].to().guard().fillWordsAsync(stream, 0, 1, 5);
      }
    }
  }

  private static int unused(Batch[] batches) {
    for (int frame = 0; ; frame++) {
      boolean used = false;
      for (Batch batch : batches) {
        for (int page = 0; page < 6; page++) {
          used |= batch.source().frame(page) == frame || batch.target().frame(page) == frame;
        }
      }
      if (!used) {
        return frame;
      }
    }
  }

  private static void copy(CudaStream stream, Batch batch, int page, int target) {
    CudaPages from = batch.from();
    int source = batch.source().frame(page);
    if (from.onHost()) {
      batch.to().frames().uploadAsync(stream, batch.to().offset(target), from.page(source));
    } else {
      from.frames().downloadAsync(stream, from.offset(source), batch.to().page(target));
    }
  }
}
