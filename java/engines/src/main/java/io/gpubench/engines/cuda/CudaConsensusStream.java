// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaModule;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.PinnedBuffer;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRotation;
import io.gpubench.workloads.consensus.ConsensusRound;
import io.gpubench.workloads.launch.Launch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Consensus by the path {@code streamed}. When the time of a sample begins its rounds lie in
 * page-locked memory, cut into pieces, each a chunk. Each piece is copied to the device, decided
 * and its results copied back, all in one of several streams, which take turns: while a stream's
 * rounds are decided the link is busy with those of the next. The sample ends when all results are
 * in page-locked memory.
 *
 * <p>A piece takes three calls of the driver, and the sample one more for each stream. All rounds
 * in rotation are page-locked, so that nothing is staged.
 *
 * <p>Owns its buffers and streams, not the module. Confined to the context's thread.
 */
final class CudaConsensusStream implements ConsensusKernel {
  private final Closer closer = new Closer();
  private final int parts;
  private final int roundsOfSample;
  private final int roundsOfPiece;
  private final long resultBytes;
  private final CudaConsensusChunk[][] chunks;
  private final MemorySegment[][] inputs;
  private final MemorySegment[] outputs;
  private final PinnedBuffer output;
  private final Lane[] lanes;
  private final Map<String, Object> configuration = new LinkedHashMap<>();

  /** A stream with a place for one piece on the device. */
  private record Lane(
      CudaStream stream, DeviceBuffer chunk, DeviceBuffer results, CudaRounds rounds) {}

  /**
   * Allocates everything.
   *
   * @param module consensus.cu, compiled; stays open longer than the kernel
   * @param availableBytes of the host's memory
   * @throws io.gpubench.measure.EngineException one line with what fits, when there is no room
   */
  CudaConsensusStream(
      CudaContext context,
      CudaModule module,
      ConsensusEpoch epoch,
      Capacity capacity,
      CudaRoundsTuning tuning,
      long availableBytes) {
    parts = capacity.parts();
    roundsOfSample = capacity.roundsOfSample();
    roundsOfPiece =
        Math.clamp(
            Math.round(tuning.copyMessages() / capacity.expectedMessages()), 1, roundsOfSample);
    int pieces = Math.ceilDiv(roundsOfSample, roundsOfPiece);
    int inFlight = Math.min(tuning.inFlight(), pieces);
    long chunkBytes = CudaConsensusChunk.bytes(roundsOfPiece, capacity.maxMessages());
    resultBytes = (long) Long.BYTES * ConsensusResult.words(epoch.validators());
    chunks = new CudaConsensusChunk[parts][pieces];
    inputs = new MemorySegment[parts][pieces];
    outputs = new MemorySegment[pieces];
    lanes = new Lane[inFlight];
    long inputBytes = chunkBytes * parts * pieces;
    CudaConsensusRoom.pageLocked(availableBytes, epoch, roundsOfSample)
        .require(inputBytes + roundsOfSample * resultBytes);
    CudaConsensusRoom.onDevice(context, epoch, roundsOfSample)
        .require(
            inFlight
                * (chunkBytes
                    + roundsOfPiece * resultBytes
                    + CudaRoundsByGrid.bytes(context.device(), epoch, roundsOfPiece)));
    CudaConsensusChunk.addressable(roundsOfPiece, capacity.maxMessages(), "fewer copyMessages fit");
    try {
      output = closer.closes(context.allocatePinned(roundsOfSample * resultBytes));
      PinnedBuffer input = closer.closes(context.allocatePinned(inputBytes));
      for (int i = 0; i < parts * pieces; i++) {
        MemorySegment memory = input.segment().asSlice(i * chunkBytes, chunkBytes);
        chunks[i / pieces][i % pieces] = new CudaConsensusChunk(memory, roundsOfPiece);
      }
      CudaConsensusEpoch state;
      try (var stream = context.newStream()) {
        state = closer.closes(new CudaConsensusEpoch(context, stream, epoch));
      }
      var setting = new CudaRounds.Setting(context, module, epoch, state);
      for (int i = 0; i < inFlight; i++) {
        lanes[i] = lane(setting, capacity, tuning, chunkBytes);
      }
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
    configuration.putAll(lanes[0].rounds.configuration());
    configuration.put("rounds", (long) roundsOfSample);
    configuration.put("pieces", (long) pieces);
    configuration.put("roundsOfPiece", (long) roundsOfPiece);
    configuration.put("inFlight", (long) inFlight);
    configuration.put("input", "page-locked, written before the time begins");
  }

  private Lane lane(
      CudaRounds.Setting setting, Capacity capacity, CudaRoundsTuning tuning, long chunkBytes) {
    CudaContext context = setting.context();
    CudaStream stream = closer.closes(context.newStream());
    DeviceBuffer chunk = closer.closes(context.allocate(chunkBytes));
    DeviceBuffer results = closer.closes(context.allocate(roundsOfPiece * resultBytes));
    var load =
        new CudaRounds.Load(
            chunk, chunkBytes, null, roundsOfPiece, capacity.maxMessages(), results);
    return new Lane(stream, chunk, results, closer.closes(CudaRounds.of(setting, load, tuning)));
  }

  @Override
  public void load(int slot, ConsensusRound round) {
    chunks[slot % parts][slot / parts / roundsOfPiece].append(round);
  }

  /** What is copied is known from now on, so that a sample makes no object. */
  @Override
  public void seal() {
    for (int part = 0; part < parts; part++) {
      for (int piece = 0; piece < outputs.length; piece++) {
        inputs[part][piece] = chunks[part][piece].used();
      }
    }
    for (int piece = 0; piece < outputs.length; piece++) {
      long first = (long) piece * roundsOfPiece;
      outputs[piece] =
          output.segment().asSlice(first * resultBytes, chunks[0][piece].rounds() * resultBytes);
    }
  }

  /** Those on the device, too, so that what is copied back has been computed. */
  @Override
  public void poison(long word) {
    MemorySegment words = output.segment();
    long count = words.byteSize() / Long.BYTES;
    for (long i = 0; i < count; i++) {
      words.setAtIndex(ValueLayout.JAVA_LONG, i, word);
    }
    int high = (int) (word >>> Integer.SIZE);
    for (Lane lane : lanes) {
      lane.results.fillWordsAsync(lane.stream, 0, lane.results.bytes() / Integer.BYTES, high);
    }
    finish();
  }

  @Override
  public void run(int part) {
    for (int piece = 0; piece < outputs.length; piece++) {
      Lane lane = lanes[piece % lanes.length];
      lane.chunk.uploadAsync(lane.stream, 0, inputs[part][piece]);
      lane.rounds.enqueue(lane.stream, chunks[part][piece].rounds());
      lane.results.downloadAsync(lane.stream, 0, outputs[piece]);
    }
    finish();
  }

  private void finish() {
    for (int i = 0; i < lanes.length; i++) {
      lanes[i].stream.synchronize();
    }
  }

  @Override
  public MemorySegment output() {
    return output.segment();
  }

  @Override
  public Map<String, Object> configuration() {
    return configuration;
  }

  @Override
  public Map<String, Double> demands(ConsensusRotation.Summary rounds) {
    double copied = 0;
    for (MemorySegment[] part : inputs) {
      for (MemorySegment piece : part) {
        copied += piece.byteSize();
      }
    }
    return CudaConsensusDemands.ofTheHostsClock(
        rounds, copied / parts, (double) (roundsOfSample * resultBytes), Launch.EMPTY);
  }

  @Override
  public void close() {
    closer.close();
  }
}
