/* SPDX-License-Identifier: Apache-2.0 */
/* What a launch on the simulated device may ask for: that of compute capability 9.0, with few multiprocessors. */
#ifndef GPUBENCH_CUDASIM_CUDA_LIMITS_HPP
#define GPUBENCH_CUDASIM_CUDA_LIMITS_HPP

#include <cstdint>

#include "abi/cuda.hpp"
#include "module.hpp"
#include "simt/simt.hpp"

namespace cudasim::driver {

constexpr uint32_t warp_threads = 32;
constexpr uint32_t multiprocessors = 4;
constexpr uint32_t max_block_z = 64;
constexpr uint32_t max_grid_x = 0x7fffffff;
constexpr uint32_t max_grid_yz = 65535;
constexpr uint32_t max_threads_per_multiprocessor = 2048;
constexpr uint32_t max_blocks_per_multiprocessor = 32;
constexpr uint32_t shared_bytes_per_multiprocessor = 233472;
constexpr uint32_t reserved_shared_bytes_per_block = 1024;

/* 0 for those that the simulator knows nothing of. */
int32_t device_attribute(abi::DeviceAttribute attribute);

/*
 * How many blocks fit on a multiprocessor at once. Registers do not count: the compiler of the host says nothing of
 * those that a GPU would need.
 */
uint32_t resident_blocks(const Function &function, uint32_t threads, size_t dynamic_shared_bytes);

abi::Result check_launch(const Function &function, const Launch &launch);

} // namespace cudasim::driver

#endif
