// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.versions.Versions;
import io.gpubench.app.workers.ForeignEngine;
import io.gpubench.app.workers.Launcher;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.plan.Place;
import io.gpubench.measure.result.RunDocument.EngineChoice;
import io.gpubench.measure.spi.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From which gpubench the workers of two sides come. Where one side is another version, both are
 * started in the same way, each by its own launcher, so that the way cannot be a difference.
 *
 * @param a null for this gpubench's own classes, which is so for both or for none
 */
record Origins(@Nullable Launcher a, @Nullable Launcher b) {
  private static final Origins OWN = new Origins(null, null);

  /**
   * Finds the versions that the sides name; that may have to build one.
   *
   * @throws ConfigException when a name stands for nothing, or there are no workers
   * @throws io.gpubench.measure.EngineException when a version cannot be built or does not answer
   */
  static Origins of(DuetSide sideA, DuetSide sideB, Workplace workplace, Journey journey) {
    if (sideA.version() == null && sideB.version() == null) {
      return OWN;
    }
    if (!workplace.isolated()) {
      throw new ConfigException(
          "version= is about workers, and --in-process has none; leave one of them out");
    }
    Versions versions = versions(journey);
    Launcher ofA = launcher(versions, sideA.version());
    return new Origins(ofA, sideB.sameVersion(sideA) ? ofA : launcher(versions, sideB.version()));
  }

  /**
   * Those of a stored run, as they are today.
   *
   * @param file of that run, for messages
   * @throws ConfigException when its versions are not here any more
   */
  static Origins again(EngineChoice first, EngineChoice last, Path file, Journey journey) {
    Object ofFirst = first.description().get(Versions.FACT);
    Object ofLast = last.description().get(Versions.FACT);
    if (ofFirst == null && ofLast == null) {
      return OWN;
    }
    Versions versions = versions(journey);
    try {
      return new Origins(launcher(versions, asked(ofFirst)), launcher(versions, asked(ofLast)));
    } catch (ConfigException e) {
      throw new Place.InFile(file, 0, "engines").error(String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable String asked(@Nullable Object fact) {
    return fact instanceof Map<?, ?> map && map.get(Versions.ASKED) instanceof String name
        ? name
        : null;
  }

  private static Versions versions(Journey journey) {
    Installation installation = journey.installation();
    return new Versions(
        installation.home(), installation.environment(), journey::say, journey.cancellation());
  }

  private static Launcher launcher(Versions versions, @Nullable String name) {
    return name == null ? versions.own() : versions.find(name);
  }

  /**
   * That an engine has versions.
   *
   * @param engine null where it is not known yet, which is then one of our own
   * @throws ConfigException for a program of its own
   */
  void demandOwn(DuetSide side, @Nullable Engine engine) {
    if (side.version() != null && engine instanceof ForeignEngine) {
      throw side.place()
          .error(
              "version: the engine '%s' is a program of its own; name another file of configs/engines instead"
                  .formatted(engine.id()));
    }
  }

  /** What a reader should know, a line each. */
  List<String> notes() {
    Object javaOfA = a == null ? null : a.facts().get("java");
    Object javaOfB = b == null ? null : b.facts().get("java");
    return javaOfA == null || javaOfB == null || javaOfA.equals(javaOfB)
        ? List.of()
        : List.of(
            "the sides have different Java runtimes, A %s and B %s: a difference may be theirs"
                .formatted(javaOfA, javaOfB));
  }
}
