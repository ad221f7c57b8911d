// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static io.gpubench.measure.worker.WordsWorkload.digest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a worker says, it becomes an outcome of its run, and of no other. */
@Timeout(120)
class BadWorkersTest {
  private static final String HELLO =
      "{\"type\":\"hello\",\"protocol\":1,\"engine\":\"e\",\"version\":\"1\",\"workloads\":{},\"device\":null}";

  @TempDir private Path temp;
  private NaughtySuite suite;

  @BeforeEach
  void create() {
    suite = new NaughtySuite(temp);
  }

  /** What a worker says in place of the right reply, the kind of the failure and what it says. */
  record Case(String step, String said, String kind, String reason) {}

  static Stream<Case> replies() {
    return Stream.of(
        new Case("hello", "good morning", "protocol", "'good morning'"),
        new Case("hello", "", "protocol", "''"),
        new Case("hello", "null", "protocol", "expected a JSON object: 'null'"),
        new Case("hello", "[]", "protocol", "'[]'"),
        new Case("hello", "{}", "protocol", "\"type\" is missing in '{}'"),
        new Case("hello", "{\"type\":\"dance\"}", "protocol", "unknown type 'dance'"),
        new Case("hello", "{\"type\":\"bye\"}", "protocol", "it said '{\"type\":\"bye\"}'"),
        new Case("hello", HELLO + " {}", "protocol", "expected the reply to hello"),
        new Case("hello", "[".repeat(5_000), "protocol", "expected the reply to hello"),
        new Case("hello", HELLO.replace("engine", "motor"), "protocol", "\"engine\" is missing"),
        new Case("hello", protocol("\"one\""), "protocol", "one"),
        new Case("hello", protocol("null"), "protocol", "\"protocol\" is missing"),
        new Case("hello", protocol("0"), "protocol", "versions begin with 1"),
        new Case("hello", protocol("-1"), "protocol", "versions begin with 1"),
        new Case("hello", protocol("2"), "protocol", "take a newer gpubench"),
        new Case("hello", protocol("999"), "protocol", "take a newer gpubench"),
        new Case(
            "hello",
            HELLO.replace("\"device\":null", "\"occupants\":[null]"),
            "protocol",
            "\"occupants\" has a null"),
        new Case("hello", error("unavailable"), "unavailable", "it went wrong; mend it"),
        new Case("hello", error("boredom"), "protocol", "it went wrong"),
        new Case("hello", "{\"type\":\"error\"}", "protocol", "\"kind\" is missing"),
        new Case("hello", "!exit 0", "crash", "exit status 0"),
        new Case("hello", "!exit 3", "crash", "exit status 3"),
        new Case("prepare", "{\"type\":\"prepare\"}", "protocol", "\"clock\" is missing"),
        new Case(
            "prepare",
            "{\"type\":\"prepare\",\"clock\":\"host\",\"amounts\":{\"pairs\":-1}}",
            "protocol",
            "\"amounts\": the amount of pairs is -1.0; expected a number from 0 up"),
        new Case(
            "prepare",
            "{\"type\":\"prepare\",\"clock\":\"host\",\"amounts\":{\"all of them\":1}}",
            "protocol",
            "\"amounts\": an amount is called 'all of them'; expected a word"),
        new Case(
            "prepare",
            "{\"type\":\"prepare\",\"clock\":\"host\",\"stages\":{\"copyIn\":-1}}",
            "protocol",
            "\"stages\": the stage copyIn took -1 ns; expected a number from 0 up"),
        new Case(
            "prepare",
            "{\"type\":\"prepare\",\"clock\":\"host\",\"stages\":{\"First\":1}}",
            "protocol",
            "\"stages\": a stage is called 'First'; expected a word"),
        new Case(
            "prepare",
            "{\"type\":\"prepare\",\"clock\":\"sundial\"}",
            "protocol",
            "expected host, device or batch"),
        new Case("prepare", error("engine"), "engine", "it went wrong; mend it"),
        new Case("prepare", "!exit 0", "crash", "exit status 0"),
        new Case("verify", "{\"type\":\"verify\"}", "protocol", "\"digests\" is missing"),
        new Case("verify", verified(digest(0)), "protocol", "1 digests for 2 samples"),
        new Case("verify", verified(digest(0), "77"), "protocol", "'77' is no digest"),
        new Case("verify", verified("z".repeat(16), "77"), "protocol", "zz' is no digest"),
        new Case(
            "verify", "{\"type\":\"verify\",\"digests\":[null,null]}", "protocol", "is no digest"),
        new Case("verify", error("request"), "protocol", "it went wrong"),
        new Case("telemetry", "cold", "protocol", "'cold'"),
        new Case(
            "telemetry",
            "{\"type\":\"telemetry\",\"temperatureCelsius\":\"hot\"}",
            "protocol",
            "hot"),
        new Case("measure", "!exit 0", "crash", "exit status 0"),
        new Case("measure", error("lost-device"), "lost-device", "lost-device: it went wrong"),
        new Case("hello", error("absent"), "protocol", "'absent', which answers prepare alone"),
        new Case("verify", error("absent"), "protocol", "'absent', which answers prepare alone"),
        new Case("measure", error("absent"), "protocol", "alone: it went wrong, in step measure"),
        new Case("measure", measured("", "", 0), "protocol", "no sample at all"),
        new Case("measure", measured("1,2", "1", 2), "protocol", "2 starts and 1 durations"),
        new Case("measure", measured("1,3", "1,1", 1), "protocol", "1 digests for 2 samples"),
        new Case("measure", measured("1", "-5", 1), "protocol", "a duration of -5 ns"),
        new Case("measure", measured("1", "NaN", 1), "protocol", "expected the reply to measure"),
        new Case("measure", measured("1", "null", 1), "protocol", "expected the reply to measure"),
        new Case("measure", measured("1", "1e400", 1), "protocol", "expected the reply to measure"),
        new Case(
            "measure",
            "{\"type\":\"measure\",\"startNanos\":[1],\"durationNanos\":[1]}",
            "protocol",
            "no digests for 1 samples"),
        new Case(
            "measure",
            "{\"type\":\"measure\",\"durationNanos\":[1]}",
            "protocol",
            "\"startNanos\" is missing"),
        new Case(
            "measure", many(1_025), "protocol", "1025 samples where at most 1024 were asked for"));
  }

