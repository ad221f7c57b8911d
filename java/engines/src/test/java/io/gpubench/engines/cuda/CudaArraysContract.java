// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.engines.arrays.Mixture;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Mode.Cache;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Session;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A plugin's kernels on a device: every type of element, more than one kernel, every mode. */
@Timeout(120)
abstract class CudaArraysContract extends CudaContract {
  private static final Mixture MIXTURE = new Mixture();
  private static final int BLOCK = 128;

  CudaArraysContract(String device) {
    super(device);
  }

  private static List<KernelLaunch> launches(ParameterValues values, DeviceArrays arrays) {
    long n = values.whole("n");
    var shape = arrays.covering(n, BLOCK, BLOCK);
    return List.of(
        arrays.function("mixture_total").launch(shape, n, arrays.of("a"), arrays.of("t")),
        arrays
            .function("mixture_rest")
            .launch(shape, n, arrays.of("b"), arrays.of("c"), arrays.of("d"), arrays.of("e")));
  }

  private Session session(String source, CudaArrays.Launches launches) {
    var adapter = new CudaArrays("mixture", Mixture.class, source, launches);
    return engine(List.of(adapter)).open(new Engine.Options(1));
  }

  private static String firstMismatch(Session session, Mode mode, long n, int samples) {
    try (PreparedRun run = session.prepare(MIXTURE, mode, Mixture.values(n), FACTS)) {
      if (run instanceof PreparedRun.Queued queued) {
        for (int first = 0; first < samples; ) {
          int size = Math.min(queued.groupSize(), samples - first);
          for (int i = 0; i < size; i++) {
            queued.queue(first + i);
          }
          queued.await();
          for (int i = 0; i < size; i++) {
            if (!queued.verify(first + i)) {
              return queued.mismatch(first + i);
            }
          }
          first += size;
        }
        return null;
      }
      for (int sample = 0; sample < samples; sample++) {
        run.stage(sample);
        run.execute();
        long digest = run.digest(); // before anybody verifies, as in another process than this
        if (!run.verify(sample)) {
          return run.mismatch(sample);
        }
        if (sample < 2) {
          assertEquals(MIXTURE.answerDigest(Mixture.values(n), sample), digest);
        }
      }
      return null;
    }
  }

  @Test
  void rightByEveryClockWithHotAndColdCachesAndReplayed() {
    try (Session session = session("mixture.cu", CudaArraysContract::launches)) {
      for (String path : CudaEngine.PATHS) {
        for (Clock clock : Clock.values()) {
          assertNull(firstMismatch(session, new Mode(path, clock, Cache.HOT), 1_001, 12));
        }
        assertNull(firstMismatch(session, new Mode(path, Clock.HOST, Cache.COLD), 1_001, 2));
      }
    }
  }

  @Test
  void rightOffTheMultiplesOfABlock() {
    try (Session session = session("mixture.cu", CudaArraysContract::launches)) {
      for (long n : new long[] {1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 10_007}) {
        assertNull(firstMismatch(session, Mode.of("launch"), n, 3));
      }
    }
  }

  @Test
  void aKernelThatIsLeftOutIsFoundAndItsFirstElementNamed() {
    try (Session session =
        session("mixture.cu", (values, arrays) -> launches(values, arrays).subList(0, 1))) {
      String message = firstMismatch(session, Mode.of("launch"), 1_000, 1);
      assertTrue(message.matches(".*input \\d: d\\[0] is .*, expected .*"), message);
    }
  }

  @Test
  void whatTheRecordSays() {
    try (Session session = session("mixture.cu", CudaArraysContract::launches);
        PreparedRun run =
            session.prepare(MIXTURE, Mode.of("launch"), Mixture.values(1_000), FACTS)) {
      assertEquals(
          List.of(
              "mixture_total: grid 8x1x1, block 128x1x1, 0 bytes",
              "mixture_rest: grid 8x1x1, block 128x1x1, 0 bytes"),
          run.configuration().get("launches"));
      assertEquals(MIXTURE.work(Mixture.values(1_000)), run.work());
      assertEquals("Mixture", run.verification().get("oracle"));
    }
  }

  @Test
  void aSourceThatIsMissingOrMistakenIsToldInOneLine() {
    try (Session session = session("absent.cu", CudaArraysContract::launches)) {
      assertEquals("there is no absent.cu beside " + Mixture.class.getName(), refusal(session));
    }
    try (Session session = session("mistaken.cu", CudaArraysContract::launches)) {
      String message = refusal(session);
      assertTrue(
          message.startsWith(
              "there is no other image of mistaken.cu, and its source cannot be compiled here: "),
          message);
      assertFalse(message.contains("\n"), message);
      assertTrue(message.contains("mistaken.cu"), message);
    }
  }

  private static String refusal(Session session) {
    return assertThrows(
            EngineException.class,
            () -> session.prepare(MIXTURE, Mode.of("launch"), Mixture.values(10), FACTS))
        .getMessage();
  }
}
