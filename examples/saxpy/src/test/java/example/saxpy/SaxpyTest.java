// SPDX-License-Identifier: Apache-2.0
package example.saxpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.measuring.CeilingUse;
import io.gpubench.app.measuring.Gpubench;
import io.gpubench.app.measuring.RunRequest;
import io.gpubench.app.measuring.StoredRun;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.ParameterValues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The plugin in gpubench: every answer of every sample is compared with the oracle's, at sizes
 * around those that vectors, threads and blocks divide into. Here the plugin is on the class path.
 */
class SaxpyTest {
  private static final Object[] SIZES = {1, 2, 3, 4, 5, 63, 65, 1_023, 1_024, 1_025, 70_001};

  @TempDir private Path store;

  private RunRequest saxpy(Object... sizes) {
    return Gpubench.here()
        .run("saxpy")
        .set("n", sizes)
        .ceilings(CeilingUse.Mode.OFF)
        .waiting(Duration.ofMinutes(5))
        .out(store);
  }

  private static void assertAllMeasured(StoredRun run, int records, String engine) {
    assertEquals(records, run.records().size());
    for (ResultRecord record : run.records()) {
      assertEquals("Measured", record.outcome(), record::reason);
      assertEquals(engine, record.engine());
      assertEquals("elements/s", record.throughput().unit());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "host"})
  void rightOnProcessors(String engine) {
    StoredRun run = saxpy(SIZES).engine(engine).samples(20).inProcess().measure();
    assertAllMeasured(run, SIZES.length, engine);
  }

  @Test
  void rightOnTheSimulatedDevice() {
    StoredRun run = saxpy(SIZES).device("sim").samples(10).repetitions(1).measure();
    assertAllMeasured(run, SIZES.length, "cuda");
  }

  /** In fresh processes, which have to find the plugin too; and the evidence verifies. */
  @Test
  void measuredAsOurOwnWorkloadsAre() {
    StoredRun run = saxpy(1_000).engine("java").samples(100).repetitions(2).measure();
    assertAllMeasured(run, 1, "java");
    assertEquals(2, run.records().getFirst().processes().size());
    assertTrue(Gpubench.here().verify(run.directory()).verified());
    assertEquals( // a jar's SHA-256 stands here outside of this test
        Map.of("classes", Map.of("sha256", "not a file")),
        run.document().engines().getFirst().description().get("plugins"));
  }

  @Test
  void movesTwelveBytesAnElementAsTheTriadDoes() {
    var values = new ParameterValues(Map.of("n", 1_000L, "seed", 1L));
    assertEquals(Map.of("ceiling.triad", 12_000.0), new Saxpy().demands(values));
    assertEquals(12_000.0, new Saxpy().work(values).bytes());
  }
}
