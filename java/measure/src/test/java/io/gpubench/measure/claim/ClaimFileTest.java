// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.claim.Metric.Kind;
import io.gpubench.measure.claim.Target.Direction;
import io.gpubench.measure.plan.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimFileTest {
  private static final ConfigReader SHIPPED =
      new ConfigReader(
          Path.of(Objects.requireNonNull(System.getProperty("gpubench.root")), "configs"));
  private static final String CLAIM =
      """
      schema: 1
      claims:
        - id: quick
          statement: it is quick
          source: somebody
          workload: consensus
          metric: latency.p95
          target: {value: 100, unit: us}
          direction: atMost
      """;

  @TempDir private Path temp;

  private ClaimFile read(String yaml) {
    return ClaimFile.read(SHIPPED, file(yaml).toString());
  }

  private Path file(String yaml) {
    try {
      return Files.writeString(temp.resolve("mine.yaml"), yaml);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String with(String more) {
    return CLAIM + more.indent(4);
  }

  @Test
  void whatIsLeftOutHasAMeaning() {
    ClaimFile file = read(CLAIM);
    assertEquals("mine", file.name());
    Claim claim = file.claims().getFirst();
    assertEquals(new Metric(Kind.P95, null), claim.metric());
    assertEquals(100_000, claim.target().value(), 1e-9);
    assertEquals("at most 100 us", claim.target().text());
    assertEquals(0.95, claim.confidence());
    assertEquals(1_000, claim.fewestSamples());
    assertEquals(5, claim.fewestProcesses());
    assertEquals(Requirement.NONE, claim.requires());
    assertEquals(List.of(), claim.engines());
    assertNull(claim.baseline());
  }

  @ParameterizedTest
  @ValueSource(strings = {"stratoswarm", "relative"})
  void shippedFilesAreRead(String name) {
    ClaimFile file = ClaimFile.read(SHIPPED, name);
    assertTrue(file.claims().size() >= 3);
    assertTrue(SHIPPED.claimFileNames().contains(name));
    if (name.equals("stratoswarm")) {
      file.claims()
          .forEach(
              claim -> assertEquals(Requirement.Kind.GPU, claim.requires().kind(), claim.id()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "latency.median, 3, ns, 3",
    "latency.p999, 2, us, 2000",
    "latency.mean, 1.5, ms, 1500000",
    "latency.p99, 1, s, 1000000000",
    "throughput.messages, 5, ops/s, 5",
    "throughput.messages, 5, kops/s, 5000",
    "throughput.messages, 2, Mmessages/s, 2000000",
    "throughput.messages, 2, M messages/s, 2000000",
    "throughput.messages, 2.6, Gops/s, 2600000000",
    "utilization.timeBusy, 90, %, 0.9",
    "ceilingShare, 50, %, 0.5"
  })
  void units(String metric, String value, String unit, double base) {
    String yaml =
        CLAIM
            .replace("latency.p95", metric)
            .replace("{value: 100, unit: us}", "{value: %s, unit: \"%s\"}".formatted(value, unit));
    assertEquals(base, read(yaml).claims().getFirst().target().value(), base * 1e-12);
  }

  @Test
  void relativeTargets() {
    String baseline = "baseline: {engine: java}\n";
    Target ratio =
        read(with(baseline).replace("{value: 100, unit: us}", "{ratio: 3}"))
            .claims()
            .getFirst()
            .target();
    assertEquals(new Target(3, Direction.AT_MOST, true, "at most 3 times the baseline"), ratio);
    Target reduction =
        read(with(baseline)
                .replace("{value: 100, unit: us}", "{reduction: 35 %}")
                .replace("atMost", "atLeast"))
            .claims()
            .getFirst()
            .target();
    assertEquals(0.65, reduction.value(), 1e-12);
    assertEquals(Direction.AT_MOST, reduction.direction());
    assertEquals("at least 35 % below the baseline", reduction.text());
  }

  /** What is replaced, by what, and how the error goes on after the name of the file. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "latency.p95 | latency.p9 | :7: claims[0].metric: unknown metric 'latency.p9'; did you mean 'latency.p95'?",
        "latency.p95 | throughput.  | :7: claims[0].metric: 'throughput.' does not say what is counted; expected throughput and a unit of work, such as throughput.messages",
        "latency.p95 | throughput   | :7: claims[0].metric: unknown metric 'throughput'; did you mean 'throughput.UNIT'?",
        "unit: us | unit: usec | :8: claims[0].target.unit: unknown unit 'usec'; known: ns, us, ms, s",
        "unit: us | unit: Us | :8: claims[0].target.unit: unknown unit 'Us'; did you mean 'us'?",
        "unit: us | unit: \"%\" | :8: claims[0].target.unit: unknown unit '%'; did you mean 's'?",
        "value: 100 | value: 0 | :8: claims[0].target.value: expected more than 0, found 0",
        "value: 100 | value: -5 | :8: claims[0].target.value: expected at least 0, found the number -5",
        "value: 100 | value: .nan | :8: claims[0].target.value: expected a finite number, found .nan",
        "value: 100 | valu: 100 | :8: claims[0].target.valu: unknown key; did you mean 'value'?",
        "'value: 100, ' | '' | :8: claims[0].target: missing key 'value'; or 'ratio' or 'reduction', with a baseline",
        "', unit: us' | '' | :8: claims[0].target: missing key 'unit'",
        "', unit: us' | ', ratio: 3' | :8: claims[0].target: 'value' and 'ratio' cannot be combined; leave one out",
        "'value: 100, unit: us' | 'ratio: 3, unit: us' | :8: claims[0].target.unit: a ratio has no unit; leave it out",
        "'value: 100, unit: us' | 'ratio: 3' | :3: claims[0]: a ratio or a reduction needs something to compare with; missing key 'baseline'",
        "atMost | atmost | :9: claims[0].direction: expected one of atMost, atLeast, found the text 'atmost'",
        "workload: | worklod: | :6: claims[0].worklod: unknown key; did you mean 'workload'?",
        "id: quick | id: Quick | :3: claims[0].id: expected text such as consensus-p95, found the text 'Quick'",
        "schema: 1 | schema: 2 | :1: schema: expected 1, found the number 2"
      })
  void mistakesNameTheirPlace(String replaced, String by, String error) {
    assertEquals(temp.resolve("mine.yaml") + error, message(CLAIM.replace(replaced, by)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "minimumSamples: 19 | :10: claims[0].minimumSamples: latency.p95 needs at least 20 values in each process, found 19",
        "processes: 4 | :10: claims[0].processes: confidence 0.95 needs at least 5 processes, found 4",
        "confidence: 1 | :10: claims[0].confidence: expected at most 0.9999, found the number 1",
        "confidence: 95 % | :10: claims[0].confidence: expected a number, found the text '95 %'",
        "'requires: {hardware: tpu}' | :10: claims[0].requires.hardware: expected one of gpu, cpu, any, found the text 'tpu'",
        "'requires: {name: \"(\"}' | :10: claims[0].requires.name: is no regular expression: Unclosed group",
        "'requires: {minimumDeviceMemory: 16GB}' | :10: claims[0].requires.minimumDeviceMemory: unknown unit 'GB'; did you mean 'GiB'?",
        "'baseline: {engine: java}' | :8: claims[0].target: with a baseline, expected 'ratio' or 'reduction', found 'value'",
        "'baseline: {engin: java}' | :10: claims[0].baseline.engin: unknown key; did you mean 'engine'?",
        "'clock: hots' | :10: claims[0].clock: expected one of host, device, batch, found the text 'hots'"
      })
  void mistakesInWhatMayBeLeftOut(String more, String error) {
    assertEquals(temp.resolve("mine.yaml") + error, message(with(more)));
  }

  @Test
  void anIdIsGivenOnce() {
    String second = CLAIM.substring(CLAIM.indexOf("  - id"));
    assertEquals(
        temp.resolve("mine.yaml")
            + ":10: claims[1].id: 'quick' is given a second time; first in line 3",
        message(CLAIM + second));
  }

  @Test
  void sharesAreAtMostAll() {
    assertEquals(
        temp.resolve("mine.yaml")
            + ":8: claims[0].target.value: expected at most 100 %, found 101 %",
        message(
            CLAIM
                .replace("latency.p95", "ceilingShare")
                .replace("100, unit: us", "101, unit: \"%\"")));
  }

  @Test
  void reductionsAreAtLeastSomething() {
    String relative = with("baseline: {engine: java}");
    assertEquals(
        temp.resolve("mine.yaml")
            + ":9: claims[0].direction: a reduction is atLeast so much; with atMost, write a ratio",
        message(relative.replace("{value: 100, unit: us}", "{reduction: 35 %}")));
    assertEquals(
        temp.resolve("mine.yaml")
            + ":7: claims[0].metric: a relative claim is about latency or throughput, found ceilingShare",
        message(
            relative
                .replace("latency.p95", "ceilingShare")
                .replace("{value: 100, unit: us}", "{ratio: 3}")));
  }

  private String message(String yaml) {
    String message =
        String.valueOf(assertThrows(ConfigException.class, () -> read(yaml)).getMessage());
    assertEquals(1, message.lines().count(), message);
    return message;
  }
}
