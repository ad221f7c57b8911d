// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.ForestShape;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import java.lang.foreign.Arena;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Constant folding of a forest, which the device makes from the keys of the sample's slot. Each
 * array of the result is compared by two sums with that of the oracle. Some positions have forests
 * of their own. Confined to the context's thread.
 */
final class SynthesisRewritePiece extends SynthesisPiece {
  /** Fixed memory that matters little beside forests, in bytes. */
  private static final long TABLES = 1 << 20;

  private final SynthesisVerdicts verdicts;
  private final CudaForestGenerator generator;
  private final CudaRewrite rewrite;

  // by position, of those with memory of their own
  private final CudaForest[] in;
  private final CudaForest[] out;
  private final DeviceBuffer[] scratch;

  /** Takes memory, prepares all launches and asks the oracle. */
  SynthesisRewritePiece(
      CudaKernels kernels, SynthesisParameters setting, SynthesisRewriteTuning tuning) {
    int separate = separate(kernels, setting, tuning); // or solving would be for nothing
    super(kernels, Synthesis.REWRITE, setting);
    in = new CudaForest[separate];
    out = new CudaForest[separate];
    scratch = new DeviceBuffer[separate];
    try {
      int trees = rotation.generator().shape().trees();
      generator = closer.closes(new CudaForestGenerator(kernels, rotation.generator()));
      in[0] = closer.closes(generator.forest());
      rewrite = new CudaRewrite(kernels, tuning, setting.nodes(), trees, in[0].treeStart());
      for (int i = 0; i < separate; i++) {
        in[i] = i == 0 ? in[0] : closer.closes(generator.forest());
        out[i] = closer.closes(generator.forest());
        scratch[i] = closer.closes(rewrite.scratch());
      }
      verdicts =
          closer.closes(
              new SynthesisVerdicts(
                  kernels,
                  USUAL_POSITIONS,
                  Collections.nCopies(out[0].arrays().size(), setting.nodes() * Integer.BYTES)));
      for (int slot = 0; slot < SynthesisRotation.SLOTS; slot++) {
        try (var arena = Arena.ofShared()) {
          rotation.solve(slot, rotation.allocate(arena), arena);
        }
      }
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** How many positions have forests of their own. */
  private static int separate(
      CudaKernels kernels, SynthesisParameters setting, SynthesisRewriteTuning tuning) {
    long nodes = setting.nodes();
    // no forest has more trees than this, save by an accident
    double perNode = 2 * Forest.BYTES_OF_NODE + 2.0 * Integer.BYTES / 64;
    int trees = nodes > LARGE ? (int) (nodes / 64) : ForestShape.of(nodes, setting.seed()).trees();
    long bytes = 2 * CudaForest.bytes(nodes, trees) + CudaRewrite.scratchBytes(tuning, nodes);
    return new DeviceRoom(kernels.context().freeBytes() - TABLES, bytes)
        .positions("%s with nodes=%d".formatted(Synthesis.REWRITE.id(), nodes), "nodes", perNode);
  }

  /** Of more nodes it takes a while to count the trees. */
  private static final long LARGE = 1 << 20;

  @Override
  public void input(CudaStream stream, long sample, int position) {
    int at = position % in.length;
    verdicts.begin(stream, sample, position);
    generator.enqueue(stream, in[at], keys(sample));
    out[at].poison(stream, sample);
  }

  @Override
  public void work(CudaStream stream, int position) {
    workOn(stream, this, position);
  }

  /** Does the work of this piece on the forests of one, which may be another for a test. */
  void workOn(CudaStream stream, SynthesisRewritePiece of, int position) {
    int at = position % of.in.length;
    rewrite.enqueue(stream, of.in[at], of.out[at], of.scratch[at]);
  }

  @Override
  List<DeviceBuffer> found(int position) {
    return out[position % out.length].arrays();
  }

  @Override
  SynthesisVerdicts verdicts() {
    return verdicts;
  }

  @Override
  public int separatePositions() {
    return in.length;
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration(rewrite.configuration());
  }
}
