// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoEngine;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.worker.WorkerServer;
import io.gpubench.workloads.ceiling.CeilingWorkload;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.synthesis.SynthesisWorkload;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The process of a worker with TornadoVM: the worker protocol on stdin and stdout. */
public final class TornadoWorker {
  private static final int HUNG_UP = 1;

  private TornadoWorker() {}

  /**
   * Serves one backend until the goodbye.
   *
   * @param args the backend's word and gpubench's version
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    TornadoBackend backend = TornadoBackend.of(args[0]).orElseThrow();
    try (var in = new FileInputStream(FileDescriptor.in);
        OutputStream out = ProtocolOutput.take()) {
      new WorkerServer(
              new TornadoEngine(backend, TornadoSession::open),
              workloads(),
              args[1],
              in,
              out,
              () -> Runtime.getRuntime().halt(HUNG_UP),
              Throwable::printStackTrace)
          .serve();
    }
    System.exit(0); // TornadoVM's own threads would keep it
  }

  private static Map<String, Workload> workloads() {
    return Stream.of(
            List.<Workload>of(new ConsensusWorkload()),
            CeilingWorkload.all(),
            SynthesisWorkload.all())
        .flatMap(List::stream)
        .collect(Collectors.toMap(Workload::id, Function.identity()));
  }
}
