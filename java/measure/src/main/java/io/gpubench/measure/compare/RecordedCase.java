// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One configuration of a recorded side: what was measured, how, on what, and what each process
 * said.
 *
 * @param workload or benchmark
 * @param parameters of the work, in their order
 * @param settings how it was done and timed, such as {@code engine}, {@code path}, {@code clock}
 *     and {@code cache}
 * @param machine what is known of the hardware and of what runs on it
 * @param work of a sample; null where it is not known
 * @param processes in the order of time; none where nothing counts
 * @param unfit why it can be compared with nothing, in one line; null when it can
 * @param doubt why no verdict can rest on it although it is shown, in one line; null where one can
 * @param remarks what a reader should know before believing it, a line each
 */
public record RecordedCase(
    String workload,
    Map<String, String> parameters,
    Map<String, String> settings,
    Map<String, String> machine,
    @Nullable Work work,
    List<RecordedProcess> processes,
    @Nullable String unfit,
    @Nullable String doubt,
    List<String> remarks) {

  /** So much of something, such as 1,000 messages. */
  public record Work(String unit, double units) {}

  public RecordedCase {
    parameters = ordered(parameters);
    settings = ordered(settings);
    machine = ordered(machine);
    processes = List.copyOf(processes);
    remarks = List.copyOf(remarks);
    if (unfit == null && processes.isEmpty()) {
      throw new IllegalArgumentException(workload + ": nothing was measured, and it is fit");
    }
  }

  /** One that nothing speaks against. */
  public RecordedCase(
      String workload,
      Map<String, String> parameters,
      Map<String, String> settings,
      Map<String, String> machine,
      @Nullable Work work,
      List<RecordedProcess> processes,
      @Nullable String unfit,
      List<String> remarks) {
    this(workload, parameters, settings, machine, work, processes, unfit, null, remarks);
  }

  private static Map<String, String> ordered(Map<String, String> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** Whether it is the same work, done and timed in the same way. */
  boolean same(RecordedCase other) {
    return sameWork(other) && settings.equals(other.settings);
  }

  /** Whether it is the same work with the same parameters. */
  boolean sameWork(RecordedCase other) {
    return workload.equals(other.workload) && parameters.equals(other.parameters);
  }

  /**
   * Whether it is the same work but for some parameters.
   *
   * @param chosen such as {@code consensus.tags}
   */
  boolean sameWork(RecordedCase other, Set<String> chosen) {
    return workload.equals(other.workload) && without(chosen).equals(other.without(chosen));
  }

  private Map<String, String> without(Set<String> chosen) {
    var rest = new LinkedHashMap<>(parameters);
    rest.keySet().removeIf(name -> chosen.contains(workload + "." + name));
    return rest;
  }

  /** {@code consensus validators=1000 tags=siphash}. */
  public String label() {
    return parameters.isEmpty() ? workload : workload + " " + text(parameters);
  }

  /** {@code engine=host path=call}. */
  public String settingsText() {
    return text(settings);
  }

  private static String text(Map<String, String> map) {
    return map.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  /**
   * What each process said of a metric, in the order of time; null where one of them did not.
   *
   * @param metric one of those of {@link RecordedProcess}
   */
  public double @Nullable [] nanos(String metric) {
    double[] values = new double[processes.size()];
    for (int i = 0; i < values.length; i++) {
      Double value = processes.get(i).nanos().get(metric);
      if (value == null) {
        return null;
      }
      values[i] = value;
    }
    return values.length == 0 ? null : values;
  }

  /** The same with the processes of another one of the same configuration. */
  RecordedCase with(RecordedCase further) {
    var all = new ArrayList<>(processes);
    all.addAll(further.processes);
    var said = new LinkedHashSet<>(remarks);
    said.addAll(further.remarks);
    return new RecordedCase(
        workload,
        parameters,
        settings,
        machine,
        work,
        all,
        unfit == null ? further.unfit : unfit,
        doubt == null ? further.doubt : doubt,
        List.copyOf(said));
  }
}
