// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.SynthesisSolution;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Patterns looked for in forests that the device makes from the keys of the sample's slot. What is
 * found is compared, word by word, with what the reference found on the host before. Some positions
 * have a forest and an output of their own, all have verdicts of their own. Confined to the
 * context's thread.
 */
final class SynthesisMatchPiece implements DevicePiece {
  private final Closer closer = new Closer();
  private final CudaKernels kernels;
  private final SynthesisRotation rotation;
  private final CudaForestGenerator generator;
  private final SynthesisMatcher matcher;
  private final SynthesisVerdicts verdicts;
  private final long[][] keys = new long[SynthesisRotation.SLOTS][];

  /** By position, of those with memory of their own. */
  private final CudaForest[] forests;

  private final SynthesisMatcher.Output[] outputs;

  /** Finds the right answers on the host, then takes memory and prepares all launches. */
  SynthesisMatchPiece(
      CudaKernels kernels, SynthesisParameters parameters, SynthesisMatchTuning tuning) {
    this.kernels = kernels;
    positions(parameters, 0); // before the host works for what does not fit
    rotation = new SynthesisRotation(Synthesis.MATCH, parameters);
    try {
      matcher =
          closer.closes(
              new SynthesisMatcher(
                  kernels, rotation.patterns(), parameters.listed(), tuning, parameters.nodes()));
      for (int slot = 0; slot < SynthesisRotation.SLOTS; slot++) {
        keys[slot] = rotation.generator().keys(slot);
        try (var arena = Arena.ofShared()) {
          rotation.solve(slot, rotation.allocate(arena), arena);
        }
      }
      long listBytes = parameters.listed() ? rotation.mostBytes(SynthesisSolution.NODES) : -1;
      int separate = positions(parameters, Math.max(0, listBytes));
      generator = closer.closes(new CudaForestGenerator(kernels, rotation.generator()));
      forests = new CudaForest[separate];
      outputs = new SynthesisMatcher.Output[separate];
      for (int i = 0; i < separate; i++) {
        forests[i] = closer.closes(generator.forest());
        outputs[i] = matcher.allocate(listBytes);
      }
      verdicts =
          closer.closes(new SynthesisVerdicts(kernels, USUAL_POSITIONS, mostBytes(parameters)));
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** How many positions have memory of their own, with lists of so many bytes. */
  private int positions(SynthesisParameters parameters, long listBytes) {
    long nodes = parameters.nodes();
    int trees = (int) Math.min(nodes, Integer.MAX_VALUE); // at most
    long forest = CudaForest.bytes(nodes, 0) + Math.min(nodes, 1 + trees / 64) * Integer.BYTES;
    long bytes =
        forest
            + SynthesisMatcher.bytes(
                nodes, parameters.patterns(), parameters.listed() ? listBytes : -1);
    return new DeviceRoom(kernels.context().freeBytes(), bytes)
        .positions(
            "%s with nodes=%d and patterns=%d"
                .formatted(Synthesis.MATCH.id(), nodes, parameters.patterns()),
            "nodes",
            (double) bytes / nodes);
  }

  private List<Long> mostBytes(SynthesisParameters parameters) {
    var most = new ArrayList<Long>();
    most.add(rotation.mostBytes(SynthesisSolution.COUNTS));
    if (parameters.listed()) {
      most.add(rotation.mostBytes(SynthesisSolution.STARTS));
      most.add(rotation.mostBytes(SynthesisSolution.NODES));
    }
    return most;
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    verdicts.begin(stream, sample, position);
    int place = position % forests.length;
    generator.enqueue(stream, forests[place], keys[SynthesisRotation.slot(sample)]);
    for (DeviceBuffer part : outputs[place].parts()) {
      SampleWords.poison(stream, part, sample);
    }
  }

  @Override
  public void work(CudaStream stream, int position) {
    int place = position % forests.length;
    matcher.enqueue(stream, forests[place], outputs[place]);
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    verdicts.check(
        stream,
        sample,
        position,
        rotation.answer(SynthesisRotation.slot(sample)),
        outputs[position % forests.length].parts());
  }

  @Override
  public boolean right(long sample, int position) {
    return verdicts.right(sample, position, rotation.answer(SynthesisRotation.slot(sample)));
  }

  @Override
  public String mismatch(long sample, int position) {
    return verdicts.mismatch(
        sample, position, rotation, outputs[position % forests.length].parts());
  }

  @Override
  public long digest(int position) {
    return verdicts.digest(position);
  }

  @Override
  public int positions() {
    return USUAL_POSITIONS;
  }

  @Override
  public int separatePositions() {
    return forests.length;
  }

  @Override
  public PreparedRun.Work amount() {
    return rotation.work();
  }

  @Override
  public Map<String, Double> amounts() {
    return rotation.amounts(matcher.variant().filter());
  }

  @Override
  public Map<String, Double> demands() {
    return rotation.demands(Ceiling.READ, Ceiling.COPY, kernels.context().device().l2Bytes());
  }

  @Override
  public long inputs() {
    return SynthesisRotation.SLOTS;
  }

  @Override
  public Map<String, Object> verification() {
    return rotation.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    var all = new LinkedHashMap<>(matcher.configuration());
    all.put("positions", (long) forests.length);
    return kernels.configuration(all);
  }

  @Override
  public void close() {
    closer.close();
  }
}
