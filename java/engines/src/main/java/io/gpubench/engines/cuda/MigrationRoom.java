// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaException;
import io.gpubench.gpu.CudaPeer;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.migration.Tier;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the pools of a migration: how many positions get pools of their own, and what is said
 * when there is not enough for one. Whoever made it closes it after the pools. One thread, the
 * context's.
 */
final class MigrationRoom implements AutoCloseable {
  /** The most positions with pools of their own. */
  private static final int MOST = 16;

  /** Page-locked memory of all positions together, where one does not take more. */
  static final long PAGE_LOCKED_BYTES = 64L << 20;

  /** More than one position shares at most this part of what is free. */
  private static final int SHARE = 4;

  /** What the driver and the kernels take in addition. */
  private static final long RESERVE = 32L << 20;

  private static final int OUT_OF_MEMORY = 2;

  private final Closer closer = new Closer();
  private final CudaSession session;
  private final CudaContext context;
  private final MigrationParameters setting;
  private final MachineFacts facts;
  private @Nullable CudaPeer peer;

  MigrationRoom(CudaSession session, MigrationParameters setting, MachineFacts facts) {
    this.session = session;
    this.context = session.context();
    this.setting = setting;
    this.facts = facts;
  }

  /** Pools of a position that are in the device's memory, or in the host's. */
  private int pools(boolean onHost) {
    return (on(setting.from(), onHost) ? 1 : 0) + (on(setting.to(), onHost) ? 1 : 0);
  }

  private static boolean on(Tier tier, boolean host) {
    return host ? tier.kind().inHostMemory() : tier.kind() == Tier.Kind.DEVICE;
  }

  /**
   * How many positions get pools of their own, 1 .. {@value #MOST}.
   *
   * @throws EngineException one line that says what fits, when not even one position does
   */
  int positions() {
    long onDevice = context.freeBytes() - RESERVE;
    long onHost = facts.availableBytes() - RESERVE;
    require(pools(false), onDevice, "the device's memory");
    require(pools(true), onHost, "page-locked memory");
    long most = MOST;
    for (Tier tier : new Tier[] {setting.from(), setting.to()}) {
      if (tier.kind() == Tier.Kind.PEER) {
        long onPeer = peer(tier).freeBytes() - RESERVE;
        require(1, onPeer, "the peer's memory");
        most = Math.min(most, onPeer / SHARE / bytes(1));
      }
    }
    if (pools(false) > 0) {
      most = Math.min(most, onDevice / SHARE / bytes(pools(false)));
    }
    if (pools(true) > 0) {
      most = Math.min(most, Math.min(PAGE_LOCKED_BYTES, onHost / SHARE) / bytes(pools(true)));
    }
    return (int) Math.max(1, most);
  }

  private long bytes(int pools) {
    return pools * (setting.poolBytes() + CudaPages.GUARD_BYTES);
  }

  private void require(int pools, long usable, String where) {
    if (pools > 0 && bytes(pools) > usable) {
      throw new EngineException(
          "%s takes %,d bytes of %s, of which %,d are free: %s"
              .formatted(what(), bytes(pools), where, Math.max(0, usable), fitting(pools, usable)));
    }
  }

  private String what() {
    return "%s with pageBytes=%d pages=%d"
        .formatted(MigrationWorkload.ID, setting.pageBytes(), setting.pages());
  }

  private String fitting(int pools, long usable) {
    long ofPage = pools * setting.poolBytes() / setting.pages();
    long pages = Math.max(0, usable - pools * CudaPages.GUARD_BYTES) / ofPage;
    return pages > 0 ? "pages=" + pages + " fits" : "not even one page fits";
  }

  /**
   * The pool of a tier.
   *
   * @throws EngineException one line that says what fits, when the driver gives no memory; absent
   *     when this machine has no such tier
   */
  CudaPages pool(Tier tier) {
    return switch (tier.kind()) {
      case DEVICE ->
          allocated(
              "the device's memory",
              bytes -> CudaPages.onDevice(context, bytes, setting.pageBytes()));
      case PINNED, MAPPED ->
          allocated(
              "page-locked memory", bytes -> CudaPages.onHost(context, bytes, setting.pageBytes()));
      case PEER -> {
        CudaPeer other = peer(tier);
        yield allocated(
            "the peer's memory", bytes -> CudaPages.onPeer(other, bytes, setting.pageBytes()));
      }
      case PAGEABLE, FILE -> throw new IllegalArgumentException("no pool for " + tier);
    };
  }

  private CudaPeer peer(Tier tier) {
    if (peer == null) {
      peer = closer.closes(CudaPeers.open(session, tier));
    }
    if (!peer.accessible()) {
      throw new EngineException(
          EngineException.Kind.ABSENT,
          "%s: the devices cannot access each other's memory, so that pages could not be compared where they are"
              .formatted(tier),
          "see what 'nvidia-smi topo -p2p r' shows",
          null);
    }
    return peer;
  }

  /** How a pool of so many bytes is allocated. */
  private interface Allocation {
    CudaPages of(long bytes);
  }

  private CudaPages allocated(String where, Allocation allocation) {
    try {
      return allocation.of(setting.poolBytes());
    } catch (CudaException e) {
      if (e.code() != OUT_OF_MEMORY) {
        throw e;
      }
      throw new EngineException(
          "%s: a pool takes %,d bytes of %s, and the driver has no room for it: %s"
              .formatted(what(), setting.poolBytes(), where, fitting(allocation)),
          e);
    }
  }

  /** By halves, with what is allocated for other pools still in place. */
  private String fitting(Allocation allocation) {
    long ofPage = setting.poolBytes() / setting.pages();
    for (int pages = setting.pages() / 2; pages > 0; pages /= 2) {
      try {
        allocation.of(pages * ofPage).close();
        return "pages=" + pages + " fits";
      } catch (CudaException e) {
        if (e.code() != OUT_OF_MEMORY) {
          throw e;
        }
      }
    }
    return "not even one page fits";
  }

  /** Closes the peer, if there is one, after its pools. */
  @Override
  public void close() {
    closer.close();
  }
}
