/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulator's libnvidia-ml.so.1: knows the device and its name, and has no sensors at all. Nothing is invented,
 * except processes that the environment asks for.
 */
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "abi/nvml.hpp"
#include "abi/nvml_functions.hpp"
#include "gate.hpp"
#include "identity.hpp"

using namespace cudasim;
using abi::NvmlDevice;
using Result = abi::NvmlResult;

namespace {

/* Destroyed trivially, so that calls during the end of the process are harmless. */
std::mutex mutex;
unsigned initializations = 0;

NvmlDevice simulated_device()
{
    static char device;
    return reinterpret_cast<NvmlDevice>(&device);
}

/* Every exported function passes through here once; see gate.hpp for `function`. */
template <typename Body> Result call_without_library(Body &&body, const char *function = __builtin_FUNCTION())
{
    auto locked = [&] {
        std::lock_guard lock(mutex);
        return body();
    };
    return gate::pass<Result>(locked, function);
}

template <typename Body> Result call(Body &&body, const char *function = __builtin_FUNCTION())
{
    return call_without_library([&] { return initializations != 0 ? body() : Result::uninitialized; }, function);
}

template <typename Body>
Result call_with_device(NvmlDevice device, Body &&body, const char *function = __builtin_FUNCTION())
{
    return call([&] { return device == simulated_device() ? body() : Result::invalid_argument; }, function);
}

Result copy_text(char *target, uint32_t length, const char *text)
{
    if (target == nullptr) {
        return Result::invalid_argument;
    }
    if (length <= std::strlen(text)) {
        return Result::insufficient_size;
    }
    std::strcpy(target, text);
    return Result::success;
}

/* A sensor, or a mode, that the device does not have. */
Result absent(NvmlDevice device, const void *value, const char *function = __builtin_FUNCTION())
{
    return call_with_device(
        device, [&] { return value != nullptr ? Result::not_supported : Result::invalid_argument; }, function);
}

Result both_absent(
    NvmlDevice device, const void *value, const void *other, const char *function = __builtin_FUNCTION())
{
    return absent(device, value != nullptr ? other : nullptr, function);
}

struct Occupant {
    uint32_t pid;
    std::string name;
};

/* The processes of GPUBENCH_SIM_OCCUPANTS, "PID:NAME,PID:NAME"; false if it is written otherwise. */
bool read_occupants(std::vector<Occupant> &occupants)
{
    const char *text = std::getenv("GPUBENCH_SIM_OCCUPANTS");
    if (text == nullptr || *text == '\0') {
        return true;
    }
    for (const char *rest = text;; rest++) {
        if (*rest < '0' || *rest > '9') {
            return false;
        }
        char *end = nullptr;
        unsigned long long pid = std::strtoull(rest, &end, 10);
        size_t length = *end == ':' ? std::strcspn(end + 1, ",") : 0;
        if (pid > UINT32_MAX || length == 0) {
            return false;
        }
        occupants.push_back({static_cast<uint32_t>(pid), std::string(end + 1, length)});
        rest = end + 1 + length;
        if (*rest == '\0') {
            return true;
        }
    }
}

} // namespace

const char *const gate::api = "nvml";

Result nvmlInit_v2()
{
    return call_without_library([] {
        initializations++;
        return Result::success;
    });
}

Result nvmlShutdown()
{
    return call([] {
        initializations--;
        return Result::success;
    });
}

const char *nvmlErrorString(Result result)
{
    static const char *const texts[] = {
        "no error",
        "nvmlInit has not been called",
        "invalid argument",
        "the device does not support that",
        "no permission",
        "initialised already",
        "not found",
        "the buffer is too small",
        "a power cable is missing",
        "the driver is not loaded",
        "timeout",
        "interrupt problem",
        "the library was not found",
        "the library lacks that function",
        "the info ROM is corrupted",
        "the device is lost",
        "the device needs a reset",
        "the operating system blocks the device",
        "library and driver differ in version",
        "the device is in use",
        "out of memory",
        "no data",
        "not possible with ECC",
        "out of resources",
        "unsupported frequency",
        "wrong version of an argument",
        "deprecated",
        "not ready",
        "no device",
        "invalid state",
    };
    auto number = static_cast<uint32_t>(result);
    return number < sizeof texts / sizeof *texts ? texts[number] : "unknown error";
}

