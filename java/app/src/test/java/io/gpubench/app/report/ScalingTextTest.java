// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScalingTextTest {
  private static final List<Integer> SIZES = List.of(10, 100, 1_000, 10_000);

  private static ResultRecord record(
      String path, int validators, Map<String, Object> others, double units, double nanos) {
    var parameters = new LinkedHashMap<String, Object>();
    parameters.put("validators", validators);
    parameters.put("tags", "siphash");
    parameters.put("seed", 1L);
    parameters.putAll(others);
    return RunFixture.timed("cuda", path, parameters, units, nanos);
  }

  /** Twenty microseconds and one for a thousand, against two and ten for a thousand. */
  private static List<ResultRecord> crossing() {
    var records = new ArrayList<ResultRecord>();
    for (int size : SIZES) {
      records.add(record("graph", size, Map.of(), size, 20_000.0 + size));
      records.add(record("mailbox", size, Map.of(), 1.01 * size, 2_000 + 10.0 * size));
    }
    return records;
  }

  @Test
  void whoIsFastestAtWhichSize() {
    assertEquals(
        """

        consensus over validators, median in us, clock host
        tags=siphash  seed=1
        validators  graph  mailbox  fastest
                10  20.01    2.100  mailbox
               100  20.10    3.000  mailbox
              1000  21.00    12.00  mailbox
             10000  30.00    102.0  graph
        fastest: mailbox from 10 to 1,000; graph at 10,000
        knee of graph: none yet: throughput still rises at 10,000, the last size, to 333.3 M messages/s; no ceiling is known
          grows: time by 0.05 (-0.06 .. 0.16), messages/s by 0.95 (0.84 .. 1.06)
        knee of mailbox: none yet: throughput still rises at 10,000, the last size, to 99.02 M messages/s; no ceiling is known
          grows: time by 0.57 (0.04 .. 1.09), messages/s by 0.43 (-0.09 .. 0.96)

        knee: the sizes in a row at which a curve has at least 90 % of its largest share of the ceiling that binds there, from the first size on where that is known; of its largest throughput where it is not
        grows: exponents of power laws through the medians, with 95 % intervals, which few sizes and a curve that bends make wide; 1 is in proportion to the size, 0 is not at all
        """,
        ScalingText.of(crossing()));
  }

  @Test
  void whatDoesNotDifferIsNotDecided() {
    var records = new ArrayList<ResultRecord>();
    for (int size : SIZES) {
      records.add(record("graph", size, Map.of(), size, 1_000.0 * size));
      records.add(record("launch", size, Map.of(), size, 1_005.0 * size));
    }
    String text = ScalingText.of(records);
    assertTrue(text.contains("  graph = launch\n"), text);
    assertTrue(
        text.contains("fastest: from 10 to 10,000 not decided between graph, launch\n"), text);
  }

  @Test
  void samplesOfDifferentWorkAreComparedByTheirRates() {
    List<ResultRecord> records = crossing();
    for (int size : SIZES) {
      records.add(record("streamed", size, Map.of(), 1e6, 1e6));
    }
    String text = ScalingText.of(records);
    String before = ScalingText.of(crossing()).replaceFirst("(?s)knee of.*", "");
    assertTrue(text.startsWith(before), text);
    assertEquals(
        """

        consensus over validators, messages/s, clock host
        tags=siphash  seed=1
        validators    graph  mailbox  streamed  most messages/s
                10  499.8 k  4.810 M   1.000 G  streamed
               100  4.975 M  33.67 M   1.000 G  streamed
              1000  47.62 M  84.17 M   1.000 G  streamed
             10000  333.3 M  99.02 M   1.000 G  streamed
        most messages/s: streamed from 10 to 10,000
        """,
        text.substring(before.length()).replaceFirst("(?s)knee of.*", ""));
  }

  @Test
  void variantsAreWaysAndOtherParametersAreNot() {
    var records = new ArrayList<ResultRecord>();
    for (int size : SIZES) {
      records.add(record("launch", size, Map.of("variant", "split"), size, 3_000.0 * size));
      records.add(record("launch", size, Map.of("variant", "fused"), size, 2_000.0 * size));
      records.add(record("launch", size, Map.of("tags", "none"), size, size));
    }
    String text = ScalingText.of(records);
    assertTrue(text.contains("validators  variant=split  variant=fused  fastest\n"), text);
    assertTrue(text.contains("fastest: variant=fused from 10 to 10,000\n"), text);
    assertTrue(
        text.contains(
            "\n\nconsensus over validators, clock host\ntags=none  seed=1\nknee of cuda, path launch: at every size, by throughput;"),
        "one way alone is no comparison: " + text);
  }

  @Test
  void anyNumberCanBeTheAxisButTheSeedAndTwoValuesAreNoCurve() {
    var records = new ArrayList<ResultRecord>();
    for (double byzantine : new double[] {0, 0.11, 0.22, 0.33}) {
      for (long seed = 1; seed < 4; seed++) {
        for (String path : List.of("launch", "graph")) {
          var others = new LinkedHashMap<String, Object>();
          others.put("byzantine", byzantine);
          others.put("seed", seed);
          records.add(record(path, 1_000, others, 1_000, path.equals("graph") ? 9_000 : 8_000));
        }
      }
    }
    String text = ScalingText.of(records);
    assertEquals(3, text.split("fastest: launch from 0 to 0.33\n", -1).length - 1, text);
    assertEquals("", ScalingText.of(records.subList(0, 12)), "two shares");
    assertEquals("", ScalingText.of(crossing().subList(0, 4)), "two sizes");
    assertEquals("", ScalingText.of(List.of()));
    assertTrue(!text.contains("knee"), "a share is no size: " + text);
  }

  /** The ceiling that binds beside the fastest, and a curve over one size for each other one. */
  @Test
  void sharesOfCeilingsBesideTheFastest() {
    var records = new ArrayList<ResultRecord>();
    for (long patterns : new long[] {32, 1_000}) {
      for (long nodes : new long[] {1_000, 10_000, 100_000}) {
        for (String engine : List.of("host", "java")) {
          double share = (engine.equals("host") ? 0.8 : 0.4) * (nodes == 1_000 ? 0.5 : 1);
          records.add(
              RunFixture.timed(
                  engine,
                  "call",
                  RunFixture.tuned("validators", nodes, "proposals", patterns),
                  (double) nodes,
                  nodes / share,
                  KneeTextTest.share("ceiling.hostread", share),
                  null));
        }
      }
    }
    String text = ScalingText.of(records);
    for (long patterns : new long[] {32, 1_000}) {
      assertTrue(
          text.contains(
              """

              consensus over validators, median in us, clock host
              proposals=%d
              validators   host   java  fastest  of ceiling
                    1000  2.500  5.000  host     40 %% hostread
                   10000  12.50  25.00  host     80 %% hostread
                  100000  125.0  250.0  host     80 %% hostread
              fastest: host from 1,000 to 100,000
              knee of host: from 10,000 on, by ceiling.hostread; the largest share, 80 %%, at 10,000
                grows: time by 0.85 (-0.25 .. 1.95), messages/s by 0.15 (-0.95 .. 1.25)
              knee of java: from 10,000 on, by ceiling.hostread; the largest share, 40 %%, at 10,000
                grows: time by 0.85 (-0.25 .. 1.95), messages/s by 0.15 (-0.95 .. 1.25)
              """
                  .formatted(patterns)),
          text);
    }
    assertEquals(1, text.split("\nknee: ", -1).length - 1, text);
    assertTrue(!text.contains("over proposals"), text);
  }

  @Test
  void whatFailedLeavesAGap() {
    List<ResultRecord> records = crossing();
    records.removeIf(
        one -> one.path().equals("graph") && one.parameters().get("validators").equals(100));
    records.add(RunFixture.result("x", new Outcome.Failed("lost")));
    records.add(RunFixture.result("y", new Outcome.Rejected("implausible")));
    String text = ScalingText.of(records);
    assertTrue(text.contains("       100      -    3.000  -\n"), text);
    assertTrue(text.contains("knee of graph: none yet: throughput still rises at 10,000"), text);
    records.removeIf(
        one -> one.path().equals("graph") && one.parameters().get("validators").equals(10));
    assertTrue(!ScalingText.of(records).contains("knee of graph"), "two sizes");
  }
}
