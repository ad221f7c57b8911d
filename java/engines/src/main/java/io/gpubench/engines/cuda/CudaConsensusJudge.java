// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.MappedBuffer;
import io.gpubench.gpu.PinnedBuffer;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRotation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The results of samples in the device's memory, and what they should be. Each position has room
 * for those of a sample, whose rounds are those of a part of the rotation, and for a verdict. Every
 * word of every result is compared on the device, by a kernel that has nothing in common with those
 * that made it, and a share of the samples once more by the host.
 *
 * <p>Owns its memory; its creator closes it, on the context's thread.
 */
final class CudaConsensusJudge implements AutoCloseable {
  /** One of so many samples is compared by the host as well; a power of two. */
  private static final int HOST_SHARE = 16;

  private static final int POISON = 0x9E3779B9;

  private final Closer closer = new Closer();
  private final int validators;
  private final long seed;
  private final int parts;
  private final int roundsOfSample;
  private final int wordsOfRound;
  private final int words;
  private final long[][] expected;
  private final long[] samples;
  private final DeviceMemory[] resultsAt;
  private final DeviceBuffer right;
  private final DeviceBuffer results;
  private final MappedBuffer verdicts;
  private final PinnedBuffer staged;
  private final MemorySegment stagedWords;
  private final TimingKernels.Judge judge;

  /** Allocates everything; what is right comes by {@link #expect}. */
  CudaConsensusJudge(TimingKernels kernels, ConsensusRotation rotation, int positions) {
    validators = rotation.parameters().validators();
    seed = rotation.parameters().seed();
    parts = rotation.parts();
    roundsOfSample = rotation.roundsOfSample();
    wordsOfRound = ConsensusResult.words(validators);
    words = Math.multiplyExact(roundsOfSample, wordsOfRound);
    expected = new long[rotation.rounds()][];
    samples = new long[positions];
    resultsAt = new DeviceMemory[positions];
    long bytes = (long) Long.BYTES * words;
    CudaContext context = kernels.context();
    try {
      right = closer.closes(context.allocate(bytes * parts));
      results = closer.closes(context.allocate(bytes * positions));
      verdicts = closer.closes(context.allocateMapped((long) Long.BYTES * positions));
      staged = closer.closes(context.allocatePinned(bytes));
      stagedWords = staged.segment();
      for (int i = 0; i < positions; i++) {
        resultsAt[i] = results.slice(i * bytes, bytes);
      }
      judge = kernels.judge(results, right, words, verdicts.onDevice());
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** What it allocates on the device. */
  static long bytes(ConsensusRotation rotation, int positions) {
    return bytesOfSample(rotation) * (rotation.parts() + positions);
  }

  /** What the results of a sample take. */
  static long bytesOfSample(ConsensusRotation rotation) {
    return (long) Long.BYTES
        * rotation.roundsOfSample()
        * ConsensusResult.words(rotation.parameters().validators());
  }

  /** Takes over what is right for the round in a slot; all slots, before the first check. */
  void expect(int slot, long[] answer) {
    expected[slot] = answer;
    int part = slot % parts;
    int place = slot / parts;
    MemorySegment copy = stagedWords.asSlice(0, (long) Long.BYTES * wordsOfRound);
    MemorySegment.copy(answer, 0, copy, ValueLayout.JAVA_LONG, 0, answer.length);
    long first = (long) part * words + (long) place * wordsOfRound;
    right.slice(Long.BYTES * first, copy.byteSize()).upload(copy);
  }

  /** Where the results of a position go. */
  DeviceMemory results(int position) {
    return resultsAt[position];
  }

  /** Which part of the rotation a sample works on. */
  int part(long sample) {
    return (int) (sample % parts);
  }

  /** Enqueues the overwriting of all results of a position, for a sample. */
  void poison(CudaStream stream, long sample, int position) {
    samples[position] = sample;
    // bit 63 is set in no decision, weight or count, so that poison never is a right answer
    int poison = (int) (sample + 1) * POISON | Integer.MIN_VALUE;
    results.fillWordsAsync(stream, (long) Long.BYTES * words * position, 2L * words, poison);
    // by the host, while no work that could write it is under way
    verdicts.segment().setAtIndex(ValueLayout.JAVA_LONG, position, TimingKernels.Judge.NONE);
  }

  /** Enqueues the comparison of all results of a position. */
  void check(CudaStream stream, long sample, int position) {
    judge.enqueue(stream, (long) position * words, (long) part(sample) * words, position);
  }

  /** The verdict, once the stream is done. Allocates nothing when it is true. */
  boolean right(long sample, int position) {
    return verdict(position) == 0 && (!sharesWithHost(sample) || hostAgrees(sample, position));
  }

  private long verdict(int position) {
    return verdicts.segment().getAtIndex(ValueLayout.JAVA_LONG, position);
  }

  private boolean sharesWithHost(long sample) {
    long mixed = (sample + seed) * 0x9E3779B97F4A7C15L;
    return (mixed ^ mixed >>> 29) % HOST_SHARE == 0;
  }

  private boolean hostAgrees(long sample, int position) {
    return firstWrong(sample, position) < 0;
  }

  /** The first slot of which a result is wrong by the host's comparison, or -1. */
  private int firstWrong(long sample, int position) {
    resultsAt[position].download(stagedWords);
    int slot = part(sample);
    for (long first = 0; first < words; first += wordsOfRound, slot += parts) {
      long[] answer = expected[slot];
      long difference = 0;
      for (int i = 0; i < wordsOfRound; i++) {
        difference |= answer[i] ^ stagedWords.getAtIndex(ValueLayout.JAVA_LONG, first + i);
      }
      if (difference != 0) {
        return slot;
      }
    }
    return -1;
  }

  /** What is wrong, in one line; after {@link #right} said false. */
  String mismatch(long sample, int position) {
    long verdict = verdict(position);
    if (verdict == TimingKernels.Judge.NONE) {
      return "round %d: its result was not compared".formatted(part(sample));
    }
    int slot = firstWrong(sample, position);
    if (slot < 0) {
      return "round %d: %,d words of the results were wrong when the time ended, and are right now"
          .formatted(part(sample), verdict);
    }
    return "round %d: %s"
        .formatted(
            slot, ConsensusResult.mismatch(validators, expected[slot], downloaded(slot / parts)));
  }

  private long[] downloaded(int place) {
    long bytes = (long) Long.BYTES * wordsOfRound;
    return stagedWords.asSlice(place * bytes, bytes).toArray(ValueLayout.JAVA_LONG);
  }

  /** Of the one round at a position that is in the slot of the sample's number. */
  long digest(int position) {
    resultsAt[position].download(stagedWords);
    int slot = (int) (samples[position] % expected.length);
    return AnswerDigest.of(downloaded(slot / parts));
  }

  /** How it is verified, for the record. */
  Map<String, Object> verification(ConsensusRotation.Summary summary) {
    var map = new LinkedHashMap<>(summary.verification());
    map.put("comparedBy", "a kernel, right behind the work");
    map.put("shareComparedByHost", 1.0 / HOST_SHARE);
    return map;
  }

  @Override
  public void close() {
    closer.close();
  }
}
