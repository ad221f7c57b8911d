// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.files.FolderFacts;
import io.gpubench.engines.files.PageFile;
import io.gpubench.engines.files.PageFiles;
import io.gpubench.engines.migration.PageWords;
import io.gpubench.engines.processors.SpinTeam;
import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaException;
import io.gpubench.gpu.CudaPeer;
import io.gpubench.gpu.PinnedBuffer;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.migration.Tier;
import io.gpubench.workloads.migration.Tier.Kind;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Takes the room for a {@link CudaMigrationRun}: pools and staging memory, and says in one line
 * what there is not enough of. Whoever made it closes it after all of them. One thread, the
 * context's.
 */
final class StagedRoom implements AutoCloseable {
  private static final int OUT_OF_MEMORY = 2;

  /** Of path copies, from and to a file. */
  private static final int BOUNCE_PAGES = 2;

  private static final String LESS_PAGES = "set pages or pageBytes to less";

  /** What memory and files are handled in. */
  private static final int PAGE = PageFile.ALIGNMENT;

  private final Closer closer = new Closer();
  private final CudaSession session;
  private final CudaContext context;
  private final MigrationParameters setting;
  private final MachineFacts facts;
  private final Map<String, Object> notes = new LinkedHashMap<>();

  StagedRoom(CudaSession session, MigrationParameters setting, MachineFacts facts) {
    this.session = session;
    this.context = session.context();
    this.setting = setting;
    this.facts = facts;
  }

  /** What was found, for the record. */
  Map<String, Object> description() {
    return notes;
  }

  /** Whether a file takes part. */
  static boolean withFile(MigrationParameters setting) {
    return setting.from().kind() == Kind.FILE || setting.to().kind() == Kind.FILE;
  }

  /**
   * What is moved at a time.
   *
   * @param staged in chunks; else page by page, which from and to a file means two bounce pages
   * @param granularity of {@link #granularity}
   */
  static StagingShape shape(
      MigrationParameters setting, CudaStagingTuning tuning, boolean staged, long granularity) {
    long chunk = tuning.chunkBytes(setting.batchBytes());
    if (staged) {
      return StagingShape.of(setting, chunk, tuning.slots(), granularity);
    }
    long page = setting.pageBytes();
    StagingShape parts =
        StagingShape.of(
            setting, withFile(setting) ? Math.min(page, chunk) : page, BOUNCE_PAGES, granularity);
    return new StagingShape(parts.pages(), parts.parts(), parts.pieceBytes(), 1, BOUNCE_PAGES);
  }

  /**
   * A part of a page is a multiple of what the file systems transfer.
   *
   * @throws EngineException when a folder is none
   */
  static long granularity(MigrationParameters setting) {
    long bytes = withFile(setting) ? PAGE : Long.BYTES;
    for (int i = 0; i < 2; i++) {
      Tier tier = setting.source(i);
      if (tier.kind() == Kind.FILE) {
        bytes = Math.max(bytes, FolderFacts.of(Objects.requireNonNull(tier.place())).blockBytes());
      }
    }
    return bytes;
  }

  /** Bytes of page-locked memory that a plan has to count: the slots of all ways. */
  static long stagingBytes(MigrationParameters setting, CudaStagingTuning tuning, boolean staged) {
    if (!staged && !withFile(setting)) {
      return 0;
    }
    StagingShape shape = shape(setting, tuning, staged, withFile(setting) ? PAGE : Long.BYTES);
    return setting.ways() * shape.stagingBytes();
  }

  /**
   * Looks whether the host has memory for it all, before any of it is touched.
   *
   * @param ofSlots bytes of staging memory
   * @throws EngineException one line that says what fits
   */
  void require(long ofSlots) {
    int pools = 0;
    for (int i = 0; i < 2; i++) {
      pools += setting.source(i).kind().inHostMemory() ? 1 : 0;
    }
    long takes = pools * (setting.poolBytes() + StagedMemoryTier.GUARD_BYTES) + ofSlots;
    if (takes <= facts.availableBytes()) {
      return;
    }
    long ofPage = Math.max(1, pools * setting.poolBytes() / setting.pages());
    long fits = pools == 0 ? 0 : Math.max(0, facts.availableBytes() - ofSlots) / ofPage;
    throw new EngineException(
        "%s with pageBytes=%d pages=%d takes %,d bytes of the host's memory, of which %,d are free: %s"
            .formatted(
                MigrationWorkload.ID,
                setting.pageBytes(),
                setting.pages(),
                takes,
                facts.availableBytes(),
                fits > 0
                    ? "pages=" + fits + " fits"
                    : "not even one page fits beside %,d bytes of staging memory"
                        .formatted(ofSlots)));
  }

