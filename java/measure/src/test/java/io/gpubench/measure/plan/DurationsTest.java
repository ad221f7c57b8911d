// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "45s, PT45S",
    "5m, PT5M",
    "1m30s, PT1M30S",
    "500ms, PT0.5S",
    "1h2m3s4ms5us6ns, PT1H2M3.004005006S",
    "1.5s, PT1.5S",
    "0.1us, PT0.0000001S",
    "0s, PT0S",
    "' 2m ', PT2M",
    "168h, PT168H"
  })
  void parses(String text, Duration expected) {
    assertEquals(expected, Durations.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "45",
        "s",
        "-5s",
        "5 s",
        "30s1m",
        "1s1s",
        "5d",
        "1m30",
        "1e3s",
        "5S",
        ".5s",
        "s5",
        "1m 30s",
        "99999999999999999999s",
        "5m!"
      })
  void refuses(String text) {
    assertEquals(
        "'" + text + "' is not a duration; expected numbers with units, such as 500ms, 45s, 1m30s",
        message(() -> Durations.parse(text)));
  }

  @Test
  void refusesMoreThanAWeek() {
    assertEquals(
        "'169h' is too long; expected at most 168h", message(() -> Durations.parse("169h")));
  }

  @ParameterizedTest
  @CsvSource({
    "PT45S, 45s",
    "PT1M30S, 1m30s",
    "PT0.5S, 500ms",
    "PT13.333333S, 13.33s",
    "PT59.996S, 1m",
    "PT1H0M5S, 1h5s",
    "PT1H59M59.9S, 2h",
    "PT0.0000001S, 100ns",
    "PT0S, 0s",
    "PT0.00085S, 850us"
  })
  void formats(Duration duration, String expected) {
    assertEquals(expected, Durations.format(duration));
  }

  @ParameterizedTest
  @CsvSource({
    "PT45S, 45s",
    "PT1M30S, 1m30s",
    "PT61.4S, 61.4s",
    "PT1.234567S, 1.234567s",
    "PT0.000123456S, 0.000123456s",
    "PT167H59M59.999999999S, 604799.999999999s",
    "PT168H, 168h",
    "PT0S, 0s"
  })
  void formatsExactly(Duration duration, String expected) {
    assertEquals(expected, Durations.exact(duration));
  }

  @Test
  void whatIsFormattedExactlyIsReadBackAsItWas() {
    var random = new Random(2);
    for (int i = 0; i < 10_000; i++) {
      var duration = Duration.ofNanos((long) Math.pow(10, random.nextDouble() * 14.7));
      assertEquals(duration, Durations.parse(Durations.exact(duration)));
    }
  }

  @Test
  void whatIsFormattedIsReadBackToWithinOnePercent() {
    var random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      long nanos = (long) Math.pow(10, random.nextDouble() * 14.7);
      long back = Durations.parse(Durations.format(Duration.ofNanos(nanos))).toNanos();
      assertTrue(Math.abs(back - nanos) <= 0.01 * nanos, () -> nanos + " became " + back);
    }
  }

  @Test
  void whatRoundsToAMinuteIsWrittenAsOne() {
    assertEquals("59.99s", Durations.format(Duration.ofMillis(59_994)));
    assertEquals("1m", Durations.format(Duration.ofMillis(59_995)));
  }
}
