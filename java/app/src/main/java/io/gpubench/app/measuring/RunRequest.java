// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Overrides;
import io.gpubench.measure.plan.Plan;
import io.gpubench.measure.plan.Setting;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.seal.SigningKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a Java program asks to be measured. It never changes: each setting makes another request, so
 * that one may be kept and varied. What is not set is as on the command line: the best engine that
 * passes its self-check, the profile {@code quick}, fresh worker processes, the store {@code
 * results}, signed by the user's key where there is one.
 *
 * <p>Names and ranges are checked when it is measured or planned, by a {@link ConfigException} that
 * says what was probably meant. Any thread may use it; {@link #measure} is for one at a time in a
 * process.
 */
public final class RunRequest implements Cloneable {
  private static final String DEFAULT_PROFILE = "quick";
  private static final Path DEFAULT_STORE = Path.of("results");

  /** What a reader of {@code run.json} should know about its {@code argv}. */
  static final String NOTE =
      "asked for by a Java program; the arguments are those of a command line that asks for the same";

  private final Installation installation;
  private final List<String> workloads;
  private final @Nullable String suite;

  // Written by with() alone, before anybody else sees the request.
  private @Nullable String engine;
  private @Nullable String device;
  private @Nullable String path;
  private @Nullable String clock;
  private @Nullable String cache;
  private @Nullable Long samples;
  private @Nullable Long warmup;
  private @Nullable Duration duration;
  private @Nullable Integer repetitions;
  private @Nullable Integer threads;
  private @Nullable Long seed;
  private String profile = DEFAULT_PROFILE;
  private List<Setting> settings = List.of();
  private boolean inProcess;
  private @Nullable CpuSet cpus;
  private @Nullable Duration timeout;
  private boolean recorded = true;
  private @Nullable String faults;
  private @Nullable Long memoryLimitBytes;
  private @Nullable Path recordings;
  private CoolDown coolDown = new CoolDown.None();
  private @Nullable Long orderSeed;
  private CeilingUse ceilings = CeilingUse.AUTO;
  private Sharing sharing = Sharing.REFUSED;
  private Path store = DEFAULT_STORE;
  private @Nullable Path key;
  private boolean unsigned;
  private Listener listener = Listener.NONE;

  RunRequest(Installation installation, List<String> workloads, @Nullable String suite) {
    this.installation = installation;
    this.workloads = workloads;
    this.suite = suite;
  }

  private RunRequest with(Consumer<RunRequest> change) {
    try {
      var other = (RunRequest) clone();
      change.accept(other);
      return other;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Who does the work.
   *
   * @param id {@code cuda}, {@code host}, {@code java}, a name of {@code configs/engines}, or
   *     {@code auto} for the first of our own that passes its self-check
   */
  public RunRequest engine(String id) {
    return with(other -> other.engine = id.equals(EngineSelector.AUTO) ? null : id);
  }

  /**
   * Which device the engine {@code cuda} uses.
   *
   * @param indexOrUuid as {@code gpubench list devices} shows them, or {@code sim} for the
   *     simulated one, whose times say nothing about a GPU
   */
  public RunRequest device(String indexOrUuid) {
    return with(other -> other.device = indexOrUuid);
  }

  /**
   * How the work reaches the engine.
   *
   * @param name such as {@code launch} or {@code graph}, as {@code gpubench list engines} shows
   *     them
   */
  public RunRequest path(String name) {
    return with(other -> other.path = name);
  }

  /**
   * What times a sample.
   *
   * @param word {@code host}, {@code device} or {@code batch}; by default the path's preferred
   */
  public RunRequest clock(String word) {
    return with(other -> other.clock = word);
  }

  /**
   * What the caches hold when a sample begins.
   *
   * @param word {@code hot} for what is there, {@code cold} for nothing of use
   */
  public RunRequest cache(String word) {
    return with(other -> other.cache = word);
  }

  /**
   * Values of a parameter, in place of its default ones; of several parameters with several values,
   * every combination is a run.
   *
   * @param parameter {@code consensus.validators}, or {@code validators} for every workload that
   *     has it; set again, its values are replaced
   * @param values at least one; a text may be a list or a range as for {@code --set}, such as
   *     {@code 1024:65536:x4}
   * @throws ConfigException when there is no parameter or no value
   */
  public RunRequest set(String parameter, Object... values) {
    String text = Stream.of(values).map(String::valueOf).collect(Collectors.joining(","));
    Setting setting = Setting.parse(parameter + "=" + text);
    if (values.length == 0) {
      throw setting.place().error("no value");
    }
    var all = new ArrayList<>(settings);
    all.removeIf(other ->
        Objects.equals(other.workload(), setting.workload())
            && other.parameter().equals(setting.parameter()));
    all.add(setting);
    return with(other -> other.settings = List.copyOf(all));
  }

  /** Seed of all inputs; the same seed gives the same inputs. */
  public RunRequest seed(long inputs) {
    return with(other -> other.seed = inputs);
  }

  /**
   * How thoroughly.
   *
   * @param nameOrFile {@code quick}, {@code standard}, {@code full} or {@code comprehensive}, for
   *     about 1, 5, 10 or 20 minutes for all of it, or a YAML file
   */
  public RunRequest profile(String nameOrFile) {
    return with(other -> other.profile = nameOrFile);
  }

  /**
   * So many samples in each process, if its share of the time allows, instead of as many as the
   * profile's precision needs.
   *
   * @param count 1 .. {@value io.gpubench.measure.run.StoppingRule#SAMPLES_LIMIT}
   */
  public RunRequest samples(long count) {
    return with(other -> other.samples = count);
  }

  /**
   * Fewest samples to warm up with, in each process.
   *
   * @param count 0 .. {@value io.gpubench.measure.run.StoppingRule#SAMPLES_LIMIT}
   */
  public RunRequest warmup(long count) {
    return with(other -> other.warmup = count);
  }

  /**
   * How long to measure in each process, whatever the precision; preparing and warming up come on
   * top.
   *
   * @param time more than 0, at most a week
   */
  public RunRequest duration(Duration time) {
    return with(other -> other.duration = time);
  }

  /**
   * So many fresh processes measure each run, instead of the profile's number.
   *
   * @param processes at least 1; intervals over processes need 6
   */
  public RunRequest repetitions(int processes) {
    return with(other -> other.repetitions = processes);
  }

  /**
   * Most threads that work on one sample.
   *
   * @param most 1 .. the processors that there are, which is the default
   */
  public RunRequest threads(int most) {
    return with(other -> other.threads = most);
  }

  /**
   * Refuses runs that need more memory.
   *
   * @param bytes of one run
   */
  public RunRequest memoryLimit(long bytes) {
    return with(other -> other.memoryLimitBytes = bytes);
  }

  /**
   * Measures everything once, in this process, without workers: for a debugger or a profiler. Takes
   * no {@link #cpus}, {@link #timeout} or {@link #faults}.
   */
  public RunRequest inProcess() {
    return with(other -> other.inProcess = true);
  }

  /**
   * Binds the workers to processors.
   *
   * @param list such as {@code 0-3,6}
   * @throws ConfigException when it is no such list
   */
  public RunRequest cpus(String list) {
    CpuSet parsed = CpuSet.parse(list);
    return with(other -> other.cpus = parsed);
  }

  /**
   * Kills a worker that says nothing for so long while it prepares, verifies or measures.
   *
   * @param silence more than 0; by default 10 minutes to prepare and one for either of the others
   */
  public RunRequest timeout(Duration silence) {
    return with(other -> other.timeout = silence);
  }

  /**
   * Lets the simulated device fail; the record says so.
   *
   * @param nameOrFile a script of {@code configs/faults}, or a YAML file
   */
  public RunRequest faults(String nameOrFile) {
    return with(other -> other.faults = nameOrFile);
  }

  /**
   * Lets each process make a flight recording of itself, with the phases of the measurement, which
   * takes time from what is measured; the record says so.
   *
   * @param folder for the recordings
   */
  public RunRequest jfr(Path folder) {
    return with(other -> other.recordings = folder);
  }

  /** Reads no sensors beside the samples. */
  public RunRequest withoutTelemetry() {
    return with(other -> other.recorded = false);
  }

  /** What to wait for before each process; by default nothing. */
  public RunRequest coolDown(CoolDown pause) {
    return with(other -> other.coolDown = pause);
  }

  /** Seed of the random order in which processes measure; by default a new one. */
  public RunRequest orderSeed(long order) {
    return with(other -> other.orderSeed = order);
  }

  /** Waits for so long while another run of gpubench is using the device; by default not at all. */
  public RunRequest waiting(Duration atMost) {
    return with(other -> other.sharing = new Sharing(Durations.exact(atMost), sharing.anyway()));
  }

  /** Measures although somebody else is using the device; the record says so. */
  public RunRequest anyway() {
    return with(other -> other.sharing = new Sharing(sharing.patience(), true));
  }

  /** Whether results are related to what this machine can do at all, and when that is measured. */
  public RunRequest ceilings(CeilingUse.Mode mode) {
    return with(other -> other.ceilings = new CeilingUse(mode, ceilings.state()));
  }

  /** Keeps the ceilings of this machine in another folder than the usual one of this user. */
  public RunRequest state(Path folder) {
    return with(other -> other.ceilings = new CeilingUse(ceilings.mode(), folder));
  }

  /** The store, in which each run makes its own directory; by default {@code results}. */
  public RunRequest out(Path folder) {
    return with(other -> other.store = folder);
  }

  /** Signs with this private key, in place of the user's. */
  public RunRequest key(Path file) {
    return with(other -> {
      other.key = file;
      other.unsigned = false;
    });
  }

  /** Leaves the run unsigned. */
  public RunRequest unsigned() {
    return with(other -> {
      other.key = null;
      other.unsigned = true;
    });
  }

  /** Who is told how it gets on, such as {@code System.err::println}; by default nobody. */
  public RunRequest listener(Listener told) {
    return with(other -> other.listener = told);
  }

  /**
   * What {@link #measure} would measure, in its order; measures nothing, but checks engines.
   *
   * @throws ConfigException when something does not exist or does not fit
   * @throws EngineException when no engine passes its self-check
   */
  public Plan plan() {
    return asked().plan(installation, new Cancellation()).plan();
  }

  /**
   * Measures into a new directory of the store and seals it. That is done by a thread of its own,
   * which ends before this returns. When the calling thread is interrupted, the run ends after the
   * current sample: what was measured is kept and returned, its status is {@code interrupted}, and
   * so is the thread. A process that ends before that leaves a run behind that was cut off.
   *
   * @return what was measured, which may be less than was planned: every record has its outcome,
   *     and no statistics where nothing could be measured
   * @throws ConfigException when something does not exist or does not fit; nothing was measured
   * @throws EngineException when no engine passes its self-check, or somebody else uses its device;
   *     nothing was measured
   * @throws StoreException when the store cannot be written; says what was kept, and where
   * @throws IllegalStateException when another thread of this process measures
   */
  public StoredRun measure() {
    var cancellation = new Cancellation();
    SuiteRequest asked = asked();
    SigningKey signingKey =
        unsigned ? null : UserKey.toSign(key, installation.environment()).orElse(null);
    var journey =
        new Journey(
            installation,
            argv(),
            List.of(NOTE),
            sharing,
            store,
            signingKey,
            cancellation,
            listener);
    StoredRun run = MeasuringThread.call(cancellation, () -> asked.measure(journey));
    if (run.failure() != null) {
      throw run.failure();
    }
    return run;
  }

  private SuiteRequest asked() {
    return new SuiteRequest(
        workloads,
        suite,
        device,
        threads,
        profile,
        new Overrides(
            engine, path, clock, cache, samples, warmup, duration, repetitions, seed, settings),
        Workplace.asked(installation, inProcess, cpus, timeout, faults, memoryLimitBytes, recorded)
            .recording(recordings),
        coolDown,
        orderSeed,
        ceilings);
  }

  /**
   * The arguments of a command line that asks for the same: {@code run consensus --samples 2000}.
   */
  public List<String> argv() {
    var words = new ArrayList<String>(List.of("run"));
    words.addAll(workloads);
    add(words, "--suite", suite);
    add(words, "--engine", engine);
    add(words, "--device", device);
    add(words, "--path", path);
    add(words, "--clock", clock);
    add(words, "--cache", cache);
    settings.forEach(setting ->
        add(
            words,
            "--set",
            (setting.workload() == null ? "" : setting.workload() + ".")
                + setting.parameter()
                + "="
                + setting.text()));
    add(words, "--seed", seed);
    add(words, "--profile", profile.equals(DEFAULT_PROFILE) ? null : profile);
    add(words, "--samples", samples);
    add(words, "--warmup", warmup);
    add(words, "--duration", duration == null ? null : Durations.exact(duration));
    add(words, "--repetitions", repetitions);
    add(words, "--threads", threads);
    add(words, "--memory-limit", memoryLimitBytes == null ? null : memoryLimitBytes + "B");
    add(words, "--in-process", inProcess);
    add(words, "--cpus", cpus);
    add(words, "--timeout", timeout == null ? null : Durations.exact(timeout));
    add(words, "--faults", faults);
    add(words, "--jfr", recordings);
    add(words, "--telemetry", recorded ? null : "off");
    add(words, "--cool-down", coolDown instanceof CoolDown.None ? null : coolDown);
    add(words, "--order-seed", orderSeed);
    add(words, "--wait", sharing.patience());
    add(words, "--anyway", sharing.anyway());
    add(
        words,
        "--ceilings",
        ceilings.mode() == CeilingUse.Mode.AUTO ? null : ceilings.mode().word());
    add(words, "--state", ceilings.state());
    add(words, "--out", store.equals(DEFAULT_STORE) ? null : store);
    add(words, "--key", key);
    add(words, "--no-key", unsigned);
    return words;
  }

  private static void add(List<String> words, String option, @Nullable Object value) {
    if (value != null) {
      words.addAll(List.of(option, value.toString()));
    }
  }

  private static void add(List<String> words, String flag, boolean given) {
    if (given) {
      words.add(flag);
    }
  }
}
