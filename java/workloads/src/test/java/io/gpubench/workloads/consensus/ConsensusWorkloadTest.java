// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsensusWorkloadTest {
  private static final ConsensusWorkload WORKLOAD = new ConsensusWorkload();

  @Test
  void parametersStandInTheirOrder() {
    assertEquals(
        List.of("validators", "byzantine", "agreement", "proposals", "tags", "seed"),
        WORKLOAD.parameters().stream().map(Parameter::name).toList());
    assertEquals(
        new ConsensusParameters(1000, 0.33, 1, 4, true, 1), ConsensusParameters.of(values()));
    assertTrue(
        WORKLOAD.parameters().stream().anyMatch(p -> p.name().equals(WORKLOAD.sizeParameter())));
  }

  @ParameterizedTest
  @CsvSource({
    "validators, 3",
    "validators, 1048577",
    "validators, many",
    "byzantine, 0.34",
    "byzantine, -0.1",
    "agreement, 1.01",
    "proposals, 0",
    "proposals, 17",
    "tags, sha",
    "seed, -1"
  })
  void valuesOutOfRangeAreRefused(String name, String text) {
    Parameter parameter =
        WORKLOAD.parameters().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    assertThrows(ConfigException.class, () -> parameter.parse(text));
  }

  @Test
  void theFootprintNeverFallsWhenValidatorsGrow() {
    for (long cache : new long[] {0, 1 << 10, 1 << 20, 32 << 20, 1 << 30}) {
      var facts = new MachineFacts(8, 1L << 33, cache);
      long last = 0;
      for (long v = 4; v <= 1 << 20; v += 1 + v / 50) {
        long bytes = WORKLOAD.footprintBytes(values().with("validators", v), facts);
        assertTrue(bytes >= last, "at " + v);
        last = bytes;
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 65536", "1000, 1049", "10000, 1049", "100000, 1049", "1000000, 65536"})
  void messagesExceedTwiceTheCacheWhereTheyMay(int validators, long cacheKibibytes) {
    long cache = cacheKibibytes << 10;
    var parameters = new ConsensusParameters(validators, 0.33, 1, 4, false, 1);
    var rotation = new ConsensusRotation(parameters, new MachineFacts(2, 1L << 33, cache));
    double bytes = 32 * parameters.expectedMessages() * rotation.rounds();
    boolean limited = validators == 4;
    assertEquals(limited, rotation.rounds() == ConsensusRotation.MAX_ROUNDS);
    assertEquals(!limited, bytes > 2 * cache);
    assertTrue(rotation.rounds() >= ConsensusRotation.MIN_ROUNDS);
    assertTrue(
        bytes < 32.0 * ConsensusRotation.MAX_MESSAGES + 2 * 32 * parameters.expectedMessages());
  }

  @Test
  void theRotationHandsOutEachRoundOnceWithItsResult() {
    var parameters = new ConsensusParameters(100, 0.33, 1, 4, true, 1);
    var rotation = new ConsensusRotation(parameters, new MachineFacts(2, 1L << 33, 16 << 10));
    var slots = new ArrayList<Integer>();
    long[] sums = new long[3];
    var summary =
        rotation.forEach((slot, round, expected) -> {
          slots.add(slot);
          sums[0] += round.messageCount();
          sums[1] +=
              expected[ConsensusCount.ACCEPTED.word()]
                  + expected[ConsensusCount.DUPLICATE.word()]
                  + expected[ConsensusCount.EQUIVOCATION.word()];
          sums[2] += expected[ConsensusCount.WRONG_TAG.word()];
        });
    int n = rotation.rounds();
    assertEquals(IntStream.range(0, n).boxed().toList(), slots);
    double m = (double) sums[0] / n;
    double h = (double) (sums[1] + sums[2]) / n;
    assertEquals(m, summary.meanMessages(), 1e-9);
    assertEquals(m, summary.work().units(), 1e-9);
    double keys = 16 * Math.min(100, h);
    assertEquals(32 * m + keys + 4 * 100 + 2 * 8 * 2 + 96, summary.work().bytes(), 1e-6);
    assertEquals(m + 4.0 * sums[1] / n + 185 * h, summary.work().operations(), 1e-6);
    assertEquals(
        ("{roundsInRotation=%d, bytesInRotation=%d, exceedsLastLevelCache=true, "
                + "oracle=ConsensusOracle, shareChecked=1.0}")
            .formatted(n, 32 * sums[0]),
        summary.verification().toString());
  }

  /** Seven times as many messages and results, and yet no key or weight is needed twice. */
  @Test
  void aSampleOfManyRoundsReadsItsKeysAndWeightsOnce() {
    var parameters = new ConsensusParameters(100, 0.33, 1, 4, true, 1);
    int rounds = 7;
    var rotation = new ConsensusRotation(parameters, new MachineFacts(2, 1L << 33, 0), rounds);
    var summary = rotation.forEach((_, _, _) -> {});
    double m = summary.meanMessages();
    assertTrue(rounds * summary.meanHashed() > 100);
    assertEquals(16 * 100 + 4 * 100, summary.epochBytes());
    assertEquals(rounds * m, summary.work().units(), 1e-6);
    assertEquals(
        rounds * (32 * m + 2 * 8 * 2 + 96) + 16 * 100 + 4 * 100, summary.work().bytes(), 1e-6);
  }

  @Test
  void anUnknownCacheIsNotExceeded() {
    var parameters = new ConsensusParameters(1_000_000, 0, 1, 1, false, 1);
    var rotation = new ConsensusRotation(parameters, new MachineFacts(2, 1L << 33, 0));
    assertEquals(5, rotation.rounds());
  }

  private static ParameterValues values() {
    return WORKLOAD.defaults();
  }
}
