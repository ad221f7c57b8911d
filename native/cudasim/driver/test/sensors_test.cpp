/* SPDX-License-Identifier: Apache-2.0 */
/* NVML under fault scripts. */
#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include <dlfcn.h>

#include "abi/cuda.hpp"
#include "abi/nvml.hpp"
#include "abi/nvml_functions.hpp"
#include "child.hpp"

using namespace cudasim;
using abi::NvmlResult;
using test::in_a_child;

#define EXPECT(expected, call) CHECK((call) == NvmlResult::expected, "%s", #call)
#define OK(call) EXPECT(success, call)

static abi::NvmlDevice begin(const char *faults)
{
    setenv("GPUBENCH_SIM_FAULTS", faults, 1);
    OK(nvmlInit_v2());
    abi::NvmlDevice device;
    OK(nvmlDeviceGetHandleByUUID("GPU-67707562-656e-6368-2d73-696d756c6174", &device));
    return device;
}

struct State {
    uint32_t celsius, milliwatts, limit, gpu, memory, generation, lanes, most_generation, most_lanes, sm, max_sm;
    int32_t persistence, ecc, ecc_pending;
    unsigned long long reasons;

    bool operator==(const State &other) const { return std::memcmp(this, &other, sizeof other) == 0; }
};

static State state(abi::NvmlDevice device)
{
    State now;
    std::memset(&now, 0, sizeof now);
    abi::NvmlUtilization utilization;
    unsigned long long again, after;
    OK(nvmlDeviceGetTemperature(device, 0, &now.celsius));
    OK(nvmlDeviceGetPowerUsage(device, &now.milliwatts));
    OK(nvmlDeviceGetEnforcedPowerLimit(device, &now.limit));
    OK(nvmlDeviceGetUtilizationRates(device, &utilization));
    now.gpu = utilization.gpu_percent;
    now.memory = utilization.memory_percent;
    OK(nvmlDeviceGetCurrPcieLinkGeneration(device, &now.generation));
    OK(nvmlDeviceGetCurrPcieLinkWidth(device, &now.lanes));
    OK(nvmlDeviceGetMaxPcieLinkGeneration(device, &now.most_generation));
    OK(nvmlDeviceGetMaxPcieLinkWidth(device, &now.most_lanes));
    OK(nvmlDeviceGetClockInfo(device, 1, &now.sm));
    OK(nvmlDeviceGetMaxClockInfo(device, 1, &now.max_sm));
    OK(nvmlDeviceGetPersistenceMode(device, &now.persistence));
    OK(nvmlDeviceGetEccMode(device, &now.ecc, &now.ecc_pending));
    do { /* a script may begin or end one between two calls */
        OK(nvmlDeviceGetCurrentClocksEventReasons(device, &now.reasons));
        OK(nvmlDeviceGetCurrentClocksThrottleReasons(device, &again));
        OK(nvmlDeviceGetCurrentClocksEventReasons(device, &after));
    } while (now.reasons != after);
    CHECK(now.reasons == again, "%llx %llx", now.reasons, again);
    return now;
}

static void frozen()
{
    abi::NvmlDevice device = begin("sensors frozen");
    State first = state(device);
    CHECK(first.celsius == 41 && first.milliwatts == 96000 && first.limit == 350000, "heat");
    CHECK(first.gpu == 35 && first.memory == 12 && first.sm == 1500 && first.max_sm == 1800, "work");
    CHECK(first.generation == 4 && first.most_generation == 5 && first.lanes == 16 && first.most_lanes == 16, "link");
    CHECK(first.persistence == 1 && first.ecc == 1 && first.ecc_pending == 1 && first.reasons == 0, "modes");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK(state(device) == first, "frozen");
    uint32_t number;
    char text[40];
    EXPECT(invalid_argument, nvmlDeviceGetTemperature(device, 1, &number));
    EXPECT(invalid_argument, nvmlDeviceGetClockInfo(device, 4, &number));
    EXPECT(invalid_argument, nvmlDeviceGetClockInfo(device, -1, &number));
    EXPECT(invalid_argument, nvmlDeviceGetPowerUsage(device, nullptr));
    EXPECT(not_supported, nvmlDeviceGetMigMode(device, &number, &number));
    EXPECT(not_supported, nvmlDeviceGetVbiosVersion(device, text, sizeof text));
    OK(nvmlDeviceGetName(device, text, sizeof text));
    CHECK(std::string(text) == "Simulated CUDA device", "%s", text);
}

