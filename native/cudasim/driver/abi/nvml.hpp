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
    not_found = 6,
    insufficient_size = 7,
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

} // namespace cudasim::abi

#endif
