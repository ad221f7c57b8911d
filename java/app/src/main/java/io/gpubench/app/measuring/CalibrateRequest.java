// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.BenchException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.calibrate.Calibration;
import io.gpubench.measure.calibrate.PlayedGate;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Place;
import io.gpubench.measure.plan.Setting;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Gates of which the right answer is known: two sides that are the same, or of which one is slowed
 * down on purpose. Each is a whole trial by the usual rule, by fresh processes and into a run
 * directory of its own; both kinds come in random order, and which side is slowed down is random.
 *
 * @param workloads each of which is calibrated by itself, at least one
 * @param side what is measured against itself, such as {@code engine=host}
 * @param gates of two sides that are the same, 0 .. {@link #MOST_GATES}
 * @param injected gates of two sides of which one is slowed down, 0 .. {@link #MOST_GATES}
 * @param slowdown of that side
 * @param maxTime no gate is begun later than this; null for no such limit
 * @param samples of each side in a duet; null for the profile's fewest
 * @param slice how long the sides measure in turn, more than 0
 * @param profile of {@code configs/profiles}, or a YAML file
 * @param settings one value of a parameter each; where there is none, the first of its usual values
 * @param seed of all inputs; null for that of the workloads
 * @param workplace processes and processors
 * @param coolDown awaited before each process
 * @param orderSeed seed of the order of gates and roles, and of simulations; null for a new one
 */
public record CalibrateRequest(
    List<String> workloads,
    String side,
    int gates,
    int injected,
    Slowdown slowdown,
    @Nullable Duration maxTime,
    @Nullable Long samples,
    Duration slice,
    String profile,
    List<Setting> settings,
    @Nullable Long seed,
    Workplace workplace,
    CoolDown coolDown,
    @Nullable Long orderSeed) {
  /** The most gates of a kind. */
  public static final int MOST_GATES = 10_000;

  private static final TrialRule RULE = TrialRule.DEFAULT;

  /**
   * Checks the ranges.
   *
   * @throws ConfigException when a number is out of range, or the side has no such form
   */
  public CalibrateRequest {
    workloads = List.copyOf(workloads);
    settings = List.copyOf(settings);
    check("--gates", gates);
    check("--injected", injected);
    if (gates + injected == 0) {
      throw new ConfigException("--gates 0 and --injected 0: expected at least one gate");
    }
    DuetSide parsed = DuetSide.parse(side);
    if (parsed.slowdown() != null) {
      throw parsed
          .place()
          .error("slowdown: it is set by --slowdown, for the gates of --injected; leave it out");
    }
    for (Setting setting : settings) {
      if (setting.text().matches(".*,.*|.+:.+:[x+].+")) {
        throw setting.place().error("expected one value; calibrate the others one after the other");
      }
    }
  }

  private static void check(String option, int gates) {
    if (gates < 0 || gates > MOST_GATES) {
      throw new ConfigException(
          "%s %d is out of range; expected 0 .. %d".formatted(option, gates, MOST_GATES));
    }
  }

  /**
   * What came of it.
   *
   * @param identity of the hardware; null where no gate was played, or it has no name of its own
   * @param calibrations of the workloads that were begun
   * @param runs the directories of all gates
   * @param failure why the rest was not played; null where nothing failed
   */
  public record Measured(
      @Nullable HardwareIdentity identity,
      List<Calibration> calibrations,
      List<StoredRun> runs,
      @Nullable BenchException failure) {}

  /**
   * Plays all gates, or as many as come before the cancellation is requested or the time is up.
   *
   * <p>A gate that cannot be played ends it, and those before it count.
   *
   * @throws ConfigException when something does not exist or does not fit
   * @throws io.gpubench.measure.EngineException where there is none before it, when the engine does
   *     not pass its self-check, or somebody else uses its device
   */
  public Measured measure(Journey journey) {
    long roles = SuiteRequest.seedOf(orderSeed);
    List<Setting> one = new ArrayList<>(settings);
    for (String id : workloads) {
      one.addAll(firstValues(workload(journey.installation(), id)));
    }
    var playing = new Playing(journey, List.copyOf(one), new Random(roles), System.nanoTime());
    var calibrations = new ArrayList<Calibration>();
    for (String workload : workloads) {
      if (playing.failure != null) {
        break;
      }
      Calibration made = playing.calibrate(workload, roles);
      if (made != null) {
        calibrations.add(made);
      }
    }
    return new Measured(playing.identity, calibrations, playing.runs, playing.failure);
  }

  private static Workload workload(Installation installation, String id) {
    Workload found = installation.workloads().get(id);
    if (found == null) {
      throw new ConfigException(Names.unknown("workload", id, installation.workloads().keySet()));
    }
    return found;
  }

  /** Of the parameters that have several usual values, and that nobody sets. */
  private List<Setting> firstValues(Workload workload) {
    var values = new ArrayList<Setting>();
    DuetSide own = DuetSide.parse(side);
    for (Parameter parameter : workload.parameters()) {
      boolean set =
          own.sets(workload.id(), parameter.name())
              || settings.stream()
                  .anyMatch(setting ->
                      setting.parameter().equals(parameter.name())
                          && (setting.workload() == null
                              || setting.workload().equals(workload.id())));
      if (!set && parameter.defaults().size() > 1) {
        values.add(
            new Setting(
                workload.id(),
                parameter.name(),
                parameter.defaults().getFirst().toString(),
                new Place.OnCommandLine(workload.id())));
      }
    }
    return values;
  }

  /** What goes on. */
  private final class Playing {
    private final Journey journey;
    private final Journey quiet;
    private final List<Setting> single;
    private final Random random;
    private final long began;
    private final List<StoredRun> runs = new ArrayList<>();
    private @Nullable HardwareIdentity identity;
    private @Nullable BenchException failure;

    Playing(Journey journey, List<Setting> single, Random random, long began) {
      this.journey = journey;
      this.single = single;
      this.random = random;
      this.began = began;
      this.quiet =
          new Journey(
              journey.installation(),
              journey.argv(),
              journey.notes(),
              journey.sharing(),
              journey.store(),
              journey.signingKey(),
              journey.cancellation(),
              new GateListener(journey.listener()));
    }

    /** Null where it had not begun when the end was asked for. */
    @Nullable Calibration calibrate(String workload, long roles) {
      var kinds = new ArrayList<>(Collections.nCopies(gates, false));
      kinds.addAll(Collections.nCopies(injected, true));
      Collections.shuffle(kinds, random);
      Instant at = Instant.now();
      long begin = System.nanoTime();
      var played = new ArrayList<PlayedGate>();
      Calibration.Subject subject = null;
      String ended = Calibration.COMPLETE;
      for (boolean slow : kinds) {
        if (journey.cancellation().requested() || timeIsUp()) {
          break;
        }
        try {
          StoredRun run = play(workload, slow, played);
          subject = subject == null ? subject(run.document()) : subject;
          failure = run.failure();
        } catch (BenchException e) {
          failure = e;
        }
        if (failure != null) {
          break;
        }
        journey.say(played.getLast().line() + left(kinds.size() - played.size(), begin, played));
      }
      if (failure != null) {
        if (subject == null) {
          throw failure; // there is nothing to lose
        }
        ended = Calibration.FAILED;
        journey.say("no more gates of %s: %s".formatted(workload, failure.getMessage()));
      } else if (journey.cancellation().requested()) {
        ended = Calibration.INTERRUPTED;
      } else if (played.size() < kinds.size()) {
        ended = Calibration.TIME;
      }
      return subject == null
          ? null
          : Calibration.of(
              subject,
              RULE,
              new Calibration.Asked(gates, injected, injected == 0 ? null : slowdown.factor()),
              at.toString(),
              roles,
              ended,
              (System.nanoTime() - begin) / 1e9,
              played,
              !ended.equals(Calibration.INTERRUPTED));
    }

    private boolean timeIsUp() {
      return maxTime != null && System.nanoTime() - began >= maxTime.toNanos();
    }

    private StoredRun play(String workload, boolean slow, List<PlayedGate> played) {
      boolean slowA = slow && random.nextBoolean();
      String slowSide = side + "," + Slowdown.KEY + "=" + Slowdown.text(slowdown.factor());
      var request =
          new DuetRequest(
              slowA ? slowSide : side,
              slow && !slowA ? slowSide : side,
              List.of(workload),
              RULE.fewest(),
              samples,
              slice,
              profile,
              single,
              seed,
              workplace,
              coolDown,
              random.nextLong(),
              CeilingUse.OFF,
              "calibrate",
              RULE,
              List.of());
      long begin = System.nanoTime();
      StoredRun run = request.measure(quiet);
      double seconds = (System.nanoTime() - begin) / 1e9;
      runs.add(run);
      List<DuetComparison> compared = run.document().duets();
      if (compared == null || run.document().planned().size() != 2) {
        throw new ConfigException(
            "%s: expected one value of each parameter; set one with --set".formatted(workload));
      }
      played.add(
          compared.isEmpty()
              ? PlayedGate.unplayed(played.size() + 1, run.document())
              : PlayedGate.of(
                  played.size() + 1,
                  run.document(),
                  compared.getFirst(),
                  slow ? slowA ? "a" : "b" : null,
                  slow ? slowdown.factor() : null,
                  seconds));
      return run;
    }

    private Calibration.Subject subject(RunDocument run) {
      RunDocument.EngineChoice engine = run.engines().getFirst();
      ResultRecord record = run.records().isEmpty() ? null : run.records().getFirst();
      String hardware =
          HardwareIdentity.hardware(engine.synthetic(), engine.device(), engine.description());
      if (hardware != null) {
        identity = HardwareIdentity.of(hardware, run.environment(), engine.description());
      }
      RunDocument.Planned planned = run.planned().getFirst();
      StoppingRule stop = Objects.requireNonNull(planned.effort()).stoppingRule();
      return new Calibration.Subject(
          planned.workload(),
          planned.engine(),
          planned.path(),
          Objects.requireNonNullElse(planned.clock(), PreparedRun.Clock.HOST.word()),
          Objects.requireNonNullElse(planned.cache(), Mode.Cache.HOT.word()),
          record == null ? engine.device() : record.device(),
          engine.synthetic(),
          planned.parameters(),
          side,
          engine.threads(),
          run.conditions().isolation(),
          run.conditions().cpus(),
          stop.minSamples(),
          stop.minNanos() / 1e9,
          slice.toNanos() / 1e9);
    }

    private String left(int gates, long begin, List<PlayedGate> played) {
      if (gates == 0 || journey.cancellation().requested()) {
        return "";
      }
      long each = (System.nanoTime() - begin) / played.size();
      return "; %d to go, about %s"
          .formatted(
              gates, Durations.format(Duration.ofSeconds(each * gates / 1_000_000_000L + 1)));
    }
  }

  /** Says of the first gate which engine measures, and of all of them what goes wrong. */
  private static final class GateListener implements Listener {
    private final Listener beyond;
    private boolean told;

    GateListener(Listener beyond) {
      this.beyond = beyond;
    }

    @Override
    public void say(String line) {
      if (!told || line.startsWith("waiting")) {
        beyond.say(line);
      }
    }

    @Override
    public void kept(StoredRun run) {
      told = true;
      if (run.failure() != null) {
        beyond.kept(run);
      }
    }
  }
}