static void sentinel()
{
    State now = state(begin("sensors sentinel"));
    for (uint32_t value : {now.celsius, now.milliwatts, now.limit, now.gpu, now.memory, now.generation, now.lanes,
             now.most_generation, now.most_lanes, now.sm, now.max_sm}) {
        CHECK(value == UINT32_MAX, "%u", value);
    }
    CHECK(now.persistence == -1 && now.ecc == -1 && now.ecc_pending == -1, "modes");
    CHECK(now.reasons == 1ULL << 63, "%llx", now.reasons);
}

static void live()
{
    abi::NvmlDevice device = begin("sensors live");
    State first = state(device);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    State later = state(device);
    CHECK(later.celsius > first.celsius && later.celsius < 80, "%u %u", first.celsius, later.celsius);
    CHECK(later.milliwatts > first.milliwatts && later.milliwatts < later.limit, "%u", later.milliwatts);
    CHECK(later.sm > 1700 && later.sm <= later.max_sm && later.gpu <= 100 && later.memory <= 100, "%u", later.sm);
}

static abi::NvmlFieldValue field(abi::NvmlDevice device, abi::NvmlField which)
{
    abi::NvmlFieldValue value = {};
    value.field = which;
    OK(nvmlDeviceGetFieldValues(device, 1, &value));
    return value;
}

static uint64_t number(abi::NvmlDevice device, abi::NvmlField which)
{
    abi::NvmlFieldValue value = field(device, which);
    CHECK(value.result == NvmlResult::success, "field %u: %d", static_cast<unsigned>(which), static_cast<int>(value.result));
    bool wide = value.type == abi::NvmlValueType::unsigned_64;
    CHECK(wide || value.type == abi::NvmlValueType::unsigned_32, "type %d", static_cast<int>(value.type));
    return wide ? value.value.unsigned_64 : value.value.unsigned_32;
}

static void facts()
{
    abi::NvmlDevice device = begin("sensors frozen");
    uint32_t value;
    int32_t mode = 7;
    abi::NvmlMemory memory;
    OK(nvmlDeviceGetTemperatureThreshold(device, 1, &value));
    CHECK(value == 90, "%u", value);
    OK(nvmlDeviceGetTemperatureThreshold(device, 3, &value));
    CHECK(value == 87, "%u", value);
    EXPECT(not_supported, nvmlDeviceGetTemperatureThreshold(device, 4, &value));
    EXPECT(invalid_argument, nvmlDeviceGetTemperatureThreshold(device, 7, &value));
    EXPECT(invalid_argument, nvmlDeviceGetTemperatureThreshold(device, -1, &value));
    EXPECT(invalid_argument, nvmlDeviceGetTemperatureThreshold(device, 1, nullptr));
    OK(nvmlDeviceGetApplicationsClock(device, 1, &value));
    CHECK(value == 1800, "%u", value);
    OK(nvmlDeviceGetDefaultApplicationsClock(device, 2, &value));
    CHECK(value == 2600, "%u", value);
    EXPECT(invalid_argument, nvmlDeviceGetApplicationsClock(device, 4, &value));
    OK(nvmlDeviceGetGpuMaxPcieLinkGeneration(device, &value));
    CHECK(value == 5, "%u", value);
    OK(nvmlDeviceGetPowerManagementDefaultLimit(device, &value));
    CHECK(value == 350000, "%u", value);
    OK(nvmlDeviceGetPerformanceState(device, &mode));
    CHECK(mode == 0, "%d", mode);
    mode = 7;
    OK(nvmlDeviceGetVirtualizationMode(device, &mode));
    CHECK(mode == 0, "%d", mode);
    OK(nvmlDeviceGetMemoryInfo(device, &memory));
    CHECK(memory.total_bytes == 1ULL << 30 && memory.free_bytes + memory.used_bytes == memory.total_bytes, "memory");
    abi::NvmlFieldValue margin = field(device, abi::NvmlField::slowdown_margin);
    CHECK(margin.type == abi::NvmlValueType::signed_32 && margin.value.signed_32 == -2, "%d", margin.value.signed_32);
    CHECK(number(device, abi::NvmlField::retired_pending) == 0, "pages");
}

