// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.profiling;

import io.gpubench.app.measuring.Installation;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.plan.Catalog;
import io.gpubench.measure.plan.Machine;
import io.gpubench.measure.plan.Place;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Replanner;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunDocument.EngineChoice;
import io.gpubench.measure.result.RunDocument.Planned;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.StoppingRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One record of a stored run.
 *
 * @param directory of the run
 * @param engine that measured it
 */
record ChosenRecord(Path directory, RunDocument run, Planned planned, EngineChoice engine) {
  /** How thoroughly an old run was planned is not known, and of no importance here. */
  private static final RunDocument.Effort ANY =
      new RunDocument.Effort(1, 0, new StoppingRule(1, 1, 0, 1, 0, 1, 0, 0));

  /**
   * Finds a record.
   *
   * @param place a run directory; or one with a slash and a record's id after it
   * @param id of the record; null where the place says it, or the run has one only
   * @throws ConfigException when there is no such record, or it could be several
   * @throws io.gpubench.measure.ResultFormatException when there is no run that can be read
   */
  static ChosenRecord find(Path place, @Nullable String id) {
    Path parent = place.getParent();
    if (id == null && !isRun(place) && parent != null && isRun(parent)) {
      return of(parent, String.valueOf(place.getFileName()));
    }
    if (id != null) {
      return of(place, id);
    }
    List<String> ids = ids(RunReader.read(place));
    if (ids.size() != 1) {
      throw new ConfigException(
          ids.isEmpty()
              ? place + " has no records"
              : "%s has %d records; name one, such as %s"
                  .formatted(place, ids.size(), place.resolve(ids.getFirst())));
    }
    return of(place, ids.getFirst());
  }

  /** The record of that id. */
  static ChosenRecord of(Path directory, String id) {
    RunDocument run = RunReader.read(directory);
    Planned planned =
        run.planned().stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new ConfigException(Names.unknown("record", id, ids(run))));
    boolean sideB = run.duets() != null && run.planned().indexOf(planned) % 2 != 0;
    EngineChoice engine =
        Optional.of(sideB ? run.engines().getLast() : run.engines().getFirst())
            .filter(choice -> choice.id().equals(planned.engine()))
            .or(() -> run.engine(planned.engine()))
            .orElseThrow(() ->
                new ConfigException(
                    directory + " does not tell of its engine " + planned.engine()));
    return new ChosenRecord(directory, run, planned, engine);
  }

  private static boolean isRun(Path directory) {
    return Files.exists(directory.resolve(RunWriter.RUN_FILE));
  }

  private static List<String> ids(RunDocument run) {
    return run.planned().stream().map(Planned::id).toList();
  }

  String id() {
    return planned.id();
  }

  /**
   * The same work, as this gpubench knows it.
   *
   * @throws ConfigException when it knows no such workload, path or value any more, or it does not
   *     fit into the memory of this machine
   */
  PlannedRun replanned(Installation installation) {
    var place =
        new Place.InFile(
            directory.resolve(RunWriter.RUN_FILE),
            0,
            "planned[" + run.planned().indexOf(planned) + "]");
    var catalog =
        Catalog.of(
            installation.workloads().values(), installation.engines(List.of(planned.engine())));
    return new Replanner(catalog, Machine.facts(null)).plan(planned, ANY, place);
  }

  /** What became of it; empty in a run that was cut off before. */
  Optional<ResultRecord> result() {
    return run.records().stream().filter(record -> record.id().equals(id())).findFirst();
  }

  /** How many launches a piece of a sample of many has; 1 if not known. */
  int launchesOfPiece() {
    Map<String, Object> configuration =
        result().map(ResultRecord::configuration).orElseGet(Map::of);
    if (configuration.get("kernels") instanceof Number count) {
      return Math.max(1, count.intValue());
    }
    return configuration.get("launches") instanceof List<?> launches
        ? Math.max(1, launches.size())
        : 1;
  }

  /** The hashes of its kernels, by their family where there are several. */
  Map<String, String> kernelHashes() {
    return kernelHashes(
        engine.description(), result().map(ResultRecord::configuration).orElseGet(Map::of));
  }

  /** Those that an engine and a prepared run tell of. */
  static Map<String, String> kernelHashes(Map<String, Object> engine, Map<String, Object> run) {
    var hashes = new TreeMap<String, String>();
    if (run.get("kernels") instanceof Map<?, ?> own) {
      hash(hashes, "its kernels", own);
    } else if (engine.get("kernels") instanceof Map<?, ?> families) {
      families.forEach((family, one) -> {
        if (one instanceof Map<?, ?> image) {
          hash(hashes, family + ".cu", image);
        }
      });
    }
    return hashes;
  }

  private static void hash(Map<String, String> into, String name, Map<?, ?> image) {
    if (image.get("sha256") instanceof String hash) {
      into.put(name, hash);
    }
  }
}
