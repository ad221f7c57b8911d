// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.migration;

import io.gpubench.engines.files.PageFile;
import io.gpubench.engines.processors.Wakeable;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.workloads.migration.MigrationBatch;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A migration on an engine on the processors. Before each sample all frames are dealt anew, and the
 * source of each way holds pages of the sample. Timed: the target takes frames, the kernels move
 * the pages, the source gives its frames back. Afterwards every word of the target is compared with
 * what the sample's key gives, and every word of a source in memory too, since a migration does not
 * change it; what lies behind a pool in memory has not changed either. What went to a file is read
 * back. All this is done here and not by the engine.
 *
 * <p>Owns its kernels and closes them. Used by the thread that measures.
 */
public final class MigrationRun implements Wakeable {
  private static final String[] ENDS = {"from", "to"};

  private final MigrationParameters setting;
  private final MachineFacts facts;
  private final MigrationKernels kernels;
  private final PageWords words;
  private final Arena arena;
  private final TierPool[] pools = new TierPool[2];
  private final Way[] ways;
  private long guard;

  /** A batch, and the frames of its source and of its target. */
  private record Way(
      MigrationBatch batch, TierPool source, TierPool target, Frames from, Frames to) {}

  private MigrationRun(
      MigrationParameters setting,
      MachineFacts facts,
      MigrationKernels kernels,
      PageFile.Order file,
      PageWords words,
      Arena arena) {
    this.setting = setting;
    this.facts = facts;
    this.kernels = kernels;
    this.words = words;
    this.arena = arena;
    for (int which = 0; which < pools.length; which++) {
      pools[which] = TierPool.open(setting, which, kernels, file, words, arena);
    }
    pools[0].meet(pools[1]);
    pools[1].meet(pools[0]);
    ways = new Way[setting.ways()];
    List<MigrationMove> moves = new ArrayList<>();
    for (int w = 0; w < ways.length; w++) {
      var way =
          new Way(
              new MigrationBatch(setting, w),
              pools[w],
              pools[1 - w],
              new Frames(setting, arena),
              new Frames(setting, arena));
      ways[w] = way;
      moves.add(
          new MigrationMove(
              setting.pages(),
              setting.pageBytes(),
              way.source().store(),
              way.from().all(),
              way.target().store(),
              way.to().all()));
    }
    kernels.plan(moves);
  }

  /**
   * Opens kernels and takes the room for both tiers, which are pageable, pinned or files. The
   * caller closes the run.
   *
   * @param file how files are opened: threads, requests under way and their size; the rest is not
   *     looked at
   * @param open the kernels
   * @throws io.gpubench.measure.EngineException when there is not so much room, memory or
   *     permission to lock it
   */
  public static MigrationRun prepare(
      MigrationParameters setting,
      MachineFacts facts,
      PageFile.Order file,
      Supplier<MigrationKernels> open) {
    MigrationKernels kernels = open.get();
    var words = new PageWords(file.threads());
    Arena arena = Arena.ofShared();
    try {
      return new MigrationRun(setting, facts, kernels, file, words, arena);
    } catch (RuntimeException | Error failure) {
      try (arena;
          words;
          kernels) {
        throw failure;
      }
    }
  }

  @Override
  public void stage(long sample) {
    guard = Words.mix64(~sample);
    for (TierPool pool : pools) {
      pool.free().deal(sample);
      pool.guard(guard);
    }
    for (Way way : ways) {
      way.source().free().take(setting.pages(), way.from().all());
      way.source().fill(way.from(), way.batch().key(sample));
    }
    kernels.wake();
  }

  @Override
  public void wake() {
    kernels.wake();
  }

  @Override
  public void execute() {
    for (Way way : ways) {
      way.target().free().take(setting.pages(), way.to().all());
    }
    kernels.migrate();
    for (Way way : ways) {
      if (setting.syncsData()) {
        way.target().sync();
      }
      way.source().free().give(setting.pages(), way.from().all());
    }
  }

  @Override
  public boolean verify(long sample) {
    for (Way way : ways) {
      long key = way.batch().key(sample);
      if (!way.target().check(way.to(), key) || !sourceHolds(way, key)) {
        return false;
      }
    }
    return guardsHold();
  }

  /** Whether a source in memory is as it was; that of a file is known by what has arrived. */
  private static boolean sourceHolds(Way way, long key) {
    return !way.source().inMemory() || way.source().check(way.from(), key);
  }

  private boolean guardsHold() {
    return pools[0].guardHolds(guard) && pools[1].guardHolds(guard);
  }

  @Override
  public String mismatch(long sample) {
    for (int w = 0; w < ways.length; w++) {
      Way way = ways[w];
      long key = way.batch().key(sample);
      String named = "%s -> %s: ".formatted(way.source().tier(), way.target().tier());
      if (!way.target().check(way.to(), key)) {
        return named + way.target().wrong(way.to(), key);
      }
      if (!sourceHolds(way, key)) {
        return named + "the source has changed: " + way.source().wrong(way.from(), key);
      }
    }
    return guardsHold()
        ? "expected a wrong answer, but it is right now"
        : "bytes behind a pool have changed, expected none";
  }

  @Override
  public long digest() {
    long[] sums = new long[2 * ways.length];
    for (int w = 0; w < ways.length; w++) {
      TierPool target = ways[w].target();
      target.check(ways[w].to(), 0);
      sums[2 * w] = target.s0();
      sums[2 * w + 1] = target.s1();
    }
    return AnswerDigest.of(sums);
  }

  @Override
  public Work work() {
    return setting.work();
  }

  @Override
  public Map<String, Double> demands() {
    return setting.demands(facts.lastLevelCacheBytes(), 0);
  }

  @Override
  public Map<String, Double> amounts() {
    return setting.amounts();
  }

  @Override
  public long inputs() {
    return EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    var map = new LinkedHashMap<>(MigrationWorkload.verification());
    map.put("targetChecked", true);
    boolean inMemory = true;
    for (Way way : ways) {
      inMemory &= way.source().inMemory();
    }
    map.put("sourceChecked", inMemory);
    if (!inMemory) {
      map.put("sourceAge", "written just before the sample"); // a drive's own cache may have it
    }
    return map;
  }

  @Override
  public Map<String, Object> configuration() {
    var map = new LinkedHashMap<>(kernels.configuration());
    var durability = new TreeSet<String>();
    for (int which = 0; which < pools.length; which++) {
      map.putAll(pools[which].description(ENDS[which]));
    }
    for (Way way : ways) {
      @Nullable String kept = way.target().durability();
      if (kept != null) {
        durability.add(kept);
      }
    }
    if (!durability.isEmpty()) {
      map.put("durability", String.join("; ", durability));
    }
    return map;
  }

  @Override
  public void close() {
    try (arena;
        words) {
      kernels.close();
    }
  }
}
