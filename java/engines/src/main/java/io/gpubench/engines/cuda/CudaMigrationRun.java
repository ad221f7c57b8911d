// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.migration.PageWords;
import io.gpubench.engines.processors.SpinTeam;
import io.gpubench.engines.processors.Wakeable;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.migration.MigrationBatch;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.migration.PagePool;
import io.gpubench.workloads.words.Checksum;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A migration in which the host has a hand: from or to pageable memory or a file, or through
 * page-locked staging memory. By the host's clock.
 *
 * <p>Before each sample all frames are dealt anew and the source of each way holds pages of the
 * sample. Timed: the target takes frames, the pages are moved, the source gives its frames back.
 * Afterwards every word of the target is compared with what the sample's key gives, by a kernel or
 * by the processors, wherever it is; of a source in memory likewise. Before the first sample a
 * target that nothing was moved to is shown to be wrong.
 *
 * <p>Owns all that it uses but the session. Confined to the thread of the context.
 */
final class CudaMigrationRun implements Wakeable {
  /** From here on samples are numbered that only prove something; timed ones stay below. */
  private static final long PROOFS = 1L << 40;

  /** The oracle looks at one batch in so many, and at none of more words. */
  private static final int ORACLE_SHARE = 64;

  private static final long ORACLE_WORDS = 1 << 22;

  private static final String[] ENDS = {"from", "to"};

  private final Closer closer = new Closer();
  private final CudaKernels kernels;
  private final MigrationParameters setting;
  private final MachineFacts facts;
  private final SpinTeam team;
  private final PagePool[] frames;
  private final StagedTier[] tiers;
  private final Way[] ways;
  private final StagingSlots[] slots;
  private final Mover mover;
  private final Map<String, Object> notes = new LinkedHashMap<>();
  private @Nullable String doubt;

  /** Moves the batches of all ways by the frames that stand in their lists, and waits. */
  @FunctionalInterface
  interface Mover {
    void move();
  }

  /** Puts something in the place of an end, such as one that fails; for tests. */
  @FunctionalInterface
  interface Around {
    StagingEnd end(int way, boolean source, StagingEnd end);
  }

  /** A batch, and the frames of its source and of its target. */
  private record Way(MigrationBatch batch, int source, int target, PieceList from, PieceList to) {}

  /**
   * Prepares it.
   *
   * @param mode whose path is {@code copies} or {@code staging}
   * @param values of the workload and of the path's tuning
   * @throws io.gpubench.measure.EngineException when there is not so much room, in one line; absent
   *     when this machine has no such tier
   */
  CudaMigrationRun(
      CudaSession session,
      MigrationParameters setting,
      Mode mode,
      ParameterValues values,
      MachineFacts facts) {
    this(session, setting, mode, values, facts, (_, _, end) -> end);
  }

