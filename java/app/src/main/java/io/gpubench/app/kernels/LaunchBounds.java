// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.kernels;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many threads the blocks of kernels may have, from the lines of PTX that say so. */
final class LaunchBounds {
  private static final Pattern TARGET = Pattern.compile("\\.target (sm_\\w+)\\b.*");
  private static final Pattern ENTRY = Pattern.compile("(?:\\.\\w+ )*\\.entry ([\\w$]+).*");
  private static final Pattern BOUND =
      Pattern.compile(
          "\\.(?:maxntid|reqntid) +(\\d{1,4})(?: *, *(\\d{1,4}))?(?: *, *(\\d{1,4}))?\\b.*");

  private LaunchBounds() {}

  /**
   * Threads of a block at most, by {@code sm_90 NAME}.
   *
   * @param lines the directives .target, .entry, .maxntid and .reqntid in their order
   */
  static Map<String, Integer> of(List<String> lines) throws ResourcesException {
    var bounds = new HashMap<String, Integer>();
    String target = "";
    String entry = "";
    for (String line : lines) {
      Matcher ofTarget = TARGET.matcher(line);
      Matcher ofEntry = ENTRY.matcher(line);
      Matcher ofBound = BOUND.matcher(line);
      if (ofTarget.matches()) {
        target = ofTarget.group(1);
        entry = "";
      } else if (ofEntry.matches()) {
        entry = ofEntry.group(1);
      } else if (ofBound.matches()) {
        if (target.isEmpty() || entry.isEmpty()) {
          throw new ResourcesException("'" + line + "' belongs to no kernel");
        }
        bounds.merge(target + " " + entry, threads(ofBound), Math::min);
      }
    }
    return bounds;
  }

  private static int threads(Matcher matcher) throws ResourcesException {
    long threads = 1;
    for (int i = 1; i <= matcher.groupCount(); i++) {
      threads *= matcher.group(i) == null ? 1 : Integer.parseInt(matcher.group(i));
    }
    if (threads < 1 || threads > CompiledKernel.MOST_THREADS) {
      throw new ResourcesException(
          "a launch bound of " + threads + " threads in '" + matcher.group() + "'");
    }
    return (int) threads;
  }
}
