// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.gate.GateCase;
import io.gpubench.app.gate.GateCase.Outcome;
import io.gpubench.app.gate.GateResult;
import io.gpubench.app.gate.GateResult.Mode;
import io.gpubench.app.report.GateReport;
import io.gpubench.app.report.JUnitXml;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With what a gate ends, and the word for it. */
class GateExitTest {
  private static GateCase one(Outcome outcome) {
    boolean judged = outcome == Outcome.PASSED || outcome == Outcome.REGRESSED;
    return new GateCase(
        "consensus",
        Map.of("validators", 4),
        "host",
        "call",
        "median",
        0.05,
        outcome,
        judged ? "Changed" : "Inconclusive",
        judged ? null : "why",
        "how",
        100.0,
        outcome == Outcome.REGRESSED ? 120.0 : 80.0,
        outcome == Outcome.REGRESSED ? 1.2 : 0.8,
        null,
        null);
  }

  @ParameterizedTest
  @CsvSource({
    "PASSED, 0, passed",
    "PASSED REGRESSED, 5, failed",
    "REGRESSED OPEN, 5, failed",
    "PASSED OPEN, 6, inconclusive",
    "REGRESSED FAILED, 5, failed",
    "FAILED OPEN, 3, failed",
    "REGRESSED INCORRECT FAILED, 4, failed",
    "UNVERIFIED, 7, failed",
    "'', 6, inconclusive",
  })
  void theWorstDecides(String outcomes, int exit, String decision) {
    List<GateCase> cases =
        Stream.of(outcomes.split(" "))
            .filter(word -> !word.isEmpty())
            .map(word -> one(Outcome.valueOf(word)))
            .toList();
    var result = new GateResult(Mode.LIVE, "main", cases, List.of(), List.of(), false, 1);
    assertEquals(exit, GateCommand.code(result, new OnInconclusive()).number);
    var report = new GateReport(result, exit);
    assertTrue(report.table().contains("\n" + decision), report.table());
    assertTrue(report.json().contains("\"decision\" : \"" + decision + "\""), report.json());
    assertEquals(1 + cases.size(), report.csv().lines().count());
    if (outcomes.contains("REGRESSED")) {
      assertTrue(report.table().contains("Changed, slower by 20 %"), report.table());
      assertTrue(JUnitXml.of("gate", report.cases(), 1).contains("<failure"), report.json());
    } else if (outcomes.equals("PASSED")) {
      assertTrue(report.table().contains("1 passed (1 faster)"), report.table());
    }
  }
}
