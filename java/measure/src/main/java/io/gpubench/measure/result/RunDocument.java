// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The contents of {@code run.json}.
 *
 * @param schema {@value #SCHEMA}; a reader refuses a newer major version
 * @param id the name of the run directory
 * @param status {@code running} while it is written; then {@code complete}, {@code interrupted} or
 *     {@code failed}
 * @param statusReason why it is not complete, in one line
 * @param pid of the process that writes or wrote it
 * @param startedAt UTC, ISO 8601
 * @param endedAt UTC, ISO 8601; null while it runs and when it was killed
 * @param elapsedSeconds wall-clock time of the whole run; null like {@code endedAt}
 * @param plannedSeconds the most that the plan allowed for
 * @param argv the command line; of a run that a Java program asked for, one that asks for the same
 * @param engines that the plan uses, each with why it was chosen and what it found
 * @param conditions under which it measures
 * @param environment of this machine and this process
 * @param planned all planned runs in their order
 * @param records of those that ended
 * @param duets the comparisons of a run that compares, none before its first has ended; null for
 *     one that does not compare
 * @param ceilings to which its records are related; null for a run that is related to none
 */
public record RunDocument(
    String schema,
    String id,
    String status,
    @Nullable String statusReason,
    long pid,
    String suite,
    String profile,
    String startedAt,
    @Nullable String endedAt,
    @Nullable Double elapsedSeconds,
    double plannedSeconds,
    Tool tool,
    List<String> argv,
    List<EngineChoice> engines,
    Conditions conditions,
    Map<String, Object> environment,
    List<Planned> planned,
    List<ResultRecord> records,
    @Nullable List<DuetComparison> duets,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RunCeilings ceilings) {
  /** Name and version of the format. */
  public static final String SCHEMA = "gpubench.run/2";

  /** The status of a run that is being written, or was when its process died. */
  public static final String RUNNING = "running";

  public static final String COMPLETE = "complete";
  public static final String INTERRUPTED = "interrupted";
  public static final String FAILED = "failed";

  /** A run that compares nothing and is related to no ceiling. */
  public RunDocument(
      String schema,
      String id,
      String status,
      @Nullable String statusReason,
      long pid,
      String suite,
      String profile,
      String startedAt,
      @Nullable String endedAt,
      @Nullable Double elapsedSeconds,
      double plannedSeconds,
      Tool tool,
      List<String> argv,
      List<EngineChoice> engines,
      Conditions conditions,
      Map<String, Object> environment,
      List<Planned> planned,
      List<ResultRecord> records) {
    this(
        schema,
        id,
        status,
        statusReason,
        pid,
        suite,
        profile,
        startedAt,
        endedAt,
        elapsedSeconds,
        plannedSeconds,
        tool,
        argv,
        engines,
        conditions,
        environment,
        planned,
        records,
        null,
        null);
  }

  /**
   * What measured.
   *
   * @param commit of the source it was built from; {@code unknown} outside a checkout
   * @param modified whether that source had uncommitted changes
   */
  public record Tool(String name, String version, String commit, boolean modified) {}

  /**
   * The engine and why it was taken.
   *
   * @param requested {@code auto} or an engine's id
   * @param why one line
   * @param device name of the device that does the work; null when that is the processors
   * @param synthetic whether it only stands for the hardware it names
   * @param description what the engine found when it was opened
   * @param command with which a foreign engine is started; null for one of our own
   * @param threads that may work on one sample; null where it is not known
   * @param deviceAsked the device as it was asked for, an index or a UUID; null for the engine's
   *     own choice
   * @param operationsPerSecond what the hardware cannot exceed, in simple 64-bit integer
   *     operations; null when it is not known
   * @param bounds what the hardware cannot exceed, from a ceiling's id to its unit per second; null
   *     when nothing is known
   * @param telemetry false where its sensors were not to be recorded; null where they were, as far
   *     as there are any
   * @param slowdown factor by which each sample was slowed down on purpose; null for none
   */
  public record EngineChoice(
      String id,
      String requested,
      String why,
      @Nullable String device,
      boolean synthetic,
      Map<String, Object> description,
      @Nullable List<String> command,
      @Nullable Integer threads,
      @Nullable String deviceAsked,
      @Nullable Double operationsPerSecond,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Double> bounds,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean telemetry,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double slowdown) {
    /** Of which no bound is known. */
    public EngineChoice(
        String id,
        String requested,
        String why,
        @Nullable String device,
        boolean synthetic,
        Map<String, Object> description,
        @Nullable List<String> command,
        @Nullable Integer threads,
        @Nullable String deviceAsked,
        @Nullable Double operationsPerSecond) {
      this(
          id,
          requested,
          why,
          device,
          synthetic,
          description,
          command,
          threads,
          deviceAsked,
          operationsPerSecond,
          null,
          null,
          null);
    }
  }

  /**
   * One planned run: what is measured.
   *
   * @param effort how thoroughly; null where it is not known
   * @param clock what times it; null for the host's
   * @param cache what the caches hold before a sample; null for {@code hot}
   */
  public record Planned(
      String id,
      String workload,
      String engine,
      String path,
      Map<String, Object> parameters,
      @Nullable Effort effort,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clock,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String cache) {
    /** In the usual mode of its path. */
    public Planned(
        String id,
        String workload,
        String engine,
        String path,
        Map<String, Object> parameters,
        @Nullable Effort effort) {
      this(id, workload, engine, path, parameters, effort, null, null);
    }

    /**
     * How it is executed and timed.
     *
     * @throws io.gpubench.measure.ConfigException when there is no such clock or cache
     */
    public Mode mode() {
      return new Mode(
          path,
          clock == null ? PreparedRun.Clock.HOST : PreparedRun.Clock.of(clock),
          cache == null ? Mode.Cache.HOT : Mode.Cache.of(cache));
    }
  }

  /**
   * How thoroughly a planned run is measured.
   *
   * @param repetitions how many processes, at least 1
   * @param budgetNanos upper bound of the time that each should take, in nanoseconds
   * @param stoppingRule of each
   */
  public record Effort(int repetitions, long budgetNanos, StoppingRule stoppingRule) {}

  /** Whether everything planned was tried and the run was ended by its own process. */
  @JsonIgnore
  public boolean ended() {
    return !RUNNING.equals(status);
  }

  /** What was chosen as the engine of that id. */
  public Optional<EngineChoice> engine(String id) {
    return engines.stream().filter(choice -> choice.id().equals(id)).findFirst();
  }

  /** With a record added, or put in the place of the one with its id. */
  RunDocument withRecord(ResultRecord added) {
    var all = new ArrayList<>(records);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).id().equals(added.id())) {
        all.set(i, added);
        return withRecords(all);
      }
    }
    all.add(added);
    // processes measure in random order; readers want that of the plan
    List<String> order = planned.stream().map(Planned::id).toList();
    all.sort(Comparator.comparingInt(record -> order.indexOf(record.id())));
    return withRecords(all);
  }

  RunDocument withRecords(List<ResultRecord> all) {
    return with(status, statusReason, endedAt, elapsedSeconds, List.copyOf(all), duets, ceilings);
  }

  /** With a comparison added, or put in the place of the one of its records. */
  RunDocument withComparison(DuetComparison added) {
    var all = new ArrayList<DuetComparison>(duets == null ? List.of() : duets);
    all.replaceAll(other -> other.a().record().equals(added.a().record()) ? added : other);
    if (!all.contains(added)) {
      all.add(added);
    }
    return with(status, statusReason, endedAt, elapsedSeconds, records, List.copyOf(all), ceilings);
  }

  /** With its records related to ceilings. */
  RunDocument withCeilings(RunCeilings related, List<ResultRecord> all) {
    return with(status, statusReason, endedAt, elapsedSeconds, List.copyOf(all), duets, related);
  }

  RunDocument ended(String how, @Nullable String why, String at, double seconds) {
    return with(how, why, at, seconds, records, duets, ceilings);
  }

  private RunDocument with(
      String how,
      @Nullable String why,
      @Nullable String at,
      @Nullable Double seconds,
      List<ResultRecord> allRecords,
      @Nullable List<DuetComparison> allDuets,
      @Nullable RunCeilings related) {
    return new RunDocument(
        schema,
        id,
        how,
        why,
        pid,
        suite,
        profile,
        startedAt,
        at,
        seconds,
        plannedSeconds,
        tool,
        argv,
        engines,
        conditions,
        environment,
        planned,
        allRecords,
        allDuets,
        related);
  }
}
