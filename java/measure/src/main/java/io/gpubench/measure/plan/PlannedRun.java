// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.seal.Sha256;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * One measurement that is going to be made.
 *
 * @param id the same for the same workload, engine, path and values, whatever else is planned and
 *     whatever the profile: {@code consensus-host-call-3fa94c21b07e}
 * @param engine id of the engine
 * @param mode a path by which the engine runs the workload, and how it is timed
 * @param stoppingRule of each repetition
 * @param footprintBytes upper bound of the memory that the run takes
 * @param repetitions how many processes measure it, at least 1
 * @param budget upper bound of the time that a repetition should take: preparation, warm-up,
 *     measuring
 */
public record PlannedRun(
    String id,
    Workload workload,
    String engine,
    Mode mode,
    ParameterValues values,
    StoppingRule stoppingRule,
    long footprintBytes,
    int repetitions,
    Duration budget) {
  /** How the work reaches the engine. */
  public String path() {
    return mode.path();
  }

  /** The same under another id. */
  public PlannedRun withId(String other) {
    return new PlannedRun(
        other, workload, engine, mode, values, stoppingRule, footprintBytes, repetitions, budget);
  }

  /**
   * The id of a run: a readable part and 48 bits of the SHA-256 of everything that makes the run
   * what it is. So many bits keep the chance of a clash among 10,000 runs below one in a million.
   */
  static String id(Workload workload, String engine, Mode mode, ParameterValues values) {
    return id(workload.id(), engine, mode, values.asMap());
  }

  /** The id of a run from the words of a record; see above. */
  public static String id(
      String workload, String engine, Mode mode, Map<String, Object> parameters) {
    var canonical = new StringBuilder();
    canonical.append("workload=").append(workload).append('\n');
    canonical.append("engine=").append(engine).append('\n');
    canonical.append("path=").append(mode.path()).append('\n');
    if (mode.clock() != PreparedRun.Clock.HOST) {
      canonical.append("clock=").append(mode.clock().word()).append('\n');
    }
    if (mode.cache() != Mode.Cache.HOT) {
      canonical.append("cache=").append(mode.cache().word()).append('\n');
    }
    new TreeMap<>(parameters)
        .forEach((key, value) -> canonical.append(key).append('=').append(value).append('\n'));
    byte[] hash = Sha256.digest().digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
    String bits = HexFormat.of().formatHex(hash, 0, 6);
    String readable = String.join("-", workload, engine, mode.toString());
    return readable.replace(' ', '-').replace(':', '-') + "-" + bits; // names files
  }
}
