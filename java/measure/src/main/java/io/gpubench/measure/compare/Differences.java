// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.compare.Difference.Kind;
import io.gpubench.measure.compare.RecordedCase.Work;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** In what two recorded sides differ apart from their times. Pure. */
public final class Differences {
  /** Samples that differ by no more than this do the same work. */
  private static final double SAME_WORK = 0.001;

  /** What a person reads on a line; a report has all of them. */
  private static final int MOST_LISTED = 20;

  private static final String UNKNOWN = "unknown";

  /** What a setting is; others are about the engine. */
  private static final Map<String, Kind> SETTINGS =
      Map.of(
          "clock", Kind.CLOCK,
          "mode", Kind.CLOCK,
          "cache", Kind.CACHE,
          "synthetic", Kind.SYNTHETIC);

  private Differences() {}

  /** Of everything that the sides have in common. */
  static List<Difference> of(RecordedSide a, RecordedSide b) {
    var all = new ArrayList<Difference>();
    add(all, "", a.tool(), b.tool(), key -> key.equals("commit") ? Kind.COMMIT : Kind.TOOL, true);
    add(
        all,
        "",
        a.conditions(),
        b.conditions(),
        key -> key.equals("faults") ? Kind.SYNTHETIC : Kind.CONDITIONS,
        a.format().equals(b.format()));
    return all;
  }

  /**
   * Of two configurations that are compared with each other.
   *
   * @param chosen parameters that one of the sides was told to have
   */
  static List<Difference> of(RecordedCase a, RecordedCase b, Set<String> chosen) {
    var all = new ArrayList<Difference>();
    boolean devices = a.machine().containsKey("device") && b.machine().containsKey("device");
    add(
        all,
        "",
        machine(a, devices),
        machine(b, devices),
        _ -> Kind.MACHINE,
        !a.machine().isEmpty() && !b.machine().isEmpty());
    boolean gpubench = a.settings().containsKey("engine");
    add(
        all,
        a.workload(),
        a.parameters(),
        b.parameters(),
        key -> chosen.contains(a.workload() + "." + key) ? Kind.CHOSEN : Kind.PARAMETERS,
        true);
    add(
        all,
        a.label(),
        a.settings(),
        b.settings(),
        key -> SETTINGS.getOrDefault(key, gpubench ? Kind.ENGINE : Kind.PARAMETERS),
        true);
    Work workOfA = a.work();
    Work workOfB = b.work();
    if (workOfA != null
        && workOfB != null
        && Math.abs(workOfB.units() / workOfA.units() - 1) > SAME_WORK) {
      all.add(
          new Difference(
              Kind.PARAMETERS, a.label(), "work of a sample", text(workOfA), text(workOfB)));
    }
    return all;
  }

  /** What a processor did needs no device, and what is known of one says nothing against it. */
  private static Map<String, String> machine(RecordedCase one, boolean devices) {
    return one.machine().entrySet().stream()
        .filter(entry ->
            devices
                || !one.settings().containsKey("engine")
                || !entry.getKey().startsWith("device"))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (x, _) -> x, java.util.LinkedHashMap::new));
  }

  private static String text(Work work) {
    return String.format(Locale.ROOT, "%,.1f %s", work.units(), work.unit());
  }

  private interface KindOf {
    Kind of(String key);
  }

  private static void add(
      List<Difference> all,
      String subject,
      Map<String, String> a,
      Map<String, String> b,
      KindOf kind,
      boolean missingCounts) {
    var keys = new LinkedHashSet<>(a.keySet());
    keys.addAll(b.keySet());
    for (String key : keys) {
      String ofA = a.getOrDefault(key, UNKNOWN);
      String ofB = b.getOrDefault(key, UNKNOWN);
      boolean known = a.containsKey(key) && b.containsKey(key);
      if (!ofA.equals(ofB) && (known || missingCounts)) {
        all.add(new Difference(kind.of(key), subject, key, absent(key, ofA), absent(key, ofB)));
      }
    }
  }

  /** What nobody says of a setting that only exists where it is on. */
  private static String absent(String key, String value) {
    return Set.of("synthetic", "faults", "slowdown").contains(key) && value.equals(UNKNOWN)
        ? "no"
        : value;
  }

  /** Those that make times incomparable, unless somebody knows better. */
  public static List<Difference> unlike(List<Difference> all, Set<Kind> accepted) {
    return all.stream()
        .filter(one -> one.kind().unlike() && !accepted.contains(one.kind()))
        .toList();
  }

  /**
   * Refuses sides that are unlike.
   *
   * @param accepted kinds that may differ
   * @param remedy what to do about it, such as {@code --anyway-unlike compares them all the same}
   * @throws ConfigException which lists all differences of the other kinds
   */
  public static void demandAlike(RecordedComparison comparison, Set<Kind> accepted, String remedy) {
    List<Difference> unlike = unlike(comparison.differences(), accepted);
    if (!unlike.isEmpty()) {
      throw new ConfigException(
          "%s and %s are unlike: %s; %s"
              .formatted(
                  comparison.a().name(),
                  comparison.b().name(),
                  unlike.stream()
                          .limit(MOST_LISTED)
                          .map(Difference::toString)
                          .collect(Collectors.joining("; "))
                      + (unlike.size() > MOST_LISTED
                          ? "; and %,d more".formatted(unlike.size() - MOST_LISTED)
                          : ""),
                  remedy));
    }
  }
}
