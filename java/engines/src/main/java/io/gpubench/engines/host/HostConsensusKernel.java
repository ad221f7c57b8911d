// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.engines.consensus.ProcessorDemands;
import io.gpubench.ffi.host.Host;
import io.gpubench.ffi.host.gpubench_consensus_header;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRotation;
import io.gpubench.workloads.consensus.ConsensusRound;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Consensus in C: rounds and result lie in native memory, and one call computes a round. The
 * library chooses how many of the threads a round is spread over. Between two rounds its waiting
 * threads spin for a while and then sleep; {@link #poison}, outside of the timed window, has them
 * spinning again, as a node that waits for votes would.
 */
final class HostConsensusKernel implements ConsensusKernel {
  private static final long CACHE_LINE = 64;

  private final Arena arena = Arena.ofConfined();
  private final Simd simd;
  private final Capacity capacity;
  private final MemorySegment slab;
  private long slabUsed;
  private final MemorySegment[] headers;
  private final MemorySegment[] messages;
  private final MemorySegment result;
  private final MemorySegment[] results;
  private final int resultWords;
  private final HostPool pool;
  private final MemorySegment context;

  HostConsensusKernel(ConsensusEpoch epoch, Capacity capacity, int threads, Simd simd) {
    this.simd = simd;
    this.capacity = capacity;
    this.headers = new MemorySegment[capacity.slots()];
    this.messages = new MemorySegment[capacity.slots()];
    this.resultWords = ConsensusResult.words(epoch.validators());
    this.results = new MemorySegment[capacity.roundsOfSample()];
    long resultBytes = Long.BYTES * (long) resultWords;
    this.result = arena.allocate(results.length * resultBytes, CACHE_LINE);
    for (int i = 0; i < results.length; i++) {
      results[i] = result.asSlice(i * resultBytes, resultBytes);
    }
    HostPool started = null;
    try {
      // room for the largest rounds; only what the rounds fill is taken from the machine
      this.slab = HostMemory.create(arena, capacity.slots() * bytes(capacity.maxMessages()));
      started = new HostPool(threads);
      this.pool = started;
      this.context = context(epoch);
    } catch (RuntimeException failure) {
      if (started != null) {
        started.close();
      }
      arena.close();
      throw failure;
    }
  }

  /** Bytes of so many messages, in whole cache lines. */
  private static long bytes(int messages) {
    long bytes = (long) ConsensusRound.MESSAGE_BYTES * Math.max(1, messages);
    return (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
  }

  private MemorySegment context(ConsensusEpoch epoch) {
    try (var scratch = Arena.ofConfined()) {
      MemorySegment created =
          Host.gpubench_consensus_create(
              pool.handle(),
              simd.level,
              epoch.validators(),
              scratch.allocateFrom(ValueLayout.JAVA_INT, epoch.weights()),
              epoch.authenticated()
                  ? scratch.allocateFrom(ValueLayout.JAVA_LONG, epoch.keys())
                  : MemorySegment.NULL,
              epoch.authenticated() ? Host.GPUBENCH_TAGS_SIPHASH() : Host.GPUBENCH_TAGS_NONE(),
              capacity.maxMessages());
      if (created.address() == 0) {
        throw new EngineException(
            "gpubench_consensus_create(%d validators, %d messages) failed: no memory"
                .formatted(epoch.validators(), capacity.maxMessages()));
      }
      return created;
    }
  }

  @Override
  public void load(int slot, ConsensusRound round) {
    MemorySegment header = gpubench_consensus_header.allocate(arena);
    gpubench_consensus_header.round(header, round.round());
    gpubench_consensus_header.phase(header, round.phase());
    gpubench_consensus_header.message_count(header, round.messageCount());
    gpubench_consensus_header.proposal_count(header, round.proposalCount());
    MemorySegment.copy(
        round.digests(),
        0,
        gpubench_consensus_header.digests(header),
        ValueLayout.JAVA_LONG,
        0,
        ConsensusRound.MAX_PROPOSALS);
    int words = ConsensusRound.MESSAGE_WORDS * round.messageCount();
    MemorySegment copy = slab.asSlice(slabUsed, (long) Long.BYTES * words);
    slabUsed += bytes(round.messageCount());
    MemorySegment.copy(round.words(), 0, copy, ValueLayout.JAVA_LONG, 0, words);
    headers[slot] = header;
    messages[slot] = copy;
  }

  @Override
  public void poison(long word) {
    for (long i = 0; i < (long) results.length * resultWords; i++) {
      result.setAtIndex(ValueLayout.JAVA_LONG, i, word);
    }
    pool.wake();
  }

  @Override
  public void run(int part) {
    int slot = part;
    for (int i = 0; i < results.length; i++, slot += capacity.parts()) {
      int code = Host.gpubench_consensus_round(context, headers[slot], messages[slot], results[i]);
      if (code != Host.GPUBENCH_HOST_OK()) {
        throw HostError.of(code, "gpubench_consensus_round(slot %d)".formatted(slot));
      }
    }
  }

  @Override
  public MemorySegment output() {
    return result;
  }

  @Override
  public void wake() {
    pool.wake();
  }

  @Override
  public Map<String, Double> demands(ConsensusRotation.Summary rounds) {
    return ProcessorDemands.of(rounds);
  }

  @Override
  public Map<String, Object> configuration() {
    var map = new LinkedHashMap<String, Object>();
    int typical = (int) Math.min(capacity.maxMessages(), Math.round(capacity.expectedMessages()));
    map.put("threads", (long) Host.gpubench_consensus_threads(context, typical));
    map.put("simd", simd.label);
    return map;
  }

  @Override
  public void close() {
    Host.gpubench_consensus_destroy(context);
    pool.close();
    arena.close();
  }
}
