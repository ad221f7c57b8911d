// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.migration;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Work;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.migration.Tier.Kind;
import java.util.Map;

/**
 * What a migration moves.
 *
 * @param pageBytes size of a page, a multiple of 8
 * @param pages of a batch, one for each way
 * @param scattered whether the frames of a batch lie anywhere in their pool, else one behind the
 *     other
 * @param bothWays whether another batch moves back at the same time
 * @param syncsData whether a batch that moves into a file is on stable storage at the end
 */
public record MigrationParameters(
    Tier from,
    Tier to,
    long pageBytes,
    int pages,
    boolean scattered,
    boolean bothWays,
    boolean syncsData,
    long seed) {
  /** The amount that is counted besides bytes. */
  static final String PAGES = "pages";

  static final String SCATTERED = "scattered";
  static final String BOTH = "both";
  static final String DATA = "data";

  /** A pool in which frames lie anywhere has this many for each that is in use. */
  private static final int ROOM_TO_SCATTER = 2;

  /**
   * From the values of the workload's parameters.
   *
   * @throws ConfigException when a tier is none, or they contradict each other
   */
  public static MigrationParameters of(ParameterValues values) {
    var setting =
        new MigrationParameters(
            tier("from", values),
            tier("to", values),
            values.whole("pageBytes"),
            Math.toIntExact(values.whole("pages")),
            values.choice("order").equals(SCATTERED),
            values.choice("ways").equals(BOTH),
            values.choice("sync").equals(DATA),
            values.whole("seed"));
    setting.check();
    return setting;
  }

  private static Tier tier(String parameter, ParameterValues values) {
    try {
      return Tier.parse(values.choice(parameter));
    } catch (ConfigException e) {
      throw new ConfigException(parameter + "=" + values.choice(parameter) + ": " + e.getMessage());
    }
  }

  private void check() {
    if (pageBytes % Long.BYTES != 0) {
      throw new ConfigException("pageBytes=" + pageBytes + " is not a multiple of 8");
    }
    if (from.kind() == Kind.PEER && to.kind() == Kind.PEER) {
      throw new ConfigException(
          "from=%s to=%s: pages move between a device and its peer; write device for one of them"
              .formatted(from, to));
    }
    if (syncsData && !intoAFile()) {
      throw new ConfigException(
          "sync=data is about files, and no page moves into one with from=%s to=%s"
              .formatted(from, to));
    }
  }

  private boolean intoAFile() {
    return to.kind() == Kind.FILE || (bothWays && from.kind() == Kind.FILE);
  }

  /** The tier that a batch comes from: way 0 goes from {@link #from} to {@link #to}, 1 back. */
  public Tier source(int way) {
    return way == 0 ? from : to;
  }

  /** The tier that a batch goes to. */
  public Tier target(int way) {
    return way == 0 ? to : from;
  }

  /** How many batches move at the same time: 1 or 2. */
  public int ways() {
    return bothWays ? 2 : 1;
  }

  /** 64-bit words of a page. */
  public long pageWords() {
    return pageBytes / Long.BYTES;
  }

  /** Bytes of a batch. */
  public long batchBytes() {
    return pages * pageBytes;
  }

  /** 64-bit words of a batch. */
  public long batchWords() {
    return pages * pageWords();
  }

  /** Page frames of the pool of each tier. */
  public int frames() {
    return pages * ways() * (scattered ? ROOM_TO_SCATTER : 1);
  }

  /** Bytes of the pool of each tier: frame f begins at byte {@code f * pageBytes}. */
  public long poolBytes() {
    return frames() * pageBytes;
  }

  /** The work of one sample: bytes moved, each way counted once; read here and written there. */
  public Work work() {
    double moved = (double) ways() * batchBytes();
    return new Work(moved, 2 * moved, 0);
  }

  /** What else one sample does: {@code PreparedRun.amounts}. */
  public Map<String, Double> amounts() {
    return Map.of(PAGES, (double) ways() * pages);
  }

  /**
   * What one sample takes at least of the ceilings: of the link where it is crossed, of memory
   * where both tiers lie in the same one and what is read and written is more than twice what its
   * caches hold.
   *
   * @param hostCacheBytes size of the largest cache of the processors; 0 when unknown
   * @param deviceCacheBytes likewise of the device
   */
  public Map<String, Double> demands(long hostCacheBytes, long deviceCacheBytes) {
    double moved = (double) ways() * batchBytes();
    if (crossesLink()) {
      Ceiling link =
          bothWays ? Ceiling.BIDIR : to.kind() == Kind.DEVICE ? Ceiling.H2D : Ceiling.D2H;
      return Map.of(link.id(), moved);
    }
    if (from.kind().inHostMemory() && to.kind().inHostMemory()) {
      return copied(Ceiling.HOSTCOPY, moved, hostCacheBytes);
    }
    return from.kind() == Kind.DEVICE && to.kind() == Kind.DEVICE
        ? copied(Ceiling.COPY, moved, deviceCacheBytes)
        : Map.of();
  }

  private boolean crossesLink() {
    return (onHost(from) && to.kind() == Kind.DEVICE) || (from.kind() == Kind.DEVICE && onHost(to));
  }

  private static boolean onHost(Tier tier) {
    return tier.kind().inHostMemory() || tier.kind() == Kind.FILE;
  }

  /** A copy reads and writes. */
  private static Map<String, Double> copied(Ceiling memory, double moved, long cacheBytes) {
    return cacheBytes > 0 && moved > cacheBytes ? Map.of(memory.id(), 2 * moved) : Map.of();
  }
}
