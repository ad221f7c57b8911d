/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The binary interface of the CUDA driver as far as we have it: types, numbers and struct layouts, in our own
 * names. test/cuda_abi_test.cpp compares them with cuda.h where that is installed.
 */
#ifndef GPUBENCH_CUDASIM_ABI_CUDA_HPP
#define GPUBENCH_CUDASIM_ABI_CUDA_HPP

#include <cstddef>
#include <cstdint>

namespace cudasim::abi {

enum class Result : int32_t {
    success = 0,
    invalid_value = 1,
    out_of_memory = 2,
    not_initialized = 3,
    invalid_device = 101,
    invalid_image = 200,
    invalid_context = 201,
    no_binary_for_gpu = 209,
    peer_access_unsupported = 217,
    shared_object_init_failed = 303,
    operating_system = 304,
    invalid_handle = 400,
    illegal_state = 401,
    not_found = 500,
    not_ready = 600,
    illegal_address = 700,
    launch_out_of_resources = 701,
    peer_access_already_enabled = 704,
    peer_access_not_enabled = 705,
    context_is_destroyed = 709,
    assertion = 710,
    host_memory_already_registered = 712,
    host_memory_not_registered = 713,
    misaligned_address = 716,
    launch_failed = 719,
    cooperative_launch_too_large = 720,
    not_supported = 801,
    stream_capture_unsupported = 900,
    stream_capture_invalidated = 901,
    stream_capture_merge = 902,
    stream_capture_unmatched = 903,
    stream_capture_unjoined = 904,
    stream_capture_isolation = 905,
    stream_capture_implicit = 906,
    captured_event = 907,
    stream_capture_wrong_thread = 908,
    graph_update_failed = 910,
    unknown = 999,
};

/* Handles are opaque to the caller: here numbers that are never used twice, and never addresses. */
using ContextHandle = struct ContextHandleTarget *;
using StreamHandle = struct StreamHandleTarget *;
using EventHandle = struct EventHandleTarget *;
using ModuleHandle = struct ModuleHandleTarget *;
using FunctionHandle = struct FunctionHandleTarget *;
using GraphHandle = struct GraphHandleTarget *;
using NodeHandle = struct NodeHandleTarget *;
using ExecutableHandle = struct ExecutableHandleTarget *;

using Device = int32_t;
using DevicePointer = unsigned long long;

struct Uuid {
    uint8_t bytes[16];
};

/* Streams that exist without being created; null is the legacy one too. */
constexpr uintptr_t legacy_stream = 1;
constexpr uintptr_t per_thread_stream = 2;

enum ContextFlag : uint32_t {
    context_schedule_spin = 0x1,
    context_schedule_yield = 0x2,
    context_schedule_blocking = 0x4,
    context_map_host = 0x8,
    context_keep_local_memory = 0x10,
    context_core_dump = 0x20,
    context_core_dump_by_user = 0x40,
    context_synchronous_memory_operations = 0x80,
};

enum StreamFlag : uint32_t { stream_non_blocking = 1 };
enum EventFlag : uint32_t { event_blocking_sync = 1, event_disable_timing = 2, event_interprocess = 4 };
enum WaitFlag : uint32_t { wait_external = 1 };
enum HostAllocFlag : uint32_t { host_portable = 1, host_device_map = 2, host_write_combined = 4 };

/* With host_portable and host_device_map. */
enum HostRegisterFlag : uint32_t { host_io_memory = 4, host_read_only = 8 };

enum class CaptureMode : int32_t { global = 0, thread_local_only = 1, relaxed = 2 };

enum class CaptureStatus : int32_t { none = 0, active = 1, invalidated = 2 };

enum GraphInstantiateFlag : uint64_t {
    graph_auto_free_on_launch = 1,
    graph_upload = 2,
    graph_device_launch = 4,
    graph_use_node_priority = 8,
};

enum class GraphUpdate : int32_t {
    success = 0,
    error = 1,
    topology_changed = 2,
    node_type_changed = 3,
    parameters_changed = 5,
    attributes_changed = 8,
};

struct GraphUpdateInfo {
    GraphUpdate result;
    NodeHandle node; /* of the new graph; null: the graph as a whole */
    NodeHandle from; /* the other end of a dependency that differs */
};

/* All of it asks for what a simulated device does not have. */
struct ContextParameters {
    void *affinities;
    int32_t affinity_count;
    void *graphics;
};

enum class FunctionAttribute : int32_t {
    max_threads_per_block = 0,
    static_shared_bytes = 1,
    constant_bytes = 2,
    local_bytes = 3,
    registers = 4,
    ptx_version = 5,
    binary_version = 6,
    cache_mode_ca = 7,
    max_dynamic_shared_bytes = 8,
    preferred_shared_carveout = 9,
    cluster_size_must_be_set = 10,
    required_cluster_width = 11,
    required_cluster_height = 12,
    required_cluster_depth = 13,
    non_portable_cluster_size_allowed = 14,
    cluster_scheduling_policy = 15,
};

enum class JitOption : int32_t {
    wall_time = 2,
    info_log_buffer = 3,
    info_log_buffer_bytes = 4,
    error_log_buffer = 5,
    error_log_buffer_bytes = 6,
    last = 34,
};

enum class DeviceAttribute : int32_t {
    max_threads_per_block = 1,
    max_block_x = 2,
    max_block_y = 3,
    max_block_z = 4,
    max_grid_x = 5,
    max_grid_y = 6,
    max_grid_z = 7,
    max_shared_per_block = 8,
    total_constant_memory = 9,
    warp_size = 10,
    max_pitch = 11,
    max_registers_per_block = 12,
    texture_alignment = 14,
    gpu_overlap = 15,
    multiprocessors = 16,
    can_map_host_memory = 19,
    concurrent_kernels = 31,
    l2_cache_bytes = 38,
    max_threads_per_multiprocessor = 39,
    async_engines = 40,
    unified_addressing = 41,
    compute_capability_major = 75,
    compute_capability_minor = 76,
    max_shared_per_multiprocessor = 81,
    max_registers_per_multiprocessor = 82,
    cooperative_launch = 95,
    max_shared_per_block_optin = 97,
    max_blocks_per_multiprocessor = 106,
    reserved_shared_per_block = 111,
    last = 147,
};

enum class LaunchAttributeId : int32_t { ignore = 0, cooperative = 2, programmatic_stream_serialization = 6 };

struct LaunchAttribute {
    LaunchAttributeId id;
    uint32_t padding;
    union {
        int32_t cooperative;
        int32_t programmatic_stream_serialization;
        uint64_t words[8];
    } value;
};

struct LaunchConfig {
    uint32_t grid_x, grid_y, grid_z;
    uint32_t block_x, block_y, block_z;
    uint32_t dynamic_shared_bytes;
    StreamHandle stream;
    LaunchAttribute *attributes;
    uint32_t attribute_count;
};

enum class SourceOrder : int32_t { in_stream = 1, during_call = 2, any = 3 };
enum CopyFlag : uint32_t { copy_beside_kernels = 1 };

struct Location {
    int32_t type;
    int32_t id;
};

/* Of copies in a batch. The locations are hints for memory that nobody has placed. */
struct CopyAttributes {
    SourceOrder source_order;
    Location source_hint;
    Location target_hint;
    uint32_t flags;
};

/* Dynamic shared memory that a block of so many threads needs. */
using SharedBytesOfBlock = size_t (*)(int32_t threads);

} // namespace cudasim::abi

#endif
