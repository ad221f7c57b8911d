// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.spi.Telemetry;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class CoolDownTest {
  private final FakeTime time = new FakeTime();
  private final Cancellation cancellation = new Cancellation();

  /** A sensor that says this, and the last for ever. */
  private static Supplier<Telemetry> says(@Nullable Double... celsius) {
    Deque<Telemetry> left = new ArrayDeque<>();
    Arrays.stream(celsius).forEach(degrees -> left.add(new Telemetry(degrees, null, null, null)));
    return () -> left.size() > 1 ? left.pop() : Objects.requireNonNull(left.peek());
  }

  private static long seconds(double seconds) {
    return Math.round(seconds * 1e9);
  }

  private CoolDown.Result await(String coolDown, @Nullable Double... celsius) {
    return CoolDown.parse(coolDown).await(says(celsius), cancellation, time);
  }

  @ParameterizedTest
  @CsvSource({
    "none, none",
    "0s, none",
    "2s, 2s",
    "1500ms, 1.5s",
    "' 1m30s ', 1m30s",
    "55C, 55C/5m",
    "55.5C, 55.5C/5m",
    "55C/3m, 55C/3m",
    "100C/1m30s, 100C/1m30s",
    "1234567us, 1.234567s",
    "61.4s, 61.4s",
    "1ns, 1ns",
    "55.5C/90.5s, 55.5C/90.5s"
  })
  void itsTextReadsBack(String text, String canonical) {
    CoolDown coolDown = CoolDown.parse(text);
    assertEquals(canonical, coolDown.toString());
    assertEquals(coolDown, CoolDown.parse(canonical));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "C", "55", "55F", "55C/", "55C/x", "-5C", "0C", "151C", "55C/0s", "2", "-2s", "cold",
        "55C3m", "8d", "1e1C"
      })
  void nonsenseIsRefusedInOneLine(String text) {
    var error = assertThrows(ConfigException.class, () -> CoolDown.parse(text));
    assertEquals(1, String.valueOf(error.getMessage()).lines().count());
  }

  @Test
  void messagesSayWhatWasExpected() {
    assertEquals(
        "'cold' is not a cool-down; expected a time such as 2s, a temperature such as 55C or 55C/3m,"
            + " or none",
        assertThrows(ConfigException.class, () -> CoolDown.parse("cold")).getMessage());
    assertEquals(
        "'151C' is no temperature to wait for; expected one above 0C and up to 150C",
        assertThrows(ConfigException.class, () -> CoolDown.parse("151C")).getMessage());
  }

  @Test
  void nothingToWaitFor() {
    assertEquals(new CoolDown.Result(0, 60.0, 60.0, true), await("none", 60.0, 61.0));
    assertEquals(0, time.sleeps);
  }

  @Test
  void aTimePassesWithOrWithoutASensor() {
    assertEquals(new CoolDown.Result(seconds(2), null, null, true), await("2s", (Double) null));
    assertEquals(new CoolDown.Result(seconds(1), 60.0, 50.0, true), await("1s", 60.0, 55.0, 50.0));
  }

  @Test
  void aTemperatureEndsItAsSoonAsItIsReached() {
    assertEquals(
        new CoolDown.Result(seconds(0.5), 60.0, 55.0, true), await("55C", 60.0, 56.0, 55.0, 54.0));
    assertEquals(new CoolDown.Result(0, 40.0, 40.0, true), await("55C", 40.0));
  }

  @Test
  void aTemperatureIsNotWaitedForBeyondTheBound() {
    assertEquals(new CoolDown.Result(seconds(180), 60.0, 58.0, false), await("55C/3m", 60.0, 58.0));
    assertEquals(
        new CoolDown.Result(seconds(0.3), 60.0, 50.0, true), await("55C/300ms", 60.0, 56.0, 50.0));
  }

  @Test
  void aTemperatureNeedsASensor() {
    var error = assertThrows(EngineException.class, () -> await("55C", (Double) null));
    assertEquals(
        "no temperature sensor on this device; give --cool-down a time, such as 5s",
        error.getMessage());
  }

  @Test
  void aSensorThatFallsSilentIsNotCool() {
    assertEquals(
        new CoolDown.Result(seconds(1), 60.0, null, false), await("55C/1s", 60.0, (Double) null));
  }

  @Test
  void itCanBeCancelled() {
    Supplier<Telemetry> sensor = says(60.0);
    int[] asked = {0};
    CoolDown.Result result =
        CoolDown.parse("1h")
            .await(
                () -> {
                  if (++asked[0] == 3) {
                    cancellation.request();
                  }
                  return sensor.get();
                },
                cancellation,
                time);
    assertEquals(new CoolDown.Result(seconds(0.5), 60.0, 60.0, false), result);
  }

  @Test
  void anInterruptEndsItAndIsKept() {
    Thread.currentThread().interrupt();
    CoolDown.Result result = CoolDown.parse("1h").await(says(60.0), cancellation);
    assertTrue(Thread.interrupted());
    assertEquals(false, result.complete());
  }

  @Test
  void theResultIsPlainData() {
    var json = JsonMapper.builder().build();
    var result = new CoolDown.Result(5, 60.5, null, false);
    String text = json.writeValueAsString(result);
    assertEquals(result, json.readValue(text, CoolDown.Result.class));
    assertTrue(text.contains("\"waitedNanos\":5"), text);
  }
}
