// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.files.PageFile;

/** The end in a file, which reads into slots and writes from them, many requests at once. */
final class StagingFileEnd implements StagingEnd {
  private final PageFile file;
  private final PieceList list;
  private final StagingSlots slots;
  private final StagingShape shape;

  /**
   * An end.
   *
   * @param file somebody else's, with frames of a piece
   */
  StagingFileEnd(PageFile file, PieceList list, StagingSlots slots, StagingShape shape) {
    this.file = file;
    this.list = list;
    this.slots = slots;
    this.shape = shape;
    file.attach(slots.all());
  }

  @Override
  public boolean blocks() {
    return true;
  }

  @Override
  public void load(int chunk, int slot) {
    file.read(shape.count(chunk), list.chunk(chunk).host(), slots.all(), slots.frames(slot));
  }

  @Override
  public void store(int chunk, int slot) {
    file.write(shape.count(chunk), list.chunk(chunk).host(), slots.all(), slots.frames(slot));
  }

  @Override
  public boolean done(int slot) {
    return true;
  }

  @Override
  public void await() {}

  @Override
  public void close() {}
}
