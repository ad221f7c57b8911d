// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One form of a forgery.
 *
 * @param source what is forged
 * @param act how
 * @param flaws each of these is found, at least; of alternatives, separated by {@code |}, one
 * @param options of the command that verifies it
 */
record Forgery(String name, Source source, Act act, List<String> flaws, List<String> options) {
  /** How a copy of an honest run is changed. */
  interface Act {
    void on(Forger run) throws Exception;
  }

  /** Honest runs. */
  enum Source {
    /** 1,000 and 100,000 validators on the engine java, two worker processes each, unsigned. */
    SUITE,
    /** The same, signed by our key. */
    SIGNED,
    /** Three duets on the engine java, unsigned. */
    DUET,
    /** The simulated CUDA device, unsigned. */
    SIMULATED
  }

  static Forgery of(String name, Source source, Act act, String... flaws) {
    return new Forgery(name, source, act, List.of(flaws), List.of());
  }

  Forgery with(String... some) {
    return new Forgery(name, source, act, flaws, List.of(some));
  }

  /** The same, and sealed anew afterwards. */
  Forgery resealed(String... otherFlaws) {
    return new Forgery(
        name + ", resealed",
        source,
        run -> {
          act.on(run);
          run.seal();
        },
        List.of(otherFlaws),
        options);
  }

  /** Expected words that were not found. */
  Set<String> unnoticed(Set<String> found) {
    return flaws.stream()
        .filter(flaw -> Arrays.stream(flaw.split("\\|")).noneMatch(found::contains))
        .collect(Collectors.toSet());
  }

  @Override
  public String toString() {
    return name + " (" + source + ")";
  }
}
