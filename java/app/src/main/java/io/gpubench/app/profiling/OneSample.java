// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.profiling;

import io.gpubench.app.measuring.Installation;
import io.gpubench.app.onlookers.Onlookers;
import io.gpubench.app.plugins.Installed;
import io.gpubench.gpu.Nvtx;
import io.gpubench.measure.BenchException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Printable;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.conditions.DeviceLock;
import io.gpubench.measure.conditions.LockFolder;
import io.gpubench.measure.plan.Machine;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Onlooker.Mark;
import io.gpubench.measure.run.Onlooker.Subject;
import io.gpubench.measure.run.Phase;
import io.gpubench.measure.run.Phases;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The process that a profiler looks at: prepares a record as it was measured, warms up a little,
 * executes one sample within the range of that name, checks its answer and ends. There is no sample
 * loop, no telemetry and no store, and no time that anybody should believe.
 */
public final class OneSample {
  /** Exit code where an answer was wrong, as of gpubench itself. */
  static final int WRONG = 4;

  private static final int UNAVAILABLE = 3;
  private static final int USAGE = 2;

  private static final long FIRST = 2; // 0 and 1 are verified before
  private static final long WARM_SAMPLES = 100;
  private static final long WARM_NANOS = 250_000_000;

  private final ChosenRecord record;
  private final PlannedRun run;
  private final Phases opening;
  private final Phases phases;

  private OneSample(Installation installation, Path directory, String id) {
    record = ChosenRecord.of(directory, id);
    run = record.replanned(installation);
    opening = new Phases(Subject.of(run.engine()));
    phases =
        new Phases(
            new Subject(run.engine(), run.workload().id(), run.mode(), run.values().asMap()));
  }

  /**
   * Executes the sample.
   *
   * @param args the run directory, the record's id, and the device as its engine names it
   */
  public static void main(String[] args) {
    if (args.length != 3) {
      System.err.println("gpubench: expected a run directory, a record's id and a device");
      System.exit(USAGE);
    }
    int code = execute(Path.of(args[0]), args[1], args[2], System.err);
    if (code != 0) {
      System.exit(code);
    }
  }

  private static int execute(Path directory, String id, String device, PrintStream err) {
    Map<String, String> environment = System.getenv();
    Path home = Path.of(System.getProperty("gpubench.home", "."));
    var contents = new Installed(home, environment, problem -> err.println("gpubench: " + problem));
    try {
      Optional<String> problem = Onlookers.admit(environment);
      if (problem.isPresent()) {
        err.println("NOTE: " + problem.get());
      } else if (!environment.containsKey(Nvtx.VARIABLE)) {
        err.println("NOTE: no profiler has attached by NVTX; it would see no range");
      }
      var installation = new Installation(home, contents, environment);
      String wrong = new OneSample(installation, directory, id).on(device, installation, err);
      if (wrong != null) {
        err.println("gpubench: wrong answer: " + wrong);
        return WRONG;
      }
      return 0;
    } catch (ConfigException | ResultFormatException e) {
      err.println("gpubench: " + e.getMessage());
      return USAGE;
    } catch (BenchException e) {
      err.println("gpubench: " + e.getMessage());
      return UNAVAILABLE;
    }
  }

  /** What is wrong with an answer; null when all were right. */
  private @Nullable String on(String device, Installation installation, PrintStream err) {
    Engine engine =
        installation.engines().stream()
            .filter(known -> known.id().equals(run.engine()))
            .findFirst()
            .flatMap(known -> known.on(device))
            .orElseThrow(() ->
                new ConfigException(
                    "the engine '" + run.engine() + "' uses no device; no profiler sees it"));
    int threads =
        Objects.requireNonNullElse(
            record.engine().threads(), Runtime.getRuntime().availableProcessors());
    Session session;
    try (Mark _ = opening.begin(Phase.OPEN)) {
      session = engine.open(new Engine.Options(threads));
    }
    try (session;
        DeviceLock _ = lock(session.deviceId(), err)) {
      compareDevice(session, err);
      String wrong = in(session, err);
      if (wrong == null) {
        err.println(
            "one sample of %s on %s: the answer is right".formatted(record.id(), session.device()));
      }
      return wrong;
    }
  }

  /** As a run does: nobody else measures on the device meanwhile. Null where there is no lock. */
  private static @Nullable DeviceLock lock(String deviceId, PrintStream err) {
    switch (DeviceLock.tryAcquire(LockFolder.ofThisMachine(), Set.of(deviceId), CpuSet.allowed())) {
      case DeviceLock.Acquired(DeviceLock lock) -> {
        return lock;
      }
      case DeviceLock.Held held ->
          throw new EngineException(
              EngineException.Kind.UNAVAILABLE, held.note(), "wait for its end", null);
      case DeviceLock.Unavailable unavailable -> {
        err.println("NOTE: " + unavailable.note());
        return null;
      }
    }
  }

  /** Says where this is not the device that was measured. */
  private void compareDevice(Session session, PrintStream err) {
    String then = record.result().map(ResultRecord::device).orElse(null);
    String now = session.device();
    if (then != null && !then.equals(now)) {
      err.printf("NOTE: measured on %s, and this is %s%n", Printable.line(then), now);
    }
  }

  private @Nullable String in(Session session, PrintStream err) {
    PreparedRun prepared;
    try (Mark _ = phases.begin(Phase.PREPARE)) {
      prepared = session.prepare(run.workload(), run.mode(), run.values(), Machine.facts(null));
    }
    try {
      compareKernels(session, prepared, err);
      String wrong;
      try (Mark _ = phases.begin(Phase.VERIFY)) {
        for (long sample = 0; sample < FIRST; sample++) {
          wrong = execute(prepared, sample, false);
          if (wrong != null) {
            return wrong;
          }
        }
      }
      long next = FIRST;
      try (Mark _ = phases.begin(Phase.WARM_UP)) {
        for (long end = System.nanoTime() + WARM_NANOS;
            next < FIRST + WARM_SAMPLES && System.nanoTime() < end;
            next++) {
          prepared.stage(next);
          prepared.execute();
        }
      }
      return execute(prepared, next, true);
    } finally {
      try (Mark _ = phases.begin(Phase.CLOSE)) {
        prepared.close();
      }
    }
  }

  /** What is wrong with the answer; null when it is the oracle's. */
  private @Nullable String execute(PreparedRun prepared, long sample, boolean marked) {
    prepared.stage(sample);
    try (Mark _ = marked ? phases.begin(Phase.SAMPLE) : Mark.NONE) {
      prepared.execute();
    }
    long found = prepared.digest();
    long right = run.workload().answerDigest(run.values(), sample);
    return found == right
        ? null
        : "sample %d: the answer's digest is %s, expected %s"
            .formatted(sample, AnswerDigest.text(found), AnswerDigest.text(right));
  }

  /** Says where kernels are not those that were measured. */
  private void compareKernels(Session session, PreparedRun prepared, PrintStream err) {
    Map<String, String> now =
        ChosenRecord.kernelHashes(session.description(), prepared.configuration());
    record
        .kernelHashes()
        .forEach((kernels, then) -> {
          String hash = now.get(kernels);
          if (hash != null && !hash.equals(then)) {
            err.printf(
                "NOTE: %s: not the code that was measured: SHA-256 %.12s then, %.12s now%n",
                kernels, then, hash);
          }
        });
  }
}
