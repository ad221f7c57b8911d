// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Setting;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a claim is judged on: a row of a report.
 *
 * @param own what the claim is about
 * @param baseline what it is compared with; null for a claim that is not relative
 */
public record ClaimCase(Claim claim, Side own, @Nullable Side baseline) {

  /**
   * What is measured.
   *
   * @param key the id of such a run if it is planned alone, which says all that makes it what it is
   */
  public record Side(
      String key, String workload, String engine, Mode mode, ParameterValues values) {
    /** What a planned run measures. */
    static Side of(PlannedRun run) {
      return new Side(run.id(), run.workload().id(), run.engine(), run.mode(), run.values());
    }

    /** Whether that is what a record has measured, alone or as a side of a comparison. */
    public boolean isOf(ResultRecord measured) {
      return key.equals(ClaimCase.key(measured));
    }
  }

  /** The id of a record if it had been planned alone. */
  static String key(ResultRecord measured) {
    return PlannedRun.id(
        measured.workload(), measured.engine(), mode(measured), measured.parameters());
  }

  static Mode mode(ResultRecord measured) {
    return new RunDocument.Planned(
            "",
            measured.workload(),
            measured.engine(),
            measured.path(),
            Map.of(),
            null,
            measured.clock().equals(PreparedRun.Clock.HOST.word()) ? null : measured.clock(),
            measured.cache())
        .mode();
  }

  /** The values that the claim, or its baseline, sets, for people; the others are the defaults. */
  public Map<String, Object> named() {
    return named(own, claim.settings());
  }

  /** The values in which the baseline differs; empty where there is none. */
  public Map<String, Object> namedOfBaseline() {
    Claim.Baseline other = claim.baseline();
    return baseline == null || other == null ? Map.of() : named(baseline, other.settings());
  }

  private static Map<String, Object> named(Side side, List<Setting> settings) {
    var named = new LinkedHashMap<String, Object>();
    for (Setting setting : settings) {
      Object value = side.values().asMap().get(setting.parameter());
      if (value != null) {
        named.put(setting.parameter(), value);
      }
    }
    return named;
  }
}