Result nvmlSystemGetDriverVersion(char *version, uint32_t length)
{
    return call([&] {
        char text[40];
        int32_t number = identity::driver_version();
        std::snprintf(text, sizeof text, "simulated-%d.%d", number / 1000, number % 1000 / 10);
        return copy_text(version, length, text);
    });
}

Result nvmlDeviceGetHandleByUUID(const char *uuid, NvmlDevice *device)
{
    return call([&] {
        if (uuid == nullptr || device == nullptr) {
            return Result::invalid_argument;
        }
        if (std::strcmp(uuid, identity::uuid_text) != 0) {
            return Result::not_found;
        }
        *device = simulated_device();
        return Result::success;
    });
}

Result nvmlDeviceGetName(NvmlDevice device, char *name, uint32_t length)
{
    return call_with_device(device, [&] { return copy_text(name, length, identity::name); });
}

Result nvmlDeviceGetVbiosVersion(NvmlDevice device, char *version, uint32_t)
{
    return absent(device, version);
}

Result nvmlDeviceGetEccMode(NvmlDevice device, int32_t *current, int32_t *pending)
{
    return both_absent(device, current, pending);
}

Result nvmlDeviceGetEnforcedPowerLimit(NvmlDevice device, uint32_t *milliwatts)
{
    return absent(device, milliwatts);
}

Result nvmlDeviceGetPowerUsage(NvmlDevice device, uint32_t *milliwatts)
{
    return absent(device, milliwatts);
}

Result nvmlDeviceGetTemperature(NvmlDevice device, int32_t, uint32_t *celsius)
{
    return absent(device, celsius);
}

Result nvmlDeviceGetClockInfo(NvmlDevice device, int32_t, uint32_t *megahertz)
{
    return absent(device, megahertz);
}

Result nvmlDeviceGetMaxClockInfo(NvmlDevice device, int32_t, uint32_t *megahertz)
{
    return absent(device, megahertz);
}

Result nvmlDeviceGetUtilizationRates(NvmlDevice device, abi::NvmlUtilization *utilization)
{
    return absent(device, utilization);
}

Result nvmlDeviceGetCurrPcieLinkGeneration(NvmlDevice device, uint32_t *generation)
{
    return absent(device, generation);
}

Result nvmlDeviceGetCurrPcieLinkWidth(NvmlDevice device, uint32_t *lanes)
{
    return absent(device, lanes);
}

Result nvmlDeviceGetMaxPcieLinkGeneration(NvmlDevice device, uint32_t *generation)
{
    return absent(device, generation);
}

Result nvmlDeviceGetMaxPcieLinkWidth(NvmlDevice device, uint32_t *lanes)
{
    return absent(device, lanes);
}

Result nvmlDeviceGetPersistenceMode(NvmlDevice device, int32_t *mode)
{
    return absent(device, mode);
}

Result nvmlDeviceGetMigMode(NvmlDevice device, uint32_t *current, uint32_t *pending)
{
    return both_absent(device, current, pending);
}

Result nvmlDeviceGetCurrentClocksEventReasons(NvmlDevice device, unsigned long long *reasons)
{
    return absent(device, reasons);
}

Result nvmlDeviceGetCurrentClocksThrottleReasons(NvmlDevice device, unsigned long long *reasons)
{
    return absent(device, reasons);
}

Result nvmlDeviceGetComputeRunningProcesses_v3(NvmlDevice device, uint32_t *count, abi::NvmlProcess *processes)
{
    return call_with_device(device, [&] {
        std::vector<Occupant> occupants;
        if (count == nullptr || (*count != 0 && processes == nullptr)) {
            return Result::invalid_argument;
        }
        if (!read_occupants(occupants)) {
            return Result::unknown;
        }
        uint32_t room = *count;
        *count = static_cast<uint32_t>(occupants.size());
        if (room < *count) {
            return Result::insufficient_size;
        }
        for (size_t i = 0; i < occupants.size(); i++) {
            processes[i] = {occupants[i].pid, ~0ULL, UINT32_MAX, UINT32_MAX};
        }
        return Result::success;
    });
}

Result nvmlSystemGetProcessName(uint32_t pid, char *name, uint32_t length)
{
    return call([&] {
        std::vector<Occupant> occupants;
        if (!read_occupants(occupants)) {
            return Result::unknown;
        }
        for (const Occupant &occupant : occupants) {
            if (occupant.pid == pid) {
                return copy_text(name, length, occupant.name.c_str());
            }
        }
        return Result::not_found;
    });
}
