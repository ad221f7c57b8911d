/* SPDX-License-Identifier: Apache-2.0 */
/* Exported: what NVML tells of the device's state and modes. */
#include <iterator>

#include "abi/nvml.hpp"
#include "abi/nvml_functions.hpp"
#include "call.hpp"
#include "faults/engine.hpp"
#include "identity.hpp"
#include "sense.hpp"
#include "sensors.hpp"

using namespace cudasim;
using abi::NvmlDevice;
using faults::Sensor;
using nvml::call_with_device;
using nvml::Result;

namespace {

/* What the device does not have, whatever a fault script says. */
Result absent(NvmlDevice device, const void *value, const char *function = __builtin_FUNCTION())
{
    return call_with_device(
        device, [&] { return value != nullptr ? Result::not_supported : Result::invalid_argument; }, function);
}

/* What it has if a fault script gives it sensors: `tell` returns how that went. */
template <typename Tell>
Result sense(NvmlDevice device, const void *value, Tell &&tell, const char *function = __builtin_FUNCTION())
{
    auto body = [&] {
        if (value == nullptr) {
            return Result::invalid_argument;
        }
        return nvml::has_sensors() ? tell() : Result::not_supported;
    };
    return call_with_device(device, body, function);
}

/* A number that belongs to no sensor. */
template <typename Number> Result sense(
    NvmlDevice device, Number *value, Number nvml::Readings::*which, const char *function = __builtin_FUNCTION())
{
    auto tell = [&] {
        const faults::Engine &engine = faults::Engine::get();
        *value = nvml::readings(engine.rules(), engine.elapsed()).*which;
        return Result::success;
    };
    return sense(device, static_cast<const void *>(value), tell, function);
}

/* What a sensor reads; `seen` finds it in the readings. */
template <typename Number, typename Seen> Result sense(NvmlDevice device, Sensor sensor, Number *value, Seen &&seen,
    const char *function = __builtin_FUNCTION())
{
    auto tell = [&] {
        Result admitted = nvml::admit(sensor, Result::function_not_found);
        if (admitted == Result::success) {
            *value = nvml::read<Number>(sensor, seen(nvml::look(sensor)));
        }
        return admitted;
    };
    return sense(device, static_cast<const void *>(value), tell, function);
}

bool is_clock(int32_t clock)
{
    return clock >= 0 && clock <= static_cast<int32_t>(nvml::Clock::video);
}

/* The highest of a clock, which is also what applications are set to. */
Result sense_highest(
    NvmlDevice device, int32_t clock, uint32_t *megahertz, const char *function = __builtin_FUNCTION())
{
    auto tell = [&] {
        if (!is_clock(clock)) {
            return Result::invalid_argument;
        }
        const faults::Engine &engine = faults::Engine::get();
        *megahertz = nvml::readings(engine.rules(), engine.elapsed()).max_megahertz[clock];
        return Result::success;
    };
    return sense(device, megahertz, tell, function);
}

Result sense_reasons(
    NvmlDevice device, unsigned long long *reasons, const char *function = __builtin_FUNCTION())
{
    return sense(
        device, Sensor::event_reasons, reasons,
        [](const nvml::Readings &now) -> unsigned long long { return now.event_reasons; }, function);
}

/* What stays, and is available unless nothing is. */
template <typename Number> Result sense_constant(
    NvmlDevice device, Number *value, Number constant, const char *function = __builtin_FUNCTION())
{
    auto tell = [&] {
        bool available = faults::Engine::get().rules().sensors != faults::Sensors::sentinel;
        *value = available ? constant : static_cast<Number>(nvml::not_available);
        return Result::success;
    };
    return sense(device, value, tell, function);
}

} // namespace

Result nvmlDeviceGetVbiosVersion(NvmlDevice device, char *version, uint32_t)
{
    return absent(device, version);
}

Result nvmlDeviceGetEccMode(NvmlDevice device, int32_t *current, int32_t *pending)
{
    auto tell = [&] {
        const faults::Engine &engine = faults::Engine::get();
        *current = *pending = nvml::readings(engine.rules(), engine.elapsed()).ecc;
        return Result::success;
    };
    return sense(device, current != nullptr ? pending : nullptr, tell);
}

Result nvmlDeviceGetEnforcedPowerLimit(NvmlDevice device, uint32_t *milliwatts)
{
    return sense(
        device, Sensor::power_limit, milliwatts, [](const nvml::Readings &now) { return now.limit_milliwatts; });
}

Result nvmlDeviceGetPowerUsage(NvmlDevice device, uint32_t *milliwatts)
{
    return sense(device, Sensor::power_usage, milliwatts, [](const nvml::Readings &now) { return now.milliwatts; });
}

/* Of the chip, the only one that has a number. */
Result nvmlDeviceGetTemperature(NvmlDevice device, int32_t sensor, uint32_t *celsius)
{
    return sense(device, Sensor::temperature, sensor == 0 ? celsius : nullptr,
        [](const nvml::Readings &now) { return now.celsius; });
}

