// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.ceiling.StateFolder;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.RunJson;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calibrations that a user keeps of a machine, beside its ceilings: a file for each piece of
 * hardware. What cannot be read, or was measured when the machine was another one, counts as
 * absent, and it is said why. Immutable.
 *
 * @param calibrations that hold
 * @param why there may be none, in one line; null where they were read
 */
public record Calibrations(List<Calibration> calibrations, @Nullable String why) {
  private static final String FOLDER = "calibrations";
  private static final int MOST_BYTES = 1 << 26;
  private static final String REMEDY = "'gpubench calibrate' measures it";

  public Calibrations {
    calibrations = List.copyOf(calibrations);
  }

  private static StateFolder folder(Path state) {
    return new StateFolder(state.resolve(FOLDER), MOST_BYTES);
  }

  /** The file of some hardware, whether it is there or not. */
  public static Path file(Path state, String hardware) {
    return folder(state).file(hardware);
  }

  /**
   * What is kept.
   *
   * @param state folder of all that gpubench keeps for a user
   * @param now the hardware as it is
   */
  public static Calibrations kept(Path state, HardwareIdentity now) {
    StateFolder folder = folder(state);
    Path file = folder.file(now.hardware());
    try {
      KeptCalibrations kept = parse(file, folder.bytes(file));
      List<String> changes = kept.identity().changes(now);
      return changes.isEmpty()
          ? new Calibrations(kept.calibrations(), null)
          : new Calibrations(
              List.of(),
              "what was calibrated is out of date: %s; %s"
                  .formatted(String.join(", ", changes), REMEDY));
    } catch (NoSuchFileException _) {
      return new Calibrations(List.of(), "this machine is not calibrated; " + REMEDY);
    } catch (ResultFormatException e) {
      return new Calibrations(List.of(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Calibrations(List.of(), file + ": cannot be read: " + StoreErrors.text(e));
    }
  }

  /**
   * Reads a file as it is kept or printed.
   *
   * @throws ResultFormatException when it is none
   */
  public static KeptCalibrations parse(Path file, byte[] json) {
    String schema = RunJson.schema(file, json);
    if (!schema.equals(KeptCalibrations.SCHEMA)) {
      throw new ResultFormatException(
          "%s: not a calibration; expected the schema %s, found '%s'"
              .formatted(file, KeptCalibrations.SCHEMA, schema));
    }
    return RunJson.read(file, json, KeptCalibrations.class);
  }

  /**
   * Keeps calibrations, beside those that are kept of the same identity; those of another one go.
   *
   * @return the file
   * @throws StoreException when it cannot be written
   */
  public static Path keep(Path state, HardwareIdentity identity, List<Calibration> measured) {
    StateFolder folder = folder(state);
    Path file = folder.file(identity.hardware());
    try {
      return folder.locked(() -> {
        folder.write(file, RunJson.pretty(before(folder, file, identity).with(measured)));
        return file;
      });
    } catch (IOException e) {
      throw new StoreException(
          "cannot keep a calibration in " + folder.path() + ": " + StoreErrors.text(e), e);
    }
  }

  private static KeptCalibrations before(StateFolder folder, Path file, HardwareIdentity identity)
      throws IOException {
    try {
      KeptCalibrations kept = parse(file, folder.bytes(file));
      if (kept.identity().changes(identity).isEmpty()) {
        return kept;
      }
    } catch (NoSuchFileException _) {
      // the first one
    } catch (ResultFormatException _) {
      folder.aside(file);
    }
    return KeptCalibrations.of(identity, List.of());
  }

  /** Those of a workload on an engine, in the order in which they were measured. */
  public List<Calibration> of(String workload, String engine) {
    return calibrations.stream()
        .filter(one -> one.subject().workload().equals(workload))
        .filter(one -> one.subject().engine().equals(engine))
        .toList();
  }

  /**
   * A run that is going to be gated.
   *
   * @param clock the word of what times it
   * @param cache the word for what caches hold
   * @param samples of a process, at least
   * @param minNanos no process measures for a shorter time, in nanoseconds
   */
  public record Wanted(
      String workload,
      String engine,
      String path,
      String clock,
      String cache,
      Map<String, Object> parameters,
      long samples,
      long minNanos) {
    /** Fewer samples would scatter more than those that were calibrated. */
    private boolean coveredBy(Calibration.Subject subject) {
      return subject.path().equals(path)
          && subject.clock().equals(clock)
          && subject.cache().equals(cache)
          && subject.isolation().equals(Conditions.WORKERS)
          && Calibration.Subject.words(subject.parameters())
              .equals(Calibration.Subject.words(parameters))
          && subject.samples() <= samples
          && subject.minSeconds() * 1e9 <= minNanos + 1;
    }
  }

  /**
   * Whether a change of the p95 of a run may be gated: its spread from duet to duet has to be
   * shown, by the upper bound of its interval, to be no larger than the tolerance, on hardware and
   * not on what stands for it; by the same parameters, path, clock and caches, and by as many
   * samples at most.
   *
   * @param tolerance a relative difference, in (0, 1)
   * @return null when it may; else why not, in one line
   */
  public @Nullable String whyNotP95(Wanted wanted, double tolerance) {
    String workload = wanted.workload();
    String engine = wanted.engine();
    List<Calibration> any = of(workload, engine);
    Calibration found =
        any.stream()
            .filter(one -> wanted.coveredBy(one.subject()))
            .reduce((_, later) -> later)
            .orElse(null);
    if (found == null) {
      return why != null
          ? why
          : any.isEmpty()
              ? "%s on %s is not calibrated on this machine; %s".formatted(workload, engine, REMEDY)
              : "%s on %s is calibrated with other parameters, another path or clock, or more samples only; %s"
                  .formatted(workload, engine, REMEDY);
    }
    Spread spread = found.spreads().get(TrialRule.P95);
    if (found.subject().synthetic() || spread == null) {
      return "%s on %s was calibrated %s"
          .formatted(
              workload, engine, spread == null ? "by too few duets" : "on a synthetic device");
    }
    return spread.upper() <= Math.log1p(tolerance)
        ? null
        : String.format(
            Locale.ROOT,
            "the p95 of %s on %s varies by %.1f %% from duet to duet here (at most %.1f %%, at 95 %%), more than the tolerance of %.1f %%",
            workload,
            engine,
            100 * spread.spread(),
            100 * spread.upper(),
            100 * tolerance);
  }
}
