// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.engines.cuda.CudaEngine;
import io.gpubench.measure.plan.Machine;
import io.gpubench.measure.run.LocalMeasurer;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** One round of consensus on a device, by each clock, with warm caches and cold ones. */
final class DeviceClocksExperiment implements Experiment {
  private static final long VALIDATORS = 1_000;

  private final String device;

  DeviceClocksExperiment(String device) {
    this.device = device;
  }

  @Override
  public String id() {
    return "device-clocks";
  }

  @Override
  public String question() {
    return "How long does a round of consensus with 1,000 validators take?";
  }

  @Override
  public boolean usesDevice() {
    return true;
  }

  @Override
  public List<Row> run(Size size) {
    var workload = new ConsensusWorkload();
    var values = new LinkedHashMap<>(workload.defaults().asMap());
    var facts = Machine.facts(null);
    var rows = new ArrayList<Row>();
    Engine engine = new CudaEngine().on(device).orElseThrow();
    int samples = size.of(5, device.equals("sim") ? 200 : 2_000);
    try (var measurer = new LocalMeasurer(engine.open(new Engine.Options(1)))) {
      for (Mode mode :
          List.of(
              new Mode("launch", Clock.HOST, Mode.Cache.HOT),
              new Mode("graph", Clock.HOST, Mode.Cache.HOT),
              new Mode("launch", Clock.DEVICE, Mode.Cache.COLD),
              new Mode("launch", Clock.DEVICE, Mode.Cache.HOT),
              new Mode("launch", Clock.BATCH, Mode.Cache.HOT))) {
        var prepared =
            measurer.prepare(
                workload, mode, new ParameterValues(values).with("validators", VALIDATORS), facts);
        measurer.take(0, samples, Long.MAX_VALUE / 4, 0);
        SampleBatch batch = measurer.take(samples, samples, Long.MAX_VALUE / 4, 1);
        rows.add(
            new Row(
                "path %s, clock %s, %s"
                    .formatted(mode.path(), mode.clock().word(), mode.cache().word()),
                batch.mismatch() != null || batch.count() == 0
                    ? "failed: " + batch.mismatch()
                    : "median " + Shown.time(Shown.median(batch.durations()) / prepared.pieces())));
      }
    }
    return rows;
  }
}