/* Graphics and multiprocessors have one clock; that of video has no sensor of its own in fault scripts. */
Result nvmlDeviceGetClockInfo(NvmlDevice device, int32_t clock, uint32_t *megahertz)
{
    bool memory = clock == static_cast<int32_t>(nvml::Clock::memory);
    return sense(device, memory ? Sensor::memory_clock : Sensor::clock, is_clock(clock) ? megahertz : nullptr,
        [&](const nvml::Readings &now) { return now.megahertz[clock]; });
}

Result nvmlDeviceGetMaxClockInfo(NvmlDevice device, int32_t clock, uint32_t *megahertz)
{
    return sense_highest(device, clock, megahertz);
}

/* Two sensors in one call, which fails with either. */
Result nvmlDeviceGetUtilizationRates(NvmlDevice device, abi::NvmlUtilization *utilization)
{
    auto tell = [&] {
        for (Sensor sensor : {Sensor::time_busy, Sensor::memory_time_busy}) {
            Result admitted = nvml::admit(sensor, Result::function_not_found);
            if (admitted != Result::success) {
                return admitted;
            }
        }
        utilization->gpu_percent = nvml::read(Sensor::time_busy, nvml::look(Sensor::time_busy).gpu_percent);
        utilization->memory_percent =
            nvml::read(Sensor::memory_time_busy, nvml::look(Sensor::memory_time_busy).memory_percent);
        return Result::success;
    };
    return sense(device, utilization, tell);
}

Result nvmlDeviceGetCurrPcieLinkGeneration(NvmlDevice device, uint32_t *generation)
{
    return sense(device, generation, &nvml::Readings::pcie_generation);
}

Result nvmlDeviceGetCurrPcieLinkWidth(NvmlDevice device, uint32_t *lanes)
{
    return sense(device, lanes, &nvml::Readings::pcie_lanes);
}

Result nvmlDeviceGetMaxPcieLinkGeneration(NvmlDevice device, uint32_t *generation)
{
    return sense(device, generation, &nvml::Readings::max_pcie_generation);
}

Result nvmlDeviceGetMaxPcieLinkWidth(NvmlDevice device, uint32_t *lanes)
{
    return sense(device, lanes, &nvml::Readings::max_pcie_lanes);
}

Result nvmlDeviceGetPersistenceMode(NvmlDevice device, int32_t *mode)
{
    return sense(device, mode, &nvml::Readings::persistence);
}

Result nvmlDeviceGetMigMode(NvmlDevice device, uint32_t *current, uint32_t *pending)
{
    return absent(device, current != nullptr ? pending : nullptr);
}

Result nvmlDeviceGetCurrentClocksEventReasons(NvmlDevice device, unsigned long long *reasons)
{
    return sense_reasons(device, reasons);
}

Result nvmlDeviceGetCurrentClocksThrottleReasons(NvmlDevice device, unsigned long long *reasons)
{
    return sense_reasons(device, reasons);
}

/* The machine is said to be a real one, like everything here made up. */
Result nvmlDeviceGetVirtualizationMode(NvmlDevice device, int32_t *mode)
{
    return sense_constant(device, mode, 0);
}

Result nvmlDeviceGetMemoryInfo(NvmlDevice device, abi::NvmlMemory *memory)
{
    auto tell = [&] {
        constexpr unsigned long long n = nvml::not_available_64;
        if (faults::Engine::get().rules().sensors == faults::Sensors::sentinel) {
            *memory = {n, n, n};
            return Result::success;
        }
        uint64_t bytes = identity::number_from_environment("GPUBENCH_SIM_MEMORY", identity::default_memory_bytes);
        *memory = {bytes, bytes - bytes / 16, bytes / 16};
        return Result::success;
    };
    return sense(device, memory, tell);
}

Result nvmlDeviceGetPerformanceState(NvmlDevice device, int32_t *state)
{
    return sense(device, Sensor::performance_state, state,
        [](const nvml::Readings &now) { return now.performance_state; });
}

Result nvmlDeviceGetPowerManagementDefaultLimit(NvmlDevice device, uint32_t *milliwatts)
{
    return sense(
        device, Sensor::power_limit, milliwatts, [](const nvml::Readings &now) { return now.limit_milliwatts; });
}

Result nvmlDeviceGetTemperatureThreshold(NvmlDevice device, int32_t threshold, uint32_t *celsius)
{
    constexpr uint32_t thresholds[] = {nvml::shutdown_celsius, nvml::slowdown_celsius, nvml::memory_limit_celsius,
        nvml::throttling_celsius};
    if (threshold < 0 || threshold >= static_cast<int32_t>(std::size(thresholds))) {
        return absent(device, threshold == 4 || threshold == 5 || threshold == 6 ? celsius : nullptr);
    }
    return sense_constant(device, celsius, thresholds[threshold]);
}

Result nvmlDeviceGetApplicationsClock(NvmlDevice device, int32_t clock, uint32_t *megahertz)
{
    return sense_highest(device, clock, megahertz);
}

Result nvmlDeviceGetDefaultApplicationsClock(NvmlDevice device, int32_t clock, uint32_t *megahertz)
{
    return sense_highest(device, clock, megahertz);
}

Result nvmlDeviceGetGpuMaxPcieLinkGeneration(NvmlDevice device, uint32_t *generation)
{
    return sense(device, generation, &nvml::Readings::max_pcie_generation);
}
