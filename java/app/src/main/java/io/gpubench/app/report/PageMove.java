// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.Printable;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.workloads.migration.MigrationWorkload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a migration moves, as the parameters of a run tell it, and how its engine does that.
 *
 * @param direction without what its files turned out to be
 * @param tuning what was set of how the engine does it
 */
record PageMove(
    Placement.Direction direction, long pageBytes, long pages, Map<String, Object> tuning) {
  private static final List<String> OWN =
      new MigrationWorkload().parameters().stream().map(Parameter::name).toList();

  /** That of a run; null when it is none of a migration, or one of a version that says it else. */
  static @Nullable PageMove of(String workload, Map<String, Object> parameters) {
    if (!workload.equals(MigrationWorkload.ID)
        || !parameters.keySet().containsAll(OWN)
        || !(parameters.get("pageBytes") instanceof Number pageBytes)
        || !(parameters.get("pages") instanceof Number pages)
        || !(parameters.get("seed") instanceof Number seed)) {
      return null;
    }
    var direction =
        new Placement.Direction(
            word(parameters, "from"),
            null,
            null,
            word(parameters, "to"),
            null,
            null,
            word(parameters, "ways"),
            word(parameters, "order"),
            word(parameters, "sync"),
            seed.longValue());
    var tuning = new LinkedHashMap<>(parameters);
    tuning.keySet().removeAll(OWN);
    return new PageMove(direction, pageBytes.longValue(), pages.longValue(), tuning);
  }

  /** That of a record, with what its files are; null as above. */
  static @Nullable PageMove of(ResultRecord record) {
    PageMove planned = of(record.workload(), record.parameters());
    Map<String, Object> chosen = record.configuration();
    return planned == null
        ? null
        : new PageMove(
            planned.direction.found(
                text(chosen, "fromAccess"),
                text(chosen, "fromFileSystem"),
                text(chosen, "toAccess"),
                text(chosen, "toFileSystem")),
            planned.pageBytes,
            planned.pages,
            planned.tuning);
  }

  private static String word(Map<String, Object> parameters, String name) {
    return String.valueOf(parameters.get(name));
  }

  private static @Nullable String text(Map<String, Object> values, String name) {
    Object value = values.get(name);
    return value == null ? null : value.toString();
  }

  /** Of both ways together. */
  long bytes() {
    return (direction.ways().equals("both") ? 2 : 1) * pages * pageBytes;
  }

  /** The path, and what was set of its tuning. */
  String way(String path) {
    var text = new StringBuilder(path);
    tuning.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    return Printable.line(text.toString());
  }

  /** A size in the largest binary unit of which it is a whole number, such as {@code 4 KiB}. */
  static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long number = bytes;
    while (unit < units.length - 1 && number >= 1024 && number % 1024 == 0) {
      number /= 1024;
      unit++;
    }
    return number + " " + units[unit];
  }

  /** A tier for a person: what only looks like storage says so. */
  static String tier(String tier, @Nullable String access, @Nullable String fileSystem) {
    return Printable.line(tier)
        + switch (access) {
          case null -> tier.startsWith("file:") ? " (not known whether that is storage)" : "";
          case "direct" ->
              FileTiers.served(fileSystem) ? " (direct, but " + fileSystem + ")" : " (direct)";
          default -> " (" + Printable.line(access) + ", not storage)";
        };
  }
}
