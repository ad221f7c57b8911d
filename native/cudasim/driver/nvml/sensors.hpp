/* SPDX-License-Identifier: Apache-2.0 */
/* What the simulated NVML says of the device's state where a fault script gives it sensors. All values are made up. */
#ifndef GPUBENCH_CUDASIM_NVML_SENSORS_HPP
#define GPUBENCH_CUDASIM_NVML_SENSORS_HPP

#include <cstdint>

#include "faults/rules.hpp"

namespace cudasim::nvml {

/* What real drivers put where a value is not available: NVML_VALUE_NOT_AVAILABLE, -1 in whatever type. */
constexpr uint32_t not_available = UINT32_MAX;
/* And one that they have been seen to put into numbers of 64 bits. */
constexpr uint64_t not_available_64 = 9223372036854775794U;

enum class Clock : int32_t { graphics = 0, multiprocessor = 1, memory = 2, video = 3 };

struct Readings {
    uint32_t celsius;
    uint32_t milliwatts;
    uint32_t limit_milliwatts;
    uint32_t gpu_percent;
    uint32_t memory_percent;
    uint32_t pcie_generation, max_pcie_generation;
    uint32_t pcie_lanes, max_pcie_lanes;
    int32_t persistence; /* 1: on */
    int32_t ecc;         /* 1: on */
    uint64_t event_reasons;
    uint32_t megahertz[4]; /* by clock */
    uint32_t max_megahertz[4];
    uint32_t average_milliwatts; /* of the last second */
    uint64_t millijoules;
    uint32_t memory_celsius;
    int32_t performance_state; /* 0: the fastest */
    uint32_t pcie_sent, pcie_received; /* bytes, modulo 2^32 */
    uint64_t ecc_corrected, ecc_uncorrected;
    uint64_t retired_corrected, retired_uncorrected;   /* pages */
    uint32_t remapped_corrected, remapped_uncorrected; /* rows */
    uint64_t nanos_throttled_by_power, nanos_throttled_by_heat;
};

/* What does not change, unless nothing is available: degrees, and megahertz by clock. */
constexpr uint32_t slowdown_celsius = 90;
constexpr uint32_t shutdown_celsius = 95;
constexpr uint32_t memory_limit_celsius = 105;
constexpr uint32_t throttling_celsius = 87;

/*
 * At a moment, in nanoseconds since the initialisation. Frozen: always the same. Live: temperatures and power rise, fast
 * at first; power and the clocks of the multiprocessors sway; energy is the integral of the power. Throttled: these
 * clocks drop to 60 %, and the device is as hot, or draws as much, as the reason implies. Sentinel: nothing is available.
 * There have to be sensors.
 */
Readings readings(const faults::Rules &rules, int64_t nanos);

/* What is the case where one of the sensors looks that moment, which may be stuck, blind or slow to change. */
Readings readings_of(const faults::Rules &rules, faults::Sensor sensor, int64_t nanos);

} // namespace cudasim::nvml

#endif
