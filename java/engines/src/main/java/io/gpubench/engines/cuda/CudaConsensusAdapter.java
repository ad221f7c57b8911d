// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.consensus.ConsensusForms;
import io.gpubench.engines.consensus.ConsensusKernel;
import io.gpubench.engines.consensus.ConsensusRun;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import java.util.List;

/**
 * Consensus: by the host's clock from page-locked memory to page-locked memory, by the device's
 * from its own memory to its own memory.
 */
final class CudaConsensusAdapter implements CudaAdapter {
  @Override
  public List<String> paths() {
    return List.of(
        CudaEngine.LAUNCH,
        CudaEngine.GRAPH,
        CudaLaunchAdapter.MAILBOX,
        ConsensusForms.STREAMED,
        ConsensusForms.RESIDENT);
  }

  /** The host's alone where it is the host that takes part. */
  @Override
  public List<Clock> clocks(String path) {
    return switch (path) {
      case CudaLaunchAdapter.MAILBOX -> List.of(Clock.HOST);
      case ConsensusForms.STREAMED, ConsensusForms.RESIDENT -> CudaConsensusThroughput.clocks(path);
      default -> List.of(Clock.HOST, Clock.DEVICE, Clock.BATCH);
    };
  }

  @Override
  public List<Mode.Cache> caches(String path) {
    return switch (path) {
      case CudaLaunchAdapter.MAILBOX -> List.of(Mode.Cache.HOT);
      case ConsensusForms.STREAMED, ConsensusForms.RESIDENT -> CudaConsensusThroughput.caches(path);
      default -> List.of(Mode.Cache.HOT, Mode.Cache.COLD);
    };
  }

  @Override
  public List<Parameter> tuning(String path) {
    return switch (path) {
      case CudaLaunchAdapter.MAILBOX -> CudaConsensusTuning.OF_MAILBOX;
      case ConsensusForms.STREAMED, ConsensusForms.RESIDENT -> CudaConsensusThroughput.tuning(path);
      default -> CudaConsensusTuning.OF_LAUNCH;
    };
  }

  @Override
  public void check(Mode mode, ParameterValues values) {
    if (ConsensusForms.many(mode.path())) {
      CudaRoundsTuning.check(values);
    } else {
      CudaConsensusTuning.check(values);
    }
  }

  @Override
  public long footprintBytes(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    return ConsensusForms.OF_DEVICE.footprintBytes(mode.path(), values, facts);
  }

  @Override
  public PreparedRun prepare(
      CudaSession session,
      Workload workload,
      Mode mode,
      ParameterValues values,
      MachineFacts facts) {
    var module = session.consensus().module();
    MachineFacts inDeviceCache = inDeviceCache(session, facts);
    if (ConsensusForms.many(mode.path())) {
      // what is streamed is read from the host's memory, or its cache, in the time of the sample
      boolean streamed = mode.path().equals(ConsensusForms.STREAMED);
      return CudaConsensusThroughput.prepare(
          session, mode, values, streamed ? facts : inDeviceCache);
    }
    boolean cold = mode.cache() == Mode.Cache.COLD;
    if (mode.clock() != Clock.HOST) {
      TimingKernels timing = session.timing();
      return new CudaQueuedRun(
          timing, new CudaConsensusPiece(timing, module, values, inDeviceCache, cold), mode);
    }
    var tuning = CudaConsensusTuning.of(values);
    ConsensusKernel.Factory factory =
        switch (mode.path()) {
          case CudaLaunchAdapter.MAILBOX ->
              (epoch, capacity) ->
                  new CudaConsensusMailbox(
                      session.context(),
                      module,
                      epoch,
                      capacity,
                      tuning,
                      ResidentKernel.PATIENCE_NANOS);
          default ->
              (epoch, capacity) ->
                  new CudaConsensusKernel(
                      session.context(),
                      module,
                      epoch,
                      capacity,
                      mode.path().equals(CudaEngine.GRAPH),
                      tuning,
                      cold ? session.timing() : null);
        };
    return ConsensusRun.prepare(values, inDeviceCache, factory);
  }

  /**
   * Rounds are staged, or on the device, before their time begins, so the only cache they could
   * stay in is the device's.
   */
  private static MachineFacts inDeviceCache(CudaSession session, MachineFacts facts) {
    return new MachineFacts(
        facts.processors(),
        facts.availableBytes(),
        Math.min(facts.lastLevelCacheBytes(), session.context().device().l2Bytes()));
  }
}