  /**
   * Slots of staging memory, for one way.
   *
   * @throws EngineException when there is no room for them
   */
  StagingSlots slots(StagingShape shape) {
    try {
      return new StagingSlots(context, shape);
    } catch (CudaException e) {
      throw full(
          e,
          "staging memory takes %,d bytes, page-locked (%d slots of %,d bytes)"
              .formatted(shape.stagingBytes(), shape.slots(), shape.slotBytes()),
          shape.parts() == 1 && shape.chunkPieces() == 1
              ? "a chunk is a page at least where it has no equal parts"
              : "set chunkBytes or slots to less");
    }
  }

  /**
   * A tier.
   *
   * @param which 0 for {@link MigrationParameters#from}, 1 for the other
   * @throws EngineException when there is no room for its pool; absent when there is no such tier
   */
  StagedTier tier(
      int which,
      CudaKernels kernels,
      StagingShape shape,
      boolean staged,
      PageWords words,
      SpinTeam team,
      StagingSlots[] slots) {
    Tier tier = setting.source(which);
    return switch (tier.kind()) {
      case DEVICE ->
          new StagedDeviceTier(kernels, shape, setting.scattered(), onDevice(), true, staged);
      case PEER -> {
        CudaPeer peer = closer.closes(CudaPeers.open(session, tier));
        notes.put("peer", peer.device().toString());
        notes.put("peerAccess", peer.accessible());
        yield new StagedDeviceTier(
            kernels, shape, setting.scattered(), onPeer(peer), peer.accessible(), staged);
      }
      case PINNED, MAPPED -> {
        PinnedBuffer memory = pageLocked(tier);
        yield new StagedMemoryTier(memory, memory.segmentForAll(), shape, words, team);
      }
      case PAGEABLE -> pageable(shape, words, team);
      case FILE -> file(tier, shape, words, slots[0]);
    };
  }

  private CudaPages onDevice() {
    try {
      return CudaPages.onDevice(context, setting.poolBytes(), setting.pageBytes());
    } catch (CudaException e) {
      throw full(
          e,
          "a pool takes %,d bytes of the device's memory".formatted(setting.poolBytes()),
          LESS_PAGES);
    }
  }

  private CudaPages onPeer(CudaPeer peer) {
    try {
      return CudaPages.onPeer(peer, setting.poolBytes(), setting.pageBytes());
    } catch (CudaException e) {
      throw full(
          e,
          "a pool takes %,d bytes of the memory of device %s"
              .formatted(setting.poolBytes(), peer.device()),
          LESS_PAGES);
    }
  }

  private PinnedBuffer pageLocked(Tier tier) {
    long bytes = setting.poolBytes() + StagedMemoryTier.GUARD_BYTES;
    try {
      return tier.kind() == Kind.MAPPED
          ? context.allocateMapped(bytes)
          : context.allocatePinned(bytes);
    } catch (CudaException e) {
      throw full(e, "a pool takes %,d bytes of page-locked memory".formatted(bytes), LESS_PAGES);
    }
  }

  private StagedTier pageable(StagingShape shape, PageWords words, SpinTeam team) {
    Arena arena = Arena.ofShared();
    try {
      return new StagedMemoryTier(
          arena,
          arena.allocate(setting.poolBytes() + StagedMemoryTier.GUARD_BYTES, PAGE),
          shape,
          words,
          team);
    } catch (OutOfMemoryError e) {
      arena.close();
      throw full(e, "a pool takes %,d bytes of memory".formatted(setting.poolBytes()), LESS_PAGES);
    }
  }

  private StagedTier file(Tier tier, StagingShape shape, PageWords words, StagingSlots slots) {
    String folder = Objects.requireNonNull(tier.place());
    FolderFacts.of(folder).checkRoom(setting.poolBytes(), setting.pages());
    PageFile file =
        PageFiles.open(
            new PageFile.Order(
                folder,
                shape.pieceBytes(),
                Math.multiplyExact(setting.frames(), shape.parts()),
                Math.max(1, facts.processors()),
                0,
                0));
    return new StagedFileTier(file, slots, shape, setting.syncsData(), words);
  }

  private EngineException full(Throwable cause, String what, String remedy) {
    if (cause instanceof CudaException refused && refused.code() != OUT_OF_MEMORY) {
      throw refused;
    }
    return new EngineException(
        EngineException.Kind.FAILED,
        "%s with pageBytes=%d pages=%d: %s, and there is no room for it"
            .formatted(MigrationWorkload.ID, setting.pageBytes(), setting.pages(), what),
        remedy,
        cause);
  }

  @Override
  public void close() {
    closer.close();
  }
}
