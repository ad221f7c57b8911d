/* SPDX-License-Identifier: Apache-2.0 */
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "abi/nvml.hpp"
#include "abi/nvml_functions.hpp"
#include "check.h"

using namespace cudasim;
using abi::NvmlResult;

#define EXPECT(expected, call) CHECK((call) == NvmlResult::expected, "%s", #call)
#define OK(call) EXPECT(success, call)

static void counts_initializations()
{
    char text[80];
    abi::NvmlDevice device;
    EXPECT(uninitialized, nvmlShutdown());
    EXPECT(uninitialized, nvmlSystemGetDriverVersion(text, sizeof text));
    EXPECT(uninitialized, nvmlDeviceGetHandleByUUID("GPU-x", &device));
    OK(nvmlInit_v2());
    OK(nvmlInit_v2());
    OK(nvmlShutdown());
    OK(nvmlSystemGetDriverVersion(text, sizeof text));
    CHECK(std::string(text) == "simulated-13.0", "%s", text);
    EXPECT(insufficient_size, nvmlSystemGetDriverVersion(text, 5));
    EXPECT(invalid_argument, nvmlSystemGetDriverVersion(nullptr, 5));
    setenv("GPUBENCH_SIM_DRIVER_VERSION", "12040", 1);
    OK(nvmlSystemGetDriverVersion(text, sizeof text));
    CHECK(std::string(text) == "simulated-12.4", "%s", text);
}

static void finds_the_device()
{
    abi::NvmlDevice device = nullptr;
    char text[80];
    EXPECT(not_found, nvmlDeviceGetHandleByUUID("GPU-00000000-0000-0000-0000-000000000000", &device));
    EXPECT(invalid_argument, nvmlDeviceGetHandleByUUID(nullptr, &device));
    EXPECT(invalid_argument, nvmlDeviceGetName(device, text, sizeof text));
    OK(nvmlDeviceGetHandleByUUID("GPU-67707562-656e-6368-2d73-696d756c6174", &device));
    EXPECT(invalid_argument, nvmlDeviceGetHandleByUUID("GPU-67707562-656e-6368-2d73-696d756c6174", nullptr));
    OK(nvmlDeviceGetName(device, text, sizeof text));
    CHECK(std::string(text) == "Simulated CUDA device", "%s", text);
    EXPECT(insufficient_size, nvmlDeviceGetName(device, text, 21));
    OK(nvmlDeviceGetName(device, text, 22));
}

/* Without CUDA, and without sensors. */
static void lists_the_device()
{
    uint32_t count = 0;
    abi::NvmlDevice device = nullptr;
    abi::NvmlPci pci;
    char text[80];
    int32_t mode = 7;
    OK(nvmlDeviceGetCount_v2(&count));
    CHECK(count == 1, "%u", count);
    EXPECT(invalid_argument, nvmlDeviceGetCount_v2(nullptr));
    EXPECT(invalid_argument, nvmlDeviceGetHandleByIndex_v2(1, &device));
    EXPECT(invalid_argument, nvmlDeviceGetHandleByIndex_v2(0, nullptr));
    OK(nvmlDeviceGetHandleByIndex_v2(0, &device));
    OK(nvmlDeviceGetUUID(device, text, sizeof text));
    CHECK(std::string(text) == "GPU-67707562-656e-6368-2d73-696d756c6174", "%s", text);
    EXPECT(insufficient_size, nvmlDeviceGetUUID(device, text, 40));
    abi::NvmlDevice same = nullptr;
    OK(nvmlDeviceGetHandleByUUID(text, &same));
    CHECK(same == device, "one device");
    OK(nvmlDeviceGetPciInfo_v3(device, &pci));
    CHECK(std::string(pci.bus_id) == "00000000:00:00.0" && std::string(pci.bus_id_legacy) == "0000:00:00.0"
            && pci.domain == 0 && pci.bus == 0 && pci.device == 0,
        "%s", pci.bus_id);
    EXPECT(invalid_argument, nvmlDeviceGetPciInfo_v3(device, nullptr));
    OK(nvmlDeviceGetComputeMode(device, &mode));
    CHECK(mode == 0, "%d", mode);
    EXPECT(invalid_argument, nvmlDeviceGetComputeMode(device, nullptr));
}

