// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.Printable;
import io.gpubench.measure.calibrate.Calibration;
import io.gpubench.measure.calibrate.Detectable;
import io.gpubench.measure.calibrate.KeptCalibrations;
import io.gpubench.measure.calibrate.PlayedGate;
import io.gpubench.measure.calibrate.Rate;
import io.gpubench.measure.calibrate.Spread;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.result.RunJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calibrations for people and for programs. */
public final class CalibrationReport {
  private static final List<String> HEADER =
      List.of(
          "workload",
          "engine",
          "path",
          "device",
          "synthetic",
          "parameters",
          "measuredAt",
          "ended",
          "seconds",
          "gates",
          "falseAlarms",
          "falseAlarmsAtMost",
          "falseAlarmsLower",
          "falseAlarmsUpper",
          "same",
          "inconclusive",
          "injected",
          "slowdown",
          "found",
          "foundAtLeast",
          "foundLower",
          "foundUpper",
          "realised",
          "realisedLower",
          "realisedUpper",
          "detectable",
          "detectableLower",
          "detectableUpper",
          "medianSpread",
          "p95Spread",
          "duetsOfGate",
          "secondsOfGate");

  private CalibrationReport() {}

  /** By its schema, ended by a line feed. */
  public static String json(KeptCalibrations calibrations) {
    return RunJson.pretty(calibrations);
  }

  /** A header and a row for each, an empty cell where there is no value; factors and shares. */
  public static String csv(KeptCalibrations calibrations) {
    var csv = new Csv();
    csv.row(HEADER);
    calibrations.calibrations().forEach(one -> csv.row(row(one)));
    return csv.toString();
  }

  private static List<@Nullable Object> row(Calibration one) {
    Calibration.Subject subject = one.subject();
    var row = new ArrayList<@Nullable Object>();
    row.add(subject.workload());
    row.add(subject.engine());
    row.add(subject.path());
    row.add(subject.device());
    row.add(subject.synthetic());
    row.add(parameters(subject.parameters()));
    row.add(one.measuredAt());
    row.add(one.ended());
    row.add(one.seconds());
    Calibration.FalseAlarms alarms = one.falseAlarms();
    row.add(alarms == null ? 0 : alarms.rate().gates());
    row.add(alarms == null ? null : alarms.rate().hits());
    row.add(alarms == null ? null : alarms.rate().atMost());
    row.add(alarms == null ? null : alarms.rate().lower());
    row.add(alarms == null ? null : alarms.rate().upper());
    row.add(alarms == null ? null : alarms.same());
    row.add(alarms == null ? null : alarms.inconclusive());
    Calibration.Injected injected = one.injected();
    row.add(injected == null ? 0 : injected.rate().gates());
    row.add(one.asked().slowdown());
    row.add(injected == null ? null : injected.rate().hits());
    row.add(injected == null ? null : injected.rate().atLeast());
    row.add(injected == null ? null : injected.rate().lower());
    row.add(injected == null ? null : injected.rate().upper());
    row.add(injected == null ? null : injected.realised());
    row.add(injected == null ? null : injected.lower());
    row.add(injected == null ? null : injected.upper());
    Detectable detectable = one.detectable();
    row.add(detectable == null ? null : detectable.slowdown());
    row.add(detectable == null ? null : detectable.lower());
    row.add(detectable == null ? null : detectable.upper());
    for (String metric : TrialRule.METRICS) {
      Spread spread = one.spreads().get(metric);
      row.add(spread == null ? null : spread.spread());
    }
    row.add(one.effort() == null ? null : one.effort().duetsOfGate());
    row.add(one.effort() == null ? null : one.effort().secondsOfGate());
    return row;
  }

  /** For people: a block for each, ended by a line feed. */
  public static String text(KeptCalibrations calibrations) {
    return calibrations.calibrations().stream()
        .map(CalibrationReport::block)
        .collect(Collectors.joining("\n"));
  }

