// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A line of the simulated device's trace.
 *
 * @param process that made the call
 * @param library {@code cuda} or {@code nvml}
 * @param number of the call among those of its process to that library, from 1
 * @param occurrence of the function among those calls, from 1
 * @param result what it returned
 */
record SimulatedCall(
    long process, String library, int number, String function, int occurrence, int result) {
  private static final Pattern RELEASES =
      Pattern.compile("Free|Destroy|Unload|Release|Unregister|Shutdown");

  /** The calls in a trace, in the order of their ends. */
  static List<SimulatedCall> read(Path trace) throws IOException {
    var occurrences = new HashMap<String, Integer>();
    return Files.readAllLines(trace).stream()
        .map(line -> line.split(" ", -1))
        .filter(words -> !words[1].equals("end"))
        .map(words ->
            new SimulatedCall(
                Long.parseLong(words[0]),
                words[1],
                Integer.parseInt(words[2]),
                words[3],
                occurrences.merge(words[0] + " " + words[3], 1, Integer::sum),
                Integer.parseInt(words[4])))
        .toList();
  }

  /** What was left when processes ended: their last lines, without their numbers. */
  static List<String> ends(Path trace) throws IOException {
    return Files.readAllLines(trace).stream()
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .filter(line -> line.startsWith("end "))
        .toList();
  }

  /** Whether it is the same call of another process. */
  boolean isLike(SimulatedCall other, boolean byNumber) {
    return byNumber
        ? library.equals(other.library) && number == other.number
        : function.equals(other.function) && occurrence == other.occurrence;
  }

  /** Whether it gives something back: what it leaves when it fails stays. */
  boolean releases() {
    return RELEASES.matcher(function).find();
  }

  @Override
  public String toString() {
    return "%s call %d, %s %d".formatted(library, number, function, occurrence);
  }
}
