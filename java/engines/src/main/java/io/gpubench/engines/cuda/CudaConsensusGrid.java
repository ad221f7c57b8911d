// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.cuda.CudaConsensusTuning.Variant;
import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaModule;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernels of consensus.cu on one round and one result. Made once all rounds are known, since
 * the largest decides how many blocks there are. Owns nothing.
 */
final class CudaConsensusGrid {
  private static final int WARP = 32;

  private final List<KernelLaunch> launches;
  private final int limit;
  private final Map<String, Object> configuration = new LinkedHashMap<>();

  /**
   * The launches for rounds of so many messages.
   *
   * @param state weights, keys and workspace of the epoch
   */
  CudaConsensusGrid(
      CudaContext context,
      CudaModule module,
      ConsensusEpoch epoch,
      CudaConsensusEpoch state,
      int mostMessages,
      CudaConsensusTuning tuning,
      DeviceMemory round,
      DeviceMemory result) {
    CudaFunction first = loaded(module, symbol(tuning));
    int fitting = fitting(context, first, tuning.block());
    int blocks = tuning.blocks(mostMessages, fitting);
    var shape = LaunchShape.of(blocks, tuning.block());
    boolean split = tuning.variant() == Variant.SPLIT;
    configuration.put("variant", tuning.variant().word());
    configuration.put("kernels", split ? 2L : 1L);
    configuration.put("block", (long) tuning.block());
    configuration.put("grid", (long) blocks);
    configuration.put("messagesPerThread", tuning.messagesPerThread(mostMessages, blocks));
    configuration.put("unroll", (long) tuning.unroll());
    if (first.registers() > 0) { // the simulated device does not know
      configuration.put("registers", (long) first.registers());
    }
    if (split) {
      limit = 5;
      CudaFunction second = loaded(module, "consensus_decide");
      int words = Math.ceilDiv(epoch.validators(), WARP);
      int deciding =
          Math.clamp(
              Math.ceilDiv(words, tuning.block() / WARP),
              1,
              tuning.grid() > 0 ? tuning.grid() : fitting);
      configuration.put("decidingGrid", (long) deciding);
      launches =
          List.of(
              first.launch(
                  shape,
                  round,
                  state.keys(),
                  state.weights(),
                  state.workspace(),
                  epoch.validators(),
                  0),
              second.launch(
                  LaunchShape.of(deciding, tuning.block()),
                  round,
                  result,
                  state.weights(),
                  state.workspace(),
                  epoch.totalWeight(),
                  epoch.validators()));
    } else {
      limit = 7;
      launches =
          List.of(
              first.launch(
                  shape,
                  round,
                  result,
                  state.keys(),
                  state.weights(),
                  state.workspace(),
                  epoch.totalWeight(),
                  epoch.validators(),
                  0));
    }
  }

  private static String symbol(CudaConsensusTuning tuning) {
    return switch (tuning.variant()) {
      case SPLIT -> "consensus_tally";
      case FUSED -> "consensus_round";
      case ONEPASS -> "consensus_onepass" + (tuning.unroll() == 1 ? "" : "_u" + tuning.unroll());
    };
  }

  /** A kernel that is not loaded at its first launch, which may be a capture or a timed sample. */
  static CudaFunction loaded(CudaModule module, String symbol) {
    CudaFunction function = module.function(symbol);
    function.load();
    return function;
  }

  /** How many blocks the device holds at once, at least 1. */
  static int fitting(CudaContext context, CudaFunction function, int block) {
    return Math.max(
        1, context.device().multiprocessors() * function.blocksPerMultiprocessor(block, 0));
  }

  /**
   * Enqueues a round.
   *
   * @param messages how many the round's memory holds at least
   */
  void enqueue(CudaStream stream, int messages) {
    launches.getFirst().arguments().set(limit, messages);
    for (int i = 0; i < launches.size(); i++) {
      launches.get(i).enqueue(stream);
    }
  }

  /** The launch shape, for the record. */
  Map<String, Object> configuration() {
    return configuration;
  }
}
