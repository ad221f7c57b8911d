// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.report.RunFixture;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.run.Observer.Phase;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.suite.Turn;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final String CLEAR = "\r\u001b[K";
  private static final Samples NONE = new Samples(1);
  private static final long SECOND = 1_000_000_000L;

  private final StringWriter err = new StringWriter();
  private final List<Turn> turns =
      List.of(new Turn(planned(1_000), 1), new Turn(planned(1_048_576), 2));

  @Test
  void aLogHasALineForEachBeginningAndEachFailure() {
    run(false);
    assertEquals(
        """
        [1/2] consensus on host (call) validators=1000 byzantine=0.33 agreement=1.0 proposals=4 tags=siphash seed=1, process 1, at most 0:15
        [2/2] consensus on host (call) validators=1048576 byzantine=0.33 agreement=1.0 proposals=4 tags=siphash seed=1, process 2, at most 0:15
              Failed: gone
        """,
        err.toString());
  }

  @Test
  void aBarGrowsOnOneLineAndIsClearedInTheEnd() {
    run(true);
    String text = err.toString();
    String[] parts = text.split(Pattern.quote(CLEAR), -1);
    assertEquals("", parts[0], "every drawing begins with a carriage return");
    assertEquals("      Failed: gone\n", parts[parts.length - 2]);
    assertEquals("", parts[parts.length - 1], "nothing is left on the screen");
    int filled = 0;
    int drawn = 0;
    for (String part : parts) {
      if (part.startsWith("[")) {
        int now = (int) part.chars().filter(c -> c == '#').count();
        assertTrue(now >= filled, text);
        assertTrue(part.length() <= 79, part);
        assertTrue(part.matches("\\[#*\\.*] [12]/2 ~\\d+:\\d\\d left, .*"), part);
        filled = now;
        drawn++;
      }
    }
    assertEquals(8, drawn);
    assertTrue(filled >= 12, text);
    assertTrue(text.contains(" left, preparing, consensus validators=1000 byz"), text);
    assertTrue(text.contains(" left, warming up, consensus validators=1000 byz"), text);
    assertTrue(text.contains(" left, 0 samples, consensus validators=1000 byz"), text);
  }

  @Test
  void aBarIsClearedAlsoAfterAFailure() {
    var progress = new Progress(new PrintWriter(err), true, turns);
    progress.started(turns.getFirst(), 0, 2);
    progress.close();
    assertTrue(err.toString().endsWith(CLEAR));
  }

  private void run(boolean bar) {
    var outcomes = List.<Outcome>of(new Outcome.Measured(), new Outcome.Failed("gone"));
    try (var progress = new Progress(new PrintWriter(err), bar, turns)) {
      for (int i = 0; i < turns.size(); i++) {
        var observer = progress.started(turns.get(i), i, turns.size());
        observer.checkpoint(Phase.WARMUP, NONE, SECOND);
        observer.checkpoint(Phase.MEASURE, NONE, 5 * SECOND);
        observer.checkpoint(Phase.MEASURE, NONE, 9 * SECOND);
        progress.ended(turns.get(i), RunFixture.result("r", outcomes.get(i)));
      }
    }
  }

  private static PlannedRun planned(long validators) {
    var workload = new ConsensusWorkload();
    var values = new LinkedHashMap<>(workload.defaults().asMap());
    values.put("validators", validators);
    return new PlannedRun(
        "consensus-host-call-3fa94c21b07e",
        workload,
        "host",
        Mode.of("call"),
        new ParameterValues(values),
        new StoppingRule(1_000, 500_000, 0, 10 * SECOND, 0.01, 5, 0, 2 * SECOND),
        1,
        6,
        Duration.ofSeconds(15));
  }
}
