// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.gpu.MappedBuffer;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.migration.MigrationBatch;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.PagePool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pages that move between tiers which the device accesses by itself. A kernel writes the pages of
 * each batch to their frames, and another compares, word by word, the frames of target and source
 * with what the batch's key gives; where they are in memory of the host, both work over the link,
 * in place, so that no copy vouches for another.
 *
 * <p>What is timed takes frames in the pool of the target, enqueues the moves, and gives back the
 * frames of the source, which whoever takes them next in the order of the stream may write. Some
 * positions have pools of their own, all have lists of frames and verdicts of their own. Confined
 * to the context's thread.
 */
final class MigrationPiece implements DevicePiece {
  /** The queue of a device holds about 1,000 items. */
  static final int QUEUED_AT_MOST = 800;

  /** Items of a sample besides what is timed, for each way: begin, fill, check. */
  private static final int ITEMS_OF_WAY = 9;

  /** And for all of them: events. */
  private static final int ITEMS_OF_SAMPLE = 3;

  private static final String HOST_MEMORY = "hostMemory";

  private static final int TARGET = 0;
  private static final int SOURCE = 1;
  private static final int SIDES = 2;

  /** Lists of frames begin at multiples of it, so that no two share a line of a cache. */
  private static final long LIST_ALIGNMENT = 128;

  private final Closer closer = new Closer();
  private final CudaKernels kernels;
  private final MigrationParameters setting;
  private final MachineFacts facts;
  private final CudaPageKernels pageKernels;
  private final PageMover mover;
  private final int positions;
  private final Pools[] pools;
  private final MigrationBatch[] batches;
  private final MigrationVerdicts verdicts;
  private final CudaPageKernels.Fill fill;
  private final Map<String, Object> notes = new LinkedHashMap<>();

  /** By position and way. */
  private final PageMover.Batch[][] moves;

  /** The pools of both tiers, and whose pages they have. */
  private static final class Pools {
    final CudaPages from;
    final CudaPages to;
    final PagePool[] frames;
    long sample;
    int position;
    boolean worked;

    Pools(CudaPages from, CudaPages to, MigrationParameters setting) {
      this.from = from;
      this.to = to;
      frames = new PagePool[] {new PagePool(setting, 0), new PagePool(setting, 1)};
    }
  }

