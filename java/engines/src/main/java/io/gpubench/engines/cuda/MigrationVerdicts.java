// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.workloads.migration.MigrationBatch;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.words.Checksum;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of the pages of a sample: a kernel compares each word of the target and of the source
 * of each batch, and what lies behind their pools, with what the batch's key gives; a processor
 * looks at targets in its own memory; and the oracle at the sums. Owns its memory; one thread, the
 * context's.
 */
final class MigrationVerdicts implements AutoCloseable {
  static final String ORACLE_DISAGREES =
      "the reference kernel agrees with the pages, the oracle does not";

  /** The oracle looks at one batch in so many, and at none of more words. */
  private static final int ORACLE_SHARE = 64;

  private static final long ORACLE_WORDS = 1 << 22;

  private static final int TARGET = 0;
  private static final int SOURCE = 1;
  private static final int SIDES = 2;

  private final MigrationParameters setting;
  private final MigrationBatch[] batches;
  private final PageMover.Batch[][] moves;
  private final SampleWords sampleWords;
  private final CudaPageKernels.Check check;

  /**
   * Allocates them.
   *
   * @param batches by way
   * @param moves by position and way
   */
  MigrationVerdicts(
      CudaKernels kernels,
      CudaPageKernels pageKernels,
      MigrationParameters setting,
      MigrationBatch[] batches,
      PageMover.Batch[][] moves) {
    this.setting = setting;
    this.batches = batches;
    this.moves = moves;
    sampleWords =
        new SampleWords(
            kernels.context(), pageKernels.begin(), moves.length * batches.length * SIDES);
    try {
      check = pageKernels.check(moves[0][0].to(), moves[0][0].target(), sampleWords.verdict(0));
    } catch (RuntimeException | Error failure) {
      sampleWords.close();
      throw failure;
    }
  }

  /** Where the verdict of a side of a way is. */
  private int place(int position, int way, int side) {
    return (position * batches.length + way) * SIDES + side;
  }

  /** Enqueues what comes before a sample: empty verdicts. */
  void begin(CudaStream stream, long sample, int position) {
    for (int way = 0; way < batches.length; way++) {
      long key = batches[way].key(sample);
      sampleWords.begin(stream, sample, place(position, way, TARGET), key, 0);
      sampleWords.begin(stream, sample, place(position, way, SOURCE), key, 0);
    }
  }

  /** Enqueues all comparisons. */
  void check(CudaStream stream, long sample, int position) {
    for (int way = 0; way < batches.length; way++) {
      PageMover.Batch move = moves[position][way];
      long key = batches[way].key(sample);
      check(stream, place(position, way, TARGET), move.to(), move.target(), key);
      check(stream, place(position, way, SOURCE), move.from(), move.source(), key);
    }
  }

  private void check(CudaStream stream, int at, CudaPages pool, FrameList frames, long key) {
    sampleWords.empty(stream, at);
    check.enqueue(stream, pool, frames, key, sampleWords.verdict(at));
    sampleWords.fetch(stream, at);
  }

  private long compared() {
    return setting.batchWords() + CudaPageKernels.GUARD_WORDS;
  }

  /**
   * Whether all is as it should be, when the stream is done.
   *
   * @param inPlace whether the pages of this sample still are where it left them
   */
  boolean right(long sample, int position, boolean inPlace) {
    for (int way = 0; way < batches.length; way++) {
      for (int side = 0; side < SIDES; side++) {
        if (!compared(sample, position, way, side)) {
          return false;
        }
      }
    }
    return (!inPlace || unseenByTheHost(sample, position) < 0) && oracleAgrees(sample, position);
  }

  private boolean compared(long sample, int position, int way, int side) {
    return sampleWords.right(place(position, way, side), batches[way].key(sample), compared());
  }

