// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunTableTest {
  @Test
  void everyKindOfRecordHasItsLine() {
    assertEquals(
        """
        20261121T035622Z-default-3f9a1c: suite default, profile quick, complete in 60.0 s
        engine host: C with AVX2
        engine cuda: simulated
        SYNTHETIC: the times of cuda are not those of the hardware it stands for; no claim can rest on them
        6 fresh processes measure each run, in random order

        consensus on host, path call; times in us, clock host
        byzantine=0.33  tags=a, "quoted" one
        validators  median   95 % interval    p95    p99   p99.9    max  between  messages/s  samples  outcome
              1000   14.04  14.03 .. 14.04  15.00  16.00   17.00  1,250    3.1 %     71.23 M  123,456  Measured
             10000   1,000    none .. none  1,000  1,000  1,000?  1,000    3.1 %     1.000 k        1  Measured *
                 4       -               -      -      -       -      -        -           -        0  Incorrect *
                 5   14.04  14.03 .. 14.04  15.00  16.00   17.00  1,250    3.1 %           -       10  Rejected *
        * b: under-sampled: too few samples or processes for its profile, or under 10 ms of measuring; no claim can rest on it
        * c: Incorrect: word 3 is 7
        * d: Rejected: implausible
        ? too few samples or processes to bound p99.9 from above

        consensus on cuda (Simulated CUDA device), SYNTHETIC, path call; times in us, clock host
        byzantine=0.33  tags=a, "quoted" one
        validators  median  95 % interval  p95  p99  p99.9  max  throughput  samples  outcome
                 4       -              -    -    -      -    -           -        0  Failed *
                 4       -              -    -    -      -    -           -        0  Skipped *
        * e: Failed: the device is lost
        * f: Skipped: stopped
        """,
        RunTable.of(RunFixture.awkward()));
  }

  @Test
  void whereAllIsWellTheTitleSaysSo() {
    var measured = RunFixture.awkward().records().subList(0, 1);
    assertEquals(
        """

        consensus on host, path call; times in us, clock host; all Measured
        byzantine=0.33  tags=a, "quoted" one
        validators  median   95 % interval    p95    p99  p99.9    max  between  messages/s  samples
              1000   14.04  14.03 .. 14.04  15.00  16.00  17.00  1,250    3.1 %     71.23 M  123,456
        """,
        RunTable.of(RunFixture.document("complete", measured)).replaceFirst("(?s).*?\n(?=\n)", ""));
  }

  /** What nobody set is the engine's own choice. */
  @Test
  void aTuningParameterThatOnlySomeHaveIsAuto() {
    var records =
        List.of(
            RunFixture.timed("cuda", "launch", Map.of("validators", 4L), 4, 1e6),
            RunFixture.timed(
                "cuda", "launch", RunFixture.tuned("validators", 4L, "block", 64L), 4, 1e6));
    List<String> lines = RunTable.of(RunFixture.document("complete", records)).lines().toList();
    int header = lines.indexOf("validators=4") + 1;
    assertTrue(header > 0, lines.toString());
    assertTrue(lines.get(header).startsWith("block "), lines.get(header));
    assertTrue(lines.get(header + 1).startsWith(" auto "), lines.get(header + 1));
    assertTrue(lines.get(header + 2).startsWith("   64 "), lines.get(header + 2));
  }

  @Test
  void whatElseASampleDoesHasATableOfRates() {
    var amounts = new LinkedHashMap<String, Double>();
    amounts.put("pairs", 1e6);
    amounts.put("comparisons", 31_250.0);
    var records =
        List.of(
            RunFixture.timed("host", "call", Map.of("validators", 4L), 4, 1e6, null, amounts),
            RunFixture.timed("host", "call", Map.of("validators", 5L), 4, 1e6));
    String table = RunTable.of(RunFixture.document("complete", records));
    assertTrue(
        table.endsWith(
            """
            validators  pairs/s  comparisons/s
                     4  1.000 G        31.25 M
                     5        -              -
            """),
        table);
  }

  @Test
  void whatEachProcessWentThroughOnceHasATable() {
    var records =
        List.of(
            RunFixture.withStages(
                RunFixture.timed("host", "call", Map.of("validators", 4L), 4, 1e6),
                stages(812_345_678L, 48_211L),
                stages(850_000_000L, 0L),
                stages(799_900_000L, 51_000L)),
            RunFixture.timed("host", "call", Map.of("validators", 5L), 4, 1e6),
            RunFixture.withStages(
                RunFixture.timed("host", "call", Map.of("validators", 6L), 4, 1e6),
                stages(7_000_000_000L, 0)));
    String table = RunTable.of(RunFixture.document("complete", records));
    assertTrue(
        table.contains(
            """
            validators  once per process    median           range  processes
                     4  first execution   812.3 ms  799.9 .. 850.0          3
                        copy in           48.21 us  0.000 .. 51.00          3
                        steady state      1.000 ms  1.000 .. 1.000          3
                     6  first execution    7.000 s               -          1
                        copy in               0 ns               -          1
                        steady state      1.000 ms               -          1
            """),
        table);
  }

  private static Map<String, Long> stages(long firstExecution, long copyIn) {
    var stages = new LinkedHashMap<String, Long>();
    stages.put("firstExecution", firstExecution);
    stages.put("copyIn", copyIn);
    return stages;
  }

  @Test
  void aRunWithoutRecordsSaysHowItEnded() {
    String failed = RunTable.of(RunFixture.document("failed", List.of()));
    assertTrue(
        failed.startsWith(
            "20261121T035622Z-default-3f9a1c: suite default, profile quick, failed (the disk is"
                + " full) in 60.0 s\n"),
        failed);
    String killed = RunTable.of(RunFixture.document("running", List.of()));
    assertTrue(killed.contains(", profile quick, unfinished\n"), killed);
  }
}
