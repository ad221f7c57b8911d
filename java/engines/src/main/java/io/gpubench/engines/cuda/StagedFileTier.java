// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.files.PageFile;
import io.gpubench.engines.files.PageFiles;
import io.gpubench.engines.migration.PageWords;
import io.gpubench.workloads.words.Words;
import java.util.Map;

/**
 * A pool in a file. What is in it is written and read back by way of staging memory, between
 * samples.
 */
final class StagedFileTier implements StagedTier {
  private static final int SLOT = 0;

  private final PageFile file;
  private final StagingSlots slots;
  private final StagingShape shape;
  private final boolean synced;
  private final PageWords words;
  private long s0;
  private long s1;
  private long firstWrong;
  private long firstFound;

  /**
   * A tier.
   *
   * @param file is closed with it
   * @param slots somebody else's, which nothing else uses between samples
   * @param synced whether a migration ends when its pages are on stable storage
   * @param words somebody else's
   */
  StagedFileTier(
      PageFile file, StagingSlots slots, StagingShape shape, boolean synced, PageWords words) {
    this.file = file;
    this.slots = slots;
    this.shape = shape;
    this.synced = synced;
    this.words = words;
  }

  @Override
  public void fill(PieceList list, long key) {
    for (int chunk = 0; chunk < shape.chunks(); chunk++) {
      int count = shape.count(chunk);
      words.fill(
          slots.all(), slots.frames(SLOT), count, shape.pieceBytes(), key, shape.firstWord(chunk));
      file.write(count, list.chunk(chunk).host(), slots.all(), slots.frames(SLOT));
    }
  }

  @Override
  public boolean check(PieceList list, long key) {
    s0 = 0;
    s1 = 0;
    firstWrong = -1;
    for (int chunk = 0; chunk < shape.chunks(); chunk++) {
      int count = shape.count(chunk);
      long first = shape.firstWord(chunk);
      slots.scribble(SLOT, chunk, key);
      file.read(count, list.chunk(chunk).host(), slots.all(), slots.frames(SLOT));
      boolean right =
          words.check(slots.all(), slots.frames(SLOT), count, shape.pieceBytes(), key, first);
      s0 += words.s0();
      s1 += words.s1() + 2 * first * words.s0();
      if (!right && firstWrong < 0) {
        firstWrong = first + words.firstWrong();
        firstFound = slots.all().getAtIndex(JAVA_LONG, words.firstWrong());
      }
    }
    return firstWrong < 0;
  }

  @Override
  public String wrong(PieceList list, long key) {
    long pageWords = shape.pieceWords() * shape.parts();
    return "word %d of page %d is %016x, expected %016x"
        .formatted(
            firstWrong % pageWords,
            firstWrong / pageWords,
            firstFound,
            Words.word(key, firstWrong));
  }

  @Override
  public long sum(int which) {
    return which == 0 ? s0 : s1;
  }

  /** {@inheritDoc} What has arrived vouches for it. */
  @Override
  public boolean keepsSource() {
    return false;
  }

  @Override
  public StagingEnd end(PieceList list, StagingSlots ofLane) {
    return new StagingFileEnd(file, list, ofLane, shape);
  }

  @Override
  public void wake() {
    file.wake();
  }

  @Override
  public void sync() {
    file.sync();
  }

  @Override
  public Map<String, Object> description() {
    return file.description();
  }

  @Override
  public String durability() {
    return PageFiles.durability(file, synced);
  }

  @Override
  public void close() {
    file.close();
  }
}
