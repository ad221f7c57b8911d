/* SPDX-License-Identifier: Apache-2.0 */
/* The functions that the simulator's libcuda.so.1 exports. No guard: the ABI test reads them into a namespace. */
#ifndef CUDASIM_EXPORT
#define CUDASIM_EXPORT extern "C" __attribute__((visibility("default")))
#endif

CUDASIM_EXPORT cudasim::abi::Result cuInit(uint32_t flags);
CUDASIM_EXPORT cudasim::abi::Result cuDriverGetVersion(int32_t *version);
CUDASIM_EXPORT cudasim::abi::Result cuGetErrorName(cudasim::abi::Result error, const char **name);
CUDASIM_EXPORT cudasim::abi::Result cuGetErrorString(cudasim::abi::Result error, const char **text);

CUDASIM_EXPORT cudasim::abi::Result cuDeviceGetCount(int32_t *count);
CUDASIM_EXPORT cudasim::abi::Result cuDeviceGet(cudasim::abi::Device *device, int32_t ordinal);
CUDASIM_EXPORT cudasim::abi::Result cuDeviceGetName(char *name, int32_t length, cudasim::abi::Device device);
CUDASIM_EXPORT cudasim::abi::Result cuDeviceGetUuid_v2(cudasim::abi::Uuid *uuid, cudasim::abi::Device device);
CUDASIM_EXPORT cudasim::abi::Result cuDeviceGetAttribute(
    int32_t *value, cudasim::abi::DeviceAttribute attribute, cudasim::abi::Device device);
CUDASIM_EXPORT cudasim::abi::Result cuDeviceTotalMem_v2(size_t *bytes, cudasim::abi::Device device);
CUDASIM_EXPORT cudasim::abi::Result cuDeviceGetPCIBusId(char *id, int32_t length, cudasim::abi::Device device);

CUDASIM_EXPORT cudasim::abi::Result cuDevicePrimaryCtxRetain(
    cudasim::abi::ContextHandle *context, cudasim::abi::Device device);
CUDASIM_EXPORT cudasim::abi::Result cuDevicePrimaryCtxRelease_v2(cudasim::abi::Device device);
CUDASIM_EXPORT cudasim::abi::Result cuDevicePrimaryCtxSetFlags_v2(cudasim::abi::Device device, uint32_t flags);
CUDASIM_EXPORT cudasim::abi::Result cuCtxCreate_v4(cudasim::abi::ContextHandle *context,
    cudasim::abi::ContextParameters *parameters, uint32_t flags, cudasim::abi::Device device);
CUDASIM_EXPORT cudasim::abi::Result cuCtxDestroy_v2(cudasim::abi::ContextHandle context);
CUDASIM_EXPORT cudasim::abi::Result cuCtxSetCurrent(cudasim::abi::ContextHandle context);
CUDASIM_EXPORT cudasim::abi::Result cuCtxGetCurrent(cudasim::abi::ContextHandle *context);
CUDASIM_EXPORT cudasim::abi::Result cuCtxPushCurrent_v2(cudasim::abi::ContextHandle context);
CUDASIM_EXPORT cudasim::abi::Result cuCtxPopCurrent_v2(cudasim::abi::ContextHandle *context);
CUDASIM_EXPORT cudasim::abi::Result cuCtxResetPersistingL2Cache(void);
CUDASIM_EXPORT cudasim::abi::Result cuCtxSynchronize(void);

CUDASIM_EXPORT cudasim::abi::Result cuDeviceCanAccessPeer(
    int32_t *can, cudasim::abi::Device device, cudasim::abi::Device peer);
CUDASIM_EXPORT cudasim::abi::Result cuCtxEnablePeerAccess(cudasim::abi::ContextHandle peer, uint32_t flags);
CUDASIM_EXPORT cudasim::abi::Result cuCtxDisablePeerAccess(cudasim::abi::ContextHandle peer);

