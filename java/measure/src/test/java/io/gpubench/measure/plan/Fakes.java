// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;

/** A catalog for tests: two workloads and three engines that do nothing. */
final class Fakes {
  static final MachineFacts FACTS = new MachineFacts(4, 64L << 20, 8L << 20);

  static final Profile PROFILE =
      new Profile(
          "test",
          "",
          Duration.ofMinutes(1),
          1,
          1000,
          5000,
          0.005,
          Duration.ofSeconds(1),
          100,
          Duration.ofMillis(500));

  static final Parameter VALIDATORS =
      new Parameter.Whole("validators", "how many", 4, 1_048_576, List.of(1000L, 10_000L));
  static final Parameter BYZANTINE =
      new Parameter.Decimal("byzantine", "share", 0, 0.33, List.of(0.33));
  static final Parameter TAGS =
      new Parameter.Choice(
          "tags", "authenticators", List.of("siphash", "none"), List.of("siphash"));
  static final Parameter SEED =
      new Parameter.Whole("seed", "seed", 0, Long.MAX_VALUE, List.of(42L));

  static final Workload CONSENSUS =
      new FakeWorkload("consensus", List.of(VALIDATORS, BYZANTINE, TAGS, SEED), "validators", 412);
  static final Workload MATCH =
      new FakeWorkload(
          "synthesis.match",
          List.of(new Parameter.Whole("nodes", "how many", 1, 1 << 24, List.of(1000L))),
          "nodes",
          1);

  static final Catalog CATALOG =
      Catalog.of(
          List.of(CONSENSUS, MATCH),
          List.of(
              new FakeEngine("cuda", Map.of("synthesis.match", List.of("launch", "graph"))),
              new FakeEngine("host", Map.of("consensus", List.of("call", "batch"))),
              new FakeEngine("java", Map.of("consensus", List.of("call")))));

  private Fakes() {}

  /** The message of the ConfigException that something throws. */
  static String message(Executable executable) {
    return String.valueOf(assertThrows(ConfigException.class, executable).getMessage());
  }

  /** A workload that takes a number of bytes for each unit of size. */
  record FakeWorkload(String id, List<Parameter> parameters, String sizeParameter, long bytesEach)
      implements Workload {
    @Override
    public String summary() {
      return "a fake";
    }

    @Override
    public String unitOfWork() {
      return "units";
    }

    @Override
    public void check(ParameterValues values) {
      if (values.asMap().containsKey("tags")
          && values.choice("tags").equals("none")
          && values.whole("validators") == 7) {
        throw new ConfigException("7 validators need tags");
      }
    }

    @Override
    public long footprintBytes(ParameterValues values, MachineFacts facts) {
      return values.whole(sizeParameter) * bytesEach;
    }

    @Override
    public long answerDigest(ParameterValues values, long sample) {
      return 0;
    }

    @Override
    public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file) {
      throw new AssertionError("nobody asked for a file");
    }
  }

  /** An engine that cannot be opened; a plan needs no open one. */
  record FakeEngine(String id, Map<String, List<String>> pathsByWorkload) implements Engine {
    @Override
    public String summary() {
      return "a fake";
    }

    @Override
    public List<String> paths(String workloadId) {
      return pathsByWorkload.getOrDefault(workloadId, List.of());
    }

    @Override
    public Session open(Options options) {
      throw new AssertionError("planning opens no engine");
    }
  }
}
