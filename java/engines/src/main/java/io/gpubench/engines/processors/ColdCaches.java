// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.processors;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.PreparedRun;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run whose samples begin with cold caches: when all is staged, a team of as many threads as work
 * on a sample reads twice the last-level cache, and each of them at least {@value
 * #LEAST_BYTES_EACH} bytes, since the caches of a core are its own. Reading suffices: what was
 * there is evicted, and nothing has to be written back later. What remains are lines that a cache
 * chose to keep, none of them by intent.
 *
 * <p>Owns the run and closes it. Used by the thread that measures.
 */
public final class ColdCaches implements PreparedRun {
  /** More than twice the second-level cache of any core there is, in bytes. */
  static final long LEAST_BYTES_EACH = 8 << 20;

  /** Swept where the size of the caches is unknown. */
  static final long USUAL_BYTES = 256 << 20;

  private final Wakeable run;
  private final Arena arena = Arena.ofShared();
  private final Buffers buffers;
  private final MemorySegment swept;

  /**
   * Takes over a run.
   *
   * @param threads so many work on a sample
   */
  public ColdCaches(Wakeable run, MachineFacts facts, int threads) {
    this.run = run;
    this.swept = arena.allocate(bytes(facts, threads), 64);
    this.buffers = new Buffers(threads);
    buffers.fill(swept, 1); // pages that were never written to may all be the same
  }

  /** How much is read before each sample, in bytes. */
  static long bytes(MachineFacts facts, int threads) {
    long cache = facts.lastLevelCacheBytes();
    return Math.max(cache > 0 ? 2 * cache : USUAL_BYTES, threads * LEAST_BYTES_EACH);
  }

  @Override
  public void stage(long sample) {
    run.stage(sample);
    buffers.sum(swept);
    if (buffers.s0() != swept.byteSize() / Long.BYTES) {
      throw new IllegalStateException("the memory that clears the caches has changed");
    }
    run.wake();
  }

  @Override
  public void execute() {
    run.execute();
  }

  @Override
  public boolean verify(long sample) {
    return run.verify(sample);
  }

  @Override
  public String mismatch(long sample) {
    return run.mismatch(sample);
  }

  @Override
  public long digest() {
    return run.digest();
  }

  @Override
  public void rest() {
    run.rest();
  }

  @Override
  public Work work() {
    return run.work();
  }

  @Override
  public Map<String, Double> demands() {
    return run.demands();
  }

  @Override
  public Map<String, Double> amounts() {
    return run.amounts();
  }

  @Override
  public long inputs() {
    return run.inputs();
  }

  @Override
  public Map<String, Object> verification() {
    return run.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    var map = new LinkedHashMap<>(run.configuration());
    map.put("bytesSwept", swept.byteSize());
    return map;
  }

  @Override
  public void close() {
    try (arena;
        buffers) {
      run.close();
    }
  }
}
