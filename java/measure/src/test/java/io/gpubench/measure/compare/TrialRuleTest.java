// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.measure.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialRuleTest {
  @Test
  void theDefaultIsThatOfTheReference() {
    TrialRule rule = TrialRule.DEFAULT;
    assertEquals(Map.of("median", 0.05), rule.tolerances());
    assertEquals(List.of(8, 12, 16), rule.looks());
    assertEquals(26, rule.most());
    assertEquals(8, rule.fewest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "median|0|--tolerance: median=0.00 %: expected more than 0 and less than 100 %, as no two measurements agree exactly",
        "median|-0.1|--tolerance: median=-10.0 %: expected more than 0 and less than 100 %, as no two measurements agree exactly",
        "median|1|--tolerance: median=100 %: expected more than 0 and less than 100 %, as no two measurements agree exactly",
        "median|NaN|--tolerance: median=NaN %: expected more than 0 and less than 100 %, as no two measurements agree exactly",
        "medain|0.1|--tolerance: unknown metric 'medain'; did you mean 'median'?",
      })
  void aToleranceThatCannotBeIsOneLine(String metric, double tolerance, String message) {
    var e =
        assertThrows(
            ConfigException.class,
            () -> TrialRule.DEFAULT.withTolerances(Map.of(metric, tolerance)));
    assertEquals(message, e.getMessage());
  }
}