/* Every field has a result of its own, and what is refused is left as it was. */
static void fields_without_sensors()
{
    abi::NvmlDevice device;
    OK(nvmlDeviceGetHandleByIndex_v2(0, &device));
    abi::NvmlFieldValue values[3] = {};
    values[0].field = abi::NvmlField::power_instant;
    values[1].field = static_cast<abi::NvmlField>(1); /* the library knows it */
    values[2].field = static_cast<abi::NvmlField>(200); /* and not this one */
    values[0].value.unsigned_64 = 7;
    OK(nvmlDeviceGetFieldValues(device, 3, values));
    CHECK(values[0].result == NvmlResult::not_supported && values[0].value.unsigned_64 == 7, "power");
    CHECK(values[1].result == NvmlResult::not_supported && values[2].result == NvmlResult::invalid_argument, "others");
    CHECK(values[0].timestamp_micros > 1'600'000'000'000'000, "%lld", values[0].timestamp_micros);
    EXPECT(invalid_argument, nvmlDeviceGetFieldValues(device, 0, values));
    EXPECT(invalid_argument, nvmlDeviceGetFieldValues(device, 1, nullptr));
}

/* Those that not-supported.txt lists; there is no fault script here. */
static std::set<std::string> unsupported()
{
    std::ifstream file(NOT_SUPPORTED);
    CHECK(file.good(), "%s", NOT_SUPPORTED);
    std::set<std::string> functions;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string function;
        std::string what;
        bool listed = words >> function >> what && (what == "always" || what == "sensorless");
        if (listed && function.compare(0, 4, "nvml") == 0) {
            functions.insert(function);
        }
    }
    return functions;
}

#define RESULT(function, ...) {#function, function(__VA_ARGS__)}

static void invents_nothing()
{
    abi::NvmlDevice device;
    OK(nvmlDeviceGetHandleByUUID("GPU-67707562-656e-6368-2d73-696d756c6174", &device));
    uint32_t a = 7;
    uint32_t b = 7;
    int32_t c = 7;
    int32_t d = 7;
    unsigned long long reasons = 7;
    char text[80] = "";
    abi::NvmlUtilization utilization = {7, 7};
    abi::NvmlMemory memory = {7, 7, 7};
    const std::map<std::string, NvmlResult> results = {
        RESULT(nvmlDeviceGetVbiosVersion, device, text, sizeof text),
        RESULT(nvmlDeviceGetEccMode, device, &c, &d),
        RESULT(nvmlDeviceGetEnforcedPowerLimit, device, &a),
        RESULT(nvmlDeviceGetPowerUsage, device, &a),
        RESULT(nvmlDeviceGetTemperature, device, 0, &a),
        RESULT(nvmlDeviceGetClockInfo, device, 1, &a),
        RESULT(nvmlDeviceGetMaxClockInfo, device, 1, &a),
        RESULT(nvmlDeviceGetUtilizationRates, device, &utilization),
        RESULT(nvmlDeviceGetCurrPcieLinkGeneration, device, &a),
        RESULT(nvmlDeviceGetCurrPcieLinkWidth, device, &a),
        RESULT(nvmlDeviceGetMaxPcieLinkGeneration, device, &a),
        RESULT(nvmlDeviceGetMaxPcieLinkWidth, device, &a),
        RESULT(nvmlDeviceGetPersistenceMode, device, &c),
        RESULT(nvmlDeviceGetApplicationsClock, device, 1, &a),
        RESULT(nvmlDeviceGetDefaultApplicationsClock, device, 1, &a),
        RESULT(nvmlDeviceGetGpuMaxPcieLinkGeneration, device, &a),
        RESULT(nvmlDeviceGetMemoryInfo, device, &memory),
        RESULT(nvmlDeviceGetPerformanceState, device, &c),
        RESULT(nvmlDeviceGetPowerManagementDefaultLimit, device, &a),
        RESULT(nvmlDeviceGetTemperatureThreshold, device, 1, &a),
        RESULT(nvmlDeviceGetVirtualizationMode, device, &c),
        RESULT(nvmlDeviceGetMigMode, device, &a, &b),
        RESULT(nvmlDeviceGetCurrentClocksEventReasons, device, &reasons),
        RESULT(nvmlDeviceGetCurrentClocksThrottleReasons, device, &reasons),
    };
    for (const auto &result : results) {
        CHECK(result.second == NvmlResult::not_supported, "%s", result.first.c_str());
    }
    std::set<std::string> listed = unsupported();
    CHECK(listed.size() == results.size(), "%zu are listed", listed.size());
    for (const std::string &function : listed) {
        CHECK(results.count(function) == 1, "%s is listed", function.c_str());
    }
    CHECK(a == 7 && b == 7 && c == 7 && d == 7 && reasons == 7 && utilization.gpu_percent == 7
            && memory.total_bytes == 7, "untouched");
    EXPECT(invalid_argument, nvmlDeviceGetPowerUsage(device, nullptr));
    EXPECT(invalid_argument, nvmlDeviceGetEccMode(device, &c, nullptr));
    EXPECT(invalid_argument, nvmlDeviceGetPowerUsage(reinterpret_cast<abi::NvmlDevice>(&a), &a));
    CHECK(std::string(nvmlErrorString(NvmlResult::not_supported)) == "the device does not support that", "text");
    CHECK(std::string(nvmlErrorString(static_cast<NvmlResult>(-5))) == "unknown error", "text");
    CHECK(std::string(nvmlErrorString(static_cast<NvmlResult>(29))) == "invalid state", "text");
}

