// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.Printable;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.telemetry.TelemetryPart;
import io.gpubench.measure.telemetry.TelemetryPart.Beside;
import io.gpubench.measure.telemetry.TelemetryPart.Energy;
import io.gpubench.measure.telemetry.TelemetryPart.SensorPart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** What sensors said beside samples, in lines for people. */
final class TelemetryText {
  /** What a device that works for itself is expected to tell. */
  private static final List<String> EXPECTED =
      List.of(Sensor.POWER_INSTANT, Sensor.TEMPERATURE, Sensor.CLOCK, Sensor.TIME_BUSY);

  private static final int WIDTH = 100;

  private static final Set<String> SHOWN =
      Set.of(
          Sensor.POWER_INSTANT,
          Sensor.POWER_AVERAGE,
          Sensor.ENERGY,
          Sensor.TEMPERATURE,
          Sensor.CLOCK,
          Sensor.TIME_BUSY,
          Sensor.THROTTLED_BY);

  /** Some drivers count these in 32 bits, which may turn more than once between two readings. */
  private static final Set<String> LOWER_BOUNDS = Set.of("pcieSentBytes", "pcieReceivedBytes");

  private TelemetryText() {}

  /** A record in a few lines, the first with its id; empty where there is nothing to say. */
  static String of(ResultRecord record) {
    var sensors = SensorsOfRecord.of(record);
    var facts = new ArrayList<String>();
    String power = sensors.firstRead(Sensor.POWER_INSTANT, Sensor.POWER_AVERAGE);
    if (power != null) {
      facts.add(
          (power.equals(Sensor.POWER_AVERAGE) ? "averaged " : "") + range(sensors, power, "W", 1));
    }
    if (sensors.mean(Sensor.TEMPERATURE).isPresent()) {
      facts.add(range(sensors, Sensor.TEMPERATURE, "C", 0));
    }
    if (sensors.mean(Sensor.CLOCK).isPresent()) {
      facts.add(range(sensors, Sensor.CLOCK, "MHz", 0));
    }
    if (sensors.mean(Sensor.TIME_BUSY).isPresent()) {
      facts.add("time-busy " + range(sensors, Sensor.TIME_BUSY, "%", 0));
    }
    energy(sensors, facts);
    counters(sensors, facts);
    if (record.device() != null && !sensors.parts().isEmpty()) {
      missing(sensors, facts);
    }
    return facts.isEmpty() ? "" : lines(record.id() + ": ", facts);
  }

  private static String lines(String begin, List<String> facts) {
    var text = new StringBuilder();
    var line = new StringBuilder(begin);
    for (int i = 0; i < facts.size(); i++) {
      String fact = Printable.line(facts.get(i)) + (i + 1 < facts.size() ? ", " : "");
      if (line.length() + fact.stripTrailing().length() > WIDTH && !line.toString().isBlank()) {
        text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        line = new StringBuilder("  ");
      }
      line.append(fact);
    }
    return text.append(line).append(System.lineSeparator()).toString();
  }

  /** {@code 411.5 W (398.0 .. 425.2)}; the mean alone where all readings are equal. */
  private static String range(SensorsOfRecord sensors, String id, String unit, int decimals) {
    double mean = sensors.mean(id).orElseThrow();
    double min = sensors.min(id).orElseThrow();
    double max = sensors.max(id).orElseThrow();
    String number = "%,." + decimals + "f";
    String text = String.format(Locale.ROOT, number + " %s", mean, unit);
    String bounds = String.format(Locale.ROOT, " (" + number + " .. " + number + ")", min, max);
    return min == max ? text : text + bounds;
  }

  private static void energy(SensorsOfRecord sensors, List<String> facts) {
    Energy energy = sensors.energy();
    if (energy != null) {
      facts.add(
          "%s (%s .. %s) per unit of work (%s)"
              .formatted(
                  joules(energy.joulesPerUnit()),
                  joules(energy.lower()),
                  joules(energy.upper()),
                  energy.unit()));
      return;
    }
    String whyNot = sensors.energyWhyNot();
    if (whyNot != null) {
      facts.add("energy per unit of work not known: " + whyNot);
    }
  }

