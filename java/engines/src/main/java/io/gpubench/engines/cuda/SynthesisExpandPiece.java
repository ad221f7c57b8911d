// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.workloads.synthesis.Filter;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.MatchList;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import io.gpubench.workloads.synthesis.SynthesisSolution;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Expansion of the matches in a forest. The device makes the forest from the keys of the sample's
 * slot; the slot's list of matches, which was found on the host, is on the device already. Text and
 * offsets are compared by two sums each with those of the oracle. Some positions have arrays of
 * their own. Confined to the context's thread.
 */
final class SynthesisExpandPiece extends SynthesisPiece {
  private final CudaForestGenerator generator;
  private final CudaExpand expand;
  private final SynthesisVerdicts verdicts;

  /** By slot. */
  private final CudaExpand.DeviceList[] lists = new CudaExpand.DeviceList[SynthesisRotation.SLOTS];

  // by position, of those with memory of their own
  private final CudaForest[] forests;
  private final CudaExpand.DeviceList[] listed;
  private final CudaExpand.DeviceText[] texts;
  private final CudaExpand.Scratch[] scratch;

  /** Takes memory, prepares all launches and asks the oracle. */
  SynthesisExpandPiece(
      CudaKernels kernels, SynthesisParameters setting, SynthesisExpandTuning tuning) {
    super(kernels, Synthesis.EXPAND, setting);
    int trees = rotation.generator().shape().trees();
    long forest = CudaForest.bytes(setting.nodes(), trees);
    positions(forest, 0, Forest.BYTES_OF_NODE); // or solving would be for nothing
    try (var arena = Arena.ofShared()) {
      var found = new MatchList[SynthesisRotation.SLOTS];
      for (int slot = 0; slot < found.length; slot++) {
        found[slot] = solved(slot, arena);
      }
      long matches = 0;
      for (MatchList list : found) {
        matches = Math.max(matches, list.matches());
      }
      long bytes = rotation.mostBytes(SynthesisSolution.TEXT);
      int patterns = setting.patterns();
      long ofPosition =
          forest + CudaExpand.listBytes(patterns, matches) + CudaExpand.textBytes(matches, bytes);
      long fixed = SynthesisRotation.SLOTS * CudaExpand.listBytes(patterns, matches);
      int separate = positions(ofPosition, fixed, (double) (ofPosition + fixed) / setting.nodes());
      forests = new CudaForest[separate];
      listed = new CudaExpand.DeviceList[separate];
      texts = new CudaExpand.DeviceText[separate];
      scratch = new CudaExpand.Scratch[separate];
      generator = closer.closes(new CudaForestGenerator(kernels, rotation.generator()));
      expand =
          closer.closes(
              new CudaExpand(
                  kernels, tuning, rotation.templates(), setting.nodes(), matches, bytes));
      for (int slot = 0; slot < lists.length; slot++) {
        lists[slot] = closer.closes(expand.list(matches));
        CudaExpand.upload(found[slot], lists[slot]);
      }
      for (int i = 0; i < separate; i++) {
        forests[i] = closer.closes(generator.forest());
        listed[i] = closer.closes(expand.list(matches));
        texts[i] = closer.closes(expand.text(matches, bytes));
        scratch[i] = closer.closes(expand.scratch());
      }
      verdicts =
          closer.closes(
              new SynthesisVerdicts(
                  kernels, USUAL_POSITIONS, List.of((matches + 1) * Long.BYTES, bytes)));
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** Finds the list of a slot, which stays in the arena. */
  private MatchList solved(int slot, Arena arena) {
    try (var own = Arena.ofShared()) {
      SynthesisSolution solution = rotation.solve(slot, rotation.allocate(own), own);
      MatchList list = Objects.requireNonNull(solution.list(), "no list");
      var starts = arena.allocate(list.starts().byteSize(), Long.BYTES);
      var nodes = arena.allocate(list.nodes().byteSize(), Long.BYTES);
      starts.copyFrom(list.starts());
      nodes.copyFrom(list.nodes());
      return new MatchList(starts, nodes);
    }
  }

  private int positions(long bytes, long fixed, double bytesOfNode) {
    return new DeviceRoom(kernels.context().freeBytes() - fixed, bytes)
        .positions(
            "%s with nodes=%d".formatted(Synthesis.EXPAND.id(), rotation.parameters().nodes()),
            "nodes",
            bytesOfNode);
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    int at = position % forests.length;
    int slot = SynthesisRotation.slot(sample);
    verdicts.begin(stream, sample, position);
    generator.enqueue(stream, forests[at], keys(sample));
    copy(stream, lists[slot].starts(), listed[at].starts());
    copy(stream, lists[slot].nodes(), listed[at].nodes());
    SampleWords.poison(stream, texts[at].offsets(), sample);
    SampleWords.poison(stream, texts[at].bytes(), sample);
  }

  private static void copy(CudaStream stream, DeviceBuffer from, DeviceBuffer to) {
    to.copyAsync(stream, 0, from, 0, from.bytes());
  }

  @Override
  public void work(CudaStream stream, int position) {
    workOn(stream, this, position);
  }

  /** Does the work of this piece on the arrays of one, which may be another for a test. */
  void workOn(CudaStream stream, SynthesisExpandPiece of, int position) {
    int at = position % of.forests.length;
    expand.enqueue(stream, of.forests[at], of.listed[at], of.texts[at], of.scratch[at]);
  }

  @Override
  List<DeviceBuffer> found(int position) {
    CudaExpand.DeviceText text = texts[position % texts.length];
    return List.of(text.offsets(), text.bytes());
  }

  @Override
  SynthesisVerdicts verdicts() {
    return verdicts;
  }

  @Override
  public int separatePositions() {
    return forests.length;
  }

  @Override
  public Map<String, Double> amounts() {
    return rotation.amounts(Filter.NONE);
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration(expand.configuration());
  }
}
