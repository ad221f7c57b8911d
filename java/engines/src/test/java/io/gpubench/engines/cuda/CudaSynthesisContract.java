// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Mode.Cache;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisWorkload;
import java.util.Map;

/** What the pieces of synthesis have in common: many samples at once, and all paths and clocks. */
abstract class CudaSynthesisContract extends CudaContract {
  CudaSynthesisContract(String device) {
    super(device);
  }

  /** Inputs of all positions with memory of their own, then all work, then all checks; twice. */
  static void assertManyRight(DevicePiece piece, CudaStream stream) {
    int many = Math.min(5, piece.separatePositions());
    assertTrue(many > 1, "one position");
    for (long first = 0; first < 2L * many; first += many) {
      for (int i = 0; i < many; i++) {
        piece.input(stream, first + i, i);
      }
      for (int i = 0; i < many; i++) {
        piece.work(stream, i);
      }
      for (int i = 0; i < many; i++) {
        piece.check(stream, first + i, i);
      }
      stream.synchronize();
      for (int i = 0; i < many; i++) {
        long sample = first + i;
        int position = i;
        assertTrue(piece.right(sample, position), () -> piece.mismatch(sample, position));
      }
    }
  }

  /** A run by each path and clock, hot, with the right digests. */
  final void assertRuns(CudaSession session, Synthesis form, Map<String, Object> changed) {
    Workload workload =
        SynthesisWorkload.all().stream()
            .filter(one -> one.id().equals(form.id()))
            .findFirst()
            .orElseThrow();
    ParameterValues values = values(workload, changed);
    for (String path : CudaEngine.PATHS) {
      for (Clock clock : engine().clocks(form.id(), path)) {
        try (PreparedRun run =
            session.prepare(workload, new Mode(path, clock, Cache.HOT), values, FACTS)) {
          assertEquals(clock, run.clock());
          for (long sample = 0; sample < 2; sample++) {
            run.stage(sample);
            run.execute();
            long current = sample;
            assertTrue(run.verify(sample), () -> run.mismatch(current));
          }
          if (run instanceof PreparedRun.Queued queued) {
            for (int i = 0; i < queued.groupSize(); i++) {
              queued.queue(2 + i);
            }
            assertNull(queued.await());
            assertTrue(run.verify(2), () -> run.mismatch(2));
          } else {
            assertEquals(Clock.HOST, clock);
          }
          assertInstanceOf(Long.class, run.configuration().get("block"));
        }
      }
    }
  }
}
