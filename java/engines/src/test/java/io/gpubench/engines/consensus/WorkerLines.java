// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;

/** Requests to a worker that runs the consensus workload, and what its replies hold. */
final class WorkerLines {
  private WorkerLines() {}

  static String prepareRequest(Path inputs) {
    String quoted = inputs.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    return """
    {"type":"prepare","workload":"consensus","path":"call",\
    "parameters":{"validators":4,"byzantine":0.33,"tags":"none"},"inputs":"%s",\
    "facts":{"processors":2,"availableBytes":8589934592,"lastLevelCacheBytes":65536}}\
    """
        .formatted(quoted);
  }

  static String verifyRequest(LongStream samples) {
    String list = samples.mapToObj(Long::toString).collect(Collectors.joining(","));
    return "{\"type\":\"verify\",\"samples\":[" + list + "]}";
  }

  static String measureRequest(long first, long samples, long nanos, long discard) {
    return "{\"type\":\"measure\",\"first\":%d,\"samples\":%d,\"nanos\":%d,\"discard\":%d}"
        .formatted(first, samples, nanos, discard);
  }

  static List<String> digests(JsonNode reply) {
    return reply.get("digests").valueStream().map(JsonNode::stringValue).toList();
  }

  static long[] longs(JsonNode list) {
    return list.valueStream().mapToLong(JsonNode::longValue).toArray();
  }
}
