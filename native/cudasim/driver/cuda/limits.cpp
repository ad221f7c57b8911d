/* SPDX-License-Identifier: Apache-2.0 */
#include "limits.hpp"

#include <algorithm>
#include <string>

#include "refusal.hpp"

namespace cudasim::driver {

using abi::Result;

namespace {

constexpr uint32_t shared_allocation_unit = 128;

uint64_t round_up(uint64_t bytes, uint64_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

bool is_within(const Dim3 &size, uint64_t x, uint64_t y, uint64_t z)
{
    return size.x >= 1 && size.y >= 1 && size.z >= 1 && size.x <= x && size.y <= y && size.z <= z;
}

std::string shape_text(const Dim3 &size)
{
    return std::to_string(size.x) + " x " + std::to_string(size.y) + " x " + std::to_string(size.z);
}

} // namespace

int32_t device_attribute(abi::DeviceAttribute attribute)
{
    using A = abi::DeviceAttribute;
    switch (attribute) {
    case A::max_threads_per_block:
    case A::max_block_x:
    case A::max_block_y:
        return max_block_threads;
    case A::max_block_z:
        return max_block_z;
    case A::max_grid_x:
    case A::max_pitch:
        return max_grid_x;
    case A::max_grid_y:
    case A::max_grid_z:
        return max_grid_yz;
    case A::max_shared_per_block:
        return default_dynamic_shared_bytes;
    case A::max_shared_per_block_optin:
        return max_dynamic_shared_bytes;
    case A::max_shared_per_multiprocessor:
        return shared_bytes_per_multiprocessor;
    case A::reserved_shared_per_block:
        return reserved_shared_bytes_per_block;
    case A::total_constant_memory:
    case A::max_registers_per_block:
    case A::max_registers_per_multiprocessor:
        return 65536;
    case A::warp_size:
        return warp_threads;
    case A::multiprocessors:
        return multiprocessors;
    case A::max_threads_per_multiprocessor:
        return max_threads_per_multiprocessor;
    case A::max_blocks_per_multiprocessor:
        return max_blocks_per_multiprocessor;
    case A::l2_cache_bytes:
        return 4 << 20; /* enough for whoever clears it between samples to have something to clear */
    case A::texture_alignment:
        return 512;
    case A::async_engines:
        return 2;
    case A::compute_capability_major:
        return 9;
    case A::compute_capability_minor:
        return 0;
    case A::gpu_overlap:
    case A::can_map_host_memory:
    case A::concurrent_kernels:
    case A::unified_addressing:
    case A::cooperative_launch:
        return 1;
    default:
        return 0;
    }
}

uint32_t resident_blocks(const Function &function, uint32_t threads, size_t dynamic_shared_bytes)
{
    if (threads > function.kernel.max_threads_per_block || dynamic_shared_bytes > max_dynamic_shared_bytes) {
        return 0;
    }
    uint64_t shared_bytes = round_up(function.kernel.static_shared_bytes + dynamic_shared_bytes, shared_allocation_unit)
        + reserved_shared_bytes_per_block;
    uint64_t by_threads = max_threads_per_multiprocessor / round_up(threads, warp_threads);
    uint64_t by_shared = shared_bytes_per_multiprocessor / shared_bytes;
    return static_cast<uint32_t>(std::min({by_threads, by_shared, uint64_t{max_blocks_per_multiprocessor}}));
}

Result check_launch(const Function &function, const Launch &launch)
{
    const Dim3 &block = launch.block;
    if (!is_within(launch.grid, max_grid_x, max_grid_yz, max_grid_yz)
        || !is_within(block, max_block_threads, max_block_threads, max_block_z)) {
        return refuse(Result::invalid_value,
            "kernel " + launch.kernel->name + ": a grid of " + shape_text(launch.grid) + " blocks of " + shape_text(block)
                + " threads");
    }
    uint32_t threads = block.x * block.y * block.z;
    if (threads > max_block_threads) {
        return refuse(Result::invalid_value,
            "kernel " + launch.kernel->name + ": " + std::to_string(threads) + " threads in a block, of at most "
                + std::to_string(max_block_threads));
    }
    if (launch.dynamic_shared_bytes > function.dynamic_shared_limit.load()) {
        return refuse(Result::invalid_value,
            "kernel " + launch.kernel->name + ": " + std::to_string(launch.dynamic_shared_bytes)
                + " bytes of dynamic shared memory, of at most " + std::to_string(function.dynamic_shared_limit.load())
                + " unless cuFuncSetAttribute raises the limit");
    }
    if (threads > function.kernel.max_threads_per_block) {
        return refuse(Result::launch_out_of_resources,
            "kernel " + launch.kernel->name + ": " + std::to_string(threads) + " threads in a block, and its launch bound is "
                + std::to_string(function.kernel.max_threads_per_block));
    }
    if (launch.cooperative) {
        uint64_t blocks = uint64_t{launch.grid.x} * launch.grid.y; /* below 2^47 */
        uint64_t fit = uint64_t{multiprocessors} * resident_blocks(function, threads, launch.dynamic_shared_bytes);
        if (blocks > fit || blocks * launch.grid.z > fit) {
            return refuse(Result::cooperative_launch_too_large,
                "kernel " + launch.kernel->name + ": " + shape_text(launch.grid) + " blocks, and "
                    + std::to_string(fit) + " fit on the device at once");
        }
    }
    return Result::success;
}

} // namespace cudasim::driver
