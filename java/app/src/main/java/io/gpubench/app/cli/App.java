// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.Installation;
import io.gpubench.app.plugins.Contents;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Workload;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What every command needs. Workloads and engines are made on first use, since {@code --help} needs
 * none.
 *
 * @param home holds {@code configs} and, in a checkout, the sources
 * @param contents workloads and engines of our own
 * @param environment variables of this process
 */
record App(
    Path home,
    Contents contents,
    Map<String, String> environment,
    Terminal terminal,
    PrintWriter out,
    PrintWriter err) {

  /** What there is to measure with. */
  Installation installation() {
    return new Installation(home, contents, environment);
  }

  Map<String, Workload> workloads() {
    return installation().workloads();
  }

  /** Our own engines. */
  List<Engine> engines() {
    return installation().engines();
  }

  /** The names of the engines of {@code configs/engines}, in alphabetical order. */
  List<String> foreignEngineNames() {
    return installation().foreignEngineNames();
  }

  /**
   * Our own engines, then those of {@code configs/engines} that are named; the files of others may
   * have mistakes.
   */
  List<Engine> engines(Collection<String> named) {
    return installation().engines(named);
  }

  Path configs() {
    return home.resolve("configs");
  }
}
