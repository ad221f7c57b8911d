// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.measure.compare.Verdict;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the gate says of one metric of one configuration. Ratios are of times, new over old: above
 * 1, it became slower. No number is NaN or infinite.
 *
 * @param parameters of the workload
 * @param engine its id; empty where none is known
 * @param mode path, and what is not usual of clock and caches; empty where it is not known
 * @param metric such as {@code median}; null where it is about the configuration as a whole
 * @param tolerance the relative difference that does not matter; null where nothing was to be
 *     judged
 * @param verdict the word for it: that of a {@link Verdict}, or of what became of measuring
 * @param reason why it could not be told, or what is wrong; null where a difference was judged
 * @param how in one line, what it rests on; may be empty
 * @param oldNanos the centre over duets or processes of the baseline, in nanoseconds
 * @param newNanos the same of what is new
 * @param ratio new over old; null where there is none
 * @param lower lower bound of its interval; null where there are too few for one
 * @param upper upper bound; null exactly where {@code lower} is
 */
public record GateCase(
    String workload,
    Map<String, Object> parameters,
    String engine,
    String mode,
    @Nullable String metric,
    @Nullable Double tolerance,
    Outcome outcome,
    String verdict,
    @Nullable String reason,
    String how,
    @Nullable Double oldNanos,
    @Nullable Double newNanos,
    @Nullable Double ratio,
    @Nullable Double lower,
    @Nullable Double upper) {
  public GateCase {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** What follows. */
  public enum Outcome {
    /** Nothing speaks against it. */
    PASSED,
    /** It became slower, by more than does not matter. */
    REGRESSED,
    /** Nobody can tell. */
    OPEN,
    /** What is new gives a wrong answer. */
    INCORRECT,
    /** What is new does not work. */
    FAILED,
    /** The baseline is not what was measured. */
    UNVERIFIED
  }

  /** About a configuration as a whole. */
  static GateCase whole(
      String workload,
      Map<String, Object> parameters,
      String engine,
      String mode,
      Outcome outcome,
      String verdict,
      String reason) {
    return new GateCase(
        workload,
        parameters,
        engine,
        mode,
        null,
        null,
        outcome,
        verdict,
        reason,
        "",
        null,
        null,
        null,
        null,
        null);
  }

  /** What follows from a verdict: only that it became slower is bad. */
  static Outcome outcome(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Same _ -> Outcome.PASSED;
      case Verdict.Changed changed -> changed.slower() ? Outcome.REGRESSED : Outcome.PASSED;
      case Verdict.Inconclusive _ -> Outcome.OPEN;
    };
  }

  /** Whether it became faster, by more than does not matter. */
  public boolean improved() {
    return outcome == Outcome.PASSED && ratio != null && ratio < 1 && verdict.equals("Changed");
  }

  /** {@code consensus validators=1000 tags=siphash}. */
  public String configuration() {
    var text = new StringBuilder(workload);
    parameters.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    return text.toString();
  }
}
