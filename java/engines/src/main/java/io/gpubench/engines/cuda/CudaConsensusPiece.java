// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaModule;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.MappedBuffer;
import io.gpubench.gpu.PinnedBuffer;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRotation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Consensus on rounds that are in the device's memory: from there to a result there. All rounds in
 * rotation, and the oracle's results, are uploaded when it is made. Before a sample its round is
 * copied to the memory of its position, and the result's is poisoned. Every word of every result is
 * compared on the device, and a share of them once more by the host.
 *
 * <p>Confined to the context's thread.
 */
final class CudaConsensusPiece implements DevicePiece {
  /** Copies of rounds, one for each position as long as this suffices. */
  private static final long ROUNDS_BYTES = 256L << 20;

  /** One of so many results is compared by the host as well; a power of two. */
  private static final int HOST_SHARE = 16;

  private static final int POISON = 0x9E3779B9;

  private final Closer closer = new Closer();
  private final int validators;
  private final long seed;
  private final int words;
  private final long roundBytes;
  private final boolean cold;
  private final long[][] expected;
  private final ConsensusRotation.Summary summary;
  private final DeviceBuffer rotation;
  private final DeviceBuffer right;
  private final DeviceBuffer rounds;
  private final DeviceBuffer results;
  private final DeviceMemory[] resultAt;
  private final MappedBuffer verdicts;
  private final PinnedBuffer downloaded;
  private final MemorySegment downloadedWords;
  private final CudaConsensusGrid[] grids;
  private final TimingKernels.Judge judge;
  private final int separate;
  private final int mostMessages;