  /**
   * The first page of a target in memory of the host whose first or last word a processor sees
   * otherwise than it should be, numbered over both ways; negative if there is none.
   */
  private int unseenByTheHost(long sample, int position) {
    for (int way = 0; way < batches.length; way++) {
      PageMover.Batch move = moves[position][way];
      MemorySegment seen = move.to().segment();
      int page = seen == null ? -1 : wrongPage(seen, move, batches[way].key(sample));
      if (page >= 0) {
        return way * setting.pages() + page;
      }
    }
    return -1;
  }

  private int wrongPage(MemorySegment seen, PageMover.Batch move, long key) {
    long last = setting.pageWords() - 1;
    for (int page = 0; page < setting.pages(); page++) {
      long begin = move.to().offset(move.target().frame(page));
      long word = page * setting.pageWords();
      if (seen.get(ValueLayout.JAVA_LONG, begin) != Words.word(key, word)
          || seen.get(ValueLayout.JAVA_LONG, begin + last * Long.BYTES)
              != Words.word(key, word + last)) {
        return page;
      }
    }
    return -1;
  }

  /** Whether the oracle, where it is asked for this sample, gives the same sums. */
  private boolean oracleAgrees(long sample, int position) {
    if (Math.floorMod(batches[0].key(sample), ORACLE_SHARE) != 0
        || setting.batchWords() > ORACLE_WORDS) {
      return true;
    }
    for (int way = 0; way < batches.length; way++) {
      int at = place(position, way, TARGET);
      Checksum right = batches[way].checksum(sample);
      if (right.s0() != sampleWords.sum(at, 0) || right.s1() != sampleWords.sum(at, 1)) {
        return false;
      }
    }
    return true;
  }

  /** What is wrong, in one line, after {@link #right} said false. */
  String mismatch(long sample, int position, boolean inPlace) {
    for (int way = 0; way < batches.length; way++) {
      for (int side = 0; side < SIDES; side++) {
        if (!compared(sample, position, way, side)) {
          return "%s -> %s, %s: %s"
              .formatted(
                  setting.source(way),
                  setting.target(way),
                  side == TARGET ? "target" : "source",
                  sampleWords.mismatch(
                      place(position, way, side),
                      batches[way].key(sample),
                      compared(),
                      this::wordOfPage));
        }
      }
    }
    int page = inPlace ? unseenByTheHost(sample, position) : -1;
    return page < 0
        ? ORACLE_DISAGREES
        : "%s -> %s, target: the device sees the right words, the host does not, in page %d"
            .formatted(
                setting.source(page / setting.pages()),
                setting.target(page / setting.pages()),
                page % setting.pages());
  }

  private String wordOfPage(long word) {
    return word < setting.batchWords()
        ? "word %d of page %d".formatted(word % setting.pageWords(), word / setting.pageWords())
        : "word %d behind the pool".formatted(word - setting.batchWords());
  }

  /** The digest of what the targets hold. */
  long digest(int position) {
    long[] sums = new long[2 * batches.length];
    for (int way = 0; way < batches.length; way++) {
      sums[2 * way] = sampleWords.sum(place(position, way, TARGET), 0);
      sums[2 * way + 1] = sampleWords.sum(place(position, way, TARGET), 1);
    }
    return AnswerDigest.of(sums);
  }

  /** How it is verified, for the record. */
  Map<String, Object> verification() {
    var map = new LinkedHashMap<>(MigrationWorkload.verification());
    map.put("reference", "a kernel that compares each word with what the key gives");
    map.put("targetChecked", true);
    map.put("sourceChecked", true);
    for (PageMover.Batch move : moves[0]) {
      if (move.to().onHost()) {
        map.put(
            "seenByHost",
            "first and last word of each page of a target, of the pool's last sample");
      }
    }
    map.put("shareCheckedByOracle", setting.batchWords() > ORACLE_WORDS ? 0.0 : 1.0 / ORACLE_SHARE);
    return map;
  }

  @Override
  public void close() {
    sampleWords.close();
  }
}