  private MigrationPiece(
      CudaSession session,
      CudaKernels kernels,
      MigrationParameters setting,
      String path,
      CudaMigrationTuning tuning,
      MachineFacts facts) {
    this.kernels = kernels;
    this.setting = setting;
    this.facts = facts;
    CudaContext context = kernels.context();
    int ways = setting.ways();
    try {
      pageKernels = new CudaPageKernels(kernels, setting.pageWords(), setting.pages());
      batches = new MigrationBatch[ways];
      for (int way = 0; way < ways; way++) {
        batches[way] = new MigrationBatch(setting, way);
      }
      boolean copied = path.equals(CudaMigrationAdapter.COPIES);
      pools = pools(session, copied);
      int items = ways * ITEMS_OF_WAY + ITEMS_OF_SAMPLE + items(setting, path);
      positions = Math.clamp(QUEUED_AT_MOST / items, 1, USUAL_POSITIONS);
      moves = moves(context);
      verdicts =
          closer.closes(new MigrationVerdicts(kernels, pageKernels, setting, batches, moves));
      PageMover.Batch first = moves[0][0];
      fill = pageKernels.fill(first.from(), first.source());
      mover = closer.closes(mover(context, path, tuning));
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
    notes.put("positions", (long) positions);
    if (moves[0][0].from().onHost() || moves[0][0].to().onHost()) {
      notes.put(HOST_MEMORY, "page-locked and mapped, for pinned as for mapped");
    }
  }

  /**
   * Allocates all and prepares it.
   *
   * @param path one of those that {@link CudaMigrationAdapter} has for these tiers
   * @throws EngineException one line that says what fits; absent when this machine has no such
   *     tier, or its driver not what the path needs
   */
  static MigrationPiece of(
      CudaSession session,
      MigrationParameters setting,
      String path,
      ParameterValues tuning,
      MachineFacts facts) {
    var kernels = new CudaKernels(session.context(), session.family(CudaPageKernels.FAMILY));
    return new MigrationPiece(
        session, kernels, setting, path, CudaMigrationTuning.of(tuning), facts);
  }

  /**
   * Items of a device's queue that moving the pages of a sample takes. What a batch of copies takes
   * the driver does not say: at most as many as its copies.
   */
  static int items(MigrationParameters setting, String path) {
    return path.equals(CudaMigrationAdapter.KERNEL) ? 1 : setting.ways() * (setting.pages() + 2);
  }

  private Pools[] pools(CudaSession session, boolean copied) {
    var room = closer.closes(new MigrationRoom(session, setting, facts));
    int most = room.positions();
    var all = new ArrayList<Pools>();
    try (var stream = session.context().newStream()) {
      while (all.size() < most) {
        CudaPages from;
        CudaPages to;
        try {
          from = closer.closes(room.pool(setting.from()));
          to = closer.closes(room.pool(setting.to()));
        } catch (EngineException e) {
          if (all.isEmpty()) {
            throw e;
          }
          break; // less is free than was said: fewer positions have pools of their own
        }
        all.add(new Pools(from, to, setting));
        for (CudaPages pool : new CudaPages[] {from, to}) {
          pool.prepare(stream, pageKernels);
          if (copied) {
            pool.separatePages();
          }
        }
      }
      stream.synchronize();
    }
    return all.toArray(Pools[]::new);
  }

  private PageMover.Batch[][] moves(CudaContext context) {
    int ways = setting.ways();
    long used = (long) setting.pages() * Integer.BYTES;
    long bytes = Math.ceilDiv(used, LIST_ALIGNMENT) * LIST_ALIGNMENT;
    MappedBuffer memory = closer.closes(context.allocateMapped(bytes * positions * ways * SIDES));
    var all = new PageMover.Batch[positions][ways];
    long offset = 0;
    for (int position = 0; position < positions; position++) {
      Pools of = pools[position % pools.length];
      for (int way = 0; way < ways; way++) {
        var lists = new FrameList[SIDES];
        for (int side = 0; side < SIDES; side++) {
          lists[side] =
              new FrameList(
                  memory.segment().asSlice(offset, used), memory.onDevice().slice(offset, used));
          offset += bytes;
        }
        all[position][way] =
            new PageMover.Batch(
                way == 0 ? of.from : of.to,
                way == 0 ? of.to : of.from,
                lists[SOURCE],
                lists[TARGET]);
      }
    }
    return all;
  }

  private PageMover mover(CudaContext context, String path, CudaMigrationTuning tuning) {
    int ways = setting.ways();
    int pages = setting.pages();
    return switch (path) {
      case CudaMigrationAdapter.KERNEL -> {
        boolean overLink = moves[0][0].from().onHost() || moves[0][0].to().onHost();
        LaunchShape shape =
            tuning.shape(ways, setting.batchWords(), overLink, context.device().multiprocessors());
        notes.put("blocks", (long) shape.gridX());
        notes.put("threadsPerBlock", (long) shape.blockX());
        notes.put("frameLists", "mapped memory of the host");
        PageMover.Batch first = moves[0][0];
        yield new KernelMover(
            pageKernels.move(
                ways, shape, first.from(), first.to(), first.source(), first.target()));
      }
      case CudaMigrationAdapter.BATCHED -> {
        notes.put("copiesPerCall", (long) pages);
        notes.put("besideKernels", tuning.overlap());
        yield CopyingMover.batched(context, ways, pages, setting.pageBytes(), tuning.overlap());
      }
      case CudaMigrationAdapter.COPIES ->
          CopyingMover.eachPage(context, ways, pages, setting.pageBytes());
      default -> throw new IllegalArgumentException("no path " + path);
    };
  }

  /** Where a batch of a position moves, for a test. */
  PageMover.Batch batch(int position, int way) {
    return moves[position][way];
  }

  /** Its kernels, for a test. */
  CudaPageKernels pageKernels() {
    return pageKernels;
  }

  /** The frames of a sample: all are free, then the batches that wait in their source take some. */
  private void deal(Pools of, long sample, int position) {
    of.sample = sample;
    of.position = position;
    of.worked = false;
    of.frames[0].deal(sample);
    of.frames[1].deal(sample);
    for (int way = 0; way < batches.length; way++) {
      of.frames[way].take(setting.pages(), moves[position][way].source().host());
    }
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    deal(pools[position % pools.length], sample, position);
    verdicts.begin(stream, sample, position);
    for (int way = 0; way < batches.length; way++) {
      PageMover.Batch move = moves[position][way];
      fill.enqueue(stream, move.from(), move.source(), batches[way].key(sample));
    }
  }

  @Override
  public void work(CudaStream stream, int position) {
    workBy(mover, stream, position);
  }

  /** Does the work of this piece with a mover, which may be another for a test. */
  void workBy(PageMover by, CudaStream stream, int position) {
    Pools of = pools[position % pools.length];
    if (of.worked) { // captured, or made again: with the frames that it had
      deal(of, of.sample, position);
    }
    PageMover.Batch[] ofPosition = moves[position];
    for (int way = 0; way < ofPosition.length; way++) {
      of.frames[1 - way].take(setting.pages(), ofPosition[way].target().host());
    }
    by.enqueue(stream, ofPosition);
    for (int way = 0; way < ofPosition.length; way++) {
      of.frames[way].give(setting.pages(), ofPosition[way].source().host());
    }
    of.worked = true;
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    verdicts.check(stream, sample, position);
  }

  /** Whether no later sample has been in the pools. */
  private boolean inPlace(long sample, int position) {
    Pools of = pools[position % pools.length];
    return of.sample == sample && of.position == position;
  }

  @Override
  public boolean right(long sample, int position) {
    return verdicts.right(sample, position, inPlace(sample, position));
  }

  @Override
  public String mismatch(long sample, int position) {
    return verdicts.mismatch(sample, position, inPlace(sample, position));
  }

  @Override
  public long digest(int position) {
    return verdicts.digest(position);
  }

  @Override
  public boolean capturable() {
    return mover.capturable();
  }

  @Override
  public int positions() {
    return positions;
  }

  @Override
  public int separatePositions() {
    return Math.min(pools.length, positions);
  }

  @Override
  public PreparedRun.Work amount() {
    return setting.work();
  }

  @Override
  public Map<String, Double> demands() {
    return setting.demands(facts.lastLevelCacheBytes(), kernels.context().device().l2Bytes());
  }

  @Override
  public Map<String, Double> amounts() {
    return setting.amounts();
  }

  @Override
  public long inputs() {
    return PreparedRun.EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    return verdicts.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration(notes);
  }

  @Override
  public void close() {
    closer.close();
  }
}
