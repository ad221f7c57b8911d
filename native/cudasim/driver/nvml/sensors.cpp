/* SPDX-License-Identifier: Apache-2.0 */
#include "sensors.hpp"

#include <algorithm>
#include <cmath>

namespace cudasim::nvml {

namespace {

constexpr Readings frozen = {
    41,             /* degrees */
    96000, 350000,  /* power and its limit */
    35, 12,         /* utilization */
    4, 5,           /* generation of PCIe now and at most */
    16, 16,         /* its lanes */
    1, 1,           /* persistence, ECC */
    0,              /* event reasons */
    {1500, 1500, 2600, 1300}, /* clocks */
    {1800, 1800, 2600, 1500},
};

constexpr uint64_t by_heat = 0x8 | 0x20 | 0x40;
constexpr uint64_t by_power = 0x4 | 0x80;
constexpr uint32_t celsius_of_slowdown = 90;

Readings unavailable()
{
    constexpr uint64_t unknown_reason = uint64_t{1} << 63; /* NVML's own bit for it */
    constexpr uint32_t n = not_available;
    return {n, n, n, n, n, n, n, n, n, -1, -1, unknown_reason, {n, n, n, n}, {n, n, n, n}};
}

/* From 0 to below 1, half of it after `half` seconds. */
double saturation(double seconds, double half)
{
    return seconds / (seconds + half);
}

Readings alive(double seconds)
{
    Readings now = frozen;
    double sway = std::sin(seconds * 9); /* 1.4 times a second */
    now.celsius = static_cast<uint32_t>(38 + 40 * saturation(seconds, 2));
    now.milliwatts = static_cast<uint32_t>(80000 + 230000 * saturation(seconds, 0.5) + 6000 * sway);
    now.gpu_percent = static_cast<uint32_t>(94 + 4 * sway);
    now.memory_percent = static_cast<uint32_t>(40 + 9 * sway);
    auto megahertz = static_cast<uint32_t>(1770 + 15 * std::lround(2 * sway));
    now.megahertz[0] = now.megahertz[1] = megahertz;
    return now;
}

void throttle(Readings &now)
{
    now.megahertz[0] = now.megahertz[0] * 6 / 10;
    now.megahertz[1] = now.megahertz[1] * 6 / 10;
    if ((now.event_reasons & by_heat) != 0) {
        now.celsius = std::max(now.celsius, celsius_of_slowdown);
    }
    if ((now.event_reasons & by_power) != 0) {
        now.milliwatts = now.limit_milliwatts;
    }
}

} // namespace

Readings readings(const faults::Rules &rules, int64_t nanos)
{
    if (rules.sensors == faults::Sensors::sentinel) {
        return unavailable();
    }
    Readings now = rules.sensors == faults::Sensors::live ? alive(static_cast<double>(nanos) * 1e-9) : frozen;
    for (const faults::Throttle &throttled : rules.throttles) {
        if (nanos >= throttled.nanos && nanos < throttled.end) {
            now.event_reasons |= throttled.reasons;
        }
    }
    if (now.event_reasons != 0) {
        throttle(now);
    }
    return now;
}

} // namespace cudasim::nvml