/* Energy is the integral of power, the counters of PCIe wrap, and everything that was counted stays counted. */
static void live_fields()
{
    abi::NvmlDevice device = begin("sensors live;throttle 0ms sw_power_cap 100ms;throttle 50ms hw_thermal_slowdown 20ms");
    auto began = std::chrono::steady_clock::now();
    uint64_t millijoules = number(device, abi::NvmlField::energy);
    uint64_t sent = number(device, abi::NvmlField::pcie_sent);
    double joules = 0;
    double previous = static_cast<double>(number(device, abi::NvmlField::power_instant)) * 1e-3;
    auto last = began;
    bool wraps = false;
    while (last - began < std::chrono::milliseconds(2500)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        double watts = static_cast<double>(number(device, abi::NvmlField::power_instant)) * 1e-3;
        auto now = std::chrono::steady_clock::now();
        joules += (watts + previous) / 2 * std::chrono::duration<double>(now - last).count();
        previous = watts;
        last = now;
        uint64_t bytes = number(device, abi::NvmlField::pcie_sent);
        wraps = wraps || bytes < sent;
        sent = bytes;
    }
    double counted = static_cast<double>(number(device, abi::NvmlField::energy) - millijoules) * 1e-3;
    CHECK(counted > joules * 0.95 && counted < joules * 1.05, "%.1f J counted, %.1f J drawn", counted, joules);
    CHECK(wraps, "the counter of PCIe does not wrap");
    double average = static_cast<double>(number(device, abi::NvmlField::power_average)) * 1e-3;
    CHECK(average > 200 && average < 310, "%.1f W", average);
    CHECK(number(device, abi::NvmlField::throttled_by_power) == 100000000, "power");
    CHECK(number(device, abi::NvmlField::throttled_by_heat) == 20000000, "heat");
    CHECK(number(device, abi::NvmlField::memory_temperature) > 50, "memory");
}

static void counts_errors()
{
    abi::NvmlDevice device = begin("sensors frozen;ecc 200ms");
    CHECK(number(device, abi::NvmlField::ecc_corrected) == 2, "corrected");
    CHECK(number(device, abi::NvmlField::ecc_uncorrected) == 0, "not yet");
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    CHECK(number(device, abi::NvmlField::ecc_uncorrected) == 1, "uncorrected");
}

static void sentinel_fields()
{
    abi::NvmlDevice device = begin("sensors sentinel");
    CHECK(number(device, abi::NvmlField::energy) == 9223372036854775794U, "64 bits");
    CHECK(number(device, abi::NvmlField::power_instant) == UINT32_MAX, "32 bits");
    int32_t state = 0;
    uint32_t value = 0;
    OK(nvmlDeviceGetPerformanceState(device, &state));
    OK(nvmlDeviceGetTemperatureThreshold(device, 1, &value));
    CHECK(state == 32 && value == UINT32_MAX, "%d %u", state, value);
}

/* Each way in which one sensor differs, while the others are as ever. */
static void single_sensors()
{
    abi::NvmlDevice device = begin("sensors live;sensor power_instant refused;sensor energy no_permission;"
                                   "sensor memory_temperature too_old;sensor temperature too_old;"
                                   "sensor power_average sentinel;sensor ecc_corrected sentinel;"
                                   "sensor pcie_sent reads 9223372036854775794;sensor clock reads 2147483634;"
                                   "sensor retired_pages reads 0;sensor performance_state sentinel;"
                                   "sensor memory_time_busy reads 101");
    CHECK(field(device, abi::NvmlField::power_instant).result == NvmlResult::not_supported, "refused");
    CHECK(field(device, abi::NvmlField::energy).result == NvmlResult::no_permission, "no permission");
    CHECK(field(device, abi::NvmlField::memory_temperature).result == NvmlResult::invalid_argument, "unknown field");
    uint32_t value = 7;
    EXPECT(function_not_found, nvmlDeviceGetTemperature(device, 0, &value));
    CHECK(value == 7, "untouched");
    CHECK(number(device, abi::NvmlField::power_average) == UINT32_MAX, "32 bits");
    CHECK(number(device, abi::NvmlField::ecc_corrected) == 9223372036854775794U, "64 bits");
    CHECK(number(device, abi::NvmlField::pcie_sent) == 9223372036854775794U, "64 bits instead of 32");
    OK(nvmlDeviceGetClockInfo(device, 1, &value));
    CHECK(value == 2147483634, "%u", value);
    OK(nvmlDeviceGetClockInfo(device, 2, &value));
    CHECK(value == 2600, "%u", value);
    int32_t performance = 0;
    OK(nvmlDeviceGetPerformanceState(device, &performance));
    CHECK(performance == 32, "%d", performance);
    abi::NvmlUtilization utilization = {};
    OK(nvmlDeviceGetUtilizationRates(device, &utilization));
    CHECK(utilization.memory_percent == 101 && utilization.gpu_percent <= 100, "%u", utilization.memory_percent);
    CHECK(number(device, abi::NvmlField::pcie_received) >= 900000000, "as ever");
}

