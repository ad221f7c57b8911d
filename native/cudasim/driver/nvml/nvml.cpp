/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulator's libnvidia-ml.so.1: knows each device and its name, and has no sensors at all. Nothing is invented,
 * except processes and sensors that the environment asks for.
 */
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <dlfcn.h>

#include "abi/nvml.hpp"
#include "abi/nvml_functions.hpp"
#include "call.hpp"
#include "faults/engine.hpp"
#include "gate.hpp"
#include "identity.hpp"

using namespace cudasim;
using namespace cudasim::nvml;
using abi::NvmlDevice;

namespace {

/* Whether the driver beside this library is loaded in this process and has lost the device. */
bool is_lost_to_driver()
{
    Dl_info here;
    if (dladdr(reinterpret_cast<void *>(nvmlInit_v2), &here) == 0) {
        return false;
    }
    std::string path = here.dli_fname;
    path = path.substr(0, path.rfind('/') + 1) + "libcuda.so.1";
    void *driver = dlopen(path.c_str(), RTLD_LAZY | RTLD_NOLOAD);
    if (driver == nullptr) {
        return false;
    }
    auto asked = reinterpret_cast<bool (*)()>(dlsym(driver, "cudasim_device_is_lost"));
    bool lost = asked != nullptr && asked();
    dlclose(driver);
    return lost;
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

bool nvml::is_lost()
{
    if (!gate::is_watched()) {
        return false;
    }
    const faults::Engine &engine = faults::Engine::get();
    const faults::Strike &rule = engine.rules().lost;
    bool lost = rule.wanted && ((rule.call == 0 && engine.elapsed() >= rule.nanos) || is_lost_to_driver());
    if (lost) {
        gate::explain(static_cast<int32_t>(Result::gpu_is_lost), rule.why.c_str());
    }
    return lost;
}

const gate::Library gate::library = {
    "nvml", "nvmlInit_v2", static_cast<int32_t>(Result::invalid_argument), nullptr};

Result nvmlInit_v2()
{
    return call_without_library([] {
        faults::Engine::get().start();
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
    const char *why = gate::why_failed(static_cast<int32_t>(result));
    if (why != nullptr) {
        return why;
    }
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
        if (is_lost()) {
            return Result::gpu_is_lost;
        }
        for (int32_t i = 0; i < identity::device_count(); i++) {
            if (identity::uuid_text_of(i) == uuid) {
                *device = simulated_device(i);
                return Result::success;
            }
        }
        return Result::not_found;
    });
}

Result nvmlDeviceGetCount_v2(uint32_t *count)
{
    return call([&] {
        if (count == nullptr) {
            return Result::invalid_argument;
        }
        *count = static_cast<uint32_t>(identity::device_count());
        return Result::success;
    });
}

Result nvmlDeviceGetHandleByIndex_v2(uint32_t index, NvmlDevice *device)
{
    return call([&] {
        if (index >= static_cast<uint32_t>(identity::device_count()) || device == nullptr) {
            return Result::invalid_argument;
        }
        if (is_lost()) {
            return Result::gpu_is_lost;
        }
        *device = simulated_device(static_cast<int32_t>(index));
        return Result::success;
    });
}

Result nvmlDeviceGetUUID(NvmlDevice device, char *uuid, uint32_t length)
{
    return call_with_device(device, [&] { return copy_text(uuid, length, identity::uuid_text_of(number_of(device)).c_str()); });
}

/* The bus, which CUDA knows as well; the numbers of device and subsystem are no vendor's. */
Result nvmlDeviceGetPciInfo_v3(NvmlDevice device, abi::NvmlPci *pci)
{
    return call_with_device(device, [&] {
        if (pci == nullptr) {
            return Result::invalid_argument;
        }
        *pci = {};
        std::string bus_id = identity::pci_bus_id_of(number_of(device));
        std::strcpy(pci->bus_id_legacy, bus_id.c_str());
        std::snprintf(pci->bus_id, sizeof pci->bus_id, "0000%s", bus_id.c_str());
        return Result::success;
    });
}

/* Any number of processes may use it. */
Result nvmlDeviceGetComputeMode(NvmlDevice device, int32_t *mode)
{
    return call_with_device(device, [&] {
        if (mode == nullptr) {
            return Result::invalid_argument;
        }
        *mode = 0;
        return Result::success;
    });
}

Result nvmlDeviceGetName(NvmlDevice device, char *name, uint32_t length)
{
    return call_with_device(device, [&] { return copy_text(name, length, identity::name); });
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
