// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.workers.Measurers.Check;
import io.gpubench.app.workers.TornadoProcess;
import io.gpubench.app.workers.Workers;
import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoEngine;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.ceiling.CeilingWorkload;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisWorkload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What TornadoVM generates for CUDA, compiled and run by the simulated device. */
class SimulatedTornadoTest {
  private static final String SIMULATOR = "sim";
  private static final MachineFacts FACTS = new MachineFacts(2, 4L << 30, 1 << 20);
  private static final int SAMPLES = 3;
  private static final Mode GRAPH = Mode.of("graph");
  private static final Mode BY_THE_DEVICE = new Mode("launch", Clock.DEVICE, Mode.Cache.HOT);

  @Test
  void theSimulatedDeviceIsWhatItSays() {
    TornadoEngine engine = TornadoSdks.assumeSimulated();
    try (Workers workers = TornadoSdks.workers(SIMULATOR)) {
      Check check = workers.check(engine);
      assertTrue(check.selfCheck().passed(), check.selfCheck().toString());
      Measurer.Facts facts = check.facts();
      assertTrue(facts.synthetic());
      assertEquals("Simulated CUDA device", facts.device());
      assertEquals(Session.PROCESSORS, facts.deviceId());
      assertEquals("cuda", facts.description().get("backend"));
      assertEquals("9.0", facts.description().get("computeCapability"));
    }
  }

  /** One worker, since each kernel takes a while to compile; all launched and captured. */
  @Test
  void theKernelsAnswerAsTheOracle() {
    TornadoEngine engine = TornadoSdks.assumeSimulated();
    try (Workers workers = TornadoSdks.workers(SIMULATOR);
        Measurer measurer = workers.open(engine, 1)) {
      var consensus = new ConsensusWorkload();
      answers(measurer, consensus, GRAPH, Map.of("validators", 100L));
      answers(measurer, consensus, Mode.of("launch"), Map.of("validators", 100L, "api", "loop"));
      var triad = new CeilingWorkload(Ceiling.TRIAD);
      answers(measurer, triad, GRAPH, Map.of("bytes", 80_008L));
      var copy = new CeilingWorkload(Ceiling.COPY);
      answers(measurer, copy, BY_THE_DEVICE, Map.of("bytes", 80_008L, "api", "loop"));
      answers(
          measurer, of(Synthesis.MATCH), BY_THE_DEVICE, Map.of("nodes", 2_000L, "patterns", 32L));
      answers(measurer, of(Synthesis.EXPAND), GRAPH, Map.of("nodes", 2_000L, "patterns", 32L));
    }
  }

  private static Workload of(Synthesis synthesis) {
    return SynthesisWorkload.all().stream()
        .filter(workload -> workload.id().equals(synthesis.id()))
        .findFirst()
        .orElseThrow();
  }

  private static void answers(
      Measurer measurer, Workload workload, Mode mode, Map<String, Object> chosen) {
    var all = new LinkedHashMap<String, Object>();
    for (Parameter parameter : workload.parameters()) {
      all.put(parameter.name(), parameter.defaults().getFirst());
    }
    all.putAll(chosen);
    var values = new ParameterValues(all);
    Measurer.Prepared prepared = measurer.prepare(workload, mode, values, FACTS);
    assertEquals(mode.clock(), prepared.clock());
    SampleBatch batch = measurer.take(0, SAMPLES, Duration.ofMinutes(1).toNanos(), 0);
    assertNull(batch.mismatch(), workload.id() + " " + mode + " " + chosen);
    assertTrue(batch.count() > 0);
    long[] expected = {workload.answerDigest(values, 0), workload.answerDigest(values, 1)};
    assertArrayEquals(expected, measurer.digests(0, 1));
  }

  @Test
  void aDeviceThatIsNotThereIsOneLine() {
    TornadoEngine engine = TornadoSdks.assume(TornadoBackend.OPENCL);
    try (Workers workers = TornadoSdks.workers(SIMULATOR)) {
      Check check = workers.check(engine);
      assertFalse(check.selfCheck().passed());
      assertFalse(check.selfCheck().detail().contains("\n"), check.selfCheck().detail());
    }
  }

  @Test
  void onlyWhatUsesTheDriverAndMeansTheSimulatorIsLedToIt() {
    Path home = Path.of("/gpubench");
    var cuda = new TornadoEngine(TornadoBackend.CUDA);
    String path = TornadoProcess.environment(cuda, home, SIMULATOR).get("LD_LIBRARY_PATH");
    assertTrue(path.startsWith("/gpubench/lib/cudasim:/gpubench/native/build/cudasim"), path);
    assertEquals(Map.of(), TornadoProcess.environment(cuda, home, "0"));
    assertEquals(Map.of(), TornadoProcess.environment(cuda, home, null));
    assertEquals(
        Map.of(),
        TornadoProcess.environment(new TornadoEngine(TornadoBackend.PTX), home, SIMULATOR));
  }
}
