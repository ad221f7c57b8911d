// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import java.util.List;

/**
 * The conditions of a measurement that hold from its beginning to its end, for the record.
 *
 * @param deviceId the device that was measured on, as {@link DeviceLock} knows it
 * @param cpus the CPUs that the process could use, as a {@link CpuSet}
 * @param lock what came of the attempt to lock the device: {@link DeviceLock.Result#note()}
 * @param occupants other processes on the device at the beginning
 */
public record Conditions(String deviceId, String cpus, String lock, List<String> occupants) {
  public Conditions {
    occupants = List.copyOf(occupants);
  }
}