static void one_sensor_is_frozen()
{
    abi::NvmlDevice device = begin("sensors live;sensor power_instant frozen");
    uint64_t first = number(device, abi::NvmlField::power_instant);
    uint64_t energy = number(device, abi::NvmlField::energy);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    CHECK(number(device, abi::NvmlField::power_instant) == first, "frozen");
    CHECK(number(device, abi::NvmlField::energy) > energy, "the others live");
}

/* A reading changes at multiples of the time, and only then. */
static void one_sensor_updates()
{
    abi::NvmlDevice device = begin("sensors live;sensor power_instant updates 100ms");
    auto began = std::chrono::steady_clock::now();
    uint64_t last = number(device, abi::NvmlField::power_instant);
    int changes = 0;
    auto now = began;
    while (now - began < std::chrono::milliseconds(550)) {
        uint64_t next = number(device, abi::NvmlField::power_instant);
        changes += next != last ? 1 : 0;
        last = next;
        now = std::chrono::steady_clock::now();
    }
    auto most = (now - began) / std::chrono::milliseconds(100) + 1;
    CHECK(changes >= 2 && changes <= most, "%d changes, at most %d", changes, static_cast<int>(most));
}

static void one_sensor_is_slow()
{
    abi::NvmlDevice device = begin("sensors live;sensor power_average takes 50ms");
    auto began = std::chrono::steady_clock::now();
    number(device, abi::NvmlField::power_average);
    CHECK(std::chrono::steady_clock::now() - began >= std::chrono::milliseconds(50), "slow");
    double quickest = 1;
    for (int i = 0; i < 10; i++) {
        auto before = std::chrono::steady_clock::now();
        number(device, abi::NvmlField::power_instant);
        quickest = std::min(
            quickest, std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
    }
    CHECK(quickest < 0.04, "the others are quick: %g s", quickest);
}

static void recovers()
{
    abi::NvmlDevice device = begin("sensors frozen;throttle 0ms hw_slowdown 100ms");
    State now = state(device);
    CHECK(now.reasons == 8 && now.sm == 900, "%llx %u", now.reasons, now.sm);
    while (now.reasons != 0) {
        now = state(device);
    }
    now = state(device);
    CHECK(now.sm == 1500 && now.celsius == 41, "as before");
}

static void throttled()
{
    abi::NvmlDevice device = begin("sensors frozen;throttle 100ms sw_thermal_slowdown;throttle 200ms sw_power_cap");
    State now = state(device);
    while (now.reasons == 0) {
        CHECK(now.sm == 1500 && now.celsius == 41, "not yet");
        now = state(device);
    }
    now = state(device); /* all of it later than the reason */
    CHECK((now.reasons & 0x20) != 0 && now.celsius == 90, "%llx", now.reasons);
    while ((now.reasons & 4) == 0) {
        now = state(device);
    }
    now = state(device);
    CHECK(now.reasons == 0x24 && now.sm == 900 && now.milliwatts == now.limit, "%llx %u", now.reasons, now.sm);
}

static void calls_fail()
{
    abi::NvmlDevice device = begin("fail nvml 3 code 15;fail nvmlDeviceGetName 2 code 999;fail cuda 4 code 2");
    char text[80];
    EXPECT(gpu_is_lost, nvmlDeviceGetName(device, text, sizeof text));
    std::string why = nvmlErrorString(NvmlResult::gpu_is_lost);
    CHECK(why == "by fault script: fail nvml 3 code 15", "%s", why.c_str());
    CHECK(std::string(nvmlErrorString(NvmlResult::unknown)) == "unknown error", "of another code");
    EXPECT(unknown, nvmlDeviceGetName(device, text, sizeof text));
    OK(nvmlDeviceGetName(device, text, sizeof text));
    CHECK(std::string(nvmlErrorString(NvmlResult::unknown)) == "unknown error", "of an earlier call");
}

static void refuses_nonsense()
{
    setenv("GPUBENCH_SIM_FAULTS", "sensors broken", 1);
    EXPECT(invalid_argument, nvmlInit_v2());
    std::string why = nvmlErrorString(NvmlResult::invalid_argument);
    CHECK(why.find("there is no kind of sensors broken") != std::string::npos, "%s", why.c_str());
    EXPECT(uninitialized, nvmlShutdown());
}

/* At a time, without any help; at a call of the driver if that is in the same process. */
static void the_device_is_lost()
{
    in_a_child([] {
        abi::NvmlDevice device = begin("lost 300ms");
        uint32_t count = 0;
        NvmlResult result;
        while ((result = nvmlDeviceGetComputeRunningProcesses_v3(device, &count, nullptr)) == NvmlResult::success) {
        }
        CHECK(result == NvmlResult::gpu_is_lost, "%d", static_cast<int>(result));
        EXPECT(gpu_is_lost, nvmlDeviceGetHandleByUUID("GPU-67707562-656e-6368-2d73-696d756c6174", &device));
        std::string why = nvmlErrorString(NvmlResult::gpu_is_lost);
        CHECK(why == "by fault script: lost 300ms", "%s", why.c_str());
        OK(nvmlShutdown());
    });
    in_a_child([] { /* NVML may be the first, or the only one, to notice */
        abi::NvmlDevice device = begin("sensors live;lost 50ms nvml");
        void *driver = dlopen(CUDA_LIBRARY, RTLD_NOW | RTLD_LOCAL);
        CHECK(driver != nullptr, "%s", dlerror());
        auto init = reinterpret_cast<abi::Result (*)(uint32_t)>(dlsym(driver, "cuInit"));
        uint32_t milliwatts;
        NvmlResult result;
        CHECK(init(0) == abi::Result::success, "the driver");
        while ((result = nvmlDeviceGetPowerUsage(device, &milliwatts)) == NvmlResult::success) {
        }
        CHECK(result == NvmlResult::gpu_is_lost, "%d", static_cast<int>(result));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        CHECK(init(0) == abi::Result::success, "the driver does not notice");
    });
    in_a_child([] {
        abi::NvmlDevice device = begin("lost 2");
        char text[80];
        OK(nvmlDeviceGetName(device, text, sizeof text));
        void *driver = dlopen(CUDA_LIBRARY, RTLD_NOW | RTLD_LOCAL);
        CHECK(driver != nullptr, "%s", dlerror());
        auto init = reinterpret_cast<abi::Result (*)(uint32_t)>(dlsym(driver, "cuInit"));
        CHECK(init(0) == abi::Result::success, "call 1");
        OK(nvmlDeviceGetName(device, text, sizeof text));
        CHECK(static_cast<int32_t>(init(0)) == 46, "call 2");
        EXPECT(gpu_is_lost, nvmlDeviceGetName(device, text, sizeof text));
    });
}

int main()
{
    in_a_child(frozen);
    in_a_child(sentinel);
    in_a_child(live);
    in_a_child(facts);
    in_a_child(live_fields);
    in_a_child(counts_errors);
    in_a_child(sentinel_fields);
    in_a_child(single_sensors);
    in_a_child(one_sensor_is_frozen);
    in_a_child(one_sensor_updates);
    in_a_child(one_sensor_is_slow);
    in_a_child(throttled);
    in_a_child(recovers);
    in_a_child(calls_fail);
    in_a_child(refuses_nonsense);
    the_device_is_lost();
    return 0;
}
