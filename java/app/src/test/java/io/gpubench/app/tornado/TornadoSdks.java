// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.tornado;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.workers.TornadoProcess;
import io.gpubench.app.workers.Workers;
import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoEngine;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.spi.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tests that need a TornadoVM SDK say why they are skipped where there is none. */
final class TornadoSdks {
  static final Path ROOT = Path.of(System.getProperty("gpubench.root"));

  private TornadoSdks() {}

  /** Skips the test where no worker with that backend can be started. */
  static TornadoEngine assume(TornadoBackend backend) {
    var engine = new TornadoEngine(backend);
    try {
      TornadoProcess.command(engine, ROOT, List.of());
    } catch (EngineException e) {
      abort(e.getMessage() + "; " + e.remedy());
    }
    return engine;
  }

  /** Skips the test where the simulated CUDA device is not built. */
  static TornadoEngine assumeSimulated() {
    Path compiler = ROOT.resolve("native/build/cudasim/libnvrtc.so.13");
    assumeTrue(Files.exists(compiler), compiler + " is not built");
    return assume(TornadoBackend.CUDA);
  }

  /** Processes for an engine on a device, null for its own choice; the caller closes them. */
  static Workers workers(String device) {
    return new Workers(
        ROOT, new Engine.Options(2), device, null, null, null, false, new Cancellation());
  }
}