CUDASIM_EXPORT cudasim::abi::Result cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes);
CUDASIM_EXPORT cudasim::abi::Result cuMemAlloc_v2(cudasim::abi::DevicePointer *address, size_t bytes);
CUDASIM_EXPORT cudasim::abi::Result cuMemFree_v2(cudasim::abi::DevicePointer address);
CUDASIM_EXPORT cudasim::abi::Result cuMemHostAlloc(void **address, size_t bytes, uint32_t flags);
CUDASIM_EXPORT cudasim::abi::Result cuMemAllocHost_v2(void **address, size_t bytes);
CUDASIM_EXPORT cudasim::abi::Result cuMemHostRegister_v2(void *address, size_t bytes, uint32_t flags);
CUDASIM_EXPORT cudasim::abi::Result cuMemHostUnregister(void *address);
CUDASIM_EXPORT cudasim::abi::Result cuMemFreeHost(void *address);
CUDASIM_EXPORT cudasim::abi::Result cuMemHostGetDevicePointer_v2(
    cudasim::abi::DevicePointer *device, void *host, uint32_t flags);
CUDASIM_EXPORT cudasim::abi::Result cuMemcpyHtoD_v2(
    cudasim::abi::DevicePointer target, const void *source, size_t bytes);
CUDASIM_EXPORT cudasim::abi::Result cuMemcpyDtoH_v2(
    void *target, cudasim::abi::DevicePointer source, size_t bytes);
CUDASIM_EXPORT cudasim::abi::Result cuMemcpyDtoD_v2(
    cudasim::abi::DevicePointer target, cudasim::abi::DevicePointer source, size_t bytes);