  /** Prepares it with other ends; what is put in their place does not close them. */
  CudaMigrationRun(
      CudaSession session,
      MigrationParameters setting,
      Mode mode,
      ParameterValues values,
      MachineFacts facts,
      Around around) {
    this.setting = setting;
    this.facts = facts;
    kernels = new CudaKernels(session.context(), session.family(CudaPageKernels.FAMILY));
    boolean staged = mode.path().equals(CudaMigrationAdapter.STAGING);
    boolean throughSlots = staged || StagedRoom.withFile(setting);
    slots = new StagingSlots[throughSlots ? setting.ways() : 0];
    var tuning = CudaStagingTuning.of(values, facts.processors());
    StagingShape shape = StagedRoom.shape(setting, tuning, staged, StagedRoom.granularity(setting));
    var room = closer.closes(new StagedRoom(session, setting, facts));
    frames = new PagePool[] {new PagePool(setting, 0), new PagePool(setting, 1)};
    tiers = new StagedTier[ENDS.length];
    ways = new Way[setting.ways()];
    try {
      team = closer.closes(new SpinTeam(tuning.threads()));
      PageWords words = closer.closes(new PageWords(Math.max(1, facts.processors())));
      room.require(throughSlots ? slots.length * shape.stagingBytes() : 0);
      for (int way = 0; way < slots.length; way++) {
        slots[way] = closer.closes(room.slots(shape));
      }
      for (int i = 0; i < tiers.length; i++) {
        tiers[i] = closer.closes(room.tier(i, kernels, shape, staged, words, team, slots));
      }
      var lists = new PieceList[2 * ways.length];
      for (int way = 0; way < ways.length; way++) {
        for (int side = 0; side < 2; side++) {
          lists[2 * way + side] = closer.closes(new PieceList(session.context(), shape));
        }
        ways[way] =
            new Way(
                new MigrationBatch(setting, way), way, 1 - way, lists[2 * way], lists[2 * way + 1]);
      }
      mover = throughSlots ? lanes(shape, around) : copies(session, shape, lists);
      closer.closes(session.context()::synchronize); // the first to be closed: nothing is under way
      note(room, shape, throughSlots);
      prove();
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** Batches on their way through slots; while one waits for a device the other takes a step. */
  private Mover lanes(StagingShape shape, Around around) {
    var lanes = new StagingLane[ways.length];
    for (int i = 0; i < lanes.length; i++) {
      Way way = ways[i];
      StagingEnd source = closer.closes(tiers[way.source()].end(way.from(), slots[i]));
      StagingEnd target = closer.closes(tiers[way.target()].end(way.to(), slots[i]));
      lanes[i] = new StagingLane(around.end(i, true, source), around.end(i, false, target), shape);
    }
    return () -> {
      try {
        move(lanes);
      } catch (RuntimeException | Error failure) {
        for (StagingLane lane : lanes) { // what is under way still uses slots and lists
          lane.abandon(failure);
        }
        throw failure;
      }
    };
  }

  private static void move(StagingLane[] lanes) {
    for (StagingLane lane : lanes) {
      lane.begin();
    }
    boolean begun;
    do {
      begun = true;
      boolean idle = true;
      for (StagingLane lane : lanes) {
        idle &= !lane.advance();
        begun &= lane.begun();
      }
      if (idle) {
        Thread.onSpinWait();
      }
    } while (!begun);
    for (StagingLane lane : lanes) {
      lane.await();
    }
  }

  private Mover copies(CudaSession session, StagingShape shape, PieceList[] lists) {
    boolean toDevice = tiers[1] instanceof StagedDeviceTier;
    var device = (StagedDeviceTier) tiers[toDevice ? 1 : 0];
    var host = (StagedMemoryTier) tiers[toDevice ? 0 : 1];
    PageableCopies copies =
        closer.closes(
            new PageableCopies(
                session.context(), shape, host.pool(), device.pool().frames(), toDevice, lists));
    return copies::move;
  }

  private void note(StagedRoom room, StagingShape shape, boolean throughSlots) {
    if (throughSlots) {
      notes.put("chunkBytes", shape.slotBytes());
      notes.put("slots", (long) shape.slots());
      notes.put("partsOfPage", (long) shape.parts());
      notes.put("stagingMemory", "page-locked");
      notes.put("copyThreads", (long) team.members());
      if (StagedRoom.withFile(setting) && setting.bothWays()) {
        notes.put("fileRequests", "those of both ways in turns, a chunk each");
      }
    }
    notes.putAll(room.description());
    var durability = new TreeSet<String>();
    for (int i = 0; i < tiers.length; i++) {
      String end = ENDS[i];
      tiers[i]
          .description()
          .forEach((name, value) ->
              notes.put(end + Character.toUpperCase(name.charAt(0)) + name.substring(1), value));
    }
    for (Way way : ways) {
      String kept = tiers[way.target()].durability();
      if (kept != null) {
        durability.add(kept);
      }
    }
    if (!durability.isEmpty()) {
      notes.put("durability", String.join("; ", durability));
    }
  }

  /** That a target is wrong that nothing was moved to; then all of a sample once, as the others. */
  private void prove() {
    stage(PROOFS);
    take();
    for (Way way : ways) {
      if (tiers[way.target()].check(way.to(), way.batch().key(PROOFS))) {
        doubt = "a target counts as right that nothing was moved to";
      }
    }
    stage(PROOFS + 1);
    execute();
  }

  @Override
  public void stage(long sample) {
    for (int i = 0; i < tiers.length; i++) {
      frames[i].deal(sample);
      tiers[i].begin(sample);
    }
    for (Way way : ways) {
      way.from().take(frames[way.source()]);
      tiers[way.source()].fill(way.from(), way.batch().key(sample));
    }
    for (StagingSlots ofWay : slots) {
      ofWay.scribble(sample);
    }
    wake();
  }

  @Override
  public void wake() {
    for (StagedTier tier : tiers) {
      tier.wake();
    }
    team.wake();
  }

  private void take() {
    for (Way way : ways) {
      way.to().take(frames[way.target()]);
    }
  }

  @Override
  public void execute() {
    executeBy(mover);
  }

  /** Does the work with a mover, which may be another for a test. */
  void executeBy(Mover by) {
    take();
    by.move();
    for (Way way : ways) {
      if (setting.syncsData()) {
        tiers[way.target()].sync();
      }
      way.from().give(frames[way.source()]);
    }
  }

  @Override
  public boolean verify(long sample) {
    boolean right = doubt == null;
    for (Way way : ways) {
      long key = way.batch().key(sample);
      right =
          right
              && tiers[way.target()].check(way.to(), key)
              && oracleAgrees(way, sample)
              && sourceHolds(way, key);
    }
    return right;
  }

  /** Whether the oracle, where it is asked for this sample, gives the sums that are in a target. */
  private boolean oracleAgrees(Way way, long sample) {
    if (Math.floorMod(ways[0].batch().key(sample), ORACLE_SHARE) != 0
        || setting.batchWords() > ORACLE_WORDS) {
      return true;
    }
    Checksum right = way.batch().checksum(sample);
    StagedTier target = tiers[way.target()];
    return right.s0() == target.sum(0) && right.s1() == target.sum(1);
  }

  private boolean sourceHolds(Way way, long key) {
    StagedTier source = tiers[way.source()];
    return !source.keepsSource() || source.check(way.from(), key);
  }

  @Override
  public String mismatch(long sample) {
    if (doubt != null) {
      return doubt;
    }
    for (int i = 0; i < ways.length; i++) {
      Way way = ways[i];
      long key = way.batch().key(sample);
      String named = "%s -> %s".formatted(setting.source(i), setting.target(i));
      StagedTier target = tiers[way.target()];
      if (!target.check(way.to(), key)) {
        return named + ", target: " + target.wrong(way.to(), key);
      }
      if (!oracleAgrees(way, sample)) {
        return named + ": " + MigrationVerdicts.ORACLE_DISAGREES;
      }
      if (!sourceHolds(way, key)) {
        return named + ", source: " + tiers[way.source()].wrong(way.from(), key);
      }
    }
    return "expected a wrong answer, but it is right now";
  }

  @Override
  public long digest() {
    long[] sums = new long[2 * ways.length];
    for (int i = 0; i < ways.length; i++) {
      Way way = ways[i];
      StagedTier target = tiers[way.target()];
      target.check(way.to(), 0);
      sums[2 * i] = target.sum(0);
      sums[2 * i + 1] = target.sum(1);
    }
    return AnswerDigest.of(sums);
  }

  @Override
  public Work work() {
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
    return EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    var map = new LinkedHashMap<>(MigrationWorkload.verification());
    boolean sources = true;
    for (Way way : ways) {
      sources &= tiers[way.source()].keepsSource();
    }
    map.put("reference", "each word compared with what the key gives: on a device by a kernel");
    map.put("targetChecked", true);
    map.put("sourceChecked", sources);
    if (!sources) {
      map.put("sourceAge", "written just before the sample"); // a drive's own cache may have it
    }
    map.put("shareCheckedByOracle", setting.batchWords() > ORACLE_WORDS ? 0.0 : 1.0 / ORACLE_SHARE);
    return map;
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
