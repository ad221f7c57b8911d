// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.message;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.run.StoppingRule.Criterion;
import io.gpubench.measure.stats.EntropyTrend;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Profiles as they are written in a file. */
class ProfileFileTest {
  private static final String PROFILE =
      """
      schema: 1
      budget: 1m
      samples: {min: 10, max: 1e3, relativePrecision: 0.01, minTime: 1s}
      warmup:
        minSamples: 5
        minTime: 500ms
      """;

  private ConfigFolder folder;

  @BeforeEach
  void open() throws IOException {
    folder = new ConfigFolder();
  }

  @AfterEach
  void close() throws IOException {
    folder.close();
  }

  @Test
  void readsAProfile() throws IOException {
    assertEquals(
        new Profile(
            "x",
            "",
            Duration.ofMinutes(1),
            6,
            10,
            1000,
            0.01,
            null,
            Duration.ofSeconds(1),
            5,
            Duration.ofMillis(500),
            folder.at(3, "samples.min")),
        folder.profile(PROFILE));
    assertEquals(folder.profile(PROFILE), folder.profile("\uFEFF" + PROFILE.replace("\n", "\r\n")));
  }

  @ParameterizedTest
  @CsvSource({
    "'min: 7, max: 9, relativePrecision: 0.1, minTime: 1s',                  PRECISION, 9, 1",
    "'stop: precision, min: 7, max: 9, relativePrecision: 0.1, minTime: 1s', PRECISION, 9, 1",
    "'stop: precision, min: 7, max: 9, relativePrecision: 0, minTime: 1s',   TIME,      9, 1",
    "'stop: entropy, min: 7, max: 9, minTime: 1s',                           ENTROPY,   9, 1",
    "'stop: count, min: 7',                                                  COUNT,     7, 0",
    "'stop: time, min: 7, max: 9',                                           TIME,      9, 0"
  })
  void aProfileStopsForOneThing(String samples, Criterion criterion, long max, long seconds)
      throws IOException {
    Profile read = folder.profile(withSamples(samples));
    assertEquals(criterion, read.criterion());
    assertEquals(7, read.minSamples());
    assertEquals(max, read.maxSamples());
    assertEquals(Duration.ofSeconds(seconds), read.minMeasuring());
    assertEquals(criterion == Criterion.ENTROPY, read.entropy() != null);
    assertEquals(criterion == Criterion.PRECISION, read.relativePrecision() > 0);
  }

  @Test
  void theLimitsOfTheEntropyAreTheUsualOnesUnlessGiven() throws IOException {
    String start = "stop: entropy, min: 7, max: 9, minTime: 1s";
    assertEquals(EntropyTrend.Limits.USUAL, folder.profile(withSamples(start)).entropy());
    assertEquals(
        new EntropyTrend.Limits(32, 0.125, EntropyTrend.Limits.USUAL.maxResidual()),
        folder.profile(withSamples(start + ", entropy: {window: 32, maxSlope: 0.125}")).entropy());
  }

  private static String withSamples(String samples) {
    return PROFILE.replaceFirst("samples: .*", "samples: {" + samples + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stop: flat, min: 7     | .stop: expected one of precision, entropy, count, time, found the text 'flat'",
        "min: 7, max: 9         | : missing key 'relativePrecision', which 'stop: precision' needs",
        "min: 7, relativePrecision: 0.1, minTime: 1s | : missing key 'max', which 'stop: precision' needs",
        "stop: entropy, min: 7, max: 9               | : missing key 'minTime', which 'stop: entropy' needs",
        "stop: entropy, min: 7, max: 9, minTime: 1s, relativePrecision: 0.1 | .relativePrecision: 'stop: entropy' does not use it; leave it out",
        "stop: count, min: 7, max: 7        | .max: 'stop: count' does not use it; leave it out",
        "stop: count, min: 7, minTime: 1s   | .minTime: 'stop: count' does not use it; leave it out",
        "stop: time, min: 7, max: 9, entropy: {} | .entropy: 'stop: time' does not use it; leave it out",
        "stop: time, max: 9                 | : missing key 'min'",
        "stop: entropy, min: 7, max: 9, minTime: 1s, entropy: {window: 3} | .entropy.window: expected at least 4, found the number 3"
      })
  void keysThatDoNotFitTheRule(String samples, String expected) {
    assertEquals(
        "x.yaml:3: samples" + expected, message(() -> folder.profile(withSamples(samples))));
  }

  static List<Arguments> brokenProfiles() {
    return List.of(
        Arguments.of(
            "1m",
            "60",
            "x.yaml:2: budget: expected text such as 500ms, 45s, 1m30s, found the number 60"),
        Arguments.of(
            "1m",
            "1 minute",
            "x.yaml:2: budget: expected text such as 500ms, 45s, 1m30s, found the text '1 minute'"),
        Arguments.of(
            "1m",
            "1s1m",
            "x.yaml:2: budget: '1s1m' is not a duration; expected numbers with units, such as"
                + " 500ms, 45s, 1m30s"),
        Arguments.of("1m", "0s", "x.yaml:2: budget: expected more than 0"),
        Arguments.of(
            "min: 10", "min: 0", "x.yaml:3: samples.min: expected at least 1, found the number 0"),
        Arguments.of(
            "min: 10",
            "min: 1.5",
            "x.yaml:3: samples.min: expected an integer, found the number 1.5"),
        Arguments.of(
            "min: 10",
            "min: ten",
            "x.yaml:3: samples.min: expected an integer, found the text 'ten'"),
        Arguments.of(
            "1e3",
            "10000001",
            "x.yaml:3: samples.max: expected at most 10000000, found the number 10000001"),
        Arguments.of("1e3", "9", "x.yaml:3: samples.max: expected at least min, 10, found 9"),
        Arguments.of("minTime: 500ms", "", "x.yaml:4: warmup: missing key 'minTime'"));
  }

  @ParameterizedTest
  @MethodSource("brokenProfiles")
  void mistakesInAProfileNameFileLineAndKey(String part, String instead, String expected) {
    assertEquals(expected, message(() -> folder.profile(PROFILE.replace(part, instead))));
  }
}