  @Test
  void aWorkerThatTellsWhatFailedMayGiveBackWhatItHas() throws Exception {
    assertFailed(suite.run("measure", error("engine")), "engine", "measure");
    assertTrue(suite.released());
  }

  @Test
  void whatTheWorkerHasNotIsSkipped() throws Exception {
    ResultRecord record = suite.run("prepare", error("absent"));
    assertEquals("Skipped", record.outcome());
    assertEquals("it went wrong; mend it", record.reason());
    assertNull(record.processes().getFirst().failure());
    assertNull(record.statistics());
    assertTrue(suite.released());
  }

  @Test
  void oneThatBreaksTheProtocolMayNot() throws Exception {
    assertFailed(suite.run("measure", "good morning"), "protocol", "measure");
    assertFalse(suite.released());
  }

  @ParameterizedTest
  @MethodSource("replies")
  void whatIsNoReplyIsAFailureWithItsKind(Case bad) throws Exception {
    ResultRecord record = suite.run(bad.step, bad.said);
    assertFailed(record, bad.kind, bad.step);
    if (!bad.said.contains("it went wrong")) {
      assertContains("the worker of 'naughty'", record.reason());
    }
    assertContains(bad.reason, record.reason());
  }

  @Test
  void whatIsSaidUnaskedIsAFailureOfTheNextStep() throws Exception {
    ResultRecord record = suite.run("prepare", "!twice");
    assertFailed(record, "protocol", "verify");
    assertContains("'by the way'", record.reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "prepare", "verify", "measure", "telemetry"})
  void whoSaysNothingIsKilled(String step) throws Exception {
    for (Step each : Step.values()) {
      // the others wait for the start of a JVM, or for nothing worth mentioning
      if (each.word().equals(step)) {
        suite.patience(each, 300);
      }
    }
    ResultRecord record = suite.run(step, "!silence");
    assertFailed(record, "timeout", step);
    assertContains("said nothing for 0.3", record.reason());
  }

  @Test
  void aWrongAnswerInVerify() throws Exception {
    ResultRecord record = suite.run("verify", verified("0123456789abcdef", digest(1)));
    assertIncorrect(
        record, "sample 0: the answer's digest is 0123456789abcdef, expected " + digest(0));
  }

  @Test
  void theSameAnswerToEverything() throws Exception {
    ResultRecord record = suite.run("verify", verified(digest(0), digest(0)));
    assertIncorrect(
        record, "sample 1: the answer's digest is " + digest(0) + ", expected " + digest(1));
  }

  @Test
  void aWrongAnswerToTheTenthSample() throws Exception {
    String right = many(20);
    String tenth = digest(9);
    int at =
        right.indexOf(
            tenth, right.indexOf(digest(8), right.indexOf(digest(7), right.indexOf(digest(6)))));
    String wrong = right.substring(0, at) + "0123456789abcdef" + right.substring(at + 16);
    ResultRecord record = suite.run("measure", wrong);
    assertIncorrect(record, "sample 9, slot 2: digest 0123456789abcdef, expected " + tenth);
    assertNull(record.statistics());
    assertEquals(0, record.sampleCount());
  }