CUDASIM_EXPORT cudasim::abi::Result cuMemcpyHtoDAsync_v2(
    cudasim::abi::DevicePointer target, const void *source, size_t bytes, cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuMemcpyDtoHAsync_v2(
    void *target, cudasim::abi::DevicePointer source, size_t bytes, cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuMemcpyDtoDAsync_v2(cudasim::abi::DevicePointer target,
    cudasim::abi::DevicePointer source, size_t bytes, cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuMemcpyBatchAsync_v2(cudasim::abi::DevicePointer *targets,
    cudasim::abi::DevicePointer *sources, size_t *sizes, size_t count, cudasim::abi::CopyAttributes *attributes,
    size_t *first_copies, size_t attribute_count, cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuMemcpyPeerAsync(cudasim::abi::DevicePointer target,
    cudasim::abi::ContextHandle target_context, cudasim::abi::DevicePointer source,
    cudasim::abi::ContextHandle source_context, size_t bytes, cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuMemsetD8_v2(
    cudasim::abi::DevicePointer target, unsigned char value, size_t count);
CUDASIM_EXPORT cudasim::abi::Result cuMemsetD8Async(
    cudasim::abi::DevicePointer target, unsigned char value, size_t count, cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuMemsetD32Async(
    cudasim::abi::DevicePointer target, uint32_t value, size_t count, cudasim::abi::StreamHandle stream);

CUDASIM_EXPORT cudasim::abi::Result cuStreamCreate(cudasim::abi::StreamHandle *stream, uint32_t flags);
CUDASIM_EXPORT cudasim::abi::Result cuStreamDestroy_v2(cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuStreamSynchronize(cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuStreamQuery(cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuStreamWaitEvent(
    cudasim::abi::StreamHandle stream, cudasim::abi::EventHandle event, uint32_t flags);
CUDASIM_EXPORT cudasim::abi::Result cuStreamBeginCapture_v2(
    cudasim::abi::StreamHandle stream, cudasim::abi::CaptureMode mode);
CUDASIM_EXPORT cudasim::abi::Result cuStreamEndCapture(
    cudasim::abi::StreamHandle stream, cudasim::abi::GraphHandle *graph);
CUDASIM_EXPORT cudasim::abi::Result cuStreamIsCapturing(
    cudasim::abi::StreamHandle stream, cudasim::abi::CaptureStatus *status);

CUDASIM_EXPORT cudasim::abi::Result cuEventCreate(cudasim::abi::EventHandle *event, uint32_t flags);
CUDASIM_EXPORT cudasim::abi::Result cuEventDestroy_v2(cudasim::abi::EventHandle event);
CUDASIM_EXPORT cudasim::abi::Result cuEventRecord(
    cudasim::abi::EventHandle event, cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuEventSynchronize(cudasim::abi::EventHandle event);
CUDASIM_EXPORT cudasim::abi::Result cuEventQuery(cudasim::abi::EventHandle event);
CUDASIM_EXPORT cudasim::abi::Result cuEventElapsedTime(
    float *milliseconds, cudasim::abi::EventHandle start, cudasim::abi::EventHandle end);
CUDASIM_EXPORT cudasim::abi::Result cuEventElapsedTime_v2(
    float *milliseconds, cudasim::abi::EventHandle start, cudasim::abi::EventHandle end);

CUDASIM_EXPORT cudasim::abi::Result cuModuleLoadDataEx(cudasim::abi::ModuleHandle *module, const void *image,
    uint32_t option_count, cudasim::abi::JitOption *options, void **option_values);
CUDASIM_EXPORT cudasim::abi::Result cuModuleUnload(cudasim::abi::ModuleHandle module);
CUDASIM_EXPORT cudasim::abi::Result cuModuleGetFunction(
    cudasim::abi::FunctionHandle *function, cudasim::abi::ModuleHandle module, const char *name);
CUDASIM_EXPORT cudasim::abi::Result cuModuleGetGlobal_v2(cudasim::abi::DevicePointer *address, size_t *bytes,
    cudasim::abi::ModuleHandle module, const char *name);
CUDASIM_EXPORT cudasim::abi::Result cuFuncGetAttribute(
    int32_t *value, cudasim::abi::FunctionAttribute attribute, cudasim::abi::FunctionHandle function);
CUDASIM_EXPORT cudasim::abi::Result cuFuncSetAttribute(
    cudasim::abi::FunctionHandle function, cudasim::abi::FunctionAttribute attribute, int32_t value);
CUDASIM_EXPORT cudasim::abi::Result cuFuncLoad(cudasim::abi::FunctionHandle function);
CUDASIM_EXPORT cudasim::abi::Result cuOccupancyMaxActiveBlocksPerMultiprocessor(
    int32_t *blocks, cudasim::abi::FunctionHandle function, int32_t threads, size_t dynamic_shared_bytes);
CUDASIM_EXPORT cudasim::abi::Result cuOccupancyMaxPotentialBlockSize(int32_t *min_grid, int32_t *threads,
    cudasim::abi::FunctionHandle function, cudasim::abi::SharedBytesOfBlock shared_bytes_of_block,
    size_t dynamic_shared_bytes, int32_t thread_limit);

CUDASIM_EXPORT cudasim::abi::Result cuLaunchKernel(cudasim::abi::FunctionHandle function, uint32_t grid_x,
    uint32_t grid_y, uint32_t grid_z, uint32_t block_x, uint32_t block_y, uint32_t block_z,
    uint32_t dynamic_shared_bytes, cudasim::abi::StreamHandle stream, void **parameters, void **extra);
CUDASIM_EXPORT cudasim::abi::Result cuLaunchKernelEx(const cudasim::abi::LaunchConfig *config,
    cudasim::abi::FunctionHandle function, void **parameters, void **extra);

CUDASIM_EXPORT cudasim::abi::Result cuGraphDestroy(cudasim::abi::GraphHandle graph);
CUDASIM_EXPORT cudasim::abi::Result cuGraphInstantiateWithFlags(cudasim::abi::ExecutableHandle *executable,
    cudasim::abi::GraphHandle graph, unsigned long long flags);
CUDASIM_EXPORT cudasim::abi::Result cuGraphLaunch(
    cudasim::abi::ExecutableHandle executable, cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuGraphUpload(
    cudasim::abi::ExecutableHandle executable, cudasim::abi::StreamHandle stream);
CUDASIM_EXPORT cudasim::abi::Result cuGraphExecUpdate_v2(cudasim::abi::ExecutableHandle executable,
    cudasim::abi::GraphHandle graph, cudasim::abi::GraphUpdateInfo *info);
CUDASIM_EXPORT cudasim::abi::Result cuGraphExecDestroy(cudasim::abi::ExecutableHandle executable);
CUDASIM_EXPORT cudasim::abi::Result cuGraphGetNodes(
    cudasim::abi::GraphHandle graph, cudasim::abi::NodeHandle *nodes, size_t *count);