  /** With a metric prefix. */
  private static String joules(double joules) {
    String[] prefixes = {"", "m", "u", "n", "p", "f"};
    double scaled = joules;
    int prefix = 0;
    while (scaled > 0 && scaled < 1 && prefix < prefixes.length - 1) {
      scaled *= 1000;
      prefix++;
    }
    return String.format(Locale.ROOT, "%.3g %sJ", scaled, prefixes[prefix]);
  }

  /** Those that grew: steal time, errors of the memory, traffic. */
  private static void counters(SensorsOfRecord sensors, List<String> facts) {
    for (String id : sensors.ids()) {
      SensorPart first = sensors.sensor(id).getFirst();
      double increase = sensors.increase(id);
      if (!SHOWN.contains(id) && first.kind().equals("counter") && increase > 0) {
        boolean count = increase == Math.rint(increase) && increase < 1e6;
        facts.add(
            id
                + (LOWER_BOUNDS.contains(id) ? " at least +" : " +")
                + (count ? String.format(Locale.ROOT, "%,.0f", increase) : Figures.rate(increase)));
      }
    }
  }

  private static void missing(SensorsOfRecord sensors, List<String> facts) {
    var missing = new ArrayList<String>();
    for (String id : EXPECTED) {
      String why = sensors.missing(id);
      if (why != null) {
        missing.add(id + " (" + why + ")");
      }
    }
    if (!missing.isEmpty()) {
      facts.add("not measured: " + String.join(", ", missing));
    }
  }

  /** What reading them cost, over all records, in a line; empty where none was read. */
  static String cost(RunDocument run) {
    List<TelemetryPart> parts =
        run.records().stream()
            .flatMap(record -> SensorsOfRecord.of(record).parts().stream())
            .toList();
    long polls = parts.stream().mapToLong(TelemetryPart::polls).sum();
    if (polls == 0) {
      return "";
    }
    double nanos =
        parts.stream().mapToDouble(part -> part.polls() * (double) part.cost().medianNanos()).sum();
    return String.format(
        Locale.ROOT,
        "sensors: %,d polls of %.0f us on a thread of their own%s%n%s",
        polls,
        nanos / polls / 1e3,
        beside(parts),
        updates(parts));
  }

  /** How often those change that conclusions rest on, in a line; empty where nobody knows. */
  private static String updates(List<TelemetryPart> parts) {
    var periods = new ArrayList<String>();
    for (String id :
        List.of(Sensor.ENERGY, Sensor.POWER_INSTANT, Sensor.POWER_AVERAGE, Sensor.TIME_BUSY)) {
      parts.stream()
          .map(part -> part.sensors().get(id))
          .filter(Objects::nonNull)
          .map(SensorPart::updateSeconds)
          .filter(Objects::nonNull)
          .min(Comparator.naturalOrder())
          .ifPresent(seconds -> periods.add(String.format(Locale.ROOT, "%s %.3f s", id, seconds)));
    }
    return periods.isEmpty()
        ? ""
        : "  updated, as far as polls can tell, every: %s%n".formatted(String.join(", ", periods));
  }

  /** The middle one of the processes, and the outermost bounds. */
  private static String beside(List<TelemetryPart> parts) {
    List<Beside> all =
        parts.stream()
            .map(TelemetryPart::beside)
            .filter(Objects::nonNull)
            .filter(beside -> beside.lower() != null && beside.upper() != null)
            .sorted(Comparator.comparingDouble(Beside::ratio))
            .toList();
    return all.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "; samples that met one took %s times as long as others (%s .. %s)",
            Figures.ratio(all.get((all.size() - 1) / 2).ratio()),
            Figures.ratio(all.stream().mapToDouble(TelemetryText::lower).min().orElseThrow()),
            Figures.ratio(all.stream().mapToDouble(TelemetryText::upper).max().orElseThrow()));
  }

  private static double lower(Beside beside) {
    return Objects.requireNonNull(beside.lower());
  }

  private static double upper(Beside beside) {
    return Objects.requireNonNull(beside.upper());
  }
}
