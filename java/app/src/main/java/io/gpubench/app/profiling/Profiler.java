// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.profiling;

import java.nio.file.Path;
import java.util.List;

/** A profiler of GPUs, and how it is told to look at one sample. */
interface Profiler {
  /** The program. */
  String program();

  /** What the name of its report ends in. */
  String suffix();

  /** How to get it, in the imperative. */
  String remedy();

  /**
   * The words before the program that is profiled.
   *
   * @param chosen is executed by that program, within the range {@code sample} of the domain {@code
   *     gpubench}
   * @param kernel the only one to look at; empty for all of a sample
   * @param report the file to write
   * @throws io.gpubench.measure.ConfigException when it would see nothing
   */
  List<String> words(ChosenRecord chosen, String kernel, Path report);

  /**
   * What a user should know, a line each.
   *
   * @param kernel the only one to look at; empty for all of a sample
   */
  List<String> notes(ChosenRecord chosen, String kernel);
}
