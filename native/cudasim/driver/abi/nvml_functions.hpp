/* SPDX-License-Identifier: Apache-2.0 */
/* The functions that the simulator's libnvidia-ml.so.1 exports. No guard: the ABI test reads them into a namespace. */
#ifndef CUDASIM_EXPORT
#define CUDASIM_EXPORT extern "C" __attribute__((visibility("default")))
#endif

CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlInit_v2(void);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlShutdown(void);
CUDASIM_EXPORT const char *nvmlErrorString(cudasim::abi::NvmlResult result);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlSystemGetDriverVersion(char *version, uint32_t length);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetHandleByUUID(
    const char *uuid, cudasim::abi::NvmlDevice *device);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetName(
    cudasim::abi::NvmlDevice device, char *name, uint32_t length);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetVbiosVersion(
    cudasim::abi::NvmlDevice device, char *version, uint32_t length);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetEccMode(
    cudasim::abi::NvmlDevice device, int32_t *current, int32_t *pending);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetEnforcedPowerLimit(
    cudasim::abi::NvmlDevice device, uint32_t *milliwatts);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetPowerUsage(
    cudasim::abi::NvmlDevice device, uint32_t *milliwatts);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetTemperature(
    cudasim::abi::NvmlDevice device, int32_t sensor, uint32_t *celsius);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetClockInfo(
    cudasim::abi::NvmlDevice device, int32_t clock, uint32_t *megahertz);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetMaxClockInfo(
    cudasim::abi::NvmlDevice device, int32_t clock, uint32_t *megahertz);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetUtilizationRates(
    cudasim::abi::NvmlDevice device, cudasim::abi::NvmlUtilization *utilization);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetCurrPcieLinkGeneration(
    cudasim::abi::NvmlDevice device, uint32_t *generation);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetCurrPcieLinkWidth(
    cudasim::abi::NvmlDevice device, uint32_t *lanes);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetMaxPcieLinkGeneration(
    cudasim::abi::NvmlDevice device, uint32_t *generation);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetMaxPcieLinkWidth(
    cudasim::abi::NvmlDevice device, uint32_t *lanes);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetPersistenceMode(
    cudasim::abi::NvmlDevice device, int32_t *mode);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetMigMode(
    cudasim::abi::NvmlDevice device, uint32_t *current, uint32_t *pending);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetCurrentClocksEventReasons(
    cudasim::abi::NvmlDevice device, unsigned long long *reasons);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetCurrentClocksThrottleReasons(
    cudasim::abi::NvmlDevice device, unsigned long long *reasons);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetComputeRunningProcesses_v3(
    cudasim::abi::NvmlDevice device, uint32_t *count, cudasim::abi::NvmlProcess *processes);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlSystemGetProcessName(uint32_t pid, char *name, uint32_t length);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetCount_v2(uint32_t *count);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetHandleByIndex_v2(
    uint32_t index, cudasim::abi::NvmlDevice *device);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetUUID(
    cudasim::abi::NvmlDevice device, char *uuid, uint32_t length);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetPciInfo_v3(
    cudasim::abi::NvmlDevice device, cudasim::abi::NvmlPci *pci);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetComputeMode(cudasim::abi::NvmlDevice device, int32_t *mode);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetVirtualizationMode(
    cudasim::abi::NvmlDevice device, int32_t *mode);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetMemoryInfo(
    cudasim::abi::NvmlDevice device, cudasim::abi::NvmlMemory *memory);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetPerformanceState(
    cudasim::abi::NvmlDevice device, int32_t *state);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetPowerManagementDefaultLimit(
    cudasim::abi::NvmlDevice device, uint32_t *milliwatts);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetTemperatureThreshold(
    cudasim::abi::NvmlDevice device, int32_t threshold, uint32_t *celsius);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetApplicationsClock(
    cudasim::abi::NvmlDevice device, int32_t clock, uint32_t *megahertz);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetDefaultApplicationsClock(
    cudasim::abi::NvmlDevice device, int32_t clock, uint32_t *megahertz);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetGpuMaxPcieLinkGeneration(
    cudasim::abi::NvmlDevice device, uint32_t *generation);
CUDASIM_EXPORT cudasim::abi::NvmlResult nvmlDeviceGetFieldValues(
    cudasim::abi::NvmlDevice device, int32_t count, cudasim::abi::NvmlFieldValue *values);
