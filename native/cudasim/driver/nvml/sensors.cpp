/* SPDX-License-Identifier: Apache-2.0 */
#include "sensors.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace cudasim::nvml {

namespace {

constexpr uint64_t by_heat = 0x8 | 0x20 | 0x40;
constexpr uint64_t by_power = 0x4 | 0x80;

/* In watts and joules, so that the integral can be compared with the formula. */
constexpr double idle_watts = 80;
constexpr double work_watts = 230;
constexpr double half_of_work = 0.5; /* seconds */
constexpr double sway_watts = 6;
constexpr double sway_pace = 9; /* 1.4 times a second */
constexpr double joules_before = 5000;
constexpr double sent_per_second = 1.6e9;
constexpr double received_per_second = 2.4e9;

Readings frozen_readings()
{
    Readings all{};
    all.celsius = 41;
    all.memory_celsius = 46;
    all.milliwatts = all.average_milliwatts = 96000;
    all.limit_milliwatts = 350000;
    all.gpu_percent = 35;
    all.memory_percent = 12;
    all.pcie_generation = 4;
    all.max_pcie_generation = 5;
    all.pcie_lanes = all.max_pcie_lanes = 16;
    all.persistence = all.ecc = 1;
    for (auto clock : {Clock::graphics, Clock::multiprocessor}) {
        all.megahertz[static_cast<int>(clock)] = 1500;
        all.max_megahertz[static_cast<int>(clock)] = 1800;
    }
    all.megahertz[static_cast<int>(Clock::memory)] = all.max_megahertz[static_cast<int>(Clock::memory)] = 2600;
    all.megahertz[static_cast<int>(Clock::video)] = 1300;
    all.max_megahertz[static_cast<int>(Clock::video)] = 1500;
    all.millijoules = static_cast<uint64_t>(joules_before * 1000);
    all.pcie_sent = 700000000;
    all.pcie_received = 900000000;
    all.ecc_corrected = 2;
    all.remapped_corrected = 1;
    return all;
}

Readings unavailable()
{
    constexpr uint64_t unknown_reason = uint64_t{1} << 63; /* NVML's own bit for it */
    constexpr int32_t unknown_state = 32;                  /* likewise */
    constexpr uint32_t n = not_available;
    Readings all{};
    all.celsius = all.memory_celsius = n;
    all.milliwatts = all.average_milliwatts = all.limit_milliwatts = n;
    all.gpu_percent = all.memory_percent = n;
    all.pcie_generation = all.max_pcie_generation = all.pcie_lanes = all.max_pcie_lanes = n;
    all.persistence = all.ecc = -1;
    all.event_reasons = unknown_reason;
    std::fill(std::begin(all.megahertz), std::end(all.megahertz), n);
    std::fill(std::begin(all.max_megahertz), std::end(all.max_megahertz), n);
    all.performance_state = unknown_state;
    all.pcie_sent = all.pcie_received = all.remapped_corrected = all.remapped_uncorrected = n;
    all.millijoules = all.ecc_corrected = all.ecc_uncorrected = all.retired_corrected = all.retired_uncorrected =
        all.nanos_throttled_by_power = all.nanos_throttled_by_heat = not_available_64;
    return all;
}

/* From 0 to below 1, half of it after `half` seconds. */
double saturation(double seconds, double half)
{
    return seconds / (seconds + half);
}

double watts(double seconds)
{
    return idle_watts + work_watts * saturation(seconds, half_of_work) + sway_watts * std::sin(seconds * sway_pace);
}

/* The integral of that from the beginning on. */
double joules(double seconds)
{
    return idle_watts * seconds + work_watts * (seconds - half_of_work * std::log1p(seconds / half_of_work))
        + sway_watts / sway_pace * (1 - std::cos(seconds * sway_pace));
}

struct Span {
    double begin, end; /* seconds */
};

/* When it was throttled for one of the reasons, up to a moment: apart from each other, in order. */
std::vector<Span> throttled_spans(const faults::Rules &rules, uint64_t reasons, double until)
{
    std::vector<Span> spans;
    for (const faults::Throttle &throttled : rules.throttles) {
        Span span = {static_cast<double>(throttled.nanos) * 1e-9,
            std::min(until, static_cast<double>(throttled.end) * 1e-9)};
        if ((throttled.reasons & reasons) != 0 && span.begin < span.end) {
            spans.push_back(span);
        }
    }
    std::sort(spans.begin(), spans.end(), [](const Span &a, const Span &b) { return a.begin < b.begin; });
    std::vector<Span> apart;
    for (const Span &span : spans) {
        if (!apart.empty() && span.begin <= apart.back().end) {
            apart.back().end = std::max(apart.back().end, span.end);
        } else {
            apart.push_back(span);
        }
    }
    return apart;
}

uint64_t nanos_throttled(const faults::Rules &rules, uint64_t reasons, double seconds)
{
    double sum = 0;
    for (const Span &span : throttled_spans(rules, reasons, seconds)) {
        sum += span.end - span.begin;
    }
    return static_cast<uint64_t>(sum * 1e9);
}

/* While power is the reason, it draws all that it may. */
double joules_drawn(const faults::Rules &rules, double limit_watts, double seconds)
{
    double sum = joules(seconds);
    for (const Span &span : throttled_spans(rules, by_power, seconds)) {
        sum += limit_watts * (span.end - span.begin) - (joules(span.end) - joules(span.begin));
    }
    return sum;
}

uint32_t wrapped(double bytes)
{
    return static_cast<uint32_t>(static_cast<uint64_t>(bytes));
}

Readings alive(const faults::Rules &rules, int64_t nanos)
{
    Readings now = frozen_readings();
    double seconds = static_cast<double>(nanos) * 1e-9;
    double sway = std::sin(seconds * sway_pace);
    now.celsius = static_cast<uint32_t>(38 + 40 * saturation(seconds, 2));
    now.memory_celsius = static_cast<uint32_t>(42 + 38 * saturation(seconds, 2));
    now.milliwatts = static_cast<uint32_t>(watts(seconds) * 1000);
    now.gpu_percent = static_cast<uint32_t>(94 + 4 * sway);
    now.memory_percent = static_cast<uint32_t>(40 + 9 * sway);
    auto megahertz = static_cast<uint32_t>(1770 + 15 * std::lround(2 * sway));
    now.megahertz[0] = now.megahertz[1] = megahertz;
    now.pcie_sent = wrapped(now.pcie_sent + sent_per_second * seconds);
    now.pcie_received = wrapped(now.pcie_received + received_per_second * seconds);
    double limit = now.limit_milliwatts * 1e-3;
    double drawn = joules_drawn(rules, limit, seconds);
    now.millijoules = static_cast<uint64_t>((joules_before + drawn) * 1000);
    double window = std::min(seconds, 1.0);
    double average = window > 0 ? (drawn - joules_drawn(rules, limit, seconds - window)) / window : watts(0);
    now.average_milliwatts = static_cast<uint32_t>(average * 1000);
    return now;
}

void throttle(Readings &now)
{
    now.megahertz[0] = now.megahertz[0] * 6 / 10;
    now.megahertz[1] = now.megahertz[1] * 6 / 10;
    if ((now.event_reasons & by_heat) != 0) {
        now.celsius = std::max(now.celsius, slowdown_celsius);
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
    Readings now = rules.sensors == faults::Sensors::live ? alive(rules, nanos) : frozen_readings();
    for (const faults::Throttle &throttled : rules.throttles) {
        if (nanos >= throttled.nanos && nanos < throttled.end) {
            now.event_reasons |= throttled.reasons;
        }
    }
    if (now.event_reasons != 0) {
        throttle(now);
    }
    double seconds = static_cast<double>(nanos) * 1e-9;
    now.nanos_throttled_by_power = nanos_throttled(rules, by_power, seconds);
    now.nanos_throttled_by_heat = nanos_throttled(rules, by_heat, seconds);
    if (rules.ecc.wanted && rules.ecc.call == 0 && nanos >= rules.ecc.nanos) {
        now.ecc_uncorrected++;
    }
    return now;
}

Readings readings_of(const faults::Rules &rules, faults::Sensor sensor, int64_t nanos)
{
    const faults::SensorFault &fault = rules.fault_of(sensor);
    if (fault.answer == faults::SensorFault::Answer::sentinel) {
        return unavailable();
    }
    if (fault.answer == faults::SensorFault::Answer::frozen) {
        return readings(rules, 0);
    }
    return readings(rules, fault.updates_nanos == 0 ? nanos : nanos / fault.updates_nanos * fault.updates_nanos);
}

} // namespace cudasim::nvml
