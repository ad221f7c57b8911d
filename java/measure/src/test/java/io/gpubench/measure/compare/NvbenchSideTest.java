// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import static io.gpubench.measure.compare.ForeignFiles.nvbench;
import static io.gpubench.measure.compare.ForeignFiles.summaries;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ResultFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NvbenchSideTest {
  private static final String GPU = "NVIDIA H200";

  @TempDir private Path temp;

  private Path file(String name, String text) {
    return ForeignFiles.write(temp.resolve(name), text);
  }

  private RecordedCase only(Path file) {
    List<RecordedCase> cases = RecordedSide.read(file).cases();
    assertEquals(1, cases.size());
    return cases.getFirst();
  }

  @Test
  void aFileIsAProcessWithAMean() {
    RecordedCase one = only(file("a.json", nvbench(GPU, summaries("\"1.5e-05\"", "", 37))));
    assertEquals("copy", one.workload());
    assertEquals(Map.of("Elements", "1048576", "T", "F32"), one.parameters());
    assertEquals(Map.of("clock", "device", "cache", "cold"), one.settings());
    assertEquals(GPU, one.machine().get("device name"));
    assertEquals("132", one.machine().get("device number_of_sms"));
    assertArrayEquals(new double[] {15_000}, one.nanos("mean"), 1e-6);
    assertNull(one.nanos("median"));
    assertEquals(37, one.processes().getFirst().samples());
    assertTrue(one.remarks().getFirst().startsWith("a mean only"), one.remarks().toString());
  }

  @Test
  void sampleTimesBesideTheFileGiveAMedian() {
    var times = new float[100];
    for (int i = 0; i < times.length; i++) {
      times[i] = (i + 1) * 1e-6f;
    }
    ForeignFiles.writeTimes(temp.resolve("a.json-bin/0.bin"), times);
    // as nvbench names it from where it was started
    String named = "build/out/a.json-bin/0.bin";
    RecordedCase one = only(file("a.json", nvbench(GPU, summaries("5.05e-5", named, 100))));
    assertArrayEquals(new double[] {50_500}, one.nanos("median"), 0.01);
    assertArrayEquals(new double[] {95_050}, one.nanos("p95"), 0.01);
    assertArrayEquals(new double[] {99_010}, one.nanos("p99"), 0.01);
    assertArrayEquals(new double[] {50_500}, one.nanos("mean"), 0.01);
    assertEquals(List.of(), one.remarks());
  }

  @Test
  void timesThatAreNoneAreRefused() {
    Path bin = temp.resolve("0.bin");
    Path file = file("a.json", nvbench(GPU, summaries("1e-5", "0.bin", 3)));
    for (float bad : new float[] {Float.NaN, 0, -1e-6f, Float.POSITIVE_INFINITY, 1e30f}) {
      ForeignFiles.writeTimes(bin, 1e-6f, bad, 1e-6f);
      ForeignFiles.refused(file, "sample 1 of ", "which is no time");
    }
    ForeignFiles.writeTimes(bin, 1e-6f, 2e-6f);
    ForeignFiles.refused(file, "has 8 bytes; expected 12 for 3 samples");
  }

  @Test
  void nothingOutsideOfItsFolderIsRead() {
    Path outside = ForeignFiles.writeTimes(temp.resolve("secret/0.bin"), 1e-6f);
    for (String name : List.of("../secret/0.bin", "../../secret/0.bin", outside.toString())) {
      Path file = file("inside/a.json", nvbench(GPU, summaries("1e-5", name, 1)));
      assertNull(only(file).nanos("median"), name);
    }
  }

  @Test
  void aSkippedStateIsSaid() {
    String skipped =
        nvbench(GPU, "[]")
            .replace("\"is_skipped\" : false", "\"is_skipped\" : true, \"skip_reason\" : \"OOM\"");
    RecordedCase one = only(file("a.json", skipped));
    assertEquals("skipped: OOM", one.unfit());
    assertEquals(List.of(), one.processes());
  }

  @Test
  void aBenchmarkOfTheProcessorsAloneHasItsOwnClock() {
    String summaries = summaries("2e-3", "", 5).replace("nv/cold/time/gpu", "nv/cpu_only/time/cpu");
    RecordedCase one = only(file("a.json", nvbench(GPU, summaries)));
    assertEquals(Map.of("clock", "host", "cache", "hot"), one.settings());
    assertArrayEquals(new double[] {2e6}, one.nanos("mean"), 1e-6);
  }

  @Test
  void aFolderHasAProcessInEachFile() throws Exception {
    for (int i = 0; i < 6; i++) {
      file("runs/" + i + ".json", nvbench(GPU, summaries("1e-5", "", 10 + i)));
    }
    Files.writeString(temp.resolve("runs/readme.txt"), "not one of them");
    RecordedSide side = RecordedSide.read(temp.resolve("runs"));
    assertEquals(6, side.cases().getFirst().processes().size());
    assertEquals(10, side.cases().getFirst().processes().getFirst().samples());
    assertEquals("nvbench", side.format());
    assertEquals("0.1.0", side.tool().get("version"));
  }

  @Test
  void aFolderOfUnlikeFilesIsRefused() {
    Path folder = temp.resolve("runs");
    file("runs/a.json", nvbench(GPU, summaries("1e-5", "", 10)));
    Path b = file("runs/b.json", nvbench("NVIDIA L4", summaries("1e-5", "", 10)));
    var failure = assertThrows(ResultFormatException.class, () -> RecordedSide.read(folder));
    assertTrue(
        failure.getMessage().startsWith(b + ": copy Elements=1048576 T=F32 was measured on other"),
        failure.getMessage());
    file("runs/b.json", "[" + ForeignFiles.jmhForks("copy", 1) + "]");
    var mixed = assertThrows(ResultFormatException.class, () -> RecordedSide.read(folder));
    assertTrue(mixed.getMessage().contains("were not written by the same tool"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"nan\"|expected a number",
        "\"NaN\"|expected a finite number",
        "\"inf\"|expected a number",
        "0|expected a time of more than 0",
        "-1e-6|expected a time of more than 0",
        "1e9|expected a time of more than 0",
        "null|expected a number, found null",
        "[]|expected a number, found []"
      })
  void aMeanThatIsNoneIsRefused(String seconds, String problem) {
    ForeignFiles.refused(
        file("a.json", nvbench(GPU, summaries(seconds, "", 3))),
        problem,
        "benchmarks[0].states[0].summaries");
  }

  @Test
  void whatIsNoResultOfNvbenchIsRefused() {
    String good = nvbench(GPU, summaries("1e-5", "", 3));
    ForeignFiles.refused(file("a.json", "{\"benchmarks\": []}"), "no state of a benchmark in it");
    ForeignFiles.refused(file("a.json", "{\"benchmarks\": 3}"), "expected a list, found 3");
    ForeignFiles.refused(
        file("a.json", nvbench(GPU, "{\"Average GPU Time (Cold)\": {}}")),
        "expected a list of summaries with tags");
    ForeignFiles.refused(
        file("a.json", nvbench(GPU, "[]")), "none of them is nv/cold/time/gpu/mean");
    ForeignFiles.refused(file("a.json", good.substring(0, good.length() / 2)), "no whole JSON");
    ForeignFiles.refused(temp.resolve("nowhere.json"), "does not exist; a side is a run directory");
    ForeignFiles.refused(temp, "a.json"); // as the file in it
    file("empty/a.txt", "");
    ForeignFiles.refused(temp.resolve("empty"), "neither a run directory nor a folder with JSON");
  }
}
