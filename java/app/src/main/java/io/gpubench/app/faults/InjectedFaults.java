// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.faults;

import io.gpubench.engines.cuda.CudaEngine;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.result.Faults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The faults of a script on their way into worker processes. What the device is like, such as its
 * sensors, holds for the check that selects the engine too; what happens to it, such as a call that
 * fails, does not: so the run begins, and its record tells what became of it.
 */
public record InjectedFaults(Faults faults) {
  /** What the simulated libraries read. */
  public static final String VARIABLE = "GPUBENCH_SIM_FAULTS";

  private static final String DRIVER_VARIABLE = "GPUBENCH_SIM_DRIVER_VERSION";
  private static final String LACKS_FLAG = "-Dgpubench.simulator.lacks=";
  private static final String ENGINE = "cuda";
  private static final String AUTO = "auto";

  /** The repetition of a process that measures nothing. */
  public static final int CHECK = 0;

  private static final String DRIVER = "driver ";
  private static final String LACKS = "lacks ";
  private static final Set<String> OF_THE_DEVICE = Set.of("sensors", "sensor", "link", "queue", "clock");

  /**
   * Reads a script.
   *
   * @param nameOrFile a script of {@code configs/faults}, or a YAML file
   * @throws ConfigException when there is none or it has a mistake
   */
  public static InjectedFaults read(ConfigReader configs, String nameOrFile) {
    return new InjectedFaults(configs.faults(nameOrFile, DriverWords.vocabulary()));
  }

  /** Whether an engine is the one that can have the simulated device. */
  public static boolean canHave(String engine) {
    return engine.equals(ENGINE);
  }

  /**
   * Nothing but the simulated device can have faults.
   *
   * @param engine id of one that is going to be used, which has to be the one with that device, or
   *     {@code auto}, which can be no other
   * @param device as the user named it; null for none
   * @throws ConfigException when it is anything else
   */
  public void demandSimulator(String engine, @Nullable String device) {
    if (!CudaEngine.SIMULATOR.equals(device)) {
      throw new ConfigException(
          "--faults %s: only the simulated device can have faults, and %s; measure with the device %s"
              .formatted(
                  faults.name(),
                  device == null ? "none was asked for" : "the device " + device + " is another",
                  CudaEngine.SIMULATOR));
    }
    if (!canHave(engine) && !engine.equals(AUTO)) {
      throw new ConfigException(
          "--faults %s: only the simulated device can have faults, and the engine '%s' does not use it"
              .formatted(faults.name(), engine));
    }
  }

  /**
   * The process with the faults has to be among those that are planned.
   *
   * @param repetitions how many processes measure a run
   * @throws ConfigException when it is not
   */
  public void demandProcess(int repetitions) {
    Integer process = faults.process();
    if (process != null && process > repetitions) {
      throw new ConfigException(
          "--faults %s: they are for process %d of each run, and there %s"
              .formatted(
                  faults.name(),
                  process,
                  repetitions == 1 ? "is one only" : "are " + repetitions + " only"));
    }
  }

  /**
   * Variables for a worker.
   *
   * @param repetition counted from 1, or {@link #CHECK}
   */
  public Map<String, String> environment(int repetition) {
    boolean chosen = faults.process() == null || faults.process() == repetition;
    var simulated = new ArrayList<String>();
    var variables = new HashMap<String, String>();
    variables.put(
        DRIVER_VARIABLE, ""); // a user's own is not meant, nor are the rules of another script
    for (String rule : faults.rules()) {
      if (rule.startsWith(DRIVER)) {
        variables.put(DRIVER_VARIABLE, rule.substring(DRIVER.length()));
      } else if (!rule.startsWith(LACKS)
          && chosen
          && (repetition != CHECK || OF_THE_DEVICE.contains(rule.split(" ", 2)[0]))) {
        simulated.add(rule);
      }
    }
    variables.put(VARIABLE, String.join(";", simulated));
    return variables;
  }

  /** Flags for the Java of every worker. */
  public List<String> flags() {
    List<String> lacked =
        faults.rules().stream()
            .filter(rule -> rule.startsWith(LACKS))
            .map(rule -> rule.substring(LACKS.length()))
            .toList();
    return lacked.isEmpty() ? List.of() : List.of(LACKS_FLAG + String.join(",", lacked));
  }
}
