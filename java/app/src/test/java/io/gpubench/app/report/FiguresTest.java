// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.app.report.Figures.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0          | 0.000
          0.00049    | 0.000
          1.2344     | 1.234
          9.9994     | 9.999
          9.9996     | 10.00
          -12.345    | -12.35
          99.996     | 100.0
          123.45     | 123.5
          999.96     | 1,000
          12345678.9 | 12,345,679
          """)
  void fourSignificantDigits(double value, String text) {
    assertEquals(text, Figures.significant(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0       | 0.000
          999.94  | 999.9
          999.96  | 1.000 k
          71.25e6 | 71.25 M
          2e9     | 2.000 G
          3e12    | 3.000 T
          4e15    | 4.000 P
          5e18    | 5,000 P
          """)
  void ratesHaveAPrefix(double perSecond, String text) {
    assertEquals(text, Figures.rate(perSecond));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.0005 | 0.05 %
          0.001  | 0.1 %
          0.0555 | 5.6 %
          0.12   | 12 %
          0.996  | 100 %
          0      | 0 %
          """)
  void sharesHaveTheDigitsTheyDeserve(double share, String text) {
    assertEquals(text, Figures.percent(share));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -1     | 0:00
          59.4   | 0:59
          59.6   | 1:00
          3599.4 | 59:59
          3600   | 1:00:00
          36061  | 10:01:01
          """)
  void clocksCountSeconds(double seconds, String text) {
    assertEquals(text, Figures.clock(seconds));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.5      | NANOS   | 0.500
          999      | NANOS   | 999.0
          999.96   | MICROS  | 1.000
          14037.5  | MICROS  | 14.04
          999960   | MILLIS  | 1.000
          1e9      | SECONDS | 1.000
          7.2e12   | SECONDS | 7,200
          """)
  void timesHaveAFittingUnit(double nanos, TimeUnit unit, String text) {
    assertEquals(unit, TimeUnit.fitting(nanos));
    assertEquals(text, unit.of(nanos));
  }
}
