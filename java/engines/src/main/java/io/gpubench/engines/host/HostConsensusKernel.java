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
 * Consensus in C: rounds and results lie in native memory, and one call computes a round, or all of
 * a sample's. The library chooses how many of the threads a round is spread over; of many rounds
 * each thread takes whole ones. Between two rounds its waiting threads spin for a while and then
 * sleep; {@link #wake}, outside of the timed window, has them spinning again, as a node that waits
 * for votes would.
 */
final class HostConsensusKernel implements ConsensusKernel {
  private static final long CACHE_LINE = 64;

  private final Arena arena = Arena.ofConfined();
  private final Simd simd;
  private final Capacity capacity;
  private final MemorySegment slab;
  private long slabUsed;
  private final MemorySegment headers; // those of a part lie together
  private final MemorySegment messages; // their addresses, in the same order
  private final MemorySegment[] headersOfPart;
  private final MemorySegment[] messagesOfPart; // of a part of one round the messages themselves
  private final MemorySegment result;
  private final HostPool pool;
  private final MemorySegment context;

  HostConsensusKernel(ConsensusEpoch epoch, Capacity capacity, int threads, Simd simd) {
    this.simd = simd;
    this.capacity = capacity;
    this.headers = gpubench_consensus_header.allocateArray(capacity.slots(), arena);
    this.messages = arena.allocate(ValueLayout.ADDRESS, capacity.slots());
    this.headersOfPart = new MemorySegment[capacity.parts()];
    this.messagesOfPart = new MemorySegment[capacity.parts()];
    for (int part = 0; part < capacity.parts(); part++) {
      long first = (long) part * capacity.roundsOfSample();
      headersOfPart[part] = headers.asSlice(first * gpubench_consensus_header.sizeof());
      messagesOfPart[part] = messages.asSlice(first * ValueLayout.ADDRESS.byteSize());
    }
    long words = (long) capacity.roundsOfSample() * ConsensusResult.words(epoch.validators());
    this.result = arena.allocate(Long.BYTES * words, CACHE_LINE);
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
    int place = slot % capacity.parts() * capacity.roundsOfSample() + slot / capacity.parts();
    MemorySegment header = gpubench_consensus_header.asSlice(headers, place);
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
    messages.setAtIndex(ValueLayout.ADDRESS, place, copy);
    if (capacity.roundsOfSample() == 1) {
      messagesOfPart[slot] = copy;
    }
  }

  @Override
  public void poison(long word) {
    for (long at = 0; at < result.byteSize(); at += Long.BYTES) {
      result.set(ValueLayout.JAVA_LONG, at, word);
    }
  }

  @Override
  public void run(int part) {
    int rounds = capacity.roundsOfSample();
    MemorySegment header = headersOfPart[part];
    MemorySegment votes = messagesOfPart[part];
    int code =
        rounds == 1
            ? Host.gpubench_consensus_round(context, header, votes, result)
            : Host.gpubench_consensus_rounds(context, rounds, header, votes, result);
    if (code != Host.GPUBENCH_HOST_OK()) {
      throw HostError.of(
          code,
          (rounds == 1 ? "gpubench_consensus_round(slot %d)" : "gpubench_consensus_rounds(part %d)")
              .formatted(part));
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
    int rounds = capacity.roundsOfSample();
    long typical = Math.round(Math.min(capacity.maxMessages(), capacity.expectedMessages()));
    map.put(
        "threads",
        (long)
            (rounds == 1
                ? Host.gpubench_consensus_threads(context, (int) typical)
                : Host.gpubench_consensus_rounds_threads(context, rounds, rounds * typical)));
    map.put("simd", simd.label);
    if (rounds > 1) {
      map.put("rounds", (long) rounds);
    }
    return map;
  }

  @Override
  public void close() {
    Host.gpubench_consensus_destroy(context);
    pool.close();
    arena.close();
  }
}
