// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
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
final class SynthesisMatchPiece extends SynthesisPiece {
  private final CudaForestGenerator generator;
  private final SynthesisMatcher matcher;
  private final SynthesisVerdicts verdicts;

  /** By position, of those with memory of their own. */
  private final CudaForest[] forests;

  private final SynthesisMatcher.Output[] outputs;

  /** Finds the right answers on the host, then takes memory and prepares all launches. */
  SynthesisMatchPiece(
      CudaKernels kernels, SynthesisParameters parameters, SynthesisMatchTuning tuning) {
    positions(kernels, parameters, 0); // before the host works for what does not fit
    super(kernels, Synthesis.MATCH, parameters);
    try {
      matcher =
          closer.closes(
              new SynthesisMatcher(
                  kernels, rotation.patterns(), parameters.listed(), tuning, parameters.nodes()));
      for (int slot = 0; slot < SynthesisRotation.SLOTS; slot++) {
        try (var arena = Arena.ofShared()) {
          rotation.solve(slot, rotation.allocate(arena), arena);
        }
      }
      long listBytes = parameters.listed() ? rotation.mostBytes(SynthesisSolution.NODES) : -1;
      int separate = positions(kernels, parameters, Math.max(0, listBytes));
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
  private static int positions(
      CudaKernels kernels, SynthesisParameters parameters, long listBytes) {
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
    generator.enqueue(stream, forests[place], keys(sample));
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
  SynthesisVerdicts verdicts() {
    return verdicts;
  }

  @Override
  List<DeviceBuffer> found(int position) {
    return outputs[position % forests.length].parts();
  }

  @Override
  public int separatePositions() {
    return forests.length;
  }

  @Override
  public Map<String, Double> amounts() {
    return rotation.amounts(matcher.variant().filter());
  }

  @Override
  public Map<String, Object> configuration() {
    var all = new LinkedHashMap<>(matcher.configuration());
    all.put("positions", (long) forests.length);
    return kernels.configuration(all);
  }
}
