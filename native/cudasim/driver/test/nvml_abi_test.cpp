/* SPDX-License-Identifier: Apache-2.0 */
/* Compared while it compiles, where nvml.h is installed: our declarations with the real ones. */
#include <nvml.h>

#include <cstddef>

#include "abi/nvml.hpp"
#include "same_abi.hpp"

#define CUDASIM_EXPORT
namespace ours {
#include "abi/nvml_functions.hpp"
} // namespace ours

using namespace cudasim;

#define SAME_VALUE(ours, real) static_assert(static_cast<long long>(ours) == static_cast<long long>(real), #real)

SAME_VALUE(abi::NvmlResult::success, NVML_SUCCESS);
SAME_VALUE(abi::NvmlResult::uninitialized, NVML_ERROR_UNINITIALIZED);
SAME_VALUE(abi::NvmlResult::invalid_argument, NVML_ERROR_INVALID_ARGUMENT);
SAME_VALUE(abi::NvmlResult::not_supported, NVML_ERROR_NOT_SUPPORTED);
SAME_VALUE(abi::NvmlResult::not_found, NVML_ERROR_NOT_FOUND);
SAME_VALUE(abi::NvmlResult::insufficient_size, NVML_ERROR_INSUFFICIENT_SIZE);
SAME_VALUE(abi::NvmlResult::gpu_is_lost, NVML_ERROR_GPU_IS_LOST);
SAME_VALUE(abi::NvmlResult::unknown, NVML_ERROR_UNKNOWN);

static_assert(sizeof(abi::NvmlUtilization) == sizeof(nvmlUtilization_t));
static_assert(offsetof(abi::NvmlUtilization, gpu_percent) == offsetof(nvmlUtilization_t, gpu));
static_assert(offsetof(abi::NvmlUtilization, memory_percent) == offsetof(nvmlUtilization_t, memory));

static_assert(sizeof(abi::NvmlProcess) == sizeof(nvmlProcessInfo_v2_t));
static_assert(offsetof(abi::NvmlProcess, pid) == offsetof(nvmlProcessInfo_v2_t, pid));
static_assert(offsetof(abi::NvmlProcess, used_bytes) == offsetof(nvmlProcessInfo_v2_t, usedGpuMemory));
static_assert(offsetof(abi::NvmlProcess, gpu_instance) == offsetof(nvmlProcessInfo_v2_t, gpuInstanceId));
static_assert(offsetof(abi::NvmlProcess, compute_instance) == offsetof(nvmlProcessInfo_v2_t, computeInstanceId));

#define SAME_FUNCTION(name)                                                                                           \
    static_assert(test::SameAbi<decltype(ours::name), decltype(::name)>::value, #name)

SAME_FUNCTION(nvmlInit_v2);
SAME_FUNCTION(nvmlShutdown);
SAME_FUNCTION(nvmlErrorString);
SAME_FUNCTION(nvmlSystemGetDriverVersion);
SAME_FUNCTION(nvmlDeviceGetHandleByUUID);
SAME_FUNCTION(nvmlDeviceGetName);
SAME_FUNCTION(nvmlDeviceGetVbiosVersion);
SAME_FUNCTION(nvmlDeviceGetEccMode);
SAME_FUNCTION(nvmlDeviceGetEnforcedPowerLimit);
SAME_FUNCTION(nvmlDeviceGetPowerUsage);
SAME_FUNCTION(nvmlDeviceGetTemperature);
SAME_FUNCTION(nvmlDeviceGetClockInfo);
SAME_FUNCTION(nvmlDeviceGetMaxClockInfo);
SAME_FUNCTION(nvmlDeviceGetUtilizationRates);
SAME_FUNCTION(nvmlDeviceGetCurrPcieLinkGeneration);
SAME_FUNCTION(nvmlDeviceGetCurrPcieLinkWidth);
SAME_FUNCTION(nvmlDeviceGetMaxPcieLinkGeneration);
SAME_FUNCTION(nvmlDeviceGetMaxPcieLinkWidth);
SAME_FUNCTION(nvmlDeviceGetPersistenceMode);
SAME_FUNCTION(nvmlDeviceGetMigMode);
SAME_FUNCTION(nvmlDeviceGetCurrentClocksEventReasons);
SAME_FUNCTION(nvmlDeviceGetCurrentClocksThrottleReasons);
SAME_FUNCTION(nvmlDeviceGetComputeRunningProcesses_v3);
SAME_FUNCTION(nvmlSystemGetProcessName);
