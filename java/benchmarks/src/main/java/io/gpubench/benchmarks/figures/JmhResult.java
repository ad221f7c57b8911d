// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What JMH found for one method. */
record JmhResult(JsonNode node) {
  /**
   * Measures all methods of the class, once for whatever is asked of them.
   *
   * @throws FailedException when there is no result of the method
   */
  static JmhResult of(Bench bench, Class<?> benchmark, String method) {
    String name = benchmark.getName() + "." + method;
    return StreamSupport.stream(bench.jmh(benchmark.getSimpleName()).spliterator(), false)
        .filter(one -> one.path("benchmark").asString("").equals(name))
        .findFirst()
        .map(JmhResult::new)
        .orElseThrow(() -> new FailedException("JMH has no result of " + name));
  }

  /** The time of an operation. */
  Reading time() {
    return Reading.of(raw(node.path("primaryMetric")), "ns");
  }

  /** What an operation allocates. */
  Reading allocatedBytes() {
    return Reading.of(allocated(), "bytes");
  }

  /** The same, iteration by iteration. */
  double[] allocated() {
    for (var metric : node.path("secondaryMetrics").properties()) {
      // with a dot before it in some versions of JMH
      if (metric.getKey().endsWith("gc.alloc.rate.norm")) {
        return raw(metric.getValue());
      }
    }
    throw new FailedException("JMH says nothing of allocation");
  }

  /** What each iteration of each fork came to. */
  private static double[] raw(JsonNode metric) {
    return StreamSupport.stream(metric.path("rawData").spliterator(), false)
        .flatMap(fork -> StreamSupport.stream(fork.spliterator(), false))
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
