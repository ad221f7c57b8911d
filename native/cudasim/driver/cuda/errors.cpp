/* SPDX-License-Identifier: Apache-2.0 */
#include "errors.hpp"

#include <atomic>
#include <deque>
#include <mutex>

namespace cudasim::driver {

namespace {

struct Description {
    int32_t code;
    const char *name;
    const char *text;
};

constexpr Description descriptions[] = {
    {0, "CUDA_SUCCESS", "no error"},
    {1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {3, "CUDA_ERROR_NOT_INITIALIZED", "cuInit has not been called"},
    {4, "CUDA_ERROR_DEINITIALIZED", "the driver is shutting down"},
    {5, "CUDA_ERROR_PROFILER_DISABLED", "the profiler is disabled"},
    {34, "CUDA_ERROR_STUB_LIBRARY", "a stub is loaded instead of the driver"},
    {36, "CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER", "the call needs a newer driver"},
    {46, "CUDA_ERROR_DEVICE_UNAVAILABLE", "the device is busy or unavailable"},
    {100, "CUDA_ERROR_NO_DEVICE", "no device"},
    {101, "CUDA_ERROR_INVALID_DEVICE", "no device with that number"},
    {102, "CUDA_ERROR_DEVICE_NOT_LICENSED", "the device has no licence"},
    {200, "CUDA_ERROR_INVALID_IMAGE", "not an image of kernels"},
    {201, "CUDA_ERROR_INVALID_CONTEXT", "no current context, or an invalid one"},
    {205, "CUDA_ERROR_MAP_FAILED", "mapping failed"},
    {206, "CUDA_ERROR_UNMAP_FAILED", "unmapping failed"},
    {207, "CUDA_ERROR_ARRAY_IS_MAPPED", "the array is mapped"},
    {208, "CUDA_ERROR_ALREADY_MAPPED", "the resource is mapped already"},
    {209, "CUDA_ERROR_NO_BINARY_FOR_GPU", "the image has no code for this device"},
    {210, "CUDA_ERROR_ALREADY_ACQUIRED", "the resource is taken already"},
    {211, "CUDA_ERROR_NOT_MAPPED", "the resource is not mapped"},
    {212, "CUDA_ERROR_NOT_MAPPED_AS_ARRAY", "the resource is not mapped as an array"},
    {213, "CUDA_ERROR_NOT_MAPPED_AS_POINTER", "the resource is not mapped as a pointer"},
    {214, "CUDA_ERROR_ECC_UNCORRECTABLE", "memory error that ECC could not correct"},
    {215, "CUDA_ERROR_UNSUPPORTED_LIMIT", "the device does not support that limit"},
    {216, "CUDA_ERROR_CONTEXT_ALREADY_IN_USE", "the context is in use by another thread"},
    {217, "CUDA_ERROR_PEER_ACCESS_UNSUPPORTED", "the devices cannot access each other"},
    {218, "CUDA_ERROR_INVALID_PTX", "the PTX does not compile"},
    {219, "CUDA_ERROR_INVALID_GRAPHICS_CONTEXT", "invalid graphics context"},
    {220, "CUDA_ERROR_NVLINK_UNCORRECTABLE", "NVLink error that could not be corrected"},
    {221, "CUDA_ERROR_JIT_COMPILER_NOT_FOUND", "the driver's PTX compiler is missing"},
    {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the PTX is newer than the driver"},
    {223, "CUDA_ERROR_JIT_COMPILATION_DISABLED", "compilation of PTX is disabled"},
    {224, "CUDA_ERROR_UNSUPPORTED_EXEC_AFFINITY", "unsupported execution affinity"},
    {225, "CUDA_ERROR_UNSUPPORTED_DEVSIDE_SYNC", "synchronisation from the device is not supported"},
    {226, "CUDA_ERROR_CONTAINED", "an error was contained"},
    {300, "CUDA_ERROR_INVALID_SOURCE", "invalid source"},
    {301, "CUDA_ERROR_FILE_NOT_FOUND", "file not found"},
    {302, "CUDA_ERROR_SHARED_OBJECT_SYMBOL_NOT_FOUND", "a symbol of a shared object is missing"},
    {303, "CUDA_ERROR_SHARED_OBJECT_INIT_FAILED", "a shared object could not be loaded"},
    {304, "CUDA_ERROR_OPERATING_SYSTEM", "the operating system refused"},
    {400, "CUDA_ERROR_INVALID_HANDLE", "invalid handle, or one that has been destroyed"},
    {401, "CUDA_ERROR_ILLEGAL_STATE", "not possible in the present state"},
    {402, "CUDA_ERROR_LOSSY_QUERY", "the query would lose information"},
    {500, "CUDA_ERROR_NOT_FOUND", "there is nothing of that name"},
    {600, "CUDA_ERROR_NOT_READY", "not finished yet"},
    {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "a kernel used an address that is not its to use"},
    {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "the launch wants more than a block can have"},
    {702, "CUDA_ERROR_LAUNCH_TIMEOUT", "a kernel ran for too long"},
    {703, "CUDA_ERROR_LAUNCH_INCOMPATIBLE_TEXTURING", "incompatible texturing mode"},
    {704, "CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED", "peer access is enabled already"},
    {705, "CUDA_ERROR_PEER_ACCESS_NOT_ENABLED", "peer access is not enabled"},
    {708, "CUDA_ERROR_PRIMARY_CONTEXT_ACTIVE", "the primary context is active"},
    {709, "CUDA_ERROR_CONTEXT_IS_DESTROYED", "the current context has been destroyed"},
    {710, "CUDA_ERROR_ASSERT", "an assertion in a kernel failed"},
    {711, "CUDA_ERROR_TOO_MANY_PEERS", "too many peers"},
    {712, "CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED", "the host memory is page-locked already"},
    {713, "CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED", "the host memory is not page-locked"},
    {714, "CUDA_ERROR_HARDWARE_STACK_ERROR", "stack error on the device"},
    {715, "CUDA_ERROR_ILLEGAL_INSTRUCTION", "illegal instruction on the device"},
    {716, "CUDA_ERROR_MISALIGNED_ADDRESS", "a kernel used a misaligned address"},
    {717, "CUDA_ERROR_INVALID_ADDRESS_SPACE", "a kernel used an address of the wrong space"},
    {718, "CUDA_ERROR_INVALID_PC", "invalid program counter on the device"},
    {719, "CUDA_ERROR_LAUNCH_FAILED", "a kernel failed"},
    {720, "CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE", "more cooperative blocks than fit on the device at once"},
    {721, "CUDA_ERROR_TENSOR_MEMORY_LEAK", "a kernel left tensor memory behind"},
    {800, "CUDA_ERROR_NOT_PERMITTED", "not permitted"},
    {801, "CUDA_ERROR_NOT_SUPPORTED", "not supported"},
    {802, "CUDA_ERROR_SYSTEM_NOT_READY", "the system is not ready"},
    {803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "kernel driver and user driver differ"},
    {804, "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE", "forward compatibility is not supported on this device"},
    {805, "CUDA_ERROR_MPS_CONNECTION_FAILED", "no connection to the MPS server"},
    {806, "CUDA_ERROR_MPS_RPC_FAILURE", "the MPS server did not answer"},
    {807, "CUDA_ERROR_MPS_SERVER_NOT_READY", "the MPS server is not ready"},
    {808, "CUDA_ERROR_MPS_MAX_CLIENTS_REACHED", "too many MPS clients"},
    {809, "CUDA_ERROR_MPS_MAX_CONNECTIONS_REACHED", "too many MPS connections"},
    {810, "CUDA_ERROR_MPS_CLIENT_TERMINATED", "the MPS server ended this client"},
    {811, "CUDA_ERROR_CDP_NOT_SUPPORTED", "launches from the device are not supported"},
    {812, "CUDA_ERROR_CDP_VERSION_MISMATCH", "launches from the device: versions differ"},
    {900, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "not permitted while a stream is being captured"},
    {901, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", "an earlier error has invalidated the capture"},
    {902, "CUDA_ERROR_STREAM_CAPTURE_MERGE", "would merge two captures"},
    {903, "CUDA_ERROR_STREAM_CAPTURE_UNMATCHED", "the capture was begun in another stream"},
    {904, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "captured work was not joined to the stream where the capture began"},
    {905, "CUDA_ERROR_STREAM_CAPTURE_ISOLATION", "a captured stream would depend on work outside of the capture"},
    {906, "CUDA_ERROR_STREAM_CAPTURE_IMPLICIT", "the legacy stream would depend on a stream that is being captured"},
    {907, "CUDA_ERROR_CAPTURED_EVENT", "the event was last recorded in a capture"},
    {908, "CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD", "the capture was begun by another thread"},
    {909, "CUDA_ERROR_TIMEOUT", "took too long"},
    {910, "CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE", "the graph cannot be updated that way"},
    {911, "CUDA_ERROR_EXTERNAL_DEVICE", "an external device failed"},
    {912, "CUDA_ERROR_INVALID_CLUSTER_SIZE", "invalid cluster size"},
    {913, "CUDA_ERROR_FUNCTION_NOT_LOADED", "the function is not loaded"},
    {914, "CUDA_ERROR_INVALID_RESOURCE_TYPE", "invalid type of resource"},
    {915, "CUDA_ERROR_INVALID_RESOURCE_CONFIGURATION", "invalid configuration of resources"},
    {916, "CUDA_ERROR_KEY_ROTATION", "key rotation"},
    {999, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

const Description *describe(Result error)
{
    for (const Description &description : descriptions) {
        if (description.code == static_cast<int32_t>(error)) {
            return &description;
        }
    }
    return nullptr;
}

std::atomic<const Report *> launch_report{nullptr};

} // namespace

const char *error_name(Result error)
{
    const Description *description = describe(error);
    return description == nullptr ? nullptr : description->name;
}

const char *error_text(Result error)
{
    const Report *report = launch_report.load(std::memory_order_acquire);
    if (report != nullptr && error == static_cast<Result>(report->code)) {
        return report->text.c_str();
    }
    const Description *description = describe(error);
    return description == nullptr ? nullptr : description->text;
}

void set_launch_report(const Report &report)
{
    /* Callers may keep the pointer, so no report is ever freed. */
    static auto &mutex = *new std::mutex;
    static auto &reports = *new std::deque<Report>;
    std::lock_guard lock(mutex);
    reports.push_back(report);
    launch_report.store(&reports.back(), std::memory_order_release);
}

} // namespace cudasim::driver