  private static String block(Calibration one) {
    var text = new StringBuilder();
    Calibration.Subject subject = one.subject();
    text.append(
        String.format(
            Locale.ROOT,
            "%s %s%n",
            Printable.line(subject.workload()),
            Printable.line(parameters(subject.parameters()))));
    text.append(
        String.format(
            Locale.ROOT,
            "%s (%s%s, path %s) against itself, %s%n",
            Printable.line(subject.side()),
            Printable.line(subject.engine()),
            (subject.device() == null ? "" : " on " + Printable.line(subject.device()))
                + (subject.synthetic() ? ", SYNTHETIC" : ""),
            Printable.line(subject.path()),
            ended(one)));
    alarms(text, one);
    injected(text, one);
    detectable(text, one);
    spreads(text, one);
    if (one.effort() != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "effort        %.1f duets and %.1f s a gate, %.1f s a duet%n",
              one.effort().duetsOfGate(),
              one.effort().secondsOfGate(),
              one.effort().secondsOfDuet()));
    }
    for (PlayedGate gate : one.gates()) {
      if (!gate.counts()) {
        text.append(
            String.format(
                Locale.ROOT,
                "* gate %d, %s, does not count: %s%n",
                gate.number(),
                Printable.line(gate.run()),
                Printable.line(String.valueOf(gate.whyNot()))));
      }
    }
    return text.toString();
  }

  private static String ended(Calibration one) {
    long counting = one.gates().stream().filter(PlayedGate::counts).count();
    int asked = one.asked().gates() + one.asked().injected();
    String played = counting + " of " + asked + (asked == 1 ? " gate counts" : " gates count");
    return switch (one.ended()) {
      case Calibration.INTERRUPTED -> played + ", since it was interrupted";
      case Calibration.TIME -> played + ", since the time was up";
      case Calibration.FAILED -> played + ", since one could not be played";
      default -> played;
    };
  }

  private static void alarms(StringBuilder text, Calibration one) {
    Calibration.FalseAlarms alarms = one.falseAlarms();
    if (alarms == null) {
      return;
    }
    Rate rate = alarms.rate();
    text.append(
        String.format(
            Locale.ROOT,
            "false alarms  %d of %d gates of equal sides: at most %s (95 %%; interval %s .. %s); %d Same, %d Inconclusive%n",
            rate.hits(),
            rate.gates(),
            percent(rate.atMost()),
            percent(rate.lower()),
            percent(rate.upper()),
            alarms.same(),
            alarms.inconclusive()));
    if (rate.atMost() >= Calibration.ALARMS_BELOW) {
      text.append(
          String.format(
              Locale.ROOT,
              "              below %s is shown by %d gates with %s%n",
              percent(Calibration.ALARMS_BELOW),
              alarms.gatesNeeded(),
              rate.hits() == 0 ? "no false alarm" : rate.hits() + " of them, no more"));
    }
  }

  private static void injected(StringBuilder text, Calibration one) {
    Calibration.Injected injected = one.injected();
    Double slowdown = one.asked().slowdown();
    if (injected == null || slowdown == null) {
      return;
    }
    Rate rate = injected.rate();
    text.append(
        String.format(
            Locale.ROOT,
            "found         %d of %d gates of a side slowed down by %s: at least %s (95 %%; interval %s .. %s); %d Same, %d Inconclusive%s%n",
            rate.hits(),
            rate.gates(),
            percent(slowdown - 1),
            percent(rate.atLeast()),
            percent(rate.lower()),
            percent(rate.upper()),
            injected.same(),
            injected.inconclusive(),
            injected.wrongSide() == 0 ? "" : ", " + injected.wrongSide() + " THE WRONG SIDE"));
    text.append(
        String.format(
            Locale.ROOT,
            "realised      %s slower, by all their duets%s%n",
            percent(injected.realised() - 1),
            injected.lower() == null || injected.upper() == null
                ? ""
                : "; 95 %% interval %s .. %s"
                    .formatted(percent(injected.lower() - 1), percent(injected.upper() - 1))));
  }

  private static void detectable(StringBuilder text, Calibration one) {
    Detectable detectable = one.detectable();
    if (detectable == null) {
      text.append(
          String.format(
              Locale.ROOT,
              "detectable    %s%n",
              one.ended().equals(Calibration.INTERRUPTED)
                  ? "not simulated; 'gpubench calibrate --from FILE' does it"
                  : "not known, by fewer than " + Spread.FEWEST + " duets of equal sides"));
      return;
    }
    text.append(
        String.format(
            Locale.ROOT,
            "detectable    %s, found in %s of gates simulated from %d duets; 95 %% interval %s .. %s%n",
            slower(detectable.slowdown()),
            percent(detectable.power()),
            detectable.duets(),
            slower(detectable.lower()),
            slower(detectable.upper())));
  }

  private static String slower(@Nullable Double factor) {
    return factor == null
        ? "more than " + percent(Detectable.MOST - 1)
        : percent(factor - 1) + " slower";
  }

  private static void spreads(StringBuilder text, Calibration one) {
    for (Map.Entry<String, Spread> entry : one.spreads().entrySet()) {
      Spread spread = entry.getValue();
      boolean p95 = entry.getKey().equals(TrialRule.P95);
      text.append(
          String.format(
              Locale.ROOT,
              "spread        %s %s from duet to duet; 95 %% interval %s .. %s%s%n",
              entry.getKey(),
              percent(spread.spread()),
              percent(spread.lower()),
              percent(spread.upper()),
              p95
                  ? String.format(
                      Locale.ROOT,
                      ": may be gated at a tolerance of %s or more",
                      percent(Math.expm1(spread.upper())))
                  : ""));
    }
  }

  private static String parameters(Map<String, Object> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  private static String percent(double share) {
    return Figures.percent(share);
  }
}
