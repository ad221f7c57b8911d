// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.fitness.Finding;
import io.gpubench.app.fitness.Finding.State;
import io.gpubench.app.workers.Measurers.Check;
import io.gpubench.app.workers.TornadoProcess;
import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoSdk;
import io.gpubench.measure.EngineException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What there is of TornadoVM: the SDK, its backends, their devices. */
final class TornadoReport {
  private static final String NAME = "TornadoVM";

  private final Path home;
  private final Map<String, String> environment;

  TornadoReport(App app) {
    home = app.home();
    environment = app.environment();
  }

  /**
   * All findings.
   *
   * @param checks of its engines, by their ids, which know the devices
   */
  List<Finding> findings(Map<String, Check> checks) {
    var findings = new ArrayList<Finding>();
    try {
      TornadoSdk sdk = TornadoSdk.find(home, environment);
      findings.add(
          Finding.of(
              NAME,
              State.OK,
              "%s for JDK %d, in %s, by %s"
                  .formatted(sdk.version(), Runtime.version().feature(), sdk.home(), sdk.from())));
      findings.add(kernels());
      findings.add(backends(sdk));
      for (TornadoBackend backend : sdk.backends()) {
        Check check = checks.get(backend.engine());
        if (check != null) {
          findings.add(devices(backend, check));
        }
      }
    } catch (EngineException e) {
      findings.add(Finding.of(NAME, State.MISSING, String.valueOf(e.getMessage())));
    }
    return findings;
  }

  private Finding kernels() {
    try {
      return part("kernels", State.OK, TornadoProcess.classes(home).toString());
    } catch (EngineException e) {
      return part("kernels", State.MISSING, String.valueOf(e.getMessage()));
    }
  }

  private static Finding backends(TornadoSdk sdk) {
    return part(
        "backends",
        sdk.backends().isEmpty() ? State.MISSING : State.OK,
        sdk.backends().isEmpty()
            ? "none; take another SDK"
            : sdk.backends().stream().map(TornadoBackend::title).collect(Collectors.joining(", ")));
  }

  /** Numbered as {@code --device} takes them. */
  private static Finding devices(TornadoBackend backend, Check check) {
    String what = backend.title() + " devices";
    if (check.facts() == null) {
      return part(what, State.MISSING, check.selfCheck().detail());
    }
    Object names = check.facts().description().get("devices");
    List<?> devices = names instanceof List<?> list ? list : List.of();
    return part(
        what,
        State.OK,
        IntStream.range(0, devices.size())
            .mapToObj(i -> i + ": " + devices.get(i))
            .collect(Collectors.joining(", ")));
  }

  private static Finding part(String what, State state, String detail) {
    return Finding.of(what, state, detail).of(NAME);
  }
}
