// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.gpubench.engines.consensus.ConsensusContract;
import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.engines.consensus.ConsensusRun;
import io.gpubench.engines.cuda.CudaConsensusTuning.Variant;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.measure.spi.Engine;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusGenerator;
import io.gpubench.workloads.consensus.ConsensusOracle;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusRound;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Consensus on one device by one path. What is threads elsewhere is the tuning here: variants,
 * blocks and messages in flight.
 */
abstract class CudaConsensusContract extends ConsensusContract {
  private final String device;
  private final String path;

  CudaConsensusContract(String device, String path) {
    this.device = device;
    this.path = path;
  }

  @Override
  protected Engine engine() {
    return new CudaEngine().on(device).orElseThrow();
  }

  @Override
  protected String path() {
    return path;
  }

  /** What to launch; the path has three ways. */
  private CudaConsensusTuning tuning(int threads, int validators) {
    boolean fused = validators <= CudaConsensusTuning.FUSED_VALIDATORS;
    return switch (path) {
      case CudaEngine.LAUNCH ->
          switch (threads) {
            case 1 -> CudaConsensusTuning.OWN;
            case 2 -> new CudaConsensusTuning(Variant.SPLIT, 64, 0, 0, 1);
            default -> new CudaConsensusTuning(fused ? Variant.FUSED : Variant.SPLIT, 96, 2, 0, 1);
          };
      case CudaEngine.GRAPH ->
          switch (threads) {
            case 1 -> new CudaConsensusTuning(Variant.ONEPASS, 512, 0, 3, 1);
            case 2 -> new CudaConsensusTuning(Variant.ONEPASS, 64, 0, 0, 2);
            default -> new CudaConsensusTuning(Variant.ONEPASS, 96, 2, 0, 4);
          };
      default ->
          switch (threads) {
            case 1 -> new CudaConsensusTuning(Variant.ONEPASS, 128, 4, 0, 1);
            case 2 -> new CudaConsensusTuning(Variant.ONEPASS, 64, 1, 0, 1);
            default -> new CudaConsensusTuning(Variant.ONEPASS, 480, 3, 0, 1);
          };
    };
  }

  CudaSession session() {
    return device.equals(CudaEngine.SIMULATOR)
        ? CudaSession.open(CudaDriver.openSimulator(), "0", CudaAdapter.all(List.of()))
        : CudaSession.open(CudaDriver.open(), device, CudaAdapter.all(List.of()));
  }

  @Override
  protected ConsensusKernel kernel(
      ConsensusEpoch epoch, ConsensusKernel.Capacity capacity, int threads) {
    CudaSession session = session();
    try {
      return new OfSession(
          session, kernel(session, epoch, capacity, tuning(threads, epoch.validators())));
    } catch (RuntimeException | Error failure) {
      session.close();
      throw failure;
    }
  }

  private ConsensusKernel kernel(
      CudaSession session,
      ConsensusEpoch epoch,
      ConsensusKernel.Capacity capacity,
      CudaConsensusTuning tuning) {
    var module = session.consensus().module();
    return path.equals(CudaLaunchAdapter.MAILBOX)
        ? new CudaConsensusMailbox(
            session.context(), module, epoch, capacity, tuning, ResidentKernel.PATIENCE_NANOS)
        : new CudaConsensusKernel(
            session.context(),
            module,
            epoch,
            capacity,
            path.equals(CudaEngine.GRAPH),
            tuning,
            null);
  }

  @Test
  void theMostValidators() {
    assumeFalse("1".equals(System.getenv("GPUBENCH_SIM_CHECK")), "slow, and nothing new");
    var capacity = new ConsensusKernel.Capacity(1, Most.ROUND.messageCount(), 16, 1 << 20);
    try (var kernel = kernel(Most.EPOCH, capacity, 1)) {
      kernel.load(0, Most.ROUND);
      kernel.seal();
      for (int pass = 0; pass < 2; pass++) {
        kernel.stage(0);
        kernel.poison(-1);
        kernel.run(0);
        assertArrayEquals(Most.EXPECTED, ConsensusRun.answer(kernel.output()));
      }
    }
  }

  /** A round of the most validators, made once for all paths. */
  private static final class Most {
    private static final ConsensusParameters PARAMETERS =
        new ConsensusParameters(1 << 20, 0.33, 0.9, 16, false, 5);
    static final ConsensusEpoch EPOCH = ConsensusEpoch.of(PARAMETERS);
    static final ConsensusRound ROUND = new ConsensusGenerator(PARAMETERS, EPOCH).round(0);
    static final long[] EXPECTED = ConsensusOracle.decide(EPOCH, ROUND);
  }

  /** A kernel that closes its session, too. */
  record OfSession(CudaSession session, ConsensusKernel kernel) implements ConsensusKernel {
    @Override
    public void load(int slot, ConsensusRound round) {
      kernel.load(slot, round);
    }

    @Override
    public void seal() {
      kernel.seal();
    }

    @Override
    public void stage(int part) {
      kernel.stage(part);
    }

    @Override
    public void poison(long word) {
      kernel.poison(word);
    }

    @Override
    public void run(int part) {
      kernel.run(part);
    }

    @Override
    public MemorySegment output() {
      return kernel.output();
    }

    @Override
    public Map<String, Object> configuration() {
      return kernel.configuration();
    }

    @Override
    public void close() {
      try (session) {
        kernel.close();
      }
    }
  }
}