  /**
   * Makes, uploads and checks all rounds.
   *
   * @param module consensus.cu, compiled; stays open longer than the piece
   * @param cold whether the caches are swept before each round
   */
  CudaConsensusPiece(
      TimingKernels kernels,
      CudaModule module,
      ParameterValues values,
      MachineFacts facts,
      boolean cold) {
    this.cold = cold;
    var parameters = ConsensusParameters.of(values);
    var tuning = CudaConsensusTuning.of(values);
    var all = new ConsensusRotation(parameters, facts);
    ConsensusEpoch epoch = all.epoch();
    var context = kernels.context();
    validators = parameters.validators();
    seed = parameters.seed();
    words = ConsensusResult.words(validators);
    roundBytes = CudaConsensusStage.bytes(parameters.maxMessages());
    expected = new long[all.rounds()][];
    separate = Math.clamp(ROUNDS_BYTES / roundBytes, 1, CudaQueuedRun.MOST);
    long resultBytes = (long) Long.BYTES * words;
    try (var scratch = Arena.ofConfined();
        var stream = context.newStream()) {
      rotation = closer.closes(context.allocate(roundBytes * expected.length));
      right = closer.closes(context.allocate(resultBytes * expected.length));
      rounds = closer.closes(context.allocate(roundBytes * separate));
      results = closer.closes(context.allocate(resultBytes * CudaQueuedRun.MOST));
      verdicts = closer.closes(context.allocateMapped((long) Long.BYTES * CudaQueuedRun.MOST));
      downloaded = closer.closes(context.allocatePinned(resultBytes));
      downloadedWords = downloaded.segment();
      var state = closer.closes(new CudaConsensusEpoch(context, stream, epoch));
      rotation.fillAsync(stream, 0, rotation.bytes(), (byte) 0);
      stream.synchronize();
      MemorySegment round = scratch.allocate(roundBytes, CudaConsensusStage.HEADER_BYTES);
      var most = new int[1];
      summary =
          all.forEach((slot, made, answer) -> {
            expected[slot] = answer;
            most[0] = Math.max(most[0], made.messageCount());
            CudaConsensusStage.write(made, round);
            rotation
                .slice(slot * roundBytes, roundBytes)
                .upload(round.asSlice(0, CudaConsensusStage.bytes(made.messageCount())));
            MemorySegment.copy(answer, 0, downloadedWords, ValueLayout.JAVA_LONG, 0, answer.length);
            right.slice(slot * resultBytes, resultBytes).upload(downloadedWords);
          });
      mostMessages = most[0];
      resultAt = new DeviceMemory[CudaQueuedRun.MOST];
      grids = new CudaConsensusGrid[CudaQueuedRun.MOST];
      for (int i = 0; i < grids.length; i++) {
        resultAt[i] = results.slice(i * resultBytes, resultBytes);
        grids[i] =
            new CudaConsensusGrid(
                context,
                module,
                epoch,
                state,
                mostMessages,
                tuning,
                rounds.slice(i % separate * roundBytes, roundBytes),
                resultAt[i]);
      }
      judge = kernels.judge(results, right, words, verdicts.onDevice());
      context.synchronize(); // pageable uploads may be on their way still
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private int slot(long sample) {
    return (int) (sample % expected.length);
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    long copied = CudaConsensusStage.bytes(mostMessages);
    rounds.copyAsync(
        stream, position % separate * roundBytes, rotation, slot(sample) * roundBytes, copied);
    // bit 63 is set in no decision, weight or count, so that poison never is a right answer
    int poison = (int) (sample + 1) * POISON | Integer.MIN_VALUE;
    results.fillWordsAsync(stream, position * (long) Long.BYTES * words, 2L * words, poison);
    // by the host, while no work that could write it is under way
    verdicts.segment().setAtIndex(ValueLayout.JAVA_LONG, position, TimingKernels.Judge.NONE);
  }

  @Override
  public void work(CudaStream stream, int position) {
    grids[position].enqueue(stream, mostMessages);
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    judge.enqueue(stream, (long) position * words, (long) slot(sample) * words, position);
  }

  @Override
  public boolean right(long sample, int position) {
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
    resultAt[position].download(downloadedWords);
    long[] answer = expected[slot(sample)];
    long difference = 0;
    for (int i = 0; i < words; i++) {
      difference |= answer[i] ^ downloadedWords.getAtIndex(ValueLayout.JAVA_LONG, i);
    }
    return difference == 0;
  }

  @Override
  public String mismatch(long sample, int position) {
    long verdict = verdict(position);
    if (verdict == TimingKernels.Judge.NONE) {
      return "round %d: its result was not compared".formatted(slot(sample));
    }
    resultAt[position].download(downloadedWords);
    if (hostAgrees(sample, position)) {
      return "round %d: %,d words of the result were wrong when the time ended, and are right now"
          .formatted(slot(sample), verdict);
    }
    return "round %d: %s"
        .formatted(
            slot(sample),
            ConsensusResult.mismatch(
                validators,
                expected[slot(sample)],
                downloadedWords.toArray(ValueLayout.JAVA_LONG)));
  }

  @Override
  public long digest(int position) {
    resultAt[position].download(downloadedWords);
    return AnswerDigest.of(downloadedWords.toArray(ValueLayout.JAVA_LONG));
  }

  @Override
  public int positions() {
    return CudaQueuedRun.MOST;
  }

  @Override
  public int separatePositions() {
    return separate;
  }

  @Override
  public PreparedRun.Work amount() {
    return summary.work();
  }

  @Override
  public Map<String, Double> demands() {
    return CudaConsensusDemands.ofTheDevicesClock(summary, cold);
  }

  @Override
  public long inputs() {
    return expected.length;
  }

  @Override
  public Map<String, Object> verification() {
    var map = new LinkedHashMap<>(summary.verification());
    map.put("comparedBy", "a kernel, right behind the work");
    map.put("shareComparedByHost", 1.0 / HOST_SHARE);
    return map;
  }

  @Override
  public Map<String, Object> configuration() {
    var map = new LinkedHashMap<String, Object>(grids[0].configuration());
    map.put("input", "in the device's memory, as is the result");
    map.put("readMessages", (long) mostMessages);
    return map;
  }

  @Override
  public void close() {
    closer.close();
  }
}
