/* SPDX-License-Identifier: Apache-2.0 */
/* The binary interface of NVML as far as gpubench binds it, in our own names; compared by test/nvml_abi_test.cpp. */
#ifndef GPUBENCH_CUDASIM_ABI_NVML_HPP
#define GPUBENCH_CUDASIM_ABI_NVML_HPP

#include <cstdint>

namespace cudasim::abi {

enum class NvmlResult : int32_t {
    success = 0,
    uninitialized = 1,
    invalid_argument = 2,
    not_supported = 3,
    no_permission = 4,
    not_found = 6,
    insufficient_size = 7,
    function_not_found = 13,
    gpu_is_lost = 15,
    unknown = 999,
};

using NvmlDevice = struct NvmlDeviceTarget *;

struct NvmlUtilization {
    uint32_t gpu_percent;
    uint32_t memory_percent;
};

struct NvmlProcess {
    uint32_t pid;
    unsigned long long used_bytes; /* all bits set if unknown */
    uint32_t gpu_instance;         /* all bits set if the device is not divided */
    uint32_t compute_instance;
};

struct NvmlMemory {
    unsigned long long total_bytes;
    unsigned long long free_bytes;
    unsigned long long used_bytes;
};

struct NvmlPci {
    char bus_id_legacy[16]; /* "0000:00:00.0" */
    uint32_t domain;
    uint32_t bus;
    uint32_t device;
    uint32_t device_id;     /* the device's in the upper half, the vendor's in the lower one */
    uint32_t subsystem_id;
    char bus_id[32]; /* "00000000:00:00.0" */
};

/* Which member of a value counts. */
enum class NvmlValueType : int32_t {
    floating = 0,
    unsigned_32 = 1,
    unsigned_word = 2,
    unsigned_64 = 3,
    signed_64 = 4,
    signed_32 = 5,
};

union NvmlValue {
    double floating;
    int32_t signed_32;
    uint32_t unsigned_32;
    unsigned long unsigned_word;
    unsigned long long unsigned_64;
    long long signed_64;
};

/* The fields that the simulated device knows. */
enum class NvmlField : uint32_t {
    ecc_corrected = 3,
    ecc_uncorrected = 4,
    retired_corrected = 29,
    retired_uncorrected = 30,
    retired_pending = 31,
    throttled_by_power = 74, /* nanoseconds */
    throttled_by_heat = 75,
    memory_temperature = 82,
    energy = 83, /* millijoules */
    remapped_corrected = 142,
    remapped_uncorrected = 143,
    remapped_pending = 144,
    remapped_failed = 145,
    power_average = 185, /* milliwatts */
    power_instant = 186,
    slowdown_margin = 194, /* degrees */
    throttling_margin = 196,
    pcie_sent = 197, /* bytes; of nvml.h since CUDA 12.6 */
    pcie_received = 198,
};

struct NvmlFieldValue {
    NvmlField field;
    uint32_t scope;
    long long timestamp_micros; /* since 1970 */
    long long latency_micros;
    NvmlValueType type;
    NvmlResult result;
    NvmlValue value;
};

} // namespace cudasim::abi

#endif
