/* SPDX-License-Identifier: Apache-2.0 */
/* Compared while it compiles, where cuda.h is installed: our declarations with the real ones. */
#define __CUDA_API_VERSION_INTERNAL
#include <cuda.h>

#include <cstddef>

#include "abi/cuda.hpp"
#include "same_abi.hpp"

#define CUDASIM_EXPORT
namespace ours {
#include "abi/cuda_functions.hpp"
} // namespace ours

using namespace cudasim;

#define SAME_VALUE(ours, real) static_assert(static_cast<long long>(ours) == static_cast<long long>(real), #real)

SAME_VALUE(abi::Result::success, CUDA_SUCCESS);
SAME_VALUE(abi::Result::invalid_value, CUDA_ERROR_INVALID_VALUE);
SAME_VALUE(abi::Result::out_of_memory, CUDA_ERROR_OUT_OF_MEMORY);
SAME_VALUE(abi::Result::not_initialized, CUDA_ERROR_NOT_INITIALIZED);
SAME_VALUE(abi::Result::invalid_device, CUDA_ERROR_INVALID_DEVICE);
SAME_VALUE(abi::Result::invalid_image, CUDA_ERROR_INVALID_IMAGE);
SAME_VALUE(abi::Result::invalid_context, CUDA_ERROR_INVALID_CONTEXT);
SAME_VALUE(abi::Result::no_binary_for_gpu, CUDA_ERROR_NO_BINARY_FOR_GPU);
SAME_VALUE(abi::Result::peer_access_unsupported, CUDA_ERROR_PEER_ACCESS_UNSUPPORTED);
SAME_VALUE(abi::Result::peer_access_already_enabled, CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED);
SAME_VALUE(abi::Result::peer_access_not_enabled, CUDA_ERROR_PEER_ACCESS_NOT_ENABLED);
SAME_VALUE(abi::Result::shared_object_init_failed, CUDA_ERROR_SHARED_OBJECT_INIT_FAILED);
SAME_VALUE(abi::Result::operating_system, CUDA_ERROR_OPERATING_SYSTEM);
SAME_VALUE(abi::Result::invalid_handle, CUDA_ERROR_INVALID_HANDLE);
SAME_VALUE(abi::Result::illegal_state, CUDA_ERROR_ILLEGAL_STATE);
SAME_VALUE(abi::Result::not_found, CUDA_ERROR_NOT_FOUND);
SAME_VALUE(abi::Result::not_ready, CUDA_ERROR_NOT_READY);
SAME_VALUE(abi::Result::launch_out_of_resources, CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES);
SAME_VALUE(abi::Result::context_is_destroyed, CUDA_ERROR_CONTEXT_IS_DESTROYED);
SAME_VALUE(abi::Result::illegal_address, CUDA_ERROR_ILLEGAL_ADDRESS);
SAME_VALUE(abi::Result::assertion, CUDA_ERROR_ASSERT);
SAME_VALUE(abi::Result::host_memory_already_registered, CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED);
SAME_VALUE(abi::Result::host_memory_not_registered, CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED);
SAME_VALUE(abi::Result::graph_update_failed, CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE);
SAME_VALUE(abi::Result::misaligned_address, CUDA_ERROR_MISALIGNED_ADDRESS);
SAME_VALUE(abi::Result::launch_failed, CUDA_ERROR_LAUNCH_FAILED);
SAME_VALUE(abi::Result::cooperative_launch_too_large, CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE);
SAME_VALUE(abi::Result::not_supported, CUDA_ERROR_NOT_SUPPORTED);
SAME_VALUE(abi::Result::stream_capture_unsupported, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
SAME_VALUE(abi::Result::stream_capture_invalidated, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
SAME_VALUE(abi::Result::stream_capture_merge, CUDA_ERROR_STREAM_CAPTURE_MERGE);
SAME_VALUE(abi::Result::stream_capture_unmatched, CUDA_ERROR_STREAM_CAPTURE_UNMATCHED);
SAME_VALUE(abi::Result::stream_capture_unjoined, CUDA_ERROR_STREAM_CAPTURE_UNJOINED);
SAME_VALUE(abi::Result::stream_capture_isolation, CUDA_ERROR_STREAM_CAPTURE_ISOLATION);
SAME_VALUE(abi::Result::stream_capture_implicit, CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
SAME_VALUE(abi::Result::captured_event, CUDA_ERROR_CAPTURED_EVENT);
SAME_VALUE(abi::Result::stream_capture_wrong_thread, CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD);
SAME_VALUE(abi::Result::unknown, CUDA_ERROR_UNKNOWN);

SAME_VALUE(abi::DeviceAttribute::max_threads_per_block, CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
SAME_VALUE(abi::DeviceAttribute::max_block_x, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X);
SAME_VALUE(abi::DeviceAttribute::max_block_y, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y);
SAME_VALUE(abi::DeviceAttribute::max_block_z, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z);
SAME_VALUE(abi::DeviceAttribute::max_grid_x, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X);
SAME_VALUE(abi::DeviceAttribute::max_grid_y, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y);
SAME_VALUE(abi::DeviceAttribute::max_grid_z, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z);
SAME_VALUE(abi::DeviceAttribute::max_shared_per_block, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK);
SAME_VALUE(abi::DeviceAttribute::total_constant_memory, CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY);
SAME_VALUE(abi::DeviceAttribute::warp_size, CU_DEVICE_ATTRIBUTE_WARP_SIZE);
SAME_VALUE(abi::DeviceAttribute::max_pitch, CU_DEVICE_ATTRIBUTE_MAX_PITCH);
SAME_VALUE(abi::DeviceAttribute::max_registers_per_block, CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK);
SAME_VALUE(abi::DeviceAttribute::texture_alignment, CU_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT);
SAME_VALUE(abi::DeviceAttribute::gpu_overlap, CU_DEVICE_ATTRIBUTE_GPU_OVERLAP);
SAME_VALUE(abi::DeviceAttribute::multiprocessors, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
SAME_VALUE(abi::DeviceAttribute::can_map_host_memory, CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY);
SAME_VALUE(abi::DeviceAttribute::concurrent_kernels, CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS);
SAME_VALUE(abi::DeviceAttribute::l2_cache_bytes, CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
SAME_VALUE(abi::DeviceAttribute::max_threads_per_multiprocessor, CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR);
SAME_VALUE(abi::DeviceAttribute::async_engines, CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT);
SAME_VALUE(abi::DeviceAttribute::unified_addressing, CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING);
SAME_VALUE(abi::DeviceAttribute::compute_capability_major, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
SAME_VALUE(abi::DeviceAttribute::compute_capability_minor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
SAME_VALUE(abi::DeviceAttribute::max_shared_per_multiprocessor,
    CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR);
SAME_VALUE(abi::DeviceAttribute::max_registers_per_multiprocessor,
    CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR);
SAME_VALUE(abi::DeviceAttribute::cooperative_launch, CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH);
SAME_VALUE(abi::DeviceAttribute::max_shared_per_block_optin, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN);
SAME_VALUE(abi::DeviceAttribute::max_blocks_per_multiprocessor, CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR);
SAME_VALUE(abi::DeviceAttribute::reserved_shared_per_block, CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK);

SAME_VALUE(abi::FunctionAttribute::max_threads_per_block, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
SAME_VALUE(abi::FunctionAttribute::static_shared_bytes, CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES);
SAME_VALUE(abi::FunctionAttribute::constant_bytes, CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES);
SAME_VALUE(abi::FunctionAttribute::local_bytes, CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES);
SAME_VALUE(abi::FunctionAttribute::registers, CU_FUNC_ATTRIBUTE_NUM_REGS);
SAME_VALUE(abi::FunctionAttribute::ptx_version, CU_FUNC_ATTRIBUTE_PTX_VERSION);
SAME_VALUE(abi::FunctionAttribute::binary_version, CU_FUNC_ATTRIBUTE_BINARY_VERSION);
SAME_VALUE(abi::FunctionAttribute::cache_mode_ca, CU_FUNC_ATTRIBUTE_CACHE_MODE_CA);
SAME_VALUE(abi::FunctionAttribute::max_dynamic_shared_bytes, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES);
SAME_VALUE(abi::FunctionAttribute::preferred_shared_carveout, CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT);
SAME_VALUE(abi::FunctionAttribute::cluster_size_must_be_set, CU_FUNC_ATTRIBUTE_CLUSTER_SIZE_MUST_BE_SET);
SAME_VALUE(abi::FunctionAttribute::required_cluster_width, CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH);
SAME_VALUE(abi::FunctionAttribute::required_cluster_height, CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_HEIGHT);
SAME_VALUE(abi::FunctionAttribute::required_cluster_depth, CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_DEPTH);
SAME_VALUE(abi::FunctionAttribute::non_portable_cluster_size_allowed,
    CU_FUNC_ATTRIBUTE_NON_PORTABLE_CLUSTER_SIZE_ALLOWED);
SAME_VALUE(abi::FunctionAttribute::cluster_scheduling_policy, CU_FUNC_ATTRIBUTE_CLUSTER_SCHEDULING_POLICY_PREFERENCE);

SAME_VALUE(abi::context_schedule_spin, CU_CTX_SCHED_SPIN);
SAME_VALUE(abi::context_schedule_yield, CU_CTX_SCHED_YIELD);
SAME_VALUE(abi::context_schedule_blocking, CU_CTX_SCHED_BLOCKING_SYNC);
SAME_VALUE(abi::context_map_host, CU_CTX_MAP_HOST);
SAME_VALUE(abi::context_keep_local_memory, CU_CTX_LMEM_RESIZE_TO_MAX);
SAME_VALUE(abi::context_core_dump, CU_CTX_COREDUMP_ENABLE);
SAME_VALUE(abi::context_core_dump_by_user, CU_CTX_USER_COREDUMP_ENABLE);
SAME_VALUE(abi::context_synchronous_memory_operations, CU_CTX_SYNC_MEMOPS);
SAME_VALUE(abi::stream_non_blocking, CU_STREAM_NON_BLOCKING);
SAME_VALUE(abi::event_blocking_sync, CU_EVENT_BLOCKING_SYNC);
SAME_VALUE(abi::event_disable_timing, CU_EVENT_DISABLE_TIMING);
SAME_VALUE(abi::event_interprocess, CU_EVENT_INTERPROCESS);
SAME_VALUE(abi::wait_external, CU_EVENT_WAIT_EXTERNAL);
SAME_VALUE(abi::host_portable, CU_MEMHOSTALLOC_PORTABLE);
SAME_VALUE(abi::host_device_map, CU_MEMHOSTALLOC_DEVICEMAP);
SAME_VALUE(abi::host_write_combined, CU_MEMHOSTALLOC_WRITECOMBINED);
SAME_VALUE(abi::host_portable, CU_MEMHOSTREGISTER_PORTABLE);
SAME_VALUE(abi::host_device_map, CU_MEMHOSTREGISTER_DEVICEMAP);
SAME_VALUE(abi::host_io_memory, CU_MEMHOSTREGISTER_IOMEMORY);
SAME_VALUE(abi::host_read_only, CU_MEMHOSTREGISTER_READ_ONLY);
SAME_VALUE(abi::CaptureMode::global, CU_STREAM_CAPTURE_MODE_GLOBAL);
SAME_VALUE(abi::CaptureMode::thread_local_only, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
SAME_VALUE(abi::CaptureMode::relaxed, CU_STREAM_CAPTURE_MODE_RELAXED);
SAME_VALUE(abi::CaptureStatus::none, CU_STREAM_CAPTURE_STATUS_NONE);
SAME_VALUE(abi::CaptureStatus::active, CU_STREAM_CAPTURE_STATUS_ACTIVE);
SAME_VALUE(abi::CaptureStatus::invalidated, CU_STREAM_CAPTURE_STATUS_INVALIDATED);
SAME_VALUE(abi::GraphUpdate::success, CU_GRAPH_EXEC_UPDATE_SUCCESS);
SAME_VALUE(abi::GraphUpdate::error, CU_GRAPH_EXEC_UPDATE_ERROR);
SAME_VALUE(abi::GraphUpdate::topology_changed, CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED);
SAME_VALUE(abi::GraphUpdate::node_type_changed, CU_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED);
SAME_VALUE(abi::GraphUpdate::parameters_changed, CU_GRAPH_EXEC_UPDATE_ERROR_PARAMETERS_CHANGED);
SAME_VALUE(abi::GraphUpdate::attributes_changed, CU_GRAPH_EXEC_UPDATE_ERROR_ATTRIBUTES_CHANGED);
SAME_VALUE(abi::graph_auto_free_on_launch, CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH);
SAME_VALUE(abi::graph_upload, CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD);
SAME_VALUE(abi::graph_device_launch, CUDA_GRAPH_INSTANTIATE_FLAG_DEVICE_LAUNCH);
SAME_VALUE(abi::graph_use_node_priority, CUDA_GRAPH_INSTANTIATE_FLAG_USE_NODE_PRIORITY);
SAME_VALUE(abi::JitOption::wall_time, CU_JIT_WALL_TIME);
SAME_VALUE(abi::JitOption::info_log_buffer, CU_JIT_INFO_LOG_BUFFER);
SAME_VALUE(abi::JitOption::info_log_buffer_bytes, CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES);
SAME_VALUE(abi::JitOption::error_log_buffer, CU_JIT_ERROR_LOG_BUFFER);
SAME_VALUE(abi::JitOption::error_log_buffer_bytes, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES);
SAME_VALUE(abi::LaunchAttributeId::ignore, CU_LAUNCH_ATTRIBUTE_IGNORE);
SAME_VALUE(abi::LaunchAttributeId::cooperative, CU_LAUNCH_ATTRIBUTE_COOPERATIVE);
SAME_VALUE(abi::LaunchAttributeId::programmatic_stream_serialization,
    CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION);

/* Newer headers have more of these. */
static_assert(static_cast<int>(abi::DeviceAttribute::last) < CU_DEVICE_ATTRIBUTE_MAX || CUDA_VERSION < 13000);
static_assert(static_cast<int>(abi::JitOption::last) < CU_JIT_NUM_OPTIONS || CUDA_VERSION < 13000);


static_assert(sizeof(abi::Uuid) == sizeof(CUuuid));
static_assert(sizeof(abi::LaunchConfig) == sizeof(CUlaunchConfig));
static_assert(sizeof(abi::ContextParameters) == sizeof(CUctxCreateParams));
static_assert(offsetof(abi::ContextParameters, affinity_count) == offsetof(CUctxCreateParams, numExecAffinityParams));
static_assert(offsetof(abi::ContextParameters, graphics) == offsetof(CUctxCreateParams, cigParams));
static_assert(sizeof(abi::GraphUpdateInfo) == sizeof(CUgraphExecUpdateResultInfo));
static_assert(offsetof(abi::GraphUpdateInfo, node) == offsetof(CUgraphExecUpdateResultInfo, errorNode));
static_assert(offsetof(abi::GraphUpdateInfo, from) == offsetof(CUgraphExecUpdateResultInfo, errorFromNode));
static_assert(sizeof(abi::LaunchAttribute) == sizeof(CUlaunchAttribute));
static_assert(sizeof(abi::CopyAttributes) == sizeof(CUmemcpyAttributes));
static_assert(offsetof(abi::CopyAttributes, source_order) == offsetof(CUmemcpyAttributes, srcAccessOrder));
static_assert(offsetof(abi::CopyAttributes, target_hint) == offsetof(CUmemcpyAttributes, dstLocHint));
static_assert(offsetof(abi::CopyAttributes, flags) == offsetof(CUmemcpyAttributes, flags));
SAME_VALUE(abi::SourceOrder::in_stream, CU_MEMCPY_SRC_ACCESS_ORDER_STREAM);
SAME_VALUE(abi::SourceOrder::during_call, CU_MEMCPY_SRC_ACCESS_ORDER_DURING_API_CALL);
SAME_VALUE(abi::SourceOrder::any, CU_MEMCPY_SRC_ACCESS_ORDER_ANY);
SAME_VALUE(abi::copy_beside_kernels, CU_MEMCPY_FLAG_PREFER_OVERLAP_WITH_COMPUTE);
static_assert(offsetof(abi::LaunchConfig, grid_x) == offsetof(CUlaunchConfig, gridDimX));
static_assert(offsetof(abi::LaunchConfig, grid_z) == offsetof(CUlaunchConfig, gridDimZ));
static_assert(offsetof(abi::LaunchConfig, block_x) == offsetof(CUlaunchConfig, blockDimX));
static_assert(offsetof(abi::LaunchConfig, block_z) == offsetof(CUlaunchConfig, blockDimZ));
static_assert(offsetof(abi::LaunchConfig, dynamic_shared_bytes) == offsetof(CUlaunchConfig, sharedMemBytes));
static_assert(offsetof(abi::LaunchConfig, stream) == offsetof(CUlaunchConfig, hStream));
static_assert(offsetof(abi::LaunchConfig, attributes) == offsetof(CUlaunchConfig, attrs));
static_assert(offsetof(abi::LaunchConfig, attribute_count) == offsetof(CUlaunchConfig, numAttrs));
static_assert(offsetof(abi::LaunchAttribute, id) == offsetof(CUlaunchAttribute, id));
static_assert(offsetof(abi::LaunchAttribute, value) == offsetof(CUlaunchAttribute, value));
static_assert(offsetof(abi::LaunchAttribute, value.cooperative) == offsetof(CUlaunchAttribute, value.cooperative));
static_assert(offsetof(abi::LaunchAttribute, value.programmatic_stream_serialization)
    == offsetof(CUlaunchAttribute, value.programmaticStreamSerializationAllowed));

#define SAME_FUNCTION(name)                                                                                           \
    static_assert(test::SameAbi<decltype(ours::name), decltype(::name)>::value, #name)

SAME_FUNCTION(cuInit);
SAME_FUNCTION(cuDriverGetVersion);
SAME_FUNCTION(cuGetErrorName);
SAME_FUNCTION(cuGetErrorString);
SAME_FUNCTION(cuDeviceGetCount);
SAME_FUNCTION(cuDeviceGet);
SAME_FUNCTION(cuDeviceGetName);
SAME_FUNCTION(cuDeviceGetUuid_v2);
SAME_FUNCTION(cuDeviceGetAttribute);
SAME_FUNCTION(cuDeviceTotalMem_v2);
SAME_FUNCTION(cuDeviceGetPCIBusId);
SAME_FUNCTION(cuDevicePrimaryCtxRetain);
SAME_FUNCTION(cuDevicePrimaryCtxRelease_v2);
SAME_FUNCTION(cuDevicePrimaryCtxSetFlags_v2);
SAME_FUNCTION(cuCtxCreate_v4);
SAME_FUNCTION(cuCtxDestroy_v2);
SAME_FUNCTION(cuCtxSetCurrent);
SAME_FUNCTION(cuCtxGetCurrent);
SAME_FUNCTION(cuCtxPushCurrent_v2);
SAME_FUNCTION(cuCtxPopCurrent_v2);
SAME_FUNCTION(cuDeviceCanAccessPeer);
SAME_FUNCTION(cuCtxEnablePeerAccess);
SAME_FUNCTION(cuCtxDisablePeerAccess);
SAME_FUNCTION(cuCtxSynchronize);
SAME_FUNCTION(cuMemGetInfo_v2);
SAME_FUNCTION(cuMemAlloc_v2);
SAME_FUNCTION(cuMemFree_v2);
SAME_FUNCTION(cuMemHostAlloc);
SAME_FUNCTION(cuMemAllocHost_v2);
SAME_FUNCTION(cuMemHostRegister_v2);
SAME_FUNCTION(cuMemHostUnregister);
SAME_FUNCTION(cuMemFreeHost);
SAME_FUNCTION(cuMemHostGetDevicePointer_v2);
SAME_FUNCTION(cuMemcpyHtoD_v2);
SAME_FUNCTION(cuMemcpyDtoH_v2);
SAME_FUNCTION(cuMemcpyDtoD_v2);
SAME_FUNCTION(cuMemcpyHtoDAsync_v2);
SAME_FUNCTION(cuMemcpyBatchAsync_v2);
SAME_FUNCTION(cuMemcpyDtoHAsync_v2);
SAME_FUNCTION(cuMemcpyDtoDAsync_v2);
SAME_FUNCTION(cuMemcpyPeerAsync);
SAME_FUNCTION(cuMemsetD8_v2);
SAME_FUNCTION(cuMemsetD8Async);
SAME_FUNCTION(cuMemsetD32Async);
SAME_FUNCTION(cuStreamCreate);
SAME_FUNCTION(cuStreamDestroy_v2);
SAME_FUNCTION(cuStreamSynchronize);
SAME_FUNCTION(cuStreamQuery);
SAME_FUNCTION(cuStreamWaitEvent);
SAME_FUNCTION(cuStreamBeginCapture_v2);
SAME_FUNCTION(cuStreamEndCapture);
SAME_FUNCTION(cuStreamIsCapturing);
SAME_FUNCTION(cuEventCreate);
SAME_FUNCTION(cuEventDestroy_v2);
SAME_FUNCTION(cuEventRecord);
SAME_FUNCTION(cuEventSynchronize);
SAME_FUNCTION(cuEventQuery);
SAME_FUNCTION(cuEventElapsedTime);
SAME_FUNCTION(cuEventElapsedTime_v2);
SAME_FUNCTION(cuModuleLoadDataEx);
SAME_FUNCTION(cuModuleUnload);
SAME_FUNCTION(cuModuleGetFunction);
SAME_FUNCTION(cuModuleGetGlobal_v2);
SAME_FUNCTION(cuFuncGetAttribute);
SAME_FUNCTION(cuFuncSetAttribute);
SAME_FUNCTION(cuFuncLoad);
SAME_FUNCTION(cuOccupancyMaxActiveBlocksPerMultiprocessor);
SAME_FUNCTION(cuOccupancyMaxPotentialBlockSize);
SAME_FUNCTION(cuLaunchKernel);
SAME_FUNCTION(cuLaunchKernelEx);
SAME_FUNCTION(cuGraphDestroy);
SAME_FUNCTION(cuGraphInstantiateWithFlags);
SAME_FUNCTION(cuGraphLaunch);
SAME_FUNCTION(cuGraphUpload);
SAME_FUNCTION(cuGraphExecUpdate_v2);
SAME_FUNCTION(cuGraphExecDestroy);
SAME_FUNCTION(cuGraphGetNodes);
