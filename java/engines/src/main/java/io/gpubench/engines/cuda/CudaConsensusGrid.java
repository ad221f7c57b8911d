// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

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
 * The kernels of consensus.cu on one round and one result: up to {@value #FUSED_VALIDATORS}
 * validators one kernel that tallies and decides, beyond that one after the other. Made once all
 * rounds are known, since the largest decides how many blocks there are. Owns nothing.
 */
final class CudaConsensusGrid {
  // as in consensus.cu
  private static final int BLOCK = 128;
  private static final int WARP = 32;
  private static final int FUSED_VALIDATORS = 4096;

  /** How the work is spread over the device; the result is the same. */
  enum Form {
    /** One kernel where the validators permit, and blocks enough to fill the device. */
    FASTEST,
    /** Two kernels in any case. */
    SPLIT,
    /** Two blocks, each thread of which takes one message after the other. */
    TWO_BLOCKS
  }

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
      Form form,
      DeviceMemory round,
      DeviceMemory result) {
    int validators = epoch.validators();
    boolean fused = validators <= FUSED_VALIDATORS && form != Form.SPLIT;
    CudaFunction first = loaded(module, fused ? "consensus_round" : "consensus_tally");
    int most = form == Form.TWO_BLOCKS ? 2 : filling(context, first);
    int blocks = Math.clamp(Math.ceilDiv(mostMessages, BLOCK), 1, most);
    var shape = LaunchShape.of(blocks, BLOCK);
    configuration.put("kernels", fused ? 1L : 2L);
    configuration.put("blocks", (long) blocks);
    configuration.put("threadsPerBlock", (long) BLOCK);
    if (first.registers() > 0) { // the simulated device does not know
      configuration.put("registers", (long) first.registers());
    }
    if (fused) {
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
                  validators,
                  0));
    } else {
      limit = 5;
      CudaFunction second = loaded(module, "consensus_decide");
      int words = Math.ceilDiv(validators, WARP);
      int deciding = Math.clamp(Math.ceilDiv(words, BLOCK / WARP), 1, most);
      configuration.put("decidingBlocks", (long) deciding);
      launches =
          List.of(
              first.launch(
                  shape, round, state.keys(), state.weights(), state.workspace(), validators, 0),
              second.launch(
                  LaunchShape.of(deciding, BLOCK),
                  round,
                  result,
                  state.weights(),
                  state.workspace(),
                  epoch.totalWeight(),
                  validators));
    }
  }

  /** A kernel that is not loaded at its first launch, which may be a capture or a timed sample. */
  private static CudaFunction loaded(CudaModule module, String symbol) {
    CudaFunction function = module.function(symbol);
    function.load();
    return function;
  }

  /** How many blocks the device holds at once. */
  private static int filling(CudaContext context, CudaFunction function) {
    return context.device().multiprocessors() * function.blocksPerMultiprocessor(BLOCK, 0);
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
