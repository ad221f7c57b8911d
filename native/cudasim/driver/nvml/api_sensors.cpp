/* SPDX-License-Identifier: Apache-2.0 */
/* Exported: what NVML tells of the device's state and modes. */
#include <iterator>

#include "abi/nvml.hpp"
#include "abi/nvml_functions.hpp"
#include "call.hpp"
#include "faults/engine.hpp"
#include "identity.hpp"
#include "sensors.hpp"

using namespace cudasim;
using abi::NvmlDevice;
using nvml::call_with_device;
using nvml::Result;

namespace {

/* What the device does not have, whatever a fault script says. */
Result absent(NvmlDevice device, const void *value, const char *function = __builtin_FUNCTION())
{
    return call_with_device(
        device, [&] { return value != nullptr ? Result::not_supported : Result::invalid_argument; }, function);
}

/* What it has if a fault script gives it sensors: `tell` gets the readings and returns whether it was asked properly. */
template <typename Tell> Result sense(
    NvmlDevice device, const void *value, Tell &&tell, const char *function = __builtin_FUNCTION())
{
    auto body = [&] {
        if (value == nullptr) {
            return Result::invalid_argument;
        }
        if (!gate::is_watched() || faults::Engine::get().rules().sensors == faults::Sensors::absent) {
            return Result::not_supported;
        }
        const faults::Engine &engine = faults::Engine::get();
        bool told = tell(nvml::readings(engine.rules(), engine.elapsed()));
        return told ? Result::success : Result::invalid_argument;
    };
    return call_with_device(device, body, function);
}

/* A number of the readings. */
template <typename Number> Result sense(
    NvmlDevice device, Number *value, Number nvml::Readings::*which, const char *function = __builtin_FUNCTION())
{
    auto tell = [&](const nvml::Readings &now) {
        *value = now.*which;
        return true;
    };
    return sense(device, static_cast<const void *>(value), tell, function);
}

Result sense_clock(NvmlDevice device, int32_t clock, uint32_t *megahertz, uint32_t (nvml::Readings::*which)[4],
    const char *function = __builtin_FUNCTION())
{
    auto tell = [&](const nvml::Readings &now) {
        bool known = clock >= 0 && clock <= static_cast<int32_t>(nvml::Clock::video);
        if (known) {
            *megahertz = (now.*which)[clock];
        }
        return known;
    };
    return sense(device, megahertz, tell, function);
}

Result sense_reasons(
    NvmlDevice device, unsigned long long *reasons, const char *function = __builtin_FUNCTION())
{
    auto tell = [&](const nvml::Readings &now) {
        *reasons = now.event_reasons;
        return true;
    };
    return sense(device, reasons, tell, function);
}

/* What stays, and is available unless nothing is. */
template <typename Number> Result sense_constant(
    NvmlDevice device, Number *value, Number constant, const char *function = __builtin_FUNCTION())
{
    auto tell = [&](const nvml::Readings &) {
        bool available = faults::Engine::get().rules().sensors != faults::Sensors::sentinel;
        *value = available ? constant : static_cast<Number>(nvml::not_available);
        return true;
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
    auto tell = [&](const nvml::Readings &now) {
        *current = *pending = now.ecc;
        return true;
    };
    return sense(device, current != nullptr ? pending : nullptr, tell);
}

Result nvmlDeviceGetEnforcedPowerLimit(NvmlDevice device, uint32_t *milliwatts)
{
    return sense(device, milliwatts, &nvml::Readings::limit_milliwatts);
}

Result nvmlDeviceGetPowerUsage(NvmlDevice device, uint32_t *milliwatts)
{
    return sense(device, milliwatts, &nvml::Readings::milliwatts);
}

Result nvmlDeviceGetTemperature(NvmlDevice device, int32_t sensor, uint32_t *celsius)
{
    auto tell = [&](const nvml::Readings &now) {
        bool of_the_chip = sensor == 0;
        if (of_the_chip) {
            *celsius = now.celsius;
        }
        return of_the_chip;
    };
    return sense(device, celsius, tell);
}

Result nvmlDeviceGetClockInfo(NvmlDevice device, int32_t clock, uint32_t *megahertz)
{
    return sense_clock(device, clock, megahertz, &nvml::Readings::megahertz);
}

Result nvmlDeviceGetMaxClockInfo(NvmlDevice device, int32_t clock, uint32_t *megahertz)
{
    return sense_clock(device, clock, megahertz, &nvml::Readings::max_megahertz);
}

Result nvmlDeviceGetUtilizationRates(NvmlDevice device, abi::NvmlUtilization *utilization)
{
    auto tell = [&](const nvml::Readings &now) {
        *utilization = {now.gpu_percent, now.memory_percent};
        return true;
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
    auto tell = [&](const nvml::Readings &) {
        constexpr unsigned long long n = nvml::not_available_64;
        if (faults::Engine::get().rules().sensors == faults::Sensors::sentinel) {
            *memory = {n, n, n};
            return true;
        }
        uint64_t bytes = identity::number_from_environment("GPUBENCH_SIM_MEMORY", identity::default_memory_bytes);
        *memory = {bytes, bytes - bytes / 16, bytes / 16};
        return true;
    };
    return sense(device, memory, tell);
}

Result nvmlDeviceGetPerformanceState(NvmlDevice device, int32_t *state)
{
    return sense(device, state, &nvml::Readings::performance_state);
}

Result nvmlDeviceGetPowerManagementDefaultLimit(NvmlDevice device, uint32_t *milliwatts)
{
    return sense(device, milliwatts, &nvml::Readings::limit_milliwatts);
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
    return sense_clock(device, clock, megahertz, &nvml::Readings::max_megahertz);
}

Result nvmlDeviceGetDefaultApplicationsClock(NvmlDevice device, int32_t clock, uint32_t *megahertz)
{
    return sense_clock(device, clock, megahertz, &nvml::Readings::max_megahertz);
}

Result nvmlDeviceGetGpuMaxPcieLinkGeneration(NvmlDevice device, uint32_t *generation)
{
    return sense(device, generation, &nvml::Readings::max_pcie_generation);
}
