/* SPDX-License-Identifier: Apache-2.0 */
/* What GPUBENCH_SIM_FAULTS asks for, and reading it. */
#ifndef GPUBENCH_CUDASIM_FAULTS_RULES_HPP
#define GPUBENCH_CUDASIM_FAULTS_RULES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cudasim::faults {

/* A call, or a kernel, that fails. */
struct Failure {
    enum class Of { cuda, nvml, function, kernel };

    Of of;
    std::string function; /* if it is one */
    uint64_t number;      /* which one, from 1; 0: every one */
    int32_t code;
    std::string why; /* for the error's text: the rule */
};

/* Strikes the device once, at a call of the CUDA driver or at a time. */
struct Strike {
    bool wanted = false;
    uint64_t call = 0;  /* from 1; 0: at a time */
    int64_t nanos = 0;  /* after the library was initialised */
    std::string why{};  /* for the error's text: the rule */
    bool nvml_alone = false; /* the driver does not notice */
};

enum class Sensors { absent, frozen, sentinel, live };

/* What NVML reads again and again, by the names that rules have for it. */
enum class Sensor {
    power_instant,
    power_average,
    power_usage,
    energy,
    temperature,
    memory_temperature,
    clock,
    memory_clock,
    time_busy,
    memory_time_busy,
    event_reasons,
    pcie_sent,
    pcie_received,
    ecc_corrected,
    ecc_uncorrected,
    retired_pages,
    remapped_rows,
    throttled_by_power,
    throttled_by_heat,
    power_limit,
    performance_state,
};
constexpr size_t sensor_count = static_cast<size_t>(Sensor::performance_state) + 1;

/* How one sensor differs from what the others are like. */
struct SensorFault {
    enum class Answer { its_own, refused, no_permission, too_old, sentinel, frozen, number };

    Answer answer = Answer::its_own;
    uint64_t number = 0;    /* if it is one: what is read, whatever it means */
    int64_t takes_nanos = 0;   /* before it answers */
    int64_t updates_nanos = 0; /* how long its reading stays the same; 0: it never does */
};

struct Throttle {
    int64_t nanos;    /* from then on, after the library was initialised */
    int64_t end;      /* and before that; INT64_MAX: for ever */
    uint64_t reasons; /* bits of NVML's clock event reasons */
};

struct Link {
    uint64_t bytes_per_second = 0; /* 0: as fast as the machine copies */
    int64_t latency_nanos = 0;
};

struct Rules {
    const SensorFault &fault_of(Sensor sensor) const { return sensor_faults[static_cast<size_t>(sensor)]; }

    std::vector<Failure> failures;
    uint64_t least_refused_bytes = UINT64_MAX; /* allocations from this size on fail */
    std::string why_refused;
    Strike lost;
    Strike ecc;
    uint64_t hanging_kernel = 0; /* which one, from 1; 0: none */
    bool sensors_given = false;
    Sensors sensors = Sensors::absent;
    std::array<SensorFault, sensor_count> sensor_faults{};
    bool sensor_faults_given = false;
    std::vector<Throttle> throttles;
    Link link;
    uint64_t queued_commands = 0;     /* the most that wait in a stream; 0: any number */
    uint64_t clock_percent = 100;     /* of the pace of time, at which the clock of events runs */
    bool clock_given = false;
};

/*
 * Rules are separated by semicolons, their words by spaces. False, with one line that says why, for whatever is not
 * understood to the last word; functions and codes have to exist.
 */
bool read(const std::string &text, Rules &rules, std::string &reason);

} // namespace cudasim::faults

#endif
