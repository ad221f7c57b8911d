// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.telemetry.TelemetryPart;
import io.gpubench.measure.telemetry.TelemetryPart.SensorPart;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

class RunCsvTest {
  /** Programs rely on these names and their order. */
  private static final String HEADER =
      "run,id,workload,engine,path,consensus.validators,consensus.byzantine,consensus.tags,"
          + "outcome,reason,device,synthetic,clock,cache,pieces,unit,processes,sampleCount,underSampled,"
          + "median,medianLower,medianUpper,p95,p95Lower,p95Upper,p99,p99Lower,p99Upper,"
          + "p999,p999Lower,p999Upper,min,max,mean,stdDev,mad,cv,drift,lag1,withinProcesses,betweenProcesses,"
          + "throughput,throughputUnit,throttledBy,faults,"
          + "powerInstantWatts,powerAverageWatts,temperatureCelsius,clockMegahertz,timeBusyPercent,"
          + "joulesPerUnit,joulesPerUnitLower,joulesPerUnitUpper,"
          + "ceilingOf,ceiling,ceilingShare,ceilingRate,ceilingUnit,ceilingFloor,ceilingMeasuredAt,ceilingRun,"
          + "ceilingDoubt";

  @Test
  void theColumnsAreStable() {
    assertEquals(HEADER, RunCsv.of(RunFixture.awkward()).lines().findFirst().orElse(""));
  }

  @Test
  void aTuningParameterThatOnlySomeHaveIsAnEmptyCellElsewhere() throws IOException {
    var records =
        List.of(
            RunFixture.timed("cuda", "launch", Map.of("validators", 4L), 4, 1e6),
            RunFixture.timed(
                "cuda", "launch", RunFixture.tuned("validators", 5L, "block", 64L), 4, 1e6));
    var format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    String csv = RunCsv.of(RunFixture.document("complete", records));
    try (var parser = format.parse(new StringReader(csv))) {
      List<CSVRecord> rows = parser.getRecords();
      assertEquals(
          List.of("", "64"), rows.stream().map(row -> row.get("consensus.block")).toList());
      assertEquals(
          List.of("4", "5"), rows.stream().map(row -> row.get("consensus.validators")).toList());
      assertEquals(
          List.of("Measured", "Measured"), rows.stream().map(row -> row.get("outcome")).toList());
    }
  }

  @Test
  void whatElseASampleDoesHasTwoColumnsAtTheEnd() {
    var amounts = Map.of("pairs", 1e6);
    var records =
        List.of(
            RunFixture.timed("host", "call", Map.of("validators", 4L), 4, 1e6, null, amounts),
            RunFixture.timed("host", "call", Map.of("validators", 5L), 4, 1e6));
    List<String> lines = RunCsv.of(RunFixture.document("complete", records)).lines().toList();
    assertTrue(lines.get(0).endsWith(",ceilingDoubt,amounts.pairs,rates.pairs"), lines.get(0));
    assertTrue(lines.get(1).endsWith(",,1000000.0,1.0E9"), lines.get(1));
    assertTrue(lines.get(2).endsWith(",,,"), lines.get(2));
  }

  @Test
  void whatProcessesWentThroughOnceIsTheMedianOverThem() {
    var records =
        List.of(
            RunFixture.withStages(
                RunFixture.timed("host", "call", Map.of("validators", 4L), 4, 1e6),
                Map.of("copyIn", 3L),
                Map.of("copyIn", 8L)),
            RunFixture.timed("host", "call", Map.of("validators", 5L), 4, 1e6));
    List<String> lines = RunCsv.of(RunFixture.document("complete", records)).lines().toList();
    assertTrue(lines.get(0).endsWith(",ceilingDoubt,stages.copyIn"), lines.get(0));
    assertTrue(lines.get(1).endsWith(",,5.5"), lines.get(1));
    assertTrue(lines.get(2).endsWith(",,"), lines.get(2));
  }

  /** Power at a moment and power that the driver averages never share a column. */
  @Test
  void eachKindOfPowerHasItsColumn() {
    assertEquals(List.of("321.0", ""), power("powerInstantWatts"));
    assertEquals(List.of("", "321.0"), power("powerAverageWatts"));
    assertEquals(List.of("", ""), power("powerUsageWatts"));
  }

  /** The cells of both columns where that sensor was read. */
  private static List<String> power(String sensor) {
    var part =
        new SensorPart(
            "W", "level", true, "nvml", "", null, "each", 1, null, 20, 321.0, 321.0, 321.0, null,
            null, 0, null);
    var telemetry =
        new TelemetryPart(
            "telemetry/x.csv",
            20,
            new TelemetryPart.Cost(1, 1, 1, 0.001),
            Map.of(sensor, part),
            List.of(),
            List.of(),
            null,
            null,
            null);
    List<String> lines = RunCsv.of(RunFixture.withTelemetry(telemetry)).lines().toList();
    List<String> names = List.of(lines.getFirst().split(",", -1));
    List<String> cells = List.of(lines.get(1).split(",", -1));
    return Stream.of("powerInstantWatts", "powerAverageWatts")
        .map(name -> cells.get(cells.size() - names.size() + names.indexOf(name)))
        .toList();
  }

  @Test
  void everyValueIsReadBack() throws IOException {
    List<CSVRecord> rows;
    var format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (var parser = format.parse(new StringReader(RunCsv.of(RunFixture.awkward())))) {
      rows = parser.getRecords();
    }
    assertEquals(6, rows.size());
    rows.forEach(row -> assertEquals(HEADER.split(",").length, row.size()));
    CSVRecord measured = rows.getFirst();
    assertEquals("20261121T035622Z-default-3f9a1c", measured.get("run"));
    assertEquals("a, \"quoted\" one", measured.get("consensus.tags"));
    assertEquals("14037.5", measured.get("median"));
    assertEquals("1250000", measured.get("max"));
    assertEquals("1", measured.get("processes"));
    assertEquals("hot", measured.get("cache"));
    assertEquals("1", measured.get("pieces"));
    assertEquals("0.0309", measured.get("betweenProcesses"));
    assertEquals(71_234_567.8, Double.parseDouble(measured.get("throughput")));
    assertEquals("messages/s", measured.get("throughputUnit"));
    CSVRecord poor = rows.get(1);
    assertEquals("true", poor.get("underSampled"));
    assertEquals("999960.0", poor.get("median"));
    assertEquals("", poor.get("medianLower"));
    assertEquals("", poor.get("stdDev"));
    CSVRecord incorrect = rows.get(2);
    assertEquals("word 3 is 7", incorrect.get("reason"));
    for (String column : List.of("median", "p999Upper", "min", "lag1", "throughput")) {
      assertEquals("", incorrect.get(column));
    }
    assertEquals("the device is lost", rows.get(4).get("reason"));
    assertEquals("Simulated CUDA device", rows.get(4).get("device"));
    assertEquals("", measured.get("device"));
    assertEquals("true", rows.get(4).get("synthetic"));
  }
}
