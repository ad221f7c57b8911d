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
SAME_VALUE(abi::NvmlResult::no_permission, NVML_ERROR_NO_PERMISSION);
SAME_VALUE(abi::NvmlResult::not_found, NVML_ERROR_NOT_FOUND);
SAME_VALUE(abi::NvmlResult::insufficient_size, NVML_ERROR_INSUFFICIENT_SIZE);
SAME_VALUE(abi::NvmlResult::function_not_found, NVML_ERROR_FUNCTION_NOT_FOUND);
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

static_assert(sizeof(abi::NvmlMemory) == sizeof(nvmlMemory_t));
static_assert(offsetof(abi::NvmlMemory, total_bytes) == offsetof(nvmlMemory_t, total));
static_assert(offsetof(abi::NvmlMemory, free_bytes) == offsetof(nvmlMemory_t, free));
static_assert(offsetof(abi::NvmlMemory, used_bytes) == offsetof(nvmlMemory_t, used));

static_assert(sizeof(abi::NvmlPci) == sizeof(nvmlPciInfo_t));
static_assert(offsetof(abi::NvmlPci, bus_id_legacy) == offsetof(nvmlPciInfo_t, busIdLegacy));
static_assert(offsetof(abi::NvmlPci, domain) == offsetof(nvmlPciInfo_t, domain));
static_assert(offsetof(abi::NvmlPci, bus) == offsetof(nvmlPciInfo_t, bus));
static_assert(offsetof(abi::NvmlPci, device) == offsetof(nvmlPciInfo_t, device));
static_assert(offsetof(abi::NvmlPci, device_id) == offsetof(nvmlPciInfo_t, pciDeviceId));
static_assert(offsetof(abi::NvmlPci, subsystem_id) == offsetof(nvmlPciInfo_t, pciSubSystemId));
static_assert(offsetof(abi::NvmlPci, bus_id) == offsetof(nvmlPciInfo_t, busId));

static_assert(sizeof(abi::NvmlFieldValue) == sizeof(nvmlFieldValue_t));
static_assert(offsetof(abi::NvmlFieldValue, field) == offsetof(nvmlFieldValue_t, fieldId));
static_assert(offsetof(abi::NvmlFieldValue, scope) == offsetof(nvmlFieldValue_t, scopeId));
static_assert(offsetof(abi::NvmlFieldValue, timestamp_micros) == offsetof(nvmlFieldValue_t, timestamp));
static_assert(offsetof(abi::NvmlFieldValue, latency_micros) == offsetof(nvmlFieldValue_t, latencyUsec));
static_assert(offsetof(abi::NvmlFieldValue, type) == offsetof(nvmlFieldValue_t, valueType));
static_assert(offsetof(abi::NvmlFieldValue, result) == offsetof(nvmlFieldValue_t, nvmlReturn));
static_assert(offsetof(abi::NvmlFieldValue, value) == offsetof(nvmlFieldValue_t, value));

static_assert(sizeof(abi::NvmlValue) == sizeof(nvmlValue_t));
SAME_VALUE(abi::NvmlValueType::floating, NVML_VALUE_TYPE_DOUBLE);
SAME_VALUE(abi::NvmlValueType::unsigned_32, NVML_VALUE_TYPE_UNSIGNED_INT);
SAME_VALUE(abi::NvmlValueType::unsigned_word, NVML_VALUE_TYPE_UNSIGNED_LONG);
SAME_VALUE(abi::NvmlValueType::unsigned_64, NVML_VALUE_TYPE_UNSIGNED_LONG_LONG);
SAME_VALUE(abi::NvmlValueType::signed_64, NVML_VALUE_TYPE_SIGNED_LONG_LONG);
SAME_VALUE(abi::NvmlValueType::signed_32, NVML_VALUE_TYPE_SIGNED_INT);

SAME_VALUE(abi::NvmlField::ecc_corrected, NVML_FI_DEV_ECC_SBE_VOL_TOTAL);
SAME_VALUE(abi::NvmlField::ecc_uncorrected, NVML_FI_DEV_ECC_DBE_VOL_TOTAL);
SAME_VALUE(abi::NvmlField::retired_corrected, NVML_FI_DEV_RETIRED_SBE);
SAME_VALUE(abi::NvmlField::retired_uncorrected, NVML_FI_DEV_RETIRED_DBE);
SAME_VALUE(abi::NvmlField::retired_pending, NVML_FI_DEV_RETIRED_PENDING);
SAME_VALUE(abi::NvmlField::throttled_by_power, NVML_FI_DEV_PERF_POLICY_POWER);
SAME_VALUE(abi::NvmlField::throttled_by_heat, NVML_FI_DEV_PERF_POLICY_THERMAL);
SAME_VALUE(abi::NvmlField::memory_temperature, NVML_FI_DEV_MEMORY_TEMP);
SAME_VALUE(abi::NvmlField::energy, NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION);
SAME_VALUE(abi::NvmlField::remapped_corrected, NVML_FI_DEV_REMAPPED_COR);
SAME_VALUE(abi::NvmlField::remapped_uncorrected, NVML_FI_DEV_REMAPPED_UNC);
SAME_VALUE(abi::NvmlField::remapped_pending, NVML_FI_DEV_REMAPPED_PENDING);
SAME_VALUE(abi::NvmlField::remapped_failed, NVML_FI_DEV_REMAPPED_FAILURE);
SAME_VALUE(abi::NvmlField::power_average, NVML_FI_DEV_POWER_AVERAGE);
SAME_VALUE(abi::NvmlField::power_instant, NVML_FI_DEV_POWER_INSTANT);
SAME_VALUE(abi::NvmlField::slowdown_margin, NVML_FI_DEV_TEMPERATURE_SLOWDOWN_TLIMIT);
SAME_VALUE(abi::NvmlField::throttling_margin, NVML_FI_DEV_TEMPERATURE_GPU_MAX_TLIMIT);
#ifdef NVML_FI_DEV_PCIE_COUNT_TX_BYTES
SAME_VALUE(abi::NvmlField::pcie_sent, NVML_FI_DEV_PCIE_COUNT_TX_BYTES);
SAME_VALUE(abi::NvmlField::pcie_received, NVML_FI_DEV_PCIE_COUNT_RX_BYTES);
#endif

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
SAME_FUNCTION(nvmlDeviceGetCount_v2);
SAME_FUNCTION(nvmlDeviceGetHandleByIndex_v2);
SAME_FUNCTION(nvmlDeviceGetUUID);
SAME_FUNCTION(nvmlDeviceGetPciInfo_v3);
SAME_FUNCTION(nvmlDeviceGetComputeMode);
SAME_FUNCTION(nvmlDeviceGetVirtualizationMode);
SAME_FUNCTION(nvmlDeviceGetMemoryInfo);
SAME_FUNCTION(nvmlDeviceGetPerformanceState);
SAME_FUNCTION(nvmlDeviceGetPowerManagementDefaultLimit);
SAME_FUNCTION(nvmlDeviceGetTemperatureThreshold);
SAME_FUNCTION(nvmlDeviceGetApplicationsClock);
SAME_FUNCTION(nvmlDeviceGetDefaultApplicationsClock);
SAME_FUNCTION(nvmlDeviceGetGpuMaxPcieLinkGeneration);
SAME_FUNCTION(nvmlDeviceGetFieldValues);
