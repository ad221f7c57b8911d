// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ResultFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Files of JMH and nvbench as these lay them out, written by hand. */
final class ForeignFiles {
  private ForeignFiles() {}

  /** A JMH result with a benchmark, its mode, its unit and raw data. */
  static String jmh(String benchmark, String mode, String unit, String size, String raw) {
    return """
    {
      "jmhVersion" : "1.37",
      "benchmark" : "%s",
      "mode" : "%s",
      "threads" : 1,
      "forks" : 5,
      "jvm" : "/opt/jdk/bin/java",
      "jvmArgs" : [ "-Xmx1g" ],
      "jdkVersion" : "25",
      "vmName" : "OpenJDK 64-Bit Server VM",
      "vmVersion" : "25+36",
      "warmupIterations" : 3,
      "warmupTime" : "1 s",
      "warmupBatchSize" : 1,
      "measurementIterations" : 4,
      "measurementTime" : "1 s",
      "measurementBatchSize" : 1,
      "params" : { "size" : "%s" },
      "primaryMetric" : {
        "score" : 1.0,
        "scoreError" : "NaN",
        "scoreConfidence" : [ "NaN", "NaN" ],
        "scorePercentiles" : { "0.0" : 1.0, "100.0" : 1.0 },
        "scoreUnit" : "%s",
        "%s" : %s
      },
      "secondaryMetrics" : { }
    }
    """
        .formatted(
            benchmark,
            mode,
            size,
            unit,
            mode.equals("sample") ? "rawDataHistogram" : "rawData",
            raw);
  }

  /** Five forks of four iterations in the mode {@code avgt}, around a time in us. */
  static String jmhForks(String benchmark, double micros) {
    return jmh(
        benchmark,
        "avgt",
        "us/op",
        "10",
        IntStream.range(0, 5)
            .mapToObj(fork ->
                IntStream.range(0, 4)
                    .mapToObj(i ->
                        String.format(Locale.ROOT, "%.4f", micros * (1 + 0.002 * fork + 0.001 * i)))
                    .collect(Collectors.joining(", ", "[", "]")))
            .collect(Collectors.joining(", ", "[", "]")));
  }

  /** A file of nvbench with one benchmark and one state. */
  static String nvbench(String gpu, String summaries) {
    return """
    {
      "meta" : {
        "argv" : [ "./bench", "--json", "out.json" ],
        "version" : {
          "json" : { "major" : 1, "minor" : 0, "patch" : 0, "string" : "1.0.0" },
          "nvbench" : { "major" : 0, "minor" : 1, "patch" : 0, "string" : "0.1.0", "git_sha" : "f00ba4" }
        }
      },
      "devices" : [
        { "id" : 0, "name" : "%s", "sm_version" : 900, "number_of_sms" : 132, "ecc_state" : true }
      ],
      "benchmarks" : [
        {
          "name" : "copy",
          "index" : 0,
          "devices" : [ 0 ],
          "axes" : [ ],
          "states" : [
            {
              "name" : "Device=0 Elements=2^20",
              "device" : 0,
              "type_config_index" : 0,
              "axis_values" : [
                { "name" : "Elements", "type" : "int64", "value" : "1048576" },
                { "name" : "T", "type" : "string", "value" : "F32" }
              ],
              "summaries" : %s,
              "is_skipped" : false
            }
          ]
        }
      ]
    }
    """
        .formatted(gpu, summaries);
  }

  /** Summaries with a mean in seconds, and, where a file is named, sample times. */
  static String summaries(String seconds, String file, int samples) {
    String times =
        file.isEmpty()
            ? ""
            : """
            { "tag" : "nv/json/bin:nv/cold/sample_times", "name" : "Samples Times File",
              "hint" : "file/sample_times",
              "data" : [ { "name" : "filename", "type" : "string", "value" : "%s" },
                         { "name" : "size", "type" : "int64", "value" : "%d" } ] },
            """
                .formatted(file, samples);
    return """
    [
      %s
      { "tag" : "nv/cold/sample_size", "name" : "Samples",
        "data" : [ { "name" : "value", "type" : "int64", "value" : "%d" } ] },
      { "tag" : "nv/cold/time/cpu/mean", "name" : "CPU Time",
        "data" : [ { "name" : "value", "type" : "float64", "value" : "1" } ] },
      { "tag" : "nv/cold/time/gpu/mean", "name" : "GPU Time",
        "data" : [ { "name" : "value", "type" : "float64", "value" : %s } ] }
    ]
    """
        .formatted(times, samples, seconds);
  }

  static Path write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sample times as {@code --jsonbin} leaves them. */
  static Path writeTimes(Path file, float... seconds) {
    var bytes = ByteBuffer.allocate(seconds.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float each : seconds) {
      bytes.putFloat(each);
    }
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That it cannot be read as a side, and why in one line that names the file. */
  static void refused(Path file, String... why) {
    var failure = assertThrows(ResultFormatException.class, () -> RecordedSide.read(file));
    String message = String.valueOf(failure.getMessage());
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.startsWith(file.toString()), message);
    for (String part : Arrays.asList(why)) {
      assertTrue(message.contains(part), message);
    }
  }
}
