// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A side of a comparison that was measured before: all that a comparison needs, whoever measured
 * it.
 *
 * @param name as it was asked for
 * @param format what it was read from, such as {@code gpubench.run/2}, {@code JMH} or {@code
 *     nvbench}
 * @param tool who measured, from {@code tool} and {@code version} on; a commit among it where it is
 *     known
 * @param conditions under which it measured, as far as they are known
 * @param cases each configuration once
 * @param notes what a reader should know of all of it, a line each
 * @param chosen parameters that the side was told to have whatever others have, such as {@code
 *     consensus.tags}: that they differ is what is asked about
 */
public record RecordedSide(
    String name,
    String format,
    Map<String, String> tool,
    Map<String, String> conditions,
    List<RecordedCase> cases,
    List<String> notes,
    Set<String> chosen) {
  public RecordedSide {
    tool = Collections.unmodifiableMap(new LinkedHashMap<>(tool));
    conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
    cases = List.copyOf(cases);
    notes = List.copyOf(notes);
    chosen = Set.copyOf(chosen);
  }

  /** One that was told nothing. */
  public RecordedSide(
      String name,
      String format,
      Map<String, String> tool,
      Map<String, String> conditions,
      List<RecordedCase> cases,
      List<String> notes) {
    this(name, format, tool, conditions, cases, notes, Set.of());
  }

  /** The same, told to have values of these parameters, such as {@code consensus.tags}. */
  public RecordedSide choosing(Set<String> parameters) {
    return new RecordedSide(name, format, tool, conditions, cases, notes, parameters);
  }

  /**
   * Reads one: a run directory, a JSON file of JMH or nvbench, or a folder of such files.
   *
   * @param path as it was asked for
   * @throws ResultFormatException when it is none of them, or damaged
   */
  public static RecordedSide read(Path path) {
    return SideReader.read(path);
  }

  /**
   * A run that was read or has just been measured.
   *
   * @param name to call it by
   * @throws ResultFormatException when it holds something that no measurement gives, or compares
   *     two sides itself
   */
  public static RecordedSide of(String name, RunDocument run) {
    return new RunSide(name, run).side();
  }

  /**
   * One record of a run, also of one that compares two sides itself.
   *
   * @param name to call the side by, for messages
   * @throws ResultFormatException when it holds something that no measurement gives
   */
  public static RecordedCase caseOf(String name, RunDocument run, ResultRecord record) {
    return new RunSide(name, run).of(record);
  }
}
