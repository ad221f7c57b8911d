// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import java.util.List;

/** What a command that judges has to say, in each of the formats in which it can be asked for. */
public interface JudgedReport {
  /** What was judged, in a few words, such as {@code gpubench gate}. */
  String title();

  /** For people, ended by a line feed. */
  String table();

  /** For programs, by its schema, ended by a line feed. */
  String json();

  /** A row for each thing that was judged, ended by a line feed. */
  String csv();

  /** Everything that was judged, in the order of the table. */
  List<JudgedCase> cases();

  /** How long measuring and judging took, 0 or more. */
  double elapsedSeconds();
}
