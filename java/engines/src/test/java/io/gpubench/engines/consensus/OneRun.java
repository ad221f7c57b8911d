// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.LocalMeasurer;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.suite.SuiteListener;
import io.gpubench.measure.suite.SuiteRunner;
import io.gpubench.measure.suite.Turn;
import io.gpubench.measure.suite.Workbench;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures consensus once on a session, in this process, and gives the record. */
public final class OneRun {
  private OneRun() {}

  /** Consensus with so many validators. */
  public static ParameterValues consensus(long validators) {
    var values = new LinkedHashMap<>(new ConsensusWorkload().defaults().asMap());
    return new ParameterValues(values).with("validators", validators);
  }

  /**
   * Measures.
   *
   * @param temp a folder for what it writes
   * @param session is closed
   */
  public static ResultRecord measured(
      Path temp,
      Session session,
      Mode mode,
      ParameterValues values,
      MachineFacts facts,
      StoppingRule rule) {
    var planned =
        new PlannedRun(
            "cheat-000000000000",
            new ConsensusWorkload(),
            "cheat",
            mode,
            values,
            rule,
            1,
            1,
            Duration.ofSeconds(1));
    try (var writer = RunWriter.create(temp.resolve("store"), temp, document(), null)) {
      var bench =
          new Workbench(
              _ -> new LocalMeasurer(session),
              writer,
              facts,
              new CoolDown.None(),
              new Cancellation());
      return new SuiteRunner(bench, new Deaf())
          .run(Turn.inOrder(List.of(planned)))
          .records()
          .getFirst();
    }
  }

  private static RunDocument document() {
    return new RunDocument(
        RunDocument.SCHEMA,
        "run",
        RunDocument.RUNNING,
        null,
        1,
        "suite",
        "quick",
        "2026-11-21T03:56:22.125Z",
        null,
        null,
        1,
        new RunDocument.Tool("gpubench", "0", "unknown", false),
        List.of(),
        List.of(),
        new Conditions(
            Conditions.IN_PROCESS, 1, null, null, null, List.of(), List.of(), null, null, null),
        Map.of(),
        List.of(),
        List.of());
  }

  private static final class Deaf implements SuiteListener {
    @Override
    public Observer started(Turn turn, int index, int total) {
      return Observer.NONE;
    }

    @Override
    public void ended(Turn turn, ResultRecord record) {}

    @Override
    public void leftOut(Turn turn) {}
  }
}