/* As many processes as the environment names, of which their number is told where the room is too small. */
static void fakes_processes()
{
    abi::NvmlDevice device;
    OK(nvmlDeviceGetHandleByUUID("GPU-67707562-656e-6368-2d73-696d756c6174", &device));
    abi::NvmlProcess processes[2] = {};
    char name[80];
    uint32_t count = 0;
    OK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, nullptr));
    CHECK(count == 0, "%u", count);
    EXPECT(not_found, nvmlSystemGetProcessName(4711, name, sizeof name));

    setenv("GPUBENCH_SIM_OCCUPANTS", "4711:python3,4712:my blender", 1);
    count = 1;
    EXPECT(insufficient_size, nvmlDeviceGetComputeRunningProcesses_v3(device, &count, processes));
    CHECK(count == 2 && processes[0].pid == 0, "%u, %u", count, processes[0].pid);
    OK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, processes));
    CHECK(count == 2 && processes[0].pid == 4711 && processes[1].pid == 4712, "%u", count);
    CHECK(processes[1].used_bytes == ~0ULL && processes[1].gpu_instance == UINT32_MAX, "nothing is invented");
    OK(nvmlSystemGetProcessName(4712, name, sizeof name));
    CHECK(std::string(name) == "my blender", "%s", name);
    EXPECT(insufficient_size, nvmlSystemGetProcessName(4711, name, 7));
    EXPECT(not_found, nvmlSystemGetProcessName(4713, name, sizeof name));
    EXPECT(invalid_argument, nvmlDeviceGetComputeRunningProcesses_v3(device, nullptr, processes));
    EXPECT(invalid_argument, nvmlDeviceGetComputeRunningProcesses_v3(device, &count, nullptr));
    EXPECT(invalid_argument, nvmlSystemGetProcessName(4711, nullptr, 80));

    for (const char *nonsense : {"x", "1", "1:", ":a", "1:a,", "1:a,,2:b", "-1:a", "4294967296:a", ","}) {
        setenv("GPUBENCH_SIM_OCCUPANTS", nonsense, 1);
        CHECK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, processes) == NvmlResult::unknown, "%s", nonsense);
        CHECK(nvmlSystemGetProcessName(1, name, sizeof name) == NvmlResult::unknown, "%s", nonsense);
    }
    unsetenv("GPUBENCH_SIM_OCCUPANTS");
}

static void ends()
{
    abi::NvmlDevice device;
    uint32_t number;
    OK(nvmlDeviceGetHandleByUUID("GPU-67707562-656e-6368-2d73-696d756c6174", &device));
    OK(nvmlShutdown());
    EXPECT(uninitialized, nvmlDeviceGetPowerUsage(device, &number));
    EXPECT(uninitialized, nvmlDeviceGetComputeRunningProcesses_v3(device, &number, nullptr));
    EXPECT(uninitialized, nvmlSystemGetProcessName(1, nullptr, 0));
}

int main()
{
    counts_initializations();
    finds_the_device();
    lists_the_device();
    fields_without_sensors();
    invents_nothing();
    fakes_processes();
    ends();
    return 0;
}
