// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.nvml.NvmlApi;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Why a device's clocks are not as high as they could be. */
public enum ClockEventReason {
  /** Nothing runs. */
  IDLE(NvmlApi.nvmlClocksEventReasonGpuIdle(), false),
  /** Somebody fixed the clocks. */
  CLOCKS_SETTING(NvmlApi.nvmlClocksEventReasonApplicationsClocksSetting(), false),
  /** A display limits them. */
  DISPLAY_SETTING(NvmlApi.nvmlClocksEventReasonDisplayClockSetting(), false),
  /** Another device of the same group limits them. */
  SYNC_BOOST(NvmlApi.nvmlClocksEventReasonSyncBoost(), false),
  /** The power limit is reached. */
  POWER_CAP(NvmlApi.nvmlClocksEventReasonSwPowerCap(), true),
  /** It is too hot, says the driver. */
  THERMAL_SLOWDOWN(NvmlApi.nvmlClocksEventReasonSwThermalSlowdown(), true),
  /** It is too hot or draws too much, says the device. */
  HARDWARE_SLOWDOWN(NvmlApi.nvmlClocksThrottleReasonHwSlowdown(), true),
  /** It is too hot, says the device. */
  HARDWARE_THERMAL_SLOWDOWN(NvmlApi.nvmlClocksThrottleReasonHwThermalSlowdown(), true),
  /** The power supply asks for less. */
  HARDWARE_POWER_BRAKE_SLOWDOWN(NvmlApi.nvmlClocksThrottleReasonHwPowerBrakeSlowdown(), true);

  private final long bit;
  private final boolean throttling;

  ClockEventReason(long bit, boolean throttling) {
    this.bit = bit;
    this.throttling = throttling;
  }

  /** Whether the device is slower than its settings ask for. */
  public boolean throttling() {
    return throttling;
  }

  /** Its bit in a set of reasons as NVML has it. */
  public long bit() {
    return bit;
  }

  /** As it stands in records, after NVML's own name: {@code sw-thermal-slowdown}. */
  public String word() {
    return switch (this) {
      case POWER_CAP -> "sw-power-cap";
      case THERMAL_SLOWDOWN -> "sw-thermal-slowdown";
      default -> name().toLowerCase(Locale.ROOT).replace('_', '-').replace("hardware", "hw");
    };
  }

  static Set<ClockEventReason> of(long bits) {
    var reasons = EnumSet.noneOf(ClockEventReason.class);
    for (ClockEventReason reason : values()) {
      if ((bits & reason.bit) != 0) {
        reasons.add(reason);
      }
    }
    return reasons;
  }
}