  static Stream<Case> times() {
    return Stream.of(
        new Case(
            "measure", measured("1000,1400", "500,500", 2), "", "a sample began 100 ns before"),
        new Case(
            "measure",
            measured("0", "3000000000000000", 1),
            "",
            "a sample is said to have taken 3,000,000,000,000,000 ns"),
        new Case(
            "measure",
            measured("9,8", "0,0", 2),
            "",
            "a sample began 1 ns before the one before it had ended"),
        new Case("measure", "!fast", "", "the median of 1 ns is below what the timer resolves"),
        new Case("measure", "!zero", "", "the clock did not advance"));
  }

  @ParameterizedTest
  @MethodSource("times")
  void timesThatCannotBeAreRejected(Case bad) throws Exception {
    ResultRecord record = suite.run(bad.step, bad.said);
    assertEquals("Rejected", record.outcome(), record.reason());
    assertContains(bad.reason, record.reason());
    assertNull(record.processes().getFirst().failure());
  }

  @ParameterizedTest
  @ValueSource(strings = {"!silence", "!stay", "!exit 7", "goodbye", ""})
  void aBadLeaveTakesNothingBack(String deed) throws Exception {
    ResultRecord record = suite.patience(Step.BYE, 500).run("bye", deed);
    assertEquals("Measured", record.outcome(), record.reason());
    assertEquals(50, record.sampleCount());
  }

  @Test
  void aReplyMayHaveManyMegabytes() throws Exception {
    ResultRecord record = suite.run("hello", "!huge 63");
    assertEquals("Measured", record.outcome(), record.reason());
  }

  @Test
  void theSuiteGoesOn() throws Exception {
    List<ResultRecord> records =
        suite
            .patience(Step.PREPARE, 2_000)
            .patience(Step.BYE, 500)
            .run(
                List.of(
                    new String[] {"hello", "good morning"},
                    NaughtySuite.GOOD,
                    new String[] {"prepare", "!silence"},
                    new String[] {"measure", "!exit 1"},
                    NaughtySuite.GOOD,
                    new String[] {"verify", verified(digest(1), digest(0))},
                    new String[] {"bye", "!silence"},
                    NaughtySuite.GOOD))
            .records();
    assertEquals(
        List.of(
            "Failed",
            "Measured",
            "Failed",
            "Failed",
            "Measured",
            "Incorrect",
            "Measured",
            "Measured"),
        records.stream().map(ResultRecord::outcome).toList());
    ResultRecord good = records.getLast();
    assertEquals(50, good.sampleCount());
    assertEquals(7, good.verification().get("slots"));
    assertTrue((Long) Objects.requireNonNull(good.verification().get("answersRight")) >= 55);
    assertNull(good.processes().getFirst().failure());
  }

  static void assertFailed(ResultRecord record, String kind, String step) {
    assertEquals("Failed", record.outcome(), record.reason());
    ProcessPart.Failure failure = record.processes().getFirst().failure();
    assertNotNull(failure);
    assertEquals(kind, failure.kind(), record.reason());
    assertEquals(step, failure.step(), record.reason());
  }

  static void assertContains(String part, @Nullable String text) {
    assertTrue(String.valueOf(text).contains(part), text);
  }

  private static void assertIncorrect(ResultRecord record, String reason) {
    assertEquals("Incorrect", record.outcome(), record.reason());
    assertEquals(reason, record.reason());
    assertEquals(1, record.verification().get("answersWrong"));
  }

  private static String protocol(String version) {
    return HELLO.replace("\"protocol\":1", "\"protocol\":" + version);
  }

  private static String error(String kind) {
    return "{\"type\":\"error\",\"kind\":\"%s\",\"message\":\"it went wrong\",\"remedy\":\"mend it\"}"
        .formatted(kind);
  }

  private static String verified(String... digests) {
    return "{\"type\":\"verify\",\"digests\":[\"" + String.join("\",\"", digests) + "\"]}";
  }

  /** With as many right digests, from that of sample 0 on. */
  private static String measured(String starts, String durations, int digests) {
    return "{\"type\":\"measure\",\"startNanos\":[%s],\"durationNanos\":[%s],\"digests\":[%s]}"
        .formatted(
            starts,
            durations,
            IntStream.range(0, digests)
                .mapToObj(sample -> "\"" + digest(sample) + "\"")
                .collect(Collectors.joining(",")));
  }

  private static String many(int samples) {
    String starts =
        IntStream.range(0, samples)
            .mapToObj(i -> String.valueOf(100 * i))
            .collect(Collectors.joining(","));
    String durations = starts.replaceAll("\\d+", "50");
    return measured(starts, durations, samples);
  }
}
