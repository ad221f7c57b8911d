// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.Names;
import io.gpubench.measure.compare.RecordedCase.Work;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what JMH writes with {@code -rf json}: a list of results, each with a benchmark, a mode,
 * parameters, and of each fork the score of each iteration ({@code rawData}), or in the mode {@code
 * sample} pairs of a time and how often it was seen ({@code rawDataHistogram}). A fork is a
 * process.
 */
final class JmhSide {
  private static final String FORMAT = "JMH";

  /** Nanoseconds by the word of JMH for a unit of time. */
  private static final Map<String, Double> UNITS =
      Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9, "min", 60e9, "hr", 3600e9, "day", 86_400e9);

  private static final String THROUGHPUT = "thrpt";
  private static final String SAMPLE = "sample";
  private static final List<String> MODES = List.of(THROUGHPUT, "avgt", SAMPLE, "ss");

  /** More pairs than this in a histogram are no histogram. */
  private static final long MOST_COUNT = 1L << 50;

  private JmhSide() {}

  static RecordedSide read(ForeignJson document) {
    List<ForeignJson> results = document.elements();
    if (results.isEmpty()) {
      throw document.error(
          "no result in it; JMH writes an empty list where every benchmark failed");
    }
    var cases = new ArrayList<RecordedCase>();
    var seen = new HashSet<String>();
    var tools = new LinkedHashSet<Map<String, String>>();
    for (ForeignJson result : results) {
      RecordedCase one = result(result);
      if (!seen.add(one.label() + '\n' + one.settingsText())) {
        throw result.error(one.label() + " is there a second time; a file is one side");
      }
      tools.add(tool(result));
      cases.add(one);
    }
    if (tools.size() > 1) {
      throw document.error("results of several versions of JMH or Java; expected those of one");
    }
    return new RecordedSide(
        document.file().toString(),
        FORMAT,
        tools.getFirst(),
        Map.of(),
        cases,
        List.of(
            "JMH does not write down the machine, when a fork ran, nor whether answers were right"));
  }

  private static Map<String, String> tool(ForeignJson result) {
    var tool = new LinkedHashMap<String, String>();
    tool.put("tool", FORMAT);
    put(tool, "version", result.get("jmhVersion"));
    put(tool, "java", result.get("jdkVersion"));
    put(tool, "vm", result.get("vmName"));
    put(tool, "vm version", result.get("vmVersion"));
    result
        .find("jvmArgs")
        .ifPresent(arguments ->
            tool.put(
                "vm arguments",
                String.join(" ", arguments.elements().stream().map(ForeignJson::scalar).toList())));
    return tool;
  }

  private static void put(Map<String, String> map, String key, ForeignJson value) {
    if (value.isThere()) {
      map.put(key, value.scalar());
    }
  }

  private static RecordedCase result(ForeignJson result) {
    String mode = result.get("mode").text();
    if (!MODES.contains(mode)) {
      throw result.get("mode").error(Names.unknown("mode", mode, MODES));
    }
    var parameters = new TreeMap<String, String>();
    result
        .find("params")
        .ifPresent(params ->
            params.members().forEach((name, value) -> parameters.put(name, value.scalar())));
    var settings = new LinkedHashMap<String, String>();
    settings.put("mode", mode);
    put(settings, "threads", result.get("threads"));
    ForeignJson metric = result.get("primaryMetric");
    double unitNanos = unitNanos(metric.get("scoreUnit"), mode);
    List<RecordedProcess> forks =
        metric.get("rawDataHistogram").isThere()
            ? histograms(metric.get("rawDataHistogram"), unitNanos)
            : forks(metric.get("rawData"), mode, unitNanos);
    return new RecordedCase(
        result.get("benchmark").text(),
        parameters,
        settings,
        Map.of(),
        work(result, mode),
        forks,
        null,
        remarks(result, mode, forks));
  }

  /** Times are of an operation, except in the mode {@code ss}, where they are of a batch. */
  private static @Nullable Work work(ForeignJson result, String mode) {
    return mode.equals("ss")
        ? result
            .find("measurementBatchSize")
            .map(batch -> new Work("operations", batch.whole(1, Integer.MAX_VALUE)))
            .orElse(null)
        : null;
  }

  private static List<String> remarks(
      ForeignJson result, String mode, List<RecordedProcess> forks) {
    var remarks = new ArrayList<String>();
    if (Set.of(THROUGHPUT, "avgt").contains(mode)) {
      remarks.add("the median is one of means of iterations, which have no p95");
    }
    result
        .find("forks")
        .map(asked -> asked.whole(0, Integer.MAX_VALUE))
        .filter(asked -> asked > forks.size())
        .ifPresent(asked ->
            remarks.add(
                "%d forks were asked for, and %d are there".formatted(asked, forks.size())));
    return remarks;
  }

  /** {@code ops/us} or {@code us/op}. */
  private static double unitNanos(ForeignJson unit, String mode) {
    String text = unit.text();
    boolean rate = mode.equals(THROUGHPUT);
    String frame = rate ? "ops/" : "/op";
    boolean framed = rate ? text.startsWith(frame) : text.endsWith(frame);
    Double nanos = framed ? UNITS.get(text.replace(frame, "")) : null;
    if (nanos == null) {
      throw unit.error(
          "unknown unit '%s' in the mode %s; expected %s"
              .formatted(
                  text, mode, rate ? "ops/s, ops/us or the like" : "us/op, ns/op or the like"));
    }
    return nanos;
  }

  private static List<RecordedProcess> forks(ForeignJson raw, String mode, double unitNanos) {
    var forks = new ArrayList<RecordedProcess>();
    for (ForeignJson fork : some(raw, "fork")) {
      double[] times =
          some(fork, "iteration").stream()
              .mapToDouble(score ->
                  mode.equals(THROUGHPUT) ? score.nanosOfRate(unitNanos) : score.nanos(unitNanos))
              .toArray();
      forks.add(RecordedProcess.of(times, mode.equals("ss")));
    }
    return forks;
  }

  private static List<RecordedProcess> histograms(ForeignJson raw, double unitNanos) {
    var forks = new ArrayList<RecordedProcess>();
    for (ForeignJson fork : some(raw, "fork")) {
      var counts = new TreeMap<Double, Long>();
      long samples = 0;
      for (ForeignJson iteration : fork.elements()) {
        for (ForeignJson pair : iteration.elements()) {
          List<ForeignJson> parts = pair.elements();
          if (parts.size() != 2) {
            throw pair.error("expected a time and how often it was seen");
          }
          long count = parts.getLast().whole(1, MOST_COUNT);
          samples += count;
          if (samples > MOST_COUNT) {
            throw pair.error("more samples than anybody can take");
          }
          counts.merge(parts.getFirst().nanos(unitNanos), count, Long::sum);
        }
      }
      if (counts.isEmpty()) {
        throw fork.error("no sample in it");
      }
      forks.add(
          RecordedProcess.ofHistogram(
              counts.keySet().stream().mapToDouble(Double::doubleValue).toArray(),
              counts.values().stream().mapToLong(Long::longValue).toArray()));
    }
    return forks;
  }

  private static List<ForeignJson> some(ForeignJson list, String what) {
    List<ForeignJson> elements = list.elements();
    if (elements.isEmpty()) {
      throw list.error("no " + what + " in it");
    }
    return elements;
  }
}
