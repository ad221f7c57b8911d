// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import io.gpubench.measure.ceiling.HardwareIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Calibrations of one machine, as they are kept and printed.
 *
 * @param schema {@value #SCHEMA}
 * @param identity of the hardware when they were measured: all of them hold for it alone
 * @param calibrations at most one of the same: workload, engine, parameters, and how thoroughly
 */
public record KeptCalibrations(
    String schema, HardwareIdentity identity, List<Calibration> calibrations) {
  /** Name and version of the format. */
  public static final String SCHEMA = "gpubench.calibration/1";

  public KeptCalibrations {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(identity, "identity");
    calibrations = List.copyOf(calibrations);
  }

  /** Of some hardware. */
  public static KeptCalibrations of(HardwareIdentity identity, List<Calibration> calibrations) {
    return new KeptCalibrations(SCHEMA, identity, calibrations);
  }

  /** With others, each in the place of the one of the same. */
  KeptCalibrations with(List<Calibration> measured) {
    var all = new ArrayList<>(calibrations);
    for (Calibration one : measured) {
      all.removeIf(one::sameSubject);
      all.add(one);
    }
    return of(identity, all);
  }
}
